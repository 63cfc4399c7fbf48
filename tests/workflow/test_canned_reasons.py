"""Canned reasons: shipped once, then the administrators' own; retired ones stay on record."""

import asyncio
from typing import Any

import pytest

from models.clock import now
from models.code import CodeStamp
from models.desk import CannedReason
from models.event import AuditEntry
from models.node_ids import node_id
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from rules.catalogue import RULES
from tests.support.lives import actor_of, make_account, make_actor
from workflow.actors import Actor
from workflow.canned_reasons import (
    canned_reasons,
    create_canned_reason,
    load_shipped_reasons,
    remove_canned_reason,
    update_canned_reason,
)
from workflow.command import Outcome


@pytest.fixture
async def fresh(lawful: str) -> None:
    """As before the first start: nothing was laid in."""
    await unit_of_work(lambda: CodeStamp.filter(name="canned_reasons").delete())


@pytest.fixture
async def admin(lawful: str) -> Actor:
    """An administrator."""
    return await make_actor(Role.ADMIN)


async def add(admin: Actor, text: str = "网站打不开", **fields: Any) -> CannedReason:
    """A reason that was added."""
    outcome = await create_canned_reason(admin, fields={"text": text, **fields}, key=None)
    assert outcome.problems == ()
    return await CannedReason.get(id=outcome.ids["canned_reason"])


def told(outcome: Outcome) -> list[tuple[str, tuple[str, ...] | None]]:
    """Codes and paths of the problems."""
    return [(problem.code, problem.path) for problem in outcome.problems]


@pytest.mark.shows("N12")
async def test_the_shipped_reasons_are_laid_in_once_by_whoever_starts_first(
    fresh: None, reviewer: Actor
) -> None:
    laid = await asyncio.gather(*(load_shipped_reasons() for _ in range(3)))
    assert sorted(laid) == [0, 0, 22]
    rows = await canned_reasons(reviewer, None, None, include_inactive=False)
    assert len(rows) == 22
    assert rows[0].text == "主办单位名称与证件所载名称不一致。"
    assert {row.rule for row in rows} - {None} <= set(RULES)


@pytest.mark.shows("N12")
async def test_what_was_edited_or_retired_since_is_not_overwritten(fresh: None, admin: Actor) -> None:
    await load_shipped_reasons()
    first, second = (await canned_reasons(admin, None, None, include_inactive=False))[:2]
    await update_canned_reason(
        admin, id=node_id(CannedReason, first.id), version=1, fields={"text": "名称不符"}, key=None
    )
    await remove_canned_reason(admin, id=node_id(CannedReason, second.id), version=1, key=None)
    assert await load_shipped_reasons() == 0
    assert (await CannedReason.get(id=first.id)).text == "名称不符"
    assert (await CannedReason.get(id=second.id)).active is False
    assert await CannedReason.all().count() == 22


@pytest.mark.shows("N12")
async def test_reasons_are_found_by_rule_and_by_words_in_their_order(admin: Actor, reviewer: Actor) -> None:
    late = await add(admin, "域名未注册", rule="MIIT-1004", position=2)
    soon = await add(admin, "首页打不开", suggestion="请先开通HTTP服务", position=1)
    gone = await add(admin, "域名过期", rule="MIIT-1004", position=0)
    await remove_canned_reason(admin, id=node_id(CannedReason, gone.id), version=1, key=None)

    async def found(rule: str | None = None, search: str | None = None, inactive: bool = False) -> list[int]:
        return [row.id for row in await canned_reasons(reviewer, rule, search, include_inactive=inactive)]

    assert await found() == [soon.id, late.id]
    assert await found(inactive=True) == [soon.id, late.id, gone.id]
    assert await found(rule="MIIT-1004") == [late.id]
    assert await found(search=" http ") == [soon.id]
    assert await found(search="域名", inactive=True) == [late.id, gone.id]


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.AUDITOR])
async def test_others_than_reviewers_and_administrators_find_none(admin: Actor, role: Role) -> None:
    await add(admin)
    assert await canned_reasons(await make_actor(role), None, None, include_inactive=True) == []


