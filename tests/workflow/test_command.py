"""Commands that are sent twice: one key, one effect, one answer, and no key for anything else."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.outbox import IdempotencyRecord
from models.refusal import Invalid, Throttled
from models.states import FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.lives import draft, make_actor, submit
from tests.workflow.doings import codes, fresh
from tests.workflow.everything import everything
from workflow import drafts, steps
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.housekeeping import tidy


async def enter(actor: Actor, key: str | None, name: str = "大连听涛科技有限公司") -> Outcome:
    return await drafts.create_subject(actor, owner_id=None, fields={"name": name}, websites=[], key=key)


async def withdraw(actor: Actor, filing: Filing, key: str | None) -> Outcome:
    return await steps.withdraw_filing(actor, id=node_id(Filing, filing.id), version=filing.version, key=key)


async def test_the_same_request_under_one_key_is_done_once_and_answered_alike(owner: Actor) -> None:
    first, again = await enter(owner, "k1"), await enter(owner, "k1")
    assert (first.replayed, again.replayed) == (False, True)
    assert (first.ids, first.problems) == (again.ids, again.problems)
    assert await Subject.all().count() == 1


async def test_without_a_key_or_under_another_key_it_is_done_again(owner: Actor) -> None:
    for key in (None, None, "k1", "k2", " ", "键", "x" * 255):
        assert (await enter(owner, key)).problems == ()
    assert await Subject.all().count() == 7


async def test_a_key_for_another_request_is_refused_and_nothing_is_done(owner: Actor) -> None:
    await enter(owner, "k1")
    filing = await submit(owner, await draft(owner))
    before = await everything(memory=True)
    [problem] = (await enter(owner, "k1", "别的公司")).problems
    assert (problem.code, problem.path) == ("IDEMPOTENCY_KEY_REUSED", ("idempotencyKey",))
    assert codes(await withdraw(owner, filing, "k1")) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await everything(memory=True) == before


async def test_a_key_is_each_accounts_own(owner: Actor) -> None:
    other = await make_actor(Role.APPLICANT)
    assert (await enter(owner, "k1")).replayed is False
    assert (await enter(other, "k1")).replayed is False
    assert await Subject.filter(owner_id=other.account_id).count() == 1


async def test_a_refusal_is_remembered_and_given_again_after_it_would_succeed(owner: Actor) -> None:
    filing = await draft(owner)
    about: dict[str, Any] = {"id": node_id(Filing, filing.id), "version": filing.version}
    first = await steps.withdraw_filing(owner, **about, key="k1")
    assert codes(first) == ["WRONG_STATE"]
    assert first.ids == {"filing": filing.id, "subject": filing.subject_id}
    filing = await submit(owner, filing)
    before = await everything(memory=True)
    again = await steps.withdraw_filing(owner, **about, key="k1")
    assert (again.replayed, codes(again), again.ids) == (True, ["WRONG_STATE"], first.ids)
    assert again.problems[0].blocking_id == about["id"]
    assert await everything(memory=True) == before
    assert (await withdraw(owner, filing, "k2")).problems == ()


async def test_what_a_refused_command_had_begun_is_undone_and_its_key_kept(owner: Actor) -> None:
    filing = await draft(owner)

    async def work() -> Outcome:
        await Filing.filter(id=filing.id).update(status=FilingStatus.VOIDED)
        raise Invalid(("x",), "不", "no")

    outcome = await carry_out(owner, "op", {}, "k1", work)
    assert codes(outcome) == ["INVALID"]
    assert (await fresh(filing)).status is FilingStatus.DRAFT
    assert (await carry_out(owner, "op", {}, "k1", work)).replayed


async def test_not_now_is_no_answer_to_keep(owner: Actor) -> None:
    tries = 0

    async def work() -> Outcome:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Throttled(30)
        return Outcome(ids={"filing": 7})

    assert codes(await carry_out(owner, "op", {}, "k1", work)) == ["THROTTLED"]
    assert not await IdempotencyRecord.exists()
    assert (await carry_out(owner, "op", {}, "k1", work)).ids == {"filing": 7}


async def test_a_fault_leaves_no_key_behind(owner: Actor) -> None:
    async def fail() -> Outcome:
        raise LookupError

    with pytest.raises(LookupError):
        await carry_out(owner, "op", {}, "k1", fail)
    assert not await IdempotencyRecord.exists()
    assert (await enter(owner, "k1")).problems == ()


async def test_of_many_equal_requests_at_once_one_is_done_and_all_are_answered_alike(owner: Actor) -> None:
    for round_ in range(8):
        outcomes = await asyncio.gather(*(enter(owner, f"k{round_}") for _ in range(8)))
        assert [outcome.problems for outcome in outcomes] == [()] * 8
        assert len({tuple(sorted(outcome.ids.items())) for outcome in outcomes}) == 1
        assert sum(not outcome.replayed for outcome in outcomes) == 1
        assert await Subject.all().count() == round_ + 1


async def test_of_two_unlike_requests_at_once_under_one_key_one_is_done(owner: Actor) -> None:
    for round_ in range(5):
        outcomes = await asyncio.gather(*(enter(owner, f"k{round_}", f"公司{name}") for name in range(2)))
        assert sorted(codes(outcome) for outcome in outcomes) == [[], ["IDEMPOTENCY_KEY_REUSED"]]
        assert await Subject.all().count() == round_ + 1


async def test_a_malformed_key_is_invalid_and_nothing_is_done(owner: Actor) -> None:
    for key in ("", "x" * 256, "a\nb", "a\x00b", "\ud800"):
        [problem] = (await enter(owner, key)).problems
        assert (problem.code, problem.path) == ("INVALID", ("idempotencyKey",))
    assert not await Subject.exists()


async def test_what_is_remembered_holds_nothing_that_was_typed(owner: Actor) -> None:
    fields: dict[str, Any] = {"name": "大连听涛科技有限公司", "certificate_number": "91210202000002225P"}
    await drafts.create_subject(owner, owner_id=None, fields=fields, websites=[], key="k1")
    fields["remark"] = "秘密\x07"
    await drafts.create_subject(owner, owner_id=None, fields=fields, websites=[], key="k2")
    [*kept] = (await everything(memory=True))["idempotency_record"]
    assert len(kept) == 2
    assert not any(text in row for row in kept for text in ("91210202000002225P", "秘密", "听涛"))


async def test_keys_are_forgotten_after_a_day_and_not_before(owner: Actor) -> None:
    await enter(owner, "young")
    moment = now() - timedelta(hours=24, minutes=1)
    await enter(owner, "old")
    await unit_of_work(lambda: IdempotencyRecord.filter(key="old").update(created_at=moment))
    await tidy()
    assert [record.key for record in await IdempotencyRecord.all()] == ["young"]
    assert (await enter(owner, "old")).replayed is False
