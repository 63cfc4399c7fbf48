"""Articles over the API: open to visitors, written by administrators; and what the site says of the provider."""

from datetime import UTC, datetime

import pytest

import settings as settings_module
from models.article import Article
from models.states import Role, TokenScope
from schema.context import Context
from tests.schema.asking import VISITOR, Person, codes, make_person, saved
from workflow.articles import load_shipped_articles

WRITING = ["publishArticle", "updateArticle", "withdrawArticle"]


def inputs(id: str) -> dict[str, dict[str, object]]:
    """Each mutation with an input that would do something."""
    return {
        "publishArticle": {"title": "题", "body": "文"},
        "updateArticle": {"id": id, "version": 1, "title": "新题"},
        "withdrawArticle": {"id": id, "version": 1},
    }


@pytest.fixture
async def article(admin: Person) -> str:
    """The id of an article."""
    payload = await admin.do(
        "publishArticle", title="停机通知", body="# 通知\n<b>今晚</b>", publisher="客服部"
    )
    return str(payload["article"]["id"])


@pytest.mark.shows("C08")
async def test_a_visitor_lists_the_shipped_articles_and_fetches_one(lawful: str) -> None:
    await load_shipped_articles()
    page = await VISITOR.run("articles", first=2)
    assert page["totalCount"] == 4
    assert [node["title"] for node in page["nodes"]] == ["备案系统使用介绍", "如何填写备案信息"]
    rest = await VISITOR.run("articles", first=2, after=page["pageInfo"]["endCursor"])
    assert [node["title"] for node in rest["nodes"]] == ["备案密码是什么", "常见退回原因与改法"]
    assert rest["pageInfo"]["hasNextPage"] is False
    found = await VISITOR.run("article", id=page["nodes"][0]["id"])
    assert (found["publisher"], found["viewCount"], found["withdrawn"]) == ("admin", 0, False)
    assert found["publishedAt"].endswith("Z")
    assert "```mermaid\nflowchart TD" in found["body"]
    assert await VISITOR.run("article", id="art_999999") is None


@pytest.mark.shows("C08")
async def test_the_newest_article_comes_first(admin: Person) -> None:
    for title, moment in (("中", "2015-01-01T00:00:00Z"), ("旧", "2011-01-13T11:31:32+08:00"), ("新", None)):
        payload = await admin.do("publishArticle", title=title, body="文", publishedAt=moment)
        assert payload["errors"] == []
    assert [node["title"] for node in (await VISITOR.run("articles"))["nodes"]] == ["新", "中", "旧"]
    backwards = await VISITOR.run("articles", last=1)
    assert [node["title"] for node in backwards["nodes"]] == ["旧"]
    old = await Article.get(title="旧")
    assert old.published_at == datetime(2011, 1, 13, 3, 31, 32, tzinfo=UTC)


@pytest.mark.shows("C09")
async def test_reading_counts_one_and_listing_and_fetching_none(article: str, owner: Person) -> None:
    for expected, reader in enumerate((VISITOR, owner, VISITOR), 1):
        payload = await reader.do("readArticle", id=article)
        assert payload["errors"] == []
        assert payload["article"]["viewCount"] == expected
        assert payload["article"]["body"] == "# 通知\n<b>今晚</b>"
    await VISITOR.run("articles")
    assert (await VISITOR.run("article", id=article))["viewCount"] == 3
    unknown = await VISITOR.do("readArticle", id="art_999999")
    assert (codes(unknown), unknown["article"]) == (["NOT_FOUND"], None)


@pytest.mark.shows("C10")
async def test_an_administrator_publishes_edits_and_withdraws(article: str, admin: Person) -> None:
    assert (await VISITOR.run("article", id=article))["publisher"] == "客服部"
    edited = await admin.do("updateArticle", id=article, version=1, title="延期通知", publisher=None)
    assert (edited["article"]["title"], edited["article"]["version"]) == ("延期通知", 2)
    assert edited["article"]["publisher"] == admin.actor.name
    stale = await admin.do("updateArticle", id=article, version=1, title="x")
    assert (codes(stale), stale["article"]) == (["STALE_VERSION"], None)
    gone = await admin.do("withdrawArticle", id=article, version=2)
    assert gone["article"]["withdrawn"] is True
    assert await VISITOR.run("article", id=article) is None
    assert (await VISITOR.run("articles"))["totalCount"] == 0
    assert codes(await VISITOR.do("readArticle", id=article)) == ["NOT_FOUND"]
    assert (await admin.run("articles"))["totalCount"] == 1
    assert (await admin.run("article", id=article))["title"] == "延期通知"


@pytest.mark.shows("C10")
@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER, Role.AUDITOR])
async def test_nobody_else_writes(article: str, role: Role) -> None:
    person = await make_person(role)
    for name, given in inputs(article).items():
        payload = await person.do(name, **given)
        assert (codes(payload), payload["article"]) == (["NOT_PERMITTED"], None), name
    (row,) = await Article.all()
    assert (row.title, row.version, row.withdrawn) == ("停机通知", 1, False)


@pytest.mark.shows("C10")
@pytest.mark.parametrize("name", WRITING)
async def test_a_visitor_and_a_token_without_the_scope_stop_at_the_door(
    article: str, admin: Person, name: str
) -> None:
    given = inputs(article)[name]
    assert await VISITOR.code_of(saved(name), input=given) == "UNAUTHENTICATED"
    others = admin.by_token(*(scope for scope in TokenScope if scope is not TokenScope.ADMIN))
    assert await others.code_of(saved(name), input=given) == "FORBIDDEN"
    (row,) = await Article.all()
    assert (row.title, row.version, row.withdrawn) == ("停机通知", 1, False)
    payload = await admin.by_token(TokenScope.ADMIN).do(name, **given)
    assert codes(payload) == []


async def test_a_refused_article_leaves_nothing(admin: Person) -> None:
    payload = await admin.do("publishArticle", title="", body="文")
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("INVALID", ["title"])]
    assert payload["article"] is None
    assert not await Article.exists()


@pytest.mark.shows("C06", "C07", "C11")
async def test_the_site_tells_what_the_settings_say() -> None:
    result = await VISITOR.execute(
        saved("site"),
        Context(
            None,
            "zh",
            settings_module.load(
                public_url="https://beian.example.cn",
                provider_name="示例科技",
                provider_telephone="0411-84610600",
                provider_licence="辽B1.B2-20130019",
                provider_filing_number="辽ICP备06013570号",
                provider_copyright_years="2010-2026",
            ),
        ),
    )
    assert result.errors is None
    assert result.data == {
        "site": {
            "provider": "示例科技",
            "telephone": "0411-84610600",
            "serviceHours": "周一至周五 8:30-17:30",
            "licence": "辽B1.B2-20130019",
            "filingNumber": "辽ICP备06013570号",
            "copyrightYears": "2010-2026",
            "manualUrl": "https://beian.example.cn/manual",
        }
    }


async def test_an_article_is_a_node_to_whoever_has_signed_in(
    article: str, owner: Person, admin: Person
) -> None:
    found = await owner.run("node", id=article)
    assert (found["__typename"], found["title"], found["viewCount"]) == ("Article", "停机通知", 0)
    assert await VISITOR.code_of(saved("node"), id=article) == "UNAUTHENTICATED"
    await admin.do("withdrawArticle", id=article, version=1)
    assert await owner.run("node", id=article) is None
    assert (await admin.run("node", id=article))["withdrawn"] is True
