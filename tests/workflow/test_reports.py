"""The report courier: taken before the first byte, settled before anything is sent again, and never twice."""

import asyncio
import ipaddress
from datetime import timedelta

import pytest
import structlog

import settings as settings_module
from authority.simulator.counter import Simulator
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, FilingStatus, OutboxKind, OutboxState, ReportState
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.support.lives import approve, draft, named, submit
from tests.workflow import desks
from tests.workflow.doings import codes, edit_subject, fresh, last_event
from tests.workflow.everything import everything
from workflow import reviews, steps
from workflow.actors import Actor
from workflow.leases import claim
from workflow.outbox import Delivered, Park, TryLater, settle
from workflow.reports import PATIENCE, deliver_report


async def ready(owner: Actor, reviewer: Actor, number: int = 0) -> tuple[Filing, OutboxMessage]:
    filing = await approve(reviewer, await submit(owner, await draft(owner, number)))
    return filing, await OutboxMessage.get(filing_id=filing.id, kind="REPORT", state=OutboxState.WAITING)


async def park(answer: object, message: OutboxMessage) -> None:
    """Set the message aside as the carrier does, with what its answer records."""
    assert isinstance(answer, Park)
    await alter(message, due_at=now())
    [lease] = await claim(OutboxKind.REPORT, "me")
    assert lease.message_id == message.id
    await settle(lease, answer, PATIENCE)
    assert (await OutboxMessage.get(id=message.id)).state is OutboxState.PARKED


async def alter(message: OutboxMessage, **values: object) -> None:
    await unit_of_work(lambda: OutboxMessage.filter(id=message.id).update(**values))


async def report_of(filing: Filing) -> Report:
    return await Report.get(filing_id=filing.id)


