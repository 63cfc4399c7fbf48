"""The authority's answers: in any order, any number of times, late or early, each counts for what it is."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
import structlog

from authority.messages import Decision, Delivery, FiledRecord
from authority.simulator.counter import Simulator
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing
from models.outbox import OutboxMessage
from models.report import ReceivedAnswer, Report
from models.states import FilingAction, FilingStatus, OutboxKind, OutboxState, RecordStatus, ReportState
from tests.support.lives import (
    approve,
    carry_reports,
    draft,
    give_back,
    named,
    submit,
    take_answers,
)
from tests.workflow import desks
from tests.workflow.answering import error, held_back, moves, parked, refused, reported, told
from tests.workflow.doings import edit_website, fresh, last_event, subject_of, websites_of
from tests.workflow.everything import everything
from workflow import reviews, steps
from workflow.actors import Actor
from workflow.answers import apply_waiting
from workflow.leases import claim
from workflow.reports import deliver_report


@pytest.mark.shows("C37", "C38", "C45")
@pytest.mark.parametrize("decision_first", [True, False])
async def test_decision_and_numbers_complete_each_other_in_either_order(
    owner: Actor, reviewer: Actor, desk: Simulator, decision_first: bool
) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    first, second = (decision, record) if decision_first else (record, decision)
    await take_answers(desks.Says(first))
    half, report = await fresh(filing), await Report.get(filing_id=filing.id)
    assert (half.status, half.version) == (FilingStatus.AT_AUTHORITY, 4)
    assert (report.state, report.decision) == (
        (ReportState.DECIDED, True) if decision_first else (ReportState.ACCEPTED, None)
    )
    assert (await subject_of(filing)).status is RecordStatus.DRAFT
    assert not await OutboxMessage.filter(kind="MAIL").exists()
    await take_answers(desks.Says(second))
    done, report = await fresh(filing), await Report.get(filing_id=filing.id)
    assert (done.status, done.version, done.due_at) == (FilingStatus.APPROVED, 5, None)
    assert (report.state, report.decision, report.record) == (ReportState.COMPLETE, True, None)
    assert report.decided_at is not None
    assert (await subject_of(filing)).status is RecordStatus.FILED
    event = await last_event(filing)
    assert (event.before, event.after, event.actor) == (
        FilingStatus.AT_AUTHORITY,
        FilingStatus.APPROVED,
        "authority",
    )


async def test_half_an_answer_is_not_made_whole_by_a_record_without_all_numbers(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk, 2)
    decision, whole = await held_back(desk)
    record = whole.answers[0]
    assert isinstance(record, FiledRecord)
    first, second = record.websites
    part = dataclasses.replace(record, websites=(first, dataclasses.replace(second, number=None)))
    await take_answers(desks.Says(Delivery("part.xml", (part,)), decision))
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY
    await take_answers(desks.Says(whole))
    assert (await fresh(filing)).status is FilingStatus.APPROVED


@pytest.mark.shows("C39")
async def test_a_refusal_opens_the_filing_to_its_owner_and_can_be_mended(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    await edit_website(owner, website, name="松禾茶事文化传播有限公司")  # an organiser filed elsewhere
    filing = await approve(reviewer, await submit(owner, await fresh(filing)))
    await carry_reports(desk)
    assert await take_answers(desk) == 1
    filing, report = await fresh(filing), await Report.get(filing_id=filing.id)
    assert (filing.status, filing.version, filing.due_at) == (FilingStatus.REFUSED, 6, None)
    assert (report.state, report.decision) == (ReportState.COMPLETE, False)
    assert "松禾茶事" in (report.opinion or "")
    assert "松禾茶事" in ((await last_event(filing)).note or "")
    [mail] = await OutboxMessage.filter(kind="MAIL")
    assert "filing_refused" in (mail.payload or "")
    await edit_website(owner, website, name="海岸官网")
    filing = await approve(reviewer, await submit(owner, await fresh(filing)))
    await carry_reports(desk)
    assert await take_answers(desk) == 2
    assert (await fresh(filing)).status is FilingStatus.APPROVED
    assert [row.state for row in await Report.filter(filing_id=filing.id)] == [ReportState.COMPLETE] * 2


async def test_a_refusal_given_before_the_latest_report_was_sent_is_an_event_and_no_move(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(refused(filing, minutes=-1))
    after = await fresh(filing)
    assert (after.status, after.version) == (FilingStatus.AT_AUTHORITY, 4)
    event = await last_event(filing)
    assert (event.action, event.before, event.after, event.note) == (
        FilingAction.RECEIVE_DECISION,
        None,
        None,
        "证件不清晰",
    )
    await told(refused(filing), name="b")
    assert (await fresh(filing)).status is FilingStatus.REFUSED


async def test_a_refusal_counts_though_the_courier_heard_late_that_its_report_was_taken(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await approve(reviewer, await submit(owner, await draft(owner)))
    message = await OutboxMessage.get(filing_id=filing.id)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    await told(refused(filing, minutes=0))
    assert (await ReceivedAnswer.get()).state is OutboxState.WAITING
    assert (await fresh(filing)).status is FilingStatus.ACCEPTED
    await deliver_report(desk, message)
    await apply_waiting()
    assert (await fresh(filing)).status is FilingStatus.REFUSED


async def bring_to(status: FilingStatus, owner: Actor, reviewer: Actor, filing: Filing) -> Filing:
    """From AT_AUTHORITY, by the authority's and people's own steps."""
    if status is FilingStatus.REFUSED:
        await told(refused(filing), name="no")
        return await fresh(filing)
    await told(error(filing, 1003), name="error")
    filing = await fresh(filing)
    assert filing.status is FilingStatus.SUBMITTED
    if status is FilingStatus.RETURNED:
        return await give_back(reviewer, filing)
    if status is FilingStatus.ACCEPTED:
        return await approve(reviewer, filing)
    if status in (FilingStatus.DRAFT, FilingStatus.ABANDONED):
        await steps.withdraw_filing(owner, **named(filing))
    if status is FilingStatus.ABANDONED:
        await steps.drop_filing(owner, **named(await fresh(filing)))
    return await fresh(filing)


LATE = [
    FilingStatus.DRAFT,
    FilingStatus.SUBMITTED,
    FilingStatus.RETURNED,
    FilingStatus.ACCEPTED,
    FilingStatus.REFUSED,
    FilingStatus.ABANDONED,
]


@pytest.mark.shows("C38")
@pytest.mark.parametrize("status", LATE)
async def test_a_yes_counts_however_late_and_a_no_only_in_its_time(
    owner: Actor, reviewer: Actor, desk: Simulator, status: FilingStatus
) -> None:
    filing = await reported(owner, reviewer, desk, 2)
    decision, record = await held_back(desk)
    filing = await bring_to(status, owner, reviewer, filing)
    assert filing.status is status
    before = await everything()
    await told(refused(filing), error(filing, 1003), name="late")
    after = await everything()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"filing_event", "audit_entry", "received_answer"}
    assert (await moves(filing))[-2:] == [("RECEIVE_DECISION", None), ("RECEIVE_ERROR", None)]
    await take_answers(desks.Says(record))
    assert ((await fresh(filing)).status, (await fresh(filing)).version) == (status, filing.version)
    await take_answers(desks.Says(decision))
    done, subject = await fresh(filing), await subject_of(filing)
    assert (done.status, done.version) == (FilingStatus.APPROVED, filing.version + 1)
    assert (subject.status, subject.archived) == (RecordStatus.FILED, False)
    assert [website.status for website in await websites_of(filing)] == [RecordStatus.FILED] * 2
    assert not await OutboxMessage.filter(kind="REPORT", state="WAITING").exists()
    reports = await Report.filter(filing_id=filing.id).order_by("number")
    assert [(row.number, row.state) for row in reports] == [(1, ReportState.COMPLETE)]


@pytest.mark.parametrize(
    ("codes", "status", "kept"),
    [
        ((1003,), FilingStatus.SUBMITTED, [1003]),
        ((1005, 1021), FilingStatus.SUBMITTED, [1005, 1021]),
        ((5008,), FilingStatus.SUBMITTED, [5008]),
        ((1060, 1005), FilingStatus.SUBMITTED, [1060, 1005]),
        ((1060,), FilingStatus.AT_AUTHORITY, []),
        ((2998,), FilingStatus.AT_AUTHORITY, []),
        ((1037,), FilingStatus.AT_AUTHORITY, []),
        ((1040,), FilingStatus.AT_AUTHORITY, []),
        ((4321,), FilingStatus.SUBMITTED, [4321]),
    ],
)
async def test_a_processing_error_goes_where_its_class_says(
    owner: Actor,
    reviewer: Actor,
    desk: Simulator,
    codes: tuple[int, ...],
    status: FilingStatus,
    kept: list[int],
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(error(filing, *codes))
    after, report = await fresh(filing), await Report.get(filing_id=filing.id)
    assert (after.status, after.error_codes) == (status, kept)
    event = await last_event(filing)
    assert event.action is FilingAction.RECEIVE_ERROR
    assert all(str(code) in (event.note or "") for code in codes)
    if kept:
        assert (report.state, report.result_codes) == (ReportState.REJECTED, kept)
        assert (event.after, after.version) == (FilingStatus.SUBMITTED, 5)
        assert after.due_at is not None
    else:
        assert (report.state, event.after, after.version) == (ReportState.ACCEPTED, None, 4)


async def test_a_report_that_was_our_own_fault_is_made_anew_and_waits(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(error(filing, 5001))
    after = await fresh(filing)
    assert (after.status, after.error_codes) == (FilingStatus.ACCEPTED, [])
    reports = await Report.filter(filing_id=filing.id).order_by("number")
    assert [(row.number, row.state, row.result_codes) for row in reports] == [
        (1, ReportState.REJECTED, [5001]),
        (2, ReportState.WAITING, []),
    ]
    message = await OutboxMessage.get(kind="REPORT", state="WAITING")
    assert message.due_at > now() + timedelta(minutes=50)


async def test_a_yes_to_another_kind_of_operation_is_not_taken_for_a_subjects(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(dataclasses.replace(refused(filing), operation=2))
    assert [(fault, body) for _, fault, body in await parked()] == [("AboutNothing", True)]
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


@pytest.mark.shows("C38")
@pytest.mark.parametrize("decision_first", [True, False])
async def test_halves_given_for_two_reports_complete_each_other(
    owner: Actor, reviewer: Actor, desk: Simulator, decision_first: bool
) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    first, second = (decision, record) if decision_first else (record, decision)
    await told(error(filing, 1009), name="error")
    await take_answers(desks.Says(first))
    filing = await fresh(filing)
    assert filing.status is FilingStatus.SUBMITTED
    await reviews.report_filing_again(reviewer, **named(filing), revision=1)
    await carry_reports(desk)
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY
    [late] = second.answers
    assert isinstance(late, Decision | FiledRecord)
    late = dataclasses.replace(late, reviewed_at=now())
    await take_answers(desks.Says(Delivery("second.xml", (late,))))
    assert (await fresh(filing)).status is FilingStatus.APPROVED
    reports = await Report.filter(filing_id=filing.id).order_by("number")
    assert [report.record for report in reports] == [None, None]
    assert reports[1].state is ReportState.COMPLETE
    assert (await subject_of(filing)).filing_number is not None


@pytest.mark.shows("C38")
async def test_half_a_yes_calls_a_waiting_report_back(owner: Actor, reviewer: Actor, desk: Simulator) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    await told(error(filing, 1009), name="error")
    filing = await approve(reviewer, await fresh(filing))
    assert await OutboxMessage.filter(kind="REPORT", state="WAITING").count() == 1
    await take_answers(desks.Says(decision))
    assert (await fresh(filing)).status is FilingStatus.ACCEPTED
    assert not await OutboxMessage.filter(kind="REPORT", state="WAITING").exists()
    assert [row.number for row in await Report.filter(filing_id=filing.id)] == [1]
    await take_answers(desks.Says(record))
    assert (await fresh(filing)).status is FilingStatus.APPROVED


@pytest.mark.parametrize(("code", "status"), [(1001, "AT_AUTHORITY"), (1002, "REFUSED")])
async def test_a_processing_result_that_is_a_decision_counts_as_one(
    owner: Actor, reviewer: Actor, desk: Simulator, code: int, status: str
) -> None:
    filing = await reported(owner, reviewer, desk)
    _, record = await held_back(desk)
    await told(error(filing, code, 1060))
    report = await Report.get(filing_id=filing.id)
    assert ((await fresh(filing)).status, report.decision) == (FilingStatus(status), code == 1001)
    assert report.decided_at is not None
    await take_answers(desks.Says(record))
    if code == 1001:
        assert (await fresh(filing)).status is FilingStatus.APPROVED


async def test_a_wrong_filing_password_goes_back_to_the_owner(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(error(filing, 1018))
    after, report = await fresh(filing), await Report.get(filing_id=filing.id)
    assert (after.status, after.error_codes, after.due_at) == (FilingStatus.RETURNED, [], None)
    assert (report.state, report.result_codes) == (ReportState.REJECTED, [1018])
    assert "1018" in ((await last_moving_event(filing)).note or "")
    [mail] = await OutboxMessage.filter(kind="MAIL")
    assert "filing_password_wrong" in (mail.payload or "")
    again = await approve(reviewer, await submit(owner, after))
    assert again.status is FilingStatus.ACCEPTED


async def test_a_last_access_is_refused_with_the_advice_to_cancel_the_website(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(error(filing, 1025))
    assert (await fresh(filing)).status is FilingStatus.REFUSED
    assert "注销网站" in ((await last_moving_event(filing)).note or "")
    assert "注销网站" in ((await Report.get(filing_id=filing.id)).opinion or "")


async def last_moving_event(filing: Filing) -> FilingEvent:
    [event] = await FilingEvent.filter(filing_id=filing.id, after__isnull=False).order_by("-id").limit(1)
    return event


async def test_said_to_be_there_already_it_waits_for_the_answer_to_its_earlier_report(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    answer = refused(filing, minutes=0)  # given between the two reports
    await told(error(filing, 1009))
    await reviews.report_filing_again(reviewer, **named(await fresh(filing)), revision=1)
    await carry_reports(desk)
    with structlog.testing.capture_logs() as lines:
        await told(error(filing, 1037), name="b")
    assert alarms(lines) == []
    reports = await Report.filter(filing_id=filing.id).order_by("number")
    assert [(row.state, row.result_codes) for row in reports] == [
        (ReportState.REJECTED, [1009]),
        (ReportState.ACCEPTED, [1037]),
    ]
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY
    await told(answer, name="c")
    assert (await fresh(filing)).status is FilingStatus.REFUSED


def alarms(lines: list[Any]) -> list[str]:
    return [line["event"] for line in lines if line["log_level"] == "error"]


async def test_said_to_be_there_already_without_an_earlier_report_it_is_an_alarm(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    with structlog.testing.capture_logs() as lines:
        await told(error(filing, 1037))
    assert alarms(lines) == ["already_there_but_never_reported"]
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY


async def test_a_report_that_is_our_own_fault_again_and_again_is_set_aside(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    for times in range(3):
        await told(error(filing, 5002), name=f"{times}-")
        assert (await fresh(filing)).status is FilingStatus.ACCEPTED
        await carry_reports(desk)
        assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY
    with structlog.testing.capture_logs() as lines:
        await told(error(filing, 5002), name="last")
    assert alarms(lines) == ["report_must_be_mended"]
    after = await fresh(filing)
    assert after.status is FilingStatus.ACCEPTED
    assert not await OutboxMessage.filter(kind="REPORT", state="WAITING").exists()
    reports = await Report.filter(filing_id=filing.id)
    assert [report.state for report in reports] == [ReportState.REJECTED] * 4
    outcome = await reviews.pull_back_filing(reviewer, **named(after), revision=1)
    assert outcome.problems == ()


async def test_while_a_mended_report_waits_the_reports_of_others_are_carried(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(error(filing, 5002))
    other = await approve(reviewer, await submit(owner, await draft(owner, 1)))
    [lease] = await claim(OutboxKind.REPORT, "me")
    assert (await OutboxMessage.get(id=lease.message_id)).filing_id == other.id
