"""The manual over HTTP, on a real server: downloaded by anyone, whole, and not twice by who has it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from edge.manual import manual_for, render
from settings import load
from tests.support.serving import Server

NAME = "%E5%A4%87%E6%A1%88%E7%B3%BB%E7%BB%9F%E4%BD%BF%E7%94%A8%E6%96%87%E6%A1%A3.html"
CHAPTERS = [
    "先认识几个词",
    "备案流程图",
    "注册与登录",
    "首次备案，一步一步来",
    "每一项怎么填",
    "提交之后",
    "备案通过之后",
    "备案密码",
    "变更备案",
    "新增网站",
    "新增接入",
    "取消接入、注销网站、注销主体",
    "常见问题",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose provider has a telephone."""
    folder: Path = tmp_path_factory.mktemp("manual")
    running = Server(
        folder, BEIAN_PROVIDER_NAME="示例<科技>", BEIAN_PROVIDER_TELEPHONE="0411-84610600"
    ).start()
    yield running
    running.close()


def ask(server: Server, verb: str = "GET", **headers: str) -> httpx.Response:
    return httpx.request(
        verb,
        f"{server.url}/manual",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        trust_env=False,
    )


@pytest.mark.shows("C11", "C06")
def test_a_visitor_downloads_the_whole_manual(server: Server) -> None:
    reply = ask(server)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-disposition"] == (
        f"attachment; filename=\"beian-manual.html\"; filename*=UTF-8''{NAME}"
    )
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    page = reply.text
    for chapter in CHAPTERS:
        assert f"、{chapter}</h2>" in page
    assert page.count("<svg ") == 1
    assert "管局审核不通过</text>" in page
    assert "接入商：示例&lt;科技&gt;<br>服务电话：0411-84610600<br>服务时间：周一至周五 8:30-17:30" in page


def test_the_page_asks_the_network_for_nothing(server: Server) -> None:
    page = ask(server).text
    for reference in ("src=", "<link", "<script", "url(http", "@import", "<img"):
        assert reference not in page


@pytest.mark.shows("C11")
def test_who_has_it_is_told_so_and_a_head_carries_no_body(server: Server) -> None:
    whole = ask(server)
    head = ask(server, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-length"] == str(len(whole.content))
    for known in (whole.headers["etag"], f'"other", W/{whole.headers["etag"]}', "*"):
        again = ask(server, if_none_match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == whole.headers["etag"]
    assert ask(server, if_none_match='"other"').status_code == 200
    assert ask(server, "POST").status_code == 405


def test_another_providers_manual_has_another_tag() -> None:
    one, other = manual_for(load()), manual_for(load(provider_telephone="12345678"))
    assert one.etag != other.etag
    assert manual_for(load()) is one


def test_html_in_the_text_stays_text() -> None:
    assert "<script>" not in render("<script>alert(1)</script>")
    assert 'href="javascript' not in render("[x](javascript:alert(1))")


def test_a_picture_that_the_page_cannot_carry_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"other\.png"):
        render("![x](other.png)")
