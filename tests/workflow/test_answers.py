"""The authority's answers: in any order, any number of times, late or early, each counts for what it is."""

import dataclasses
from datetime import timedelta

import pytest

from authority.messages import Decision, Delivery, FiledRecord, ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing
from models.outbox import OutboxMessage
from models.report import ReceivedFile, Report
from models.states import FilingAction, FilingStatus, RecordStatus, ReportState
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
from tests.workflow.answering import error, held_back, refused, reported, told
from tests.workflow.doings import edit_website, fresh, last_event, subject_of, websites_of
from tests.workflow.everything import everything
from workflow import steps
from workflow.actors import Actor
from workflow.answers import NotYet, take_next
from workflow.reports import deliver_report


async def moves(filing: Filing) -> list[tuple[str, str | None]]:
    rows = await FilingEvent.filter(filing_id=filing.id).order_by("id")
    return [(row.action.value, row.after.value if row.after else None) for row in rows]


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


async def test_a_file_that_comes_again_is_acknowledged_and_changes_nothing(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    await take_answers(desks.Says(decision))
    before = await everything()
    again = desks.Says(decision)
    assert await take_answers(again) == 1
    assert again.acknowledged == [decision.file_name]
    assert await everything() == before
    await take_answers(desks.Says(record))
    before = await everything()
    renamed = [
        dataclasses.replace(file, file_name=f"again-{n}.xml") for n, file in enumerate((decision, record))
    ]
    await take_answers(desks.Says(*renamed))
    after = await everything()
    assert await ReceivedFile.all().count() == 4
    assert {name for name in after if after[name] != before[name]} == {"received_file"}
    assert (await fresh(filing)).version == 5


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
    answer = refused(filing, minutes=0)
    with pytest.raises(NotYet):
        await told(answer)
    assert not await ReceivedFile.exists()
    await deliver_report(desk, message)
    await told(answer)
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
    assert changed == {"filing_event", "audit_entry", "received_file"}
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


async def test_an_answer_about_nothing_or_that_makes_no_sense_is_acknowledged_and_kept_apart(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    other = await reported(owner, reviewer, desk, 1)
    await take_answers(desk)  # both are approved now
    assert (await fresh(other)).status is FilingStatus.APPROVED
    third = await reported(owner, reviewer, desk, 3)
    decision, record = await held_back(desk)
    clash = record.answers[0]
    assert isinstance(clash, FiledRecord)
    number = (await subject_of(filing)).filing_number
    clash = dataclasses.replace(clash, subject=dataclasses.replace(clash.subject, number=number))
    says = desks.Says(
        Delivery("nobody.xml", (Decision(1, 999_999, True, None, None, now()),)),
        Delivery("nothing.xml", (ProcessingResult(1, None, (ResultCode(5001, None),), None),)),
        decision,
        Delivery("clash.xml", (clash,)),
    )
    assert await take_answers(says) == 4
    assert len(says.acknowledged) == 4
    faults = {row.name: row.fault for row in await ReceivedFile.exclude(fault=None)}
    assert faults == {"clash.xml": "IntegrityError"}
    assert (await fresh(third)).status is FilingStatus.AT_AUTHORITY
    await take_answers(desks.Says(record))
    assert (await fresh(third)).status is FilingStatus.APPROVED


async def test_an_answer_before_our_own_receipt_waits_for_it(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await approve(reviewer, await submit(owner, await draft(owner)))
    message = await OutboxMessage.get(filing_id=filing.id)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    before = await everything()
    with pytest.raises(NotYet):
        await take_next(desk)
    assert await everything() == before
    await deliver_report(desk, message)
    assert await take_answers(desk) == 2
    assert (await fresh(filing)).status is FilingStatus.APPROVED