@pytest.mark.shows("C36", "C37")
async def test_a_report_is_carried_and_waits_for_the_authority(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    before = now()
    assert await deliver_report(desk, message) == Delivered()
    filing, report = await fresh(filing), await report_of(filing)
    assert (filing.status, filing.version) == (FilingStatus.AT_AUTHORITY, 4)
    assert filing.due_at is not None
    assert filing.due_at - now() > timedelta(
        days=26
    )  # twenty working days are four weeks less a weekend's edge
    assert (report.state, report.sequence, report.file) == (ReportState.ACCEPTED, 1, f"{report.key}.xml")
    assert report.sent_at is not None
    assert before <= report.sent_at <= now()
    event = await last_event(filing)
    assert (event.action, event.before, event.after) == (
        FilingAction.REPORT,
        FilingStatus.ACCEPTED,
        FilingStatus.AT_AUTHORITY,
    )
    assert (event.actor, event.account_id, event.version) == ("system", None, 4)


async def test_while_it_is_under_way_nobody_calls_it_back(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    seen = []

    async def try_to() -> None:
        report = await report_of(filing)
        seen.append((report.state, report.sent_at is not None))
        before = await everything()
        for outcome in (
            await steps.withdraw_filing(owner, **named(filing)),
            await reviews.pull_back_filing(reviewer, **named(filing), revision=1),
        ):
            assert [(p.code, p.rule) for p in outcome.problems] == [("WRONG_STATE", "BEIAN-BEING-REPORTED")]
        assert await everything() == before

    await deliver_report(desks.Meanwhile(desk, try_to), message)
    assert seen == [(ReportState.SENDING, True)]
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_a_desk_that_is_away_leaves_the_report_waiting_and_free(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    answer = await deliver_report(desks.Closed(desk), message)
    assert isinstance(answer, TryLater)
    assert answer.after == 90
    report = await report_of(filing)
    assert (report.state, report.sent_at) == (ReportState.WAITING, None)
    assert ((await fresh(filing)).status, (await fresh(filing)).version) == (FilingStatus.ACCEPTED, 3)
    assert (await steps.withdraw_filing(owner, **named(filing))).problems == ()
    assert await deliver_report(desk, message) == Delivered()
    assert await desk.download() is None


async def test_an_unknown_outcome_is_settled_before_anything_is_sent_again(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    assert isinstance(await deliver_report(desks.LosesTheUpload(desk), message), TryLater)
    report = await report_of(filing)
    assert report.state is ReportState.UNKNOWN
    assert codes(await steps.withdraw_filing(owner, **named(filing))) == ["WRONG_STATE"]
    second = desks.Counter(desk)
    assert await deliver_report(second, message) == Delivered()
    assert second.calls == [("settle", report.key), ("upload", report.key)]
    assert (await report_of(filing)).state is ReportState.ACCEPTED


async def test_what_was_taken_without_a_receipt_is_not_sent_again(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    sent_at = (await report_of(filing)).sent_at
    second = desks.Counter(desk)
    assert await deliver_report(second, message) == Delivered()
    report = await report_of(filing)
    assert second.calls == [("settle", report.key)]
    assert (report.state, report.sequence, report.sent_at) == (ReportState.ACCEPTED, 1, sent_at)
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_while_nobody_can_say_what_became_of_it_it_stays_unknown(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    closed = desks.Closed(desk)
    assert isinstance(await deliver_report(closed, message), TryLater)
    report = await report_of(filing)
    assert closed.calls == [("settle", report.key)]
    assert (report.state, report.sent_at is None) == (ReportState.UNKNOWN, False)
    assert codes(await steps.withdraw_filing(owner, **named(filing))) == ["WRONG_STATE"]
    await deliver_report(desk, message)
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_a_courier_that_dies_between_upload_and_acceptance_is_followed_by_one_that_settles(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    with pytest.raises(asyncio.CancelledError):
        await deliver_report(desks.DiesAfterTaking(desk), message)
    assert (await report_of(filing)).state is ReportState.SENDING
    assert codes(await steps.withdraw_filing(owner, **named(filing))) == ["WRONG_STATE"]
    second = desks.Counter(desk)
    assert await deliver_report(second, message) == Delivered()
    assert [name for name, _ in second.calls] == ["settle"]
    assert ((await report_of(filing)).sequence, (await fresh(filing)).status) == (
        1,
        FilingStatus.AT_AUTHORITY,
    )


async def test_a_payload_that_is_refused_is_set_aside_with_an_event_and_may_be_mended(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await park(await deliver_report(desks.Refuses(desk), message), message)
    report = await report_of(filing)
    assert (report.state, report.message_code, report.sent_at) == (ReportState.REJECTED, 7, None)
    after = await fresh(filing)
    assert (after.status, after.version) == (FilingStatus.ACCEPTED, 3)
    event = await last_event(filing)
    assert (event.action, event.version, event.note) == (FilingAction.REPORT_REFUSED, None, "7")
    await reviews.pull_back_filing(reviewer, **named(filing), revision=1)
    filing = await approve(reviewer, await fresh(filing))
    assert [row.number for row in await Report.filter(filing_id=filing.id).order_by("number")] == [1, 2]
    [again] = await OutboxMessage.filter(filing_id=filing.id, state=OutboxState.WAITING)
    await deliver_report(desk, again)
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_a_report_that_nobody_could_carry_does_not_stand_in_the_way_of_the_next(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await deliver_report(desks.Closed(desk), message)
    await unit_of_work(lambda: OutboxMessage.filter(id=message.id).update(state=OutboxState.PARKED))
    await steps.withdraw_filing(owner, **named(filing))
    filing = await approve(reviewer, await submit(owner, await fresh(filing)))
    assert await OutboxMessage.filter(filing_id=filing.id, state=OutboxState.WAITING).count() == 1


async def test_a_new_finding_takes_it_back_to_the_provider_before_it_is_sent(
    owner: Actor, reviewer: Actor, desk: Simulator, settings: Settings
) -> None:
    filing, message = await ready(owner, reviewer)
    networks = [ipaddress.ip_network("203.0.113.0/24")]
    settings_module.use(settings.model_copy(update={"provider_ip_ranges": networks}))
    counter = desks.Counter(desk)
    assert await deliver_report(counter, message) == Delivered()
    filing = await fresh(filing)
    assert (counter.calls, filing.status, filing.version) == ([], FilingStatus.SUBMITTED, 4)
    assert filing.due_at is not None
    assert not await Report.exists()
    event = await last_event(filing)
    assert event.action is FilingAction.REPORT_REFUSED
    assert "MIIT-1063" in (event.note or "")


@pytest.mark.shows("C43")
async def test_of_a_withdrawal_and_the_courier_exactly_one_wins(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    won = set()
    for round_ in range(8):
        filing, message = await ready(owner, reviewer, round_)
        counter = desks.Counter(desk)

        async def courier(counter: desks.Counter = counter, message: OutboxMessage = message) -> object:
            return await deliver_report(counter, message)

        async def withdraw(filing: Filing = filing) -> list[str]:
            return codes(await steps.withdraw_filing(owner, **named(filing)))

        both = (courier(), withdraw()) if round_ % 2 else (withdraw(), courier())
        results = await asyncio.gather(*both)
        refused = results[round_ % 2] != []
        after = await fresh(filing)
        won.add(refused)
        if refused:
            assert after.status is FilingStatus.AT_AUTHORITY
            assert len(counter.calls) == 1
        else:
            assert (after.status, counter.calls) == (FilingStatus.DRAFT, [])
            assert not await Report.filter(filing_id=filing.id).exists()
        assert (Delivered() in results) is True
    assert won


async def test_two_couriers_with_one_message_report_it_once(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    answers = await asyncio.gather(*(deliver_report(desk, message) for _ in range(3)))
    assert answers == [Delivered()] * 3
    assert await FilingEvent.filter(filing_id=filing.id, action=FilingAction.REPORT).count() == 1
    assert (await report_of(filing)).sequence == 1
    assert (await fresh(filing)).version == 4


async def test_the_second_report_of_a_filing_has_its_own_number_and_key(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await steps.withdraw_filing(owner, **named(filing))
    await edit_subject(owner, filing, remark="补")
    filing = await approve(reviewer, await submit(owner, await fresh(filing)))
    report = await report_of(filing)
    assert (report.number, report.revision) == (1, 2)
    assert await deliver_report(desk, message) == Delivered()
    assert (await fresh(filing)).status is FilingStatus.ACCEPTED
    again = await OutboxMessage.get(filing_id=filing.id, kind="REPORT")
    await deliver_report(desk, again)
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_an_authority_that_was_away_for_a_month_is_given_up_and_the_report_may_be_called_back(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await alter(message, attempts=5000)
    [message] = await OutboxMessage.filter(id=message.id)
    assert isinstance(await deliver_report(desks.Closed(desk), message), TryLater)
    await alter(message, created_at=now() - timedelta(days=31))
    [message] = await OutboxMessage.filter(id=message.id)
    with structlog.testing.capture_logs() as lines:
        await park(await deliver_report(desks.Closed(desk), message), message)
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["report_parked"]
    report = await report_of(filing)
    assert (report.state, report.sent_at, report.message_code) == (ReportState.REJECTED, None, 20)
    assert (await last_event(filing)).action is FilingAction.REPORT_REFUSED
    assert (await steps.withdraw_filing(owner, **named(filing))).problems == ()


async def test_what_may_be_out_is_never_given_up_and_staff_hear_of_it(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    long_ago = now() - timedelta(days=400)
    await alter(message, created_at=long_ago, attempts=100_000, due_at=long_ago)
    await unit_of_work(lambda: Report.filter(filing_id=filing.id).update(sent_at=long_ago))
    [lease] = await claim(OutboxKind.REPORT, "me")
    message = await OutboxMessage.get(id=message.id)
    with structlog.testing.capture_logs() as lines:
        answer = await deliver_report(desks.Closed(desk), message)
    assert [line["event"] for line in lines] == ["report_unknown_for_long"]
    assert await settle(lease, answer, PATIENCE)
    assert (await OutboxMessage.get(id=message.id)).state is OutboxState.WAITING
    assert (await report_of(filing)).state is ReportState.UNKNOWN
    await deliver_report(desk, message)
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_only_a_report_that_may_be_out_holds_up_the_others(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    _, first = await ready(owner, reviewer)
    second = (await ready(owner, reviewer, 1))[1]
    [lease] = await claim(OutboxKind.REPORT, "me")
    assert lease.message_id == first.id
    assert await claim(OutboxKind.REPORT, "you") == []  # it is under way
    await settle(lease, await deliver_report(desks.Closed(desk), first), PATIENCE)
    [lease] = await claim(OutboxKind.REPORT, "me")
    assert lease.message_id == second.id
    await settle(lease, await deliver_report(desks.LosesTheUpload(desk), second), PATIENCE)
    await alter(first, due_at=now())
    await alter(second, due_at=now() + timedelta(hours=1))
    assert await claim(OutboxKind.REPORT, "me") == []  # it must be settled before anything else is sent
    await alter(second, due_at=now())
    [lease] = await claim(OutboxKind.REPORT, "me")
    assert lease.message_id == second.id
    await settle(lease, await deliver_report(desk, await OutboxMessage.get(id=second.id)), PATIENCE)
    [lease] = await claim(OutboxKind.REPORT, "me")
    assert lease.message_id == first.id


async def test_an_upload_that_breaks_something_in_here_is_settled_and_set_aside(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, message = await ready(owner, reviewer)
    answer = await deliver_report(desks.Breaks(desk), message)
    assert answer == TryLater("fault: ValueError", 2.0)
    assert (await report_of(filing)).state is ReportState.UNKNOWN
    await alter(message, last_error="fault: ValueError")
    second = desks.Breaks(desk)
    await park(await deliver_report(second, await OutboxMessage.get(id=message.id)), message)
    assert [name for name, _ in second.calls] == ["settle"]
    assert ((await report_of(filing)).state, (await fresh(filing)).status) == (
        ReportState.REJECTED,
        FilingStatus.ACCEPTED,
    )
    assert (await reviews.pull_back_filing(reviewer, **named(filing), revision=1)).problems == ()
