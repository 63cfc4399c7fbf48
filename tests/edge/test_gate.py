"""The gate over the wire: a real server and a real nginx before it, and a stream on which an edge hears of changes."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from websockets.asyncio.client import ClientConnection, connect

import settings as settings_module
from edge.gate import gate
from models.access import Access, IpRange
from models.clock import now
from models.states import Role
from models.unit_of_work import unit_of_work
from models.website import WebsiteDomain
from settings import Settings
from tests.support.client import saved
from tests.support.desk import approval
from tests.support.lives import make_account
from tests.support.nginx import nginx
from tests.support.places import Lives, gather_cast
from tests.support.serving import Server
from tests.workflow.sites import (
    DRAFT,
    NUMBER,
    Site,
    approve,
    cancel_access,
    cancel_website,
    make_site,
    note,
)
from workflow.codes import load_shipped_codes

SITE = "beian-test.cn"


@pytest.fixture
async def server(db: str, settings: Settings, tmp_path: Path) -> AsyncIterator[Server]:
    """A server process on the very database of this process, so that sites can be laid and changed beside it."""
    running = Server(
        tmp_path,
        BEIAN_DATABASE_URL=settings.database_url,
        BEIAN_VAR_DIR=str(settings.var_dir),
        BEIAN_ROLE="web",
    )
    running.start()
    yield running
    running.close()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        yield client


async def lay_local_site(site: Site) -> None:
    """The site is served from this machine too."""
    await unit_of_work(
        lambda: IpRange.create(access_id=site.access, start="127.0.0.1", end="127.0.0.1", position=9)
    )


@pytest.mark.shows("N1")
async def test_nginx_serves_what_the_gate_allows_and_nothing_else(
    server: Server, http: httpx.AsyncClient, tmp_path: Path
) -> None:
    site = await make_site(SITE, status=DRAFT, number=None)
    elsewhere = await make_site("elsewhere-test.cn", owner="li", number="京ICP备2026000002号-1")
    await unit_of_work(lambda: note(elsewhere.subject))
    await lay_local_site(site)
    async with nginx(tmp_path / "nginx", server.port) as url:

        async def visit(host: str, **headers: str) -> tuple[int, str | None, str]:
            reply = await http.get(f"{url}/page?x=1", headers={"host": host, **headers})
            return reply.status_code, reply.headers.get("x-beian-reason"), reply.text.partition("\n")[0]

        denied = "This site may not be served: "
        assert await visit(SITE) == (403, "NOT_APPROVED", denied + "NOT_APPROVED")
        await approve(site)
        assert await visit(SITE) == (200, None, f"served {SITE}")
        assert await visit(f"WWW.{SITE}:8080") == (200, None, f"served www.{SITE}")
        # what the visitor sends does not reach the gate
        forged = {
            "x-forwarded-for": "203.0.113.9",
            "authorization": "Bearer beian_wrong",
            "cookie": "beian=x",
        }
        assert await visit(SITE, **forged) == (200, None, f"served {SITE}")
        reply = await http.post(url, headers={"host": SITE}, content=b"x" * 1000)
        assert (reply.status_code, reply.text) == (200, f"served {SITE}")
        assert await visit("nobodys-test.cn") == (403, "NOT_FILED", denied + "NOT_FILED")
        assert await visit("elsewhere-test.cn") == (403, "IP_MISMATCH", denied + "IP_MISMATCH")
        for host in (f"nobodys-test.cn&host={SITE}", f"{SITE}#.nobodys-test.cn", f"{SITE}%26", "[::1]"):
            assert (await visit(host))[0] == 400
        assert (await http.get(f"{url}/_beian_gate", headers={"host": SITE})).status_code == 404
        await cancel_access(site)
        assert await visit(SITE) == (403, "NO_ACCESS", denied + "NO_ACCESS")
        await cancel_website(site)
        assert await visit(SITE) == (403, "CANCELLED", denied + "CANCELLED")
        await approve(site)
        server.kill()
        reply = await http.get(url, headers={"host": SITE})
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")


@pytest.fixture
async def plain(db: str) -> AsyncIterator[httpx.AsyncClient]:
    """The gate alone, asked from this machine without a wire between."""
    app = Starlette(routes=[Route("/gate", gate)])
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://beian") as client:
        yield client


@pytest.mark.shows("N1")
async def test_in_grace_the_plain_gate_stays_open_and_tells_the_reason(plain: httpx.AsyncClient) -> None:
    site = await make_site(SITE, status=DRAFT, number=None)
    await approve(site)
    await cancel_website(site)

    async def ask() -> tuple[int, str, str, str]:
        reply = await plain.get("/gate", params={"host": f"www.{SITE}"})
        told = reply.json()
        assert (reply.headers["x-beian-decision"], reply.headers["x-beian-reason"]) == (
            told["decision"],
            told["reason"],
        )
        return reply.status_code, told["decision"], told["reason"], told["filingNumber"]

    assert await ask() == (403, "DENY", "CANCELLED", NUMBER)
    settings_module.use(settings_module.current().model_copy(update={"gate_grace_hours": 1}))
    assert await ask() == (200, "ALLOW", "CANCELLED", NUMBER)


async def test_a_host_or_address_given_twice_is_refused(plain: httpx.AsyncClient) -> None:
    for query in ("host=a-test.cn&host=b-test.cn", "host=a-test.cn&ip=203.0.113.9&ip=203.0.113.10"):
        reply = await plain.get(f"/gate?{query}")
        assert reply.status_code == 400
        assert "x-beian-decision" not in reply.headers


class Edge:
    """An edge that keeps a set: it reads the list by its token, then listens."""

    def __init__(self, server: Server, token: str) -> None:
        self.server, self.token = server, token
        self.socket: ClientConnection | None = None

    async def ask(self, name: str, **variables: Any) -> Any:
        async with httpx.AsyncClient(trust_env=False) as http:
            reply = await http.post(
                f"{self.server.url}/graphql",
                json={"query": saved(name), "variables": variables},
                headers={"authorization": f"Bearer {self.token}"},
            )
        return reply.json()["data"][name]

    async def listen(self, after: str | None) -> None:
        self.socket = await connect(
            self.server.socket_url,
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
            proxy=None,
        )
        await self.send({"type": "connection_init", "payload": {"authorization": f"Bearer {self.token}"}})
        assert json.loads(await self.socket.recv())["type"] == "connection_ack"
        payload = {"query": saved("gateChanges"), "variables": {"after": after}}
        await self.send({"type": "subscribe", "id": "1", "payload": payload})

    async def send(self, message: dict[str, Any]) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        assert self.socket is not None
        async with asyncio.timeout(10):
            message = json.loads(await self.socket.recv())
        assert message["type"] == "next", message
        change: dict[str, Any] = message["payload"]["data"]["gateChanges"]
        return change

    async def close(self) -> None:
        assert self.socket is not None
        await self.socket.close()


async def make_edge(server: Server) -> Edge:
    """An edge with the token of somebody on the staff."""
    account = await make_account(Role.REVIEWER)
    given = ("--account", account.username, "--scopes", "GATE", "--days", "9")
    return Edge(server, server.run("token", "create", "edge", *given).strip())


@pytest.mark.shows("N1", "C85")
async def test_an_edge_hears_within_a_second_and_goes_on_where_it_was_cut_off(server: Server) -> None:
    await load_shipped_codes()
    life = await Lives(await gather_cast()).reach("AT_AUTHORITY", on_behalf=False)
    subject = life.filing.subject_id
    host = (await WebsiteDomain.get(website__subject_id=subject)).name
    edge = await make_edge(server)
    listed = await edge.ask("allowedHosts")
    assert listed["hosts"] == []
    await edge.listen(listed["cursor"])
    await asyncio.sleep(0.5)
    life.desk.answer(*approval(life.desk.of_subject(subject), life.filing_number, now()))
    assert (await life.answered()).status == "APPROVED"
    committed = time.monotonic()
    change = await edge.hear()
    assert time.monotonic() - committed < 1
    assert (change["host"], change["decision"], change["reason"]) == (host, "ALLOW", "FILED")
    assert change["filingNumber"] == f"{life.filing_number}-1"
    assert [(found["host"], found["decision"]) for found in (await edge.ask("allowedHosts"))["hosts"]] == [
        (host, "ALLOW")
    ]
    (answer,) = await edge.ask("mayServe", hosts=[f"www.{host}"])
    assert (answer["decision"], answer["reason"]) == ("ALLOW", "FILED")
    await edge.close()
    access = await Access.get(website__subject_id=subject)
    await cancel_access(Site(subject, access.website_id, 0, access.id))
    await edge.listen(change["cursor"])
    change = await edge.hear()
    assert (change["host"], change["decision"], change["reason"]) == (host, "DENY", "NO_ACCESS")
    await edge.close()
    answers = await edge.ask("mayServe", hosts=[f"www.{host}", "nobodys-test.cn"])
    assert [(answer["decision"], answer["reason"]) for answer in answers] == [
        ("DENY", "NO_ACCESS"),
        ("DENY", "NOT_FILED"),
    ]
