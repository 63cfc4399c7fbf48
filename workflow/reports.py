"""The report courier: takes a waiting report, carries it to the authority's desk, and tells the engine what became of it."""

import json
from datetime import timedelta
from functools import partial

import structlog

from authority.desk import Desk, DeskAway, DeskError, NotConfigured, OutcomeUnknown, PayloadRefused, Receipt
from authority.messages import Upload
from models.clock import now
from models.faults import StoreFault
from models.filing import Filing
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, ReportState
from models.unit_of_work import unit_of_work
from workflow.actors import SYSTEM
from workflow.case import load_cases
from workflow.engine import move, refusal
from workflow.messages import Unreportable, upload_of
from workflow.outbox import Answer, Delivered, Park, Patience, TryLater
from workflow.transitions import rows_of

_log = structlog.get_logger()
SETTLE_SECONDS = 2.0
# an authority may be away for days: what is not out is tried for about a month before people must look
LONGEST_WAIT = timedelta(days=30)
# what may be out is never given up; staff hear of it once it has been unknown for so long
LONG_UNKNOWN = timedelta(hours=1)
PATIENCE = Patience(first=2.0, longest=900.0, tries=None)


async def deliver_report(desk: Desk, message: OutboxMessage) -> Answer:
    """Carry one report; whatever happened to an earlier try is settled before anything is sent again.

    Only a report that may be out holds up the others. One that provably is not is parked, with an alarm, when it is
    a month old, when the authority will never take it, or when carrying it breaks something in here.
    """
    report_id = int(json.loads(message.payload or "{}")["report_id"])
    try:
        taken = await unit_of_work(partial(_take, report_id))
    except StoreFault:
        raise
    except Unreportable as error:
        return await _set_aside(await Report.get(id=report_id), None, str(error))
    except Exception as error:  # nothing has left yet: the other reports need not wait for this one
        return TryLater(_fault(error), holds=False)
    if taken is None:
        return Delivered()
    report, upload = taken
    if report.state is not ReportState.WAITING:
        try:
            receipt = await desk.settle(report.key)
        except DeskError as error:
            return await _still_unknown(report, message, error)
        if receipt is not None:
            await unit_of_work(partial(_accepted, report, receipt))
            return Delivered()
        if (message.last_error or "").startswith(_FAULT):
            return await _set_aside(report, None, message.last_error or "")
    return await _upload(desk, report, upload, message)


async def _upload(desk: Desk, report: Report, upload: Upload, message: OutboxMessage) -> Answer:
    """Send it, now that no earlier try can be out."""
    try:
        receipt = await desk.upload(upload, report.key)
    except (DeskAway, NotConfigured) as error:
        if now() - message.created_at > LONGEST_WAIT:
            return await _set_aside(report, error.code, "the authority was away for too long")
        await unit_of_work(partial(_put_back, report, ReportState.WAITING))
        return TryLater(_reason(error), _after(error), holds=False)
    except PayloadRefused as error:
        return await _set_aside(report, error.code, f"the authority refuses the payload: {error.code}")
    except OutcomeUnknown:
        await unit_of_work(partial(_put_back, report, ReportState.UNKNOWN))
        first = report.state is ReportState.WAITING
        return TryLater("the outcome of the upload is unknown", SETTLE_SECONDS if first else None)
    except Exception as error:  # a mistake of ours; it is settled, and then set aside, before others are sent
        await unit_of_work(partial(_put_back, report, ReportState.UNKNOWN))
        return TryLater(_fault(error), SETTLE_SECONDS)
    await unit_of_work(partial(_accepted, report, receipt))
    return Delivered()


async def _still_unknown(report: Report, message: OutboxMessage, error: DeskError) -> TryLater:
    await unit_of_work(partial(_put_back, report, ReportState.UNKNOWN))
    if now() - (report.sent_at or message.created_at) > LONG_UNKNOWN:
        _log.error(
            "report_unknown_for_long",
            filing_id=node_id(Filing, report.filing_id), report=report.number, message_id=message.id,
        )  # fmt: skip
    return TryLater(_reason(error), _after(error))


async def _set_aside(report: Report, code: int | None, reason: str) -> Park:
    """Nothing of it is out: it may be called back from now on, and is parked along with its message."""
    await unit_of_work(partial(_put_back, report, ReportState.WAITING))
    return Park(reason, partial(_refused, report.id, code, reason))


_FAULT = "fault: "


def _fault(error: Exception) -> str:
    return f"{_FAULT}{type(error).__name__}"


def _reason(error: DeskError) -> str:
    if isinstance(error, DeskAway):
        return "the authority is away"
    return f"the authority does not know us: {error.code}"


def _after(error: DeskError) -> float:
    return error.retry_after.total_seconds() if isinstance(error, DeskAway) else 60


async def _take(report_id: int) -> tuple[Report, Upload] | None:
    """Take the report by compare-and-set, after the rules have looked once more; None where nothing is to be sent."""
    report = await Report.get_or_none(id=report_id)
    if report is None:
        return None
    filing = await Filing.filter(id=report.filing_id).select_for_update().get()
    report = await Report.get_or_none(id=report_id)  # its owner may have withdrawn it meanwhile
    if report is None:
        return None
    if report.state is ReportState.WAITING:
        case = (await load_cases(SYSTEM, [filing], judge=True))[0]
        if case.judged is not None and not case.judged.submittable:
            case.request = {"message": "; ".join(sorted({finding.rule for finding in case.findings}))}
            await move(rows_of(FilingAction.REPORT_REFUSED, "FINDINGS")[0], case)
            return None
        # the moment before the first byte leaves: an answer cannot have been given earlier
        report.sent_at = now()
        if not await Report.filter(id=report_id, state=ReportState.WAITING).update(
            state=ReportState.SENDING, sent_at=report.sent_at
        ):
            return None
    elif report.state not in (ReportState.SENDING, ReportState.UNKNOWN):
        return None
    return report, await upload_of(filing, report)


async def _put_back(report: Report, state: ReportState) -> None:
    sending = (ReportState.SENDING, ReportState.UNKNOWN)
    sent_at = None if state is ReportState.WAITING else report.sent_at
    await Report.filter(id=report.id, state__in=sending).update(state=state, sent_at=sent_at)


async def _accepted(report: Report, receipt: Receipt) -> None:
    filing = await Filing.filter(id=report.filing_id).select_for_update().get()
    request = {"sequence": receipt.sequence, "file": receipt.file_name, "sent_at": report.sent_at}
    case = (await load_cases(SYSTEM, [filing], request, judge=False))[0]
    row = rows_of(FilingAction.REPORT)[0]
    if refusal(row, case):
        _log.error(
            "report_accepted_out_of_turn", filing_id=node_id(Filing, filing.id), status=filing.status.value
        )
        return
    await move(row, case)


async def _refused(report_id: int, code: int | None, reason: str) -> None:
    """Tell the engine that a report was set aside, unless it was called back meanwhile."""
    report = await Report.get_or_none(id=report_id, state=ReportState.WAITING)
    if report is None:
        return
    filing = await Filing.filter(id=report.filing_id).select_for_update().get()
    request = {"message_code": code, "message": str(code) if code is not None else reason}
    case = (await load_cases(SYSTEM, [filing], request, judge=False))[0]
    row = rows_of(FilingAction.REPORT_REFUSED, "")[0]
    if case.report is None or case.report.id != report_id or refusal(row, case):
        return
    await move(row, case)
    _log.error(
        "report_parked", filing_id=node_id(Filing, filing.id), report=report.number, code=code, reason=reason
    )
