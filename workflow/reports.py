"""The report courier: takes a waiting report, carries it to the authority's desk, and tells the engine what became of it."""

import json
from functools import partial

import structlog

from authority.desk import Desk, DeskAway, NotConfigured, OutcomeUnknown, PayloadRefused, Receipt
from authority.messages import Upload
from models.clock import now
from models.filing import Filing
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, ReportState
from models.unit_of_work import unit_of_work
from workflow.actors import SYSTEM
from workflow.case import load_cases
from workflow.engine import move, refusal
from workflow.messages import new_filing
from workflow.outbox import Answer, Delivered, Park, TryLater
from workflow.transitions import rows_of

_log = structlog.get_logger()
SETTLE_SECONDS = 2.0


async def deliver_report(desk: Desk, message: OutboxMessage) -> Answer:
    """Carry one report; whatever happened to an earlier try is settled before anything is sent again."""
    report_id = int(json.loads(message.payload or "{}")["report_id"])
    taken = await unit_of_work(partial(_take, report_id))
    if taken is None:
        return Delivered()
    report, upload = taken
    settled = report.state is ReportState.WAITING
    try:
        receipt = None
        if not settled:
            receipt = await desk.settle(report.key)
            settled = True
        if receipt is None:
            receipt = await desk.upload(upload, report.key)
    except DeskAway as away:
        await unit_of_work(partial(_put_back, report, _unsent(settled)))
        return TryLater("the authority is away", away.retry_after.total_seconds())
    except NotConfigured as fault:
        await unit_of_work(partial(_put_back, report, _unsent(settled)))
        return TryLater(f"the authority does not know us: {fault.code}", 60)
    except OutcomeUnknown:
        await unit_of_work(partial(_put_back, report, ReportState.UNKNOWN))
        return TryLater("the outcome of the upload is unknown", SETTLE_SECONDS)
    except PayloadRefused as refused:
        await unit_of_work(partial(_refused, report, refused.code))
        return Park(f"the authority refuses the payload: {refused.code}")
    await unit_of_work(partial(_accepted, report, receipt))
    return Delivered()


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
    return report, await new_filing(filing)


def _unsent(settled: bool) -> ReportState:
    """What a report is that could not be sent: what became of an earlier try stays unknown until it is settled."""
    return ReportState.WAITING if settled else ReportState.UNKNOWN


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
        _log.error("report_accepted_out_of_turn", filing=filing.id, status=filing.status.value)
        return
    await move(row, case)


async def _refused(report: Report, code: int | None) -> None:
    filing = await Filing.filter(id=report.filing_id).select_for_update().get()
    case = (await load_cases(SYSTEM, [filing], {"message_code": code, "message": str(code)}, judge=False))[0]
    await move(rows_of(FilingAction.REPORT_REFUSED, "")[0], case)
    _log.error("report_parked", filing=filing.id, report=report.id, code=code)
