"""The entrance on a real server: a visitor reads what is shipped, an administrator's words outlive a restart."""

import asyncio

import pytest

from tests.journeys.conftest import People
from tests.support.client import Client
from tests.support.serving import Server


@pytest.mark.shows("C08", "C09", "C10", "C11")
async def test_a_visitor_reads_and_what_an_administrator_did_outlives_a_restart(
    server: Server, people: People
) -> None:
    visitor, admin = Client(server.url), await people.staff("admin1", "admin")
    try:
        introduction, other, *_ = (await visitor.ask("articles"))["nodes"]
        assert introduction["title"] == "备案系统使用介绍"
        payloads = await asyncio.gather(
            *(visitor.do("readArticle", id=introduction["id"]) for _ in range(50))
        )
        assert sorted(payload["article"]["viewCount"] for payload in payloads)[-1] == 50
        assert (await visitor.ask("article", id=introduction["id"]))["viewCount"] == 50
        await admin.do("updateArticle", id=introduction["id"], version=1, title="使用介绍")
        await admin.do("withdrawArticle", id=other["id"], version=1)

        assert server.stop() == 0
        server.start()

        page = await visitor.ask("articles")
        assert page["totalCount"] == 3
        first = page["nodes"][0]
        assert (first["title"], first["viewCount"], first["version"]) == ("使用介绍", 50, 2)
        assert (await visitor.ask("site"))["manualUrl"] == f"{server.url}/manual"
        assert (await visitor.http.get("/manual")).status_code == 200
    finally:
        await visitor.close()
