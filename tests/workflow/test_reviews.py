"""The reviewer's steps: who holds a filing, who may decide it, and that one decision wins."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

import settings as settings_module
from models.clock import now
from models.filing import Approval, Filing, Note
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, FilingStatus, OutboxKind, ReportState, Role, TokenScope
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.support.lives import actor_of, approve, draft, give_back, make_account, make_actor, named, submit
from tests.workflow.doings import codes, edit_subject, fresh, last_event, said
from tests.workflow.everything import everything
from workflow import results_by_hand, reviews, steps
from workflow.actors import Actor
from workflow.command import Outcome


async def approved(actor: Actor, filing: Filing, revision: int | None = None) -> Outcome:
    return await reviews.approve_filing(
        actor, **named(filing), revision=filing.revision if revision is None else revision, note=None
    )


async def returned(actor: Actor, filing: Filing, message: str = "请修改", **note: Any) -> Outcome:
    notes = [{"path": ["subject", "remark"], "text": "请说明", **note}] if note else []
    return await reviews.return_filing(
        actor, **named(filing), revision=filing.revision, message=message, notes=notes
    )


@pytest.mark.shows("C36")
async def test_an_approval_passes_it_on_but_does_not_file_it(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    assert (await approved(reviewer, filing)).problems == ()
    filing = await fresh(filing)
    assert (filing.status, filing.version, filing.due_at) == (FilingStatus.ACCEPTED, 3, None)
    report = await Report.get(filing_id=filing.id)
    assert (report.number, report.revision, report.state) == (1, 1, ReportState.WAITING)
    assert (report.sent_at, report.decision) == (None, None)
    [message] = await OutboxMessage.all()
    assert (message.kind, message.filing_id) == (OutboxKind.REPORT, filing.id)
    assert (await Approval.get(filing_id=filing.id)).account_id == reviewer.account_id


@pytest.mark.shows("C33", "C35", "N3", "C24")
async def test_a_return_opens_it_to_its_owner_with_reasons_on_fields(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    outcome = await returned(
        reviewer,
        filing,
        "证件不清晰",
        path=["subject", "certificateNumber"],
        rule="MIIT-1008",
        suggestion="91110101Y00000008F",
        blocking=False,
    )
    assert outcome.problems == ()
    filing, note = await fresh(filing), await Note.get(filing_id=filing.id)
    assert (filing.status, filing.version, filing.due_at) == (FilingStatus.RETURNED, 3, None)
    assert (note.revision, note.path, note.rule) == (1, ["subject", "certificateNumber"], "MIIT-1008")
    assert (note.text, note.suggestion, note.blocking) == ("请说明", "91110101Y00000008F", False)
    event = await last_event(filing)
    assert (event.action, event.note) == (FilingAction.RETURN_FILING, "证件不清晰")
    [mail] = await OutboxMessage.filter(kind=OutboxKind.MAIL)
    assert "filing_returned" in (mail.payload or "")


async def test_a_return_without_reasons_or_with_broken_ones_is_invalid(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    before = await everything()
    for outcome, path in (
        (await returned(reviewer, filing, " "), ("message",)),
        (await returned(reviewer, filing, "长" * 2001), ("message",)),
        (await returned(reviewer, filing, "a\x00"), ("message",)),
        (await returned(reviewer, filing, text=""), ("notes", "0", "text")),
        (await returned(reviewer, filing, text="a\x00"), ("notes", "0")),
        (await returned(reviewer, filing, path=["owner"]), ("notes", "0", "path")),
        (await returned(reviewer, filing, rule="x" * 33), ("notes", "0", "rule")),
        (
            await reviews.return_filing(
                reviewer,
                **named(filing),
                revision=1,
                message="多",
                notes=[{"path": ["subject"], "text": "一"}] * 201,
            ),
            ("notes",),
        ),
    ):
        assert [(p.code, p.path) for p in outcome.problems] == [("INVALID", path)]
    note = await reviews.approve_filing(reviewer, **named(filing), revision=1, note="\x00")
    assert said(note) == [("INVALID", None, ("note",))]
    assert await everything() == before


@pytest.mark.shows("C42")
async def test_a_decision_on_a_revision_that_is_not_the_current_one_is_refused(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))
    await steps.withdraw_filing(owner, **named(filing))
    filing = await submit(owner, await fresh(filing))
    before = await everything()
    for outcome in (
        await approved(reviewer, filing, revision=1),
        await reviews.return_filing(reviewer, **named(filing), revision=1, message="请修改", notes=[]),
    ):
        [problem] = outcome.problems
        assert (problem.code, problem.path, problem.current_version) == ("STALE_VERSION", ("revision",), 4)
    stale = await reviews.approve_filing(
        reviewer, id=node_id(Filing, filing.id), version=2, revision=2, note=None, key=None
    )
    assert [(p.code, p.path, p.current_version) for p in stale.problems] == [
        ("STALE_VERSION", ("version",), 4)
    ]
    assert await everything() == before


@pytest.mark.shows("C42")
async def test_of_two_decisions_at_once_exactly_one_wins(owner: Actor, reviewer: Actor) -> None:
    second = await make_actor(Role.REVIEWER)
    filing = await draft(owner)
    for round_ in range(8):
        filing = await submit(owner, filing)
        outcomes = await asyncio.gather(
            approved(reviewer, filing), returned(second, filing), approved(second, filing)
        )
        assert sorted(codes(outcome) for outcome in outcomes) == [[], ["STALE_VERSION"], ["STALE_VERSION"]]
        won = outcomes[1].problems == ()
        filing = await fresh(filing)
        assert filing.status is (FilingStatus.RETURNED if won else FilingStatus.ACCEPTED)
        assert await Report.filter(filing_id=filing.id).count() == (0 if won else 1)
        assert filing.revision == round_ + 1
        if not won:
            await steps.withdraw_filing(owner, **named(filing))
            filing = await fresh(filing)


@pytest.mark.shows("C42", "C43")
async def test_of_a_withdrawal_and_a_decision_at_once_exactly_one_wins(owner: Actor, reviewer: Actor) -> None:
    filing = await draft(owner)
    for _ in range(5):
        filing = await submit(owner, filing)
        outcomes = await asyncio.gather(
            returned(reviewer, filing), steps.withdraw_filing(owner, **named(filing))
        )
        assert sorted(codes(outcome) for outcome in outcomes) == [[], ["STALE_VERSION"]]
        filing = await fresh(filing)


@pytest.mark.shows("N12")
async def test_a_claim_keeps_other_reviewers_off_and_raises_no_version(owner: Actor, reviewer: Actor) -> None:
    second = await make_actor(Role.REVIEWER)
    filing = await submit(owner, await draft(owner))
    assert (await reviews.claim_filing(reviewer, **named(filing))).problems == ()
    held = await fresh(filing)
    assert (held.reviewer_id, held.version) == (reviewer.account_id, filing.version)
    assert held.claimed_until is not None
    assert timedelta(minutes=29) < held.claimed_until - now() <= timedelta(minutes=30)
    before = await everything()
    for outcome in (
        await reviews.claim_filing(second, **named(filing)),
        await approved(second, filing),
        await returned(second, filing),
        await reviews.release_filing(second, **named(filing)),
    ):
        assert codes(outcome) == ["WRONG_STATE"]
    assert await everything() == before
    assert (await reviews.release_filing(reviewer, **named(filing))).problems == ()
    assert (await fresh(filing)).reviewer_id is None
    assert (await approved(second, filing)).problems == ()


async def test_a_claim_is_renewed_runs_out_and_ends_with_a_decision(owner: Actor, reviewer: Actor) -> None:
    second = await make_actor(Role.REVIEWER)
    filing = await submit(owner, await draft(owner))
    await reviews.claim_filing(reviewer, **named(filing))
    soon = now() + timedelta(minutes=1)
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(claimed_until=soon))
    await reviews.claim_filing(reviewer, **named(filing))
    assert ((await fresh(filing)).claimed_until or soon) > soon
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(claimed_until=past))
    assert (await reviews.claim_filing(second, **named(filing))).problems == ()
    assert (await fresh(filing)).reviewer_id == second.account_id
    assert (await returned(second, filing)).problems == ()
    assert ((await fresh(filing)).reviewer_id, (await fresh(filing)).claimed_until) == (None, None)


@pytest.mark.shows("N12")
async def test_reviewers_who_ask_for_the_next_at_once_get_different_filings(owner: Actor) -> None:
    filings = [await submit(owner, await draft(owner, number)) for number in range(3)]
    people = [await make_actor(Role.REVIEWER) for _ in range(4)]
    outcomes = await asyncio.gather(*(reviews.claim_next_filing(person, key=None) for person in people))
    given = [outcome.ids.get("filing") for outcome in outcomes]
    assert [outcome.problems for outcome in outcomes] == [()] * 4
    assert sorted(number for number in given if number) == [filing.id for filing in filings]
    assert given.count(None) == 1


async def test_the_next_filing_is_the_one_due_first_and_never_ones_own(owner: Actor, reviewer: Actor) -> None:
    filings = [await submit(owner, await draft(owner, number)) for number in range(2)]
    typed = await submit(reviewer, await draft(reviewer, 2, on_behalf_of=owner))
    for filing, hours in ((filings[0], 5), (filings[1], 3), (typed, 1)):
        due = now() + timedelta(hours=hours)
        await unit_of_work(lambda filing=filing, due=due: Filing.filter(id=filing.id).update(due_at=due))
    first = await reviews.claim_next_filing(reviewer, key=None)
    second = await reviews.claim_next_filing(reviewer, key=None)
    third = await reviews.claim_next_filing(reviewer, key=None)
    assert [o.ids.get("filing") for o in (first, second, third)] == [filings[1].id, filings[0].id, None]
    assert codes(await reviews.claim_next_filing(owner, key=None)) == ["NOT_PERMITTED"]


@pytest.mark.shows("C41")
async def test_nobody_decides_what_he_typed_or_last_edited(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(reviewer, await draft(reviewer, on_behalf_of=owner))
    token = actor_of(await make_account(Role.REVIEWER), frozenset({TokenScope.READ}))
    before = await everything()
    for outcome in (
        await approved(reviewer, filing),
        await returned(reviewer, filing),
        await reviews.claim_filing(reviewer, **named(filing)),
    ):
        assert [(p.code, p.rule) for p in outcome.problems] == [("NOT_PERMITTED", "BEIAN-SELF-REVIEW")]
    assert codes(await approved(owner, filing)) == ["NOT_PERMITTED"]
    assert codes(await approved(token, filing)) == ["NOT_PERMITTED"]
    assert await everything() == before
    assert (await approved(await make_actor(Role.REVIEWER), filing)).problems == ()


@pytest.mark.shows("C41")
async def test_no_staff_step_is_an_applicants(owner: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    rest = {**named(filing), "revision": 1}
    before = await everything()
    outcomes = [
        await approved(owner, filing),
        await returned(owner, filing),
        await reviews.claim_filing(owner, **named(filing)),
        await reviews.release_filing(owner, **named(filing)),
        await reviews.pull_back_filing(owner, **rest),
        await reviews.report_filing_again(owner, **rest),
        await results_by_hand.record_report(owner, **named(filing), reported_at=now()),
    ]
    assert [codes(outcome) for outcome in outcomes] == [["NOT_PERMITTED"]] * 7
    assert await everything() == before


async def test_an_approval_is_pulled_back_before_it_is_reported(owner: Actor, reviewer: Actor) -> None:
    filing = await approve(reviewer, await submit(owner, await draft(owner)))
    stale = await reviews.pull_back_filing(reviewer, **named(filing), revision=2)
    assert codes(stale) == ["STALE_VERSION"]
    outcome = await reviews.pull_back_filing(reviewer, **named(filing), revision=1)
    filing = await fresh(filing)
    assert (outcome.problems, filing.status) == ((), FilingStatus.SUBMITTED)
    assert filing.due_at is not None
    assert not await Report.exists()
    assert not await OutboxMessage.exists()
    assert not await Approval.exists()
    assert (await approved(reviewer, filing)).problems == ()
    assert (await Report.get(filing_id=filing.id)).number == 1


@pytest.mark.shows("C34", "N3")
async def test_any_number_of_returns_and_submissions_follow_each_other(owner: Actor, reviewer: Actor) -> None:
    filing = await draft(owner)
    for round_ in range(1, 4):
        filing = await give_back(
            reviewer, await submit(owner, filing), {"path": ["subject", "remark"], "text": f"第{round_}次"}
        )
        assert filing.revision == round_
        await edit_subject(owner, filing, remark=f"第{round_}次")
        filing = await fresh(filing)
    assert (await submit(owner, filing)).revision == 4
    states = [(note.revision, note.state.value) for note in await Note.all().order_by("id")]
    assert states == [(1, "CHANGED"), (2, "CHANGED"), (3, "CHANGED")]


@pytest.mark.shows("C41")
async def test_a_decision_on_ones_own_filing_is_marked_as_such_where_it_is_allowed(
    reviewer: Actor, settings: Settings
) -> None:
    settings_module.use(settings.model_copy(update={"self_review": "allow"}))
    customer = await make_actor(Role.APPLICANT)
    filing = await submit(reviewer, await draft(reviewer, on_behalf_of=customer))
    await approve(reviewer, filing)
    event = await last_event(filing)
    assert (event.action, event.note) == (FilingAction.APPROVE_FILING, "[本人核实 self-reviewed]")