async def test_an_edit_changes_what_it_names_and_raises_the_version(admin: Actor) -> None:
    row = await add(admin, suggestion="重启", rule="MIIT-1022", position=3)
    assert (row.version, row.blocking, row.active) == (1, True, True)
    outcome = await update_canned_reason(
        admin,
        id=node_id(CannedReason, row.id),
        version=1,
        fields={"suggestion": None, "blocking": False},
        key=None,
    )
    assert outcome.problems == ()
    after = await CannedReason.get(id=row.id)
    assert (after.version, after.text, after.rule, after.position) == (2, "网站打不开", "MIIT-1022", 3)
    assert (after.suggestion, after.blocking) == (None, False)
    actions = [entry.action for entry in await AuditEntry.filter(record=f"rsn_{row.id}").order_by("id")]
    assert actions == ["CREATE_CANNED_REASON", "UPDATE_CANNED_REASON"]


async def test_a_retired_reason_can_be_offered_again(admin: Actor) -> None:
    row = await add(admin)
    name = node_id(CannedReason, row.id)
    await remove_canned_reason(admin, id=name, version=1, key=None)
    await update_canned_reason(admin, id=name, version=2, fields={"active": True}, key=None)
    assert (await CannedReason.get(id=row.id)).active is True


async def test_a_stale_edit_is_refused(admin: Actor) -> None:
    row = await add(admin)
    name = node_id(CannedReason, row.id)
    await update_canned_reason(admin, id=name, version=1, fields={"text": "a"}, key=None)
    stale = await update_canned_reason(admin, id=name, version=1, fields={"text": "b"}, key=None)
    assert [(p.code, p.current_version) for p in stale.problems] == [("STALE_VERSION", 2)]
    assert (await remove_canned_reason(admin, id=name, version=1, key=None)).problems[
        0
    ].code == "STALE_VERSION"
    after = await CannedReason.get(id=row.id)
    assert (after.text, after.active) == ("a", True)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"text": " "}, ("text",)),
        ({"text": "x" * 2001}, ("text",)),
        ({"text": "a\0"}, ("text",)),
        ({"text": "x", "suggestion": "x" * 1001}, ("suggestion",)),
        ({"text": "x", "rule": "MIIT-1"}, ("rule",)),
        ({"text": "x", "position": -1}, ("position",)),
        ({"text": "x", "position": 10_001}, ("position",)),
    ],
)
async def test_what_no_reason_may_hold_is_invalid(
    admin: Actor, fields: dict[str, Any], path: tuple[str, ...]
) -> None:
    assert told(await create_canned_reason(admin, fields=fields, key=None)) == [("INVALID", path)]
    assert not await CannedReason.exists()


@pytest.mark.parametrize("id", ["rsn_999999", "fil_1", "x"])
async def test_an_unknown_reason_is_not_found(admin: Actor, id: str) -> None:
    assert told(await remove_canned_reason(admin, id=id, version=1, key=None)) == [("NOT_FOUND", ("id",))]


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER, Role.AUDITOR])
async def test_nobody_but_an_administrator_writes(admin: Actor, role: Role) -> None:
    row, actor = await add(admin), await make_actor(role)
    name = node_id(CannedReason, row.id)
    outcomes = [
        await create_canned_reason(actor, fields={"text": "x"}, key=None),
        await update_canned_reason(actor, id=name, version=1, fields={"text": "x"}, key=None),
        await remove_canned_reason(actor, id=name, version=1, key=None),
    ]
    assert [problem.code for outcome in outcomes for problem in outcome.problems] == ["NOT_PERMITTED"] * 3
    (after,) = await CannedReason.all()
    assert (after.text, after.version, after.active) == (row.text, 1, True)


async def test_a_token_needs_the_administrators_scope(lawful: str) -> None:
    account = await make_account(Role.ADMIN)
    reading = actor_of(account, frozenset({TokenScope.READ, TokenScope.REVIEW}))
    assert told(await create_canned_reason(reading, fields={"text": "x"}, key=None)) == [
        ("NOT_PERMITTED", None)
    ]
    assert not await CannedReason.exists()
    await add(actor_of(account, frozenset({TokenScope.ADMIN})))


async def test_there_are_never_more_than_five_hundred_to_choose_from(admin: Actor) -> None:
    moment = now()
    await unit_of_work(
        lambda: CannedReason.bulk_create(
            [CannedReason(text=f"{number}", updated_at=moment) for number in range(500)]
        )
    )
    assert told(await create_canned_reason(admin, fields={"text": "x"}, key=None)) == [("WRONG_STATE", None)]
    assert await CannedReason.all().count() == 500


async def test_one_key_adds_one(admin: Actor) -> None:
    for _ in range(2):
        assert told(await create_canned_reason(admin, fields={"text": "x"}, key="k")) == []
    assert await CannedReason.all().count() == 1
