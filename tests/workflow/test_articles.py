"""Articles: shipped once, read and counted by anyone, kept by administrators alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.article import Article
from models.clock import now
from models.event import AuditEntry
from models.node_ids import node_id
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from tests.support.lives import actor_of, make_account, make_actor
from workflow.actors import Actor
from workflow.articles import (
    find_article,
    load_shipped_articles,
    publish_article,
    read_article,
    update_article,
    visible_articles,
    withdraw_article,
)
from workflow.command import Outcome

TITLES = ["备案系统使用介绍", "如何填写备案信息", "备案密码是什么", "常见退回原因与改法"]


@pytest.fixture
async def admin(db: str) -> Actor:
    """An administrator."""
    return await make_actor(Role.ADMIN)


async def publish(admin: Actor, **fields: Any) -> Article:
    """An article that was published."""
    outcome = await publish_article(admin, fields={"title": "通知", "body": "正文", **fields}, key=None)
    assert outcome.problems == ()
    return await Article.get(id=outcome.ids["article"])


def told(outcome: Outcome) -> list[tuple[str, tuple[str, ...] | None]]:
    """Codes and paths of the problems."""
    return [(problem.code, problem.path) for problem in outcome.problems]


@pytest.mark.shows("C08")
async def test_the_shipped_articles_are_laid_in_once_however_many_start(db: str) -> None:
    await asyncio.gather(*(load_shipped_articles() for _ in range(3)))
    rows = await visible_articles(None).order_by("-published_at", "-id")
    assert [row.title for row in rows] == TITLES
    assert {(row.publisher, row.view_count, row.version) for row in rows} == {("admin", 0, 1)}
    assert await load_shipped_articles() == 0


@pytest.mark.shows("C08")
async def test_the_introduction_holds_the_flow_chart(db: str) -> None:
    await load_shipped_articles()
    body = (await Article.get(slug="introduction")).body
    chart = body.partition("```mermaid\n")[2].partition("\n```")[0]
    assert chart.startswith("flowchart TD\n")
    assert 'SUBMITTED -->|"核实不通过退回"| RETURNED' in chart
    assert 'AT_AUTHORITY -->|"管局审核通过"| APPROVED' in chart
    assert "{{" not in body


@pytest.mark.shows("C08", "C10")
async def test_what_was_edited_or_withdrawn_since_is_not_laid_in_again(admin: Actor) -> None:
    await load_shipped_articles()
    first, second = await Article.get(slug="introduction"), await Article.get(slug="filling-in")
    await update_article(admin, id=f"art_{first.id}", version=1, fields={"body": "改过"}, key=None)
    await withdraw_article(admin, id=f"art_{second.id}", version=1, key=None)
    assert await load_shipped_articles() == 0
    assert (await Article.get(id=first.id)).body == "改过"
    assert (await Article.get(id=second.id)).withdrawn is True
    assert await Article.all().count() == 4


async def test_one_that_is_not_there_yet_is_laid_in_beside_the_rest(admin: Actor) -> None:
    own = await publish(admin)
    await load_shipped_articles()
    await unit_of_work(lambda: Article.filter(slug="filing-password").delete())
    assert await load_shipped_articles() == 1
    assert await Article.filter(slug="filing-password").count() == 1
    assert await Article.all().count() == 5
    assert (await Article.get(id=own.id)).slug is None


@pytest.mark.shows("C09")
async def test_of_fifty_readings_at_once_none_is_lost_and_no_version_is_raised(admin: Actor) -> None:
    row = await publish(admin)
    outcomes = await asyncio.gather(*(read_article(None, id=f"art_{row.id}", key=None) for _ in range(50)))
    assert {outcome.problems for outcome in outcomes} == {()}
    after = await Article.get(id=row.id)
    assert (after.view_count, after.version, after.updated_at) == (50, 1, row.updated_at)


@pytest.mark.shows("C09")
async def test_finding_and_listing_count_nothing(admin: Actor) -> None:
    row = await publish(admin)
    assert await find_article(None, f"art_{row.id}") == row
    assert await visible_articles(None) == [row]
    assert (await Article.get(id=row.id)).view_count == 0


async def test_a_readers_key_counts_once_and_a_visitors_key_is_not_remembered(admin: Actor) -> None:
    row = await publish(admin)
    for _ in range(2):
        assert told(await read_article(admin, id=f"art_{row.id}", key="k")) == []
    assert (await Article.get(id=row.id)).view_count == 1
    for _ in range(2):
        assert told(await read_article(None, id=f"art_{row.id}", key="k")) == []
    assert (await Article.get(id=row.id)).view_count == 3


@pytest.mark.shows("C10")
async def test_a_withdrawn_article_is_there_for_administrators_alone(admin: Actor) -> None:
    row = await publish(admin)
    name = node_id(Article, row.id)
    assert told(await withdraw_article(admin, id=name, version=1, key=None)) == []
    for reader in (None, *[await make_actor(role) for role in Role if role is not Role.ADMIN]):
        assert await find_article(reader, name) is None
        assert await visible_articles(reader) == []
        assert told(await read_article(reader, id=name, key=None)) == [("NOT_FOUND", ("id",))]
    account = await make_account(Role.ADMIN)
    assert await find_article(actor_of(account, frozenset({TokenScope.GATE})), name) is None
    assert await find_article(actor_of(account, frozenset({TokenScope.READ})), name) is not None
    after = await Article.get(id=row.id)
    assert (after.view_count, after.withdrawn, after.version) == (0, True, 2)
    assert await find_article(admin, name) == after


@pytest.mark.parametrize("id", ["art_999999", "sub_1", "art_x", ""])
async def test_an_unknown_article_is_not_found(admin: Actor, id: str) -> None:
    assert await find_article(None, id) is None
    outcomes = [
        await read_article(None, id=id, key=None),
        await update_article(admin, id=id, version=1, fields={"title": "x"}, key=None),
        await withdraw_article(admin, id=id, version=1, key=None),
    ]
    assert [told(outcome) for outcome in outcomes] == [[("NOT_FOUND", ("id",))]] * 3


@pytest.mark.shows("C10")
async def test_an_article_shows_its_publisher_and_the_time_it_was_given(admin: Actor) -> None:
    plain = await publish(admin)
    assert plain.publisher == admin.name
    assert abs(plain.published_at - now()) < timedelta(minutes=1)
    moment = datetime(2011, 1, 13, 3, 31, 32, tzinfo=UTC)
    given = await publish(admin, publisher="客服部", published_at=moment)
    assert (given.publisher, given.published_at) == ("客服部", moment)
    null = await publish(admin, publisher=None, published_at=None)
    assert null.publisher == admin.name


@pytest.mark.shows("C10")
async def test_an_edit_changes_what_it_names_and_each_act_is_audited(admin: Actor) -> None:
    row = await publish(admin)
    name = node_id(Article, row.id)
    assert told(await update_article(admin, id=name, version=1, fields={"body": "第二版\n"}, key=None)) == []
    assert told(await withdraw_article(admin, id=name, version=2, key=None)) == []
    after = await Article.get(id=row.id)
    assert (after.title, after.body, after.publisher, after.version) == ("通知", "第二版", admin.name, 3)
    assert after.published_at == row.published_at
    entries = await AuditEntry.filter(record=name).order_by("id")
    assert [(entry.action, entry.account_id, entry.detail["version"]) for entry in entries] == [
        ("PUBLISH_ARTICLE", admin.account_id, 1),
        ("UPDATE_ARTICLE", admin.account_id, 2),
        ("WITHDRAW_ARTICLE", admin.account_id, 3),
    ]


async def test_an_article_is_withdrawn_once(admin: Actor) -> None:
    name = node_id(Article, (await publish(admin)).id)
    await withdraw_article(admin, id=name, version=1, key=None)
    assert told(await withdraw_article(admin, id=name, version=2, key=None)) == [("WRONG_STATE", None)]
    assert (await Article.get(title="通知")).version == 2


async def test_a_stale_edit_is_refused_with_both_values(admin: Actor) -> None:
    row = await publish(admin)
    name = node_id(Article, row.id)
    await update_article(admin, id=name, version=1, fields={"title": "甲"}, key=None)
    stale = await update_article(admin, id=name, version=1, fields={"title": "乙", "body": "正文"}, key=None)
    (problem,) = stale.problems
    assert (problem.code, problem.current_version) == ("STALE_VERSION", 2)
    assert [(it.path, it.current, it.sent) for it in problem.conflicts] == [(("title",), "甲", "乙")]
    assert told(await withdraw_article(admin, id=name, version=1, key=None)) == [
        ("STALE_VERSION", ("version",))
    ]
    after = await Article.get(id=row.id)
    assert (after.title, after.withdrawn, after.version) == ("甲", False, 2)


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"title": " "}, "title"),
    ({"title": "字" * 201}, "title"),
    ({"title": "两\n行"}, "title"),
    ({"body": ""}, "body"),
    ({"body": "\n \n"}, "body"),
    ({"body": "x" * 100_001}, "body"),
    ({"body": "a\0b"}, "body"),
    ({"body": "\ud800"}, "body"),
    ({"publisher": ""}, "publisher"),
    ({"publisher": "x" * 65}, "publisher"),
]


@pytest.mark.parametrize(("fields", "place"), UNFIT)
async def test_what_no_article_may_hold_is_invalid(admin: Actor, fields: dict[str, Any], place: str) -> None:
    row = await publish(admin)
    wrong = [("INVALID", (place,))]
    given = {"title": "题", "body": "文", **fields}
    assert told(await publish_article(admin, fields=given, key=None)) == wrong
    assert told(await update_article(admin, id=f"art_{row.id}", version=1, fields=fields, key=None)) == wrong
    assert await Article.all() == [row]
    assert (await Article.get(id=row.id)).version == 1


@pytest.mark.parametrize("moment", [datetime(1993, 12, 31, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)])
async def test_nothing_is_published_in_the_future_or_before_there_was_a_web(
    admin: Actor, moment: datetime
) -> None:
    given = {"title": "题", "body": "文", "published_at": moment}
    assert told(await publish_article(admin, fields=given, key=None)) == [("INVALID", ("publishedAt",))]
    assert not await Article.exists()


async def test_the_longest_article_is_taken(admin: Actor) -> None:
    row = await publish(admin, title="字" * 200, body="字" * 100_000, publisher="字" * 64)
    assert (len(row.title), len(row.body), len(row.publisher)) == (200, 100_000, 64)


@pytest.mark.shows("C10")
@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER, Role.AUDITOR])
async def test_nobody_but_an_administrator_writes(admin: Actor, role: Role) -> None:
    row, actor = await publish(admin), await make_actor(role)
    name = node_id(Article, row.id)
    outcomes = [
        await publish_article(actor, fields={"title": "题", "body": "文"}, key=None),
        await update_article(actor, id=name, version=1, fields={"title": "题"}, key=None),
        await withdraw_article(actor, id=name, version=1, key=None),
        await withdraw_article(actor, id="art_999999", version=1, key=None),
    ]
    assert [told(outcome) for outcome in outcomes] == [[("NOT_PERMITTED", None)]] * 4
    (after,) = await Article.all()
    assert (after.title, after.version, after.withdrawn) == ("通知", 1, False)
    assert await AuditEntry.filter(account_id=actor.account_id).count() == 0


@pytest.mark.shows("C10")
async def test_a_token_needs_the_administrators_scope(db: str) -> None:
    account = await make_account(Role.ADMIN)
    fields = {"title": "题", "body": "文"}
    reading = actor_of(account, frozenset({TokenScope.READ, TokenScope.REVIEW}))
    assert told(await publish_article(reading, fields=fields, key=None)) == [("NOT_PERMITTED", None)]
    assert not await Article.exists()
    await publish(actor_of(account, frozenset({TokenScope.ADMIN})))


async def test_one_key_publishes_one(admin: Actor) -> None:
    for _ in range(2):
        assert told(await publish_article(admin, fields={"title": "题", "body": "文"}, key="k")) == []
    assert await Article.all().count() == 1
