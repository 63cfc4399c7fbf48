"""The authority's answers: fetched one file at a time, told to the engine, and only then acknowledged."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from tortoise.exceptions import IntegrityError

from authority.codes import ResultClass, result_meaning
from authority.desk import Desk, DeskError
from authority.messages import Answer, Cancelled, Decision, Delivery, FiledRecord, ProcessingResult
from models.clock import now
from models.faults import StoreAway
from models.filing import Filing, Revision
from models.node_ids import number_of
from models.report import ReceivedFile, Report
from models.states import FilingAction, FilingKind, FilingStatus, ReportState
from models.unit_of_work import unit_of_work
from models.website import Website
from workflow.actors import AUTHORITY
from workflow.case import Case, load_cases
from workflow.engine import move, record, refusal
from workflow.filed import Filed, filed_from, filed_of
from workflow.filing_passwords import fresh_password
from workflow.revisions import form_of
from workflow.transitions import Transition, rows_of

_log = structlog.get_logger()
A = FilingAction
MENDING = timedelta(hours=1)  # a report that was our own fault goes out again after this long


class NotYet(Exception):
    """The answer came before our own courier was done with the report; take it again a little later."""


async def collect_answers(desk: Desk, stop: asyncio.Event, poll_seconds: float) -> None:
    """Fetch, apply and acknowledge until `stop` is set; faults of the desk or the store only delay it."""
    while not stop.is_set():
        try:
            while not stop.is_set() and await take_next(desk):
                pass
        except NotYet:
            _log.info("answer_before_receipt")
        except (DeskError, StoreAway) as error:
            _log.warning("answers_delayed", error=type(error).__name__)
        try:
            async with asyncio.timeout(poll_seconds):
                await stop.wait()
        except TimeoutError:
            continue


async def take_next(desk: Desk) -> bool:
    """Take the next file, if there is one; whether there was. What cannot be understood is kept and alarmed."""
    delivery = await desk.download()
    if delivery is None:
        return False
    password = await fresh_password()
    try:
        await unit_of_work(lambda: _take(delivery, password))
    except (IntegrityError, LookupError, ValueError) as error:
        fault = f"{type(error).__name__}"
        _log.error("answer_not_understood", file=delivery.file_name, fault=fault)
        await unit_of_work(lambda: _keep(delivery.file_name, fault))
    await desk.acknowledge(delivery.file_name)
    return True


async def _keep(name: str, fault: str | None) -> bool:
    if await ReceivedFile.exists(name=name):
        return False
    await ReceivedFile.create(name=name, received_at=now(), fault=fault)
    return True


async def _take(delivery: Delivery, password: Mapping[str, str]) -> None:
    if not await _keep(delivery.file_name, None):
        return
    for answer in delivery.answers:
        await apply(answer, password)


async def apply(answer: Answer, password: Mapping[str, str]) -> None:
    """Tell the engine one answer, inside a unit of work; one that moves nothing leaves an event."""
    match answer:
        case Decision():
            await _decision(answer, password)
        case FiledRecord():
            await _filed_record(answer, password)
        case ProcessingResult():
            await _processing_result(answer)
        case Cancelled():
            _log.error("cancellation_received", record=answer.record_id)


async def _case_about(subject_id: int | None, request: Mapping[str, Any]) -> Case | None:
    """The case of the first filing of our subject `subject_id`, with the report that is being answered."""
    if subject_id is None:
        return None
    found = await Filing.filter(subject_id=subject_id, kind=FilingKind.NEW_FILING).order_by("-id").first()
    if found is None:
        return None
    filing = await Filing.filter(id=found.id).select_for_update().get()
    reports = await Report.filter(filing_id=filing.id).order_by("-number")
    if reports and reports[0].state in (ReportState.SENDING, ReportState.UNKNOWN):
        raise NotYet
    answered = next((report for report in reports if report.sent_at is not None), None)
    if answered is None:
        return None
    about = {"report_id": answered.id, "reported_revision": answered.revision, **request}
    case = (await load_cases(AUTHORITY, [filing], about, judge=False))[0]
    case.request = {**about, "answered": answered}
    return case


async def _decision(answer: Decision, password: Mapping[str, str]) -> None:
    request: dict[str, Any] = {
        "decided_at": answer.reviewed_at,
        "opinion": answer.opinion,
        "message": answer.opinion,
    }
    case = await _case_about(answer.record_id, request)
    if case is None:
        _log.error("answer_about_nothing", kind="decision", record=answer.record_id)
        return
    answered: Report = case.request["answered"]
    if not answer.approved:
        late = answered.sent_at is not None and answer.reviewed_at < answered.sent_at
        await _move_or_note(A.RECEIVE_DECISION, "REFUSED", case, refused=late)
        return
    filed = filed_from(answered.record) if answered.record else None
    await _say_yes(A.RECEIVE_DECISION, case, filed, decided=True, password=password)


async def _filed_record(answer: FiledRecord, password: Mapping[str, str]) -> None:
    case = await _case_about(answer.subject.provider_id, {"decided_at": answer.reviewed_at})
    if case is None:
        _log.error("answer_about_nothing", kind="filed record", record=answer.subject.provider_id)
        return
    answered: Report = case.request["answered"]
    await _say_yes(
        A.RECEIVE_NUMBERS, case, filed_of(answer), decided=bool(answered.decision), password=password
    )


async def _say_yes(
    action: FilingAction, case: Case, filed: Filed | None, *, decided: bool, password: Mapping[str, str]
) -> None:
    """A positive answer counts from any report and in any status; it is complete with decision and numbers (C46)."""
    complete = decided and filed is not None and filed.is_complete_for(await _reported_websites(case))
    case.request = {**case.request, "filed": filed, **(password if complete else {})}
    await _move_or_note(action, "APPROVED" if complete else "HALF", case)


async def _reported_websites(case: Case) -> set[int]:
    revision = await Revision.get(filing_id=case.filing.id, number=case.request["reported_revision"])
    return {number_of(Website, site.id or "") or 0 for site in form_of(revision).websites}


async def _processing_result(answer: ProcessingResult) -> None:
    codes = [result.code for result in answer.codes]
    classes = {result_meaning(code).result_class for code in codes}
    text = "; ".join(
        f"{result.code} {result.description or result_meaning(result.code).zh}" for result in answer.codes
    )
    reference = answer.reference or ""
    case = await _case_about(
        int(reference) if reference.isdigit() else None, {"result_codes": codes, "message": text}
    )
    if case is None:
        _log.error("answer_about_nothing", kind="processing result", codes=codes)
        return
    if classes & {ResultClass.DATA, ResultClass.LAST_ACCESS, ResultClass.PASSWORD}:
        await _move_or_note(A.RECEIVE_ERROR, "DATA", case)
        return
    if ResultClass.OURS in classes:
        _log.error("report_must_be_mended", filing=case.filing.id, codes=codes)
        case.request = {**case.request, "report_after": MENDING}
        await _move_or_note(A.RECEIVE_ERROR, "OURS", case)
        return
    await _note(A.RECEIVE_ERROR, "DATA", case)


async def _move_or_note(action: FilingAction, variant: str, case: Case, *, refused: bool = False) -> None:
    """Take the step if the table allows it; otherwise the answer is an event and an alarm."""
    row = rows_of(action, variant)[0]
    if not refused and not refusal(row, case):
        await move(row, case)
        return
    if case.filing.status is FilingStatus.APPROVED and variant in ("APPROVED", "HALF"):
        return  # said again what is in force already
    _log.warning("answer_moves_nothing", filing=case.filing.id, action=action.value, variant=variant)
    await _note(action, variant, case)


async def _note(action: FilingAction, variant: str, case: Case) -> None:
    row: Transition = rows_of(action, variant)[0]
    await record(
        case.actor, case.filing, row, version=None, moved=None,
        revision=case.filing.revision or None, note=case.request.get("message"),
    )  # fmt: skip
