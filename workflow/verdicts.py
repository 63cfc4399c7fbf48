"""Verdicts: what one answer of the authority does to the filing it is about."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from authority.codes import ResultClass, result_meaning
from authority.messages import Answer, Cancelled, Decision, FiledRecord, ProcessingResult
from models.filing import Filing
from models.node_ids import node_id
from models.report import LONGEST_OPINION, Report
from models.states import FilingAction, FilingKind, FilingStatus, ReportState
from workflow.actors import AUTHORITY
from workflow.case import Case, load_cases
from workflow.completeness import is_complete, shows
from workflow.effects import MENDED_AT_MOST
from workflow.engine import move, record, refusal
from workflow.filed import Filed, filed_from, filed_of
from workflow.matching import (
    filing_cancelled,
    filing_decided,
    filing_processed,
    moment_told,
    reported_filings,
    was_sent,
)
from workflow.ours import load_ours, subject_of_record
from workflow.transitions import rows_of
from workflow.unasked import AboutNothing, take_note

_log = structlog.get_logger()
A = FilingAction
APPROVED, REFUSED = 1001, 1002
# a first filing gets its password, a change may replace it
_MAKES_A_PASSWORD = (FilingKind.NEW_FILING, FilingKind.CHANGE)
CANCEL_THE_WEBSITE = "唯一接入不能取消，请改为注销网站"

# what a processing result does, the first class that it holds deciding
_FATES = (
    (ResultClass.DATA, "DATA"),
    (ResultClass.LAST_ACCESS, "LAST_ACCESS"),
    (ResultClass.PASSWORD, "PASSWORD"),
    (ResultClass.OURS, "OURS"),
    (ResultClass.ALREADY_THERE, "ALREADY_THERE"),
)


class NotYet(Exception):
    """The answer came before our own courier was done with the report; apply it a little later."""


class PasswordWanted(Exception):
    """The answer completes a first filing: make its filing password outside the unit of work, and apply it again."""


@dataclasses.dataclass(frozen=True)
class _Answered:
    """A filing whose answer came at `at`, with those of its reports that were sent, the latest first."""

    case: Case
    sent: Sequence[Report]
    at: datetime

    @property
    def latest(self) -> Report:
        return self.sent[0]

    @property
    def likely(self) -> Report:
        """The report that a positive answer belongs to: the latest one sent before it was given."""
        return next((report for report in self.sent if report.sent_at <= moment_told(self.at)), self.sent[-1])

    @property
    def is_late(self) -> bool:
        """Whether it was given before the latest report was sent; a repeated report counts from the one it repeats."""
        counted = next((report for report in self.sent if not _repeats(report)), self.sent[-1])
        return bool(moment_told(self.at) < counted.sent_at)

    def say(self, report: Report, **request: object) -> None:
        named = {"report_id": report.id, "reported_revision": report.revision}
        self.case.request = {**self.case.request, **named, **request}


async def apply(answer: Answer, received_at: datetime, password: Mapping[str, str] | None) -> None:
    """Tell the engine one answer, inside a unit of work; one that moves nothing leaves an event.

    `password` is what `fresh_password` gave, None where none was made yet. Raises NotYet, PasswordWanted, AboutNothing.
    """
    match answer:
        case Decision():
            text = answer.opinion[:LONGEST_OPINION] if answer.opinion else None
            said = {"decided_at": answer.reviewed_at, "opinion": text, "message": text}
            answered = await _answered(await filing_decided(answer), answer.reviewed_at, said)
            if answer.approved:
                await _say_yes(A.RECEIVE_DECISION, answered, None, password)
            else:
                await _say_no(answered)
        case FiledRecord():
            await _say_record(answer, password)
        case ProcessingResult():
            await _say_result(answer, received_at, password)
        case Cancelled():
            answered = await _answered(
                await filing_cancelled(answer), received_at, {"decided_at": received_at}
            )
            await _say_yes(A.RECEIVE_CANCELLATION, answered, None, password)


async def _say_record(answer: FiledRecord, password: Mapping[str, str] | None) -> None:
    """What the authority holds answers every reported filing of the subject that it shows as done; else it is news."""
    subject = await subject_of_record(answer)
    if subject is None:
        raise AboutNothing
    ours = await load_ours(subject)
    filed = filed_of(answer, ours)
    shown = [
        filing
        for filing in await reported_filings(subject.id)
        if await shows(filing, filed) and await _may_answer(filing, answer.reviewed_at)
    ]
    for filing in shown:
        answered = await _answered(filing, answer.reviewed_at, {"decided_at": answer.reviewed_at})
        await _say_yes(A.RECEIVE_NUMBERS, answered, filed, password)
    if not shown:
        await take_note(subject, filed)


async def _may_answer(filing: Filing, at: datetime) -> bool:
    """Of what is told by what it no longer or again shows, a record from before the report says nothing."""
    return filing.kind not in (FilingKind.CHANGE, FilingKind.CANCEL_ACCESS) or await was_sent(filing, at)


async def _answered(found: Filing | None, at: datetime, said: Mapping[str, Any]) -> _Answered:
    """The filing that is answered, held until the unit of work ends."""
    nothing = AboutNothing(said.get("result_codes", ()))
    if found is None:
        raise nothing
    filing = await Filing.filter(id=found.id).select_for_update().get()
    reports = await Report.filter(filing_id=filing.id).order_by("-number")
    if reports and reports[0].state in (ReportState.SENDING, ReportState.UNKNOWN):
        raise NotYet
    sent = [report for report in reports if report.sent_at is not None]
    if not sent:
        raise nothing
    [case] = await load_cases(AUTHORITY, [filing], said, judge=False)
    return _Answered(case, sent, at)


async def _say_yes(
    action: FilingAction, answered: _Answered, filed: Filed | None, password: Mapping[str, str] | None
) -> None:
    """A positive answer counts from any report and in any status; decision and numbers may answer different ones (C46)."""
    report, case = answered.likely, answered.case
    bearer = report
    if filed is None:
        bearer = next((other for other in answered.sent if other.record), report)
        filed = filed_from(bearer.record) if bearer.record else None
    decided = action is not A.RECEIVE_NUMBERS or any(other.decision for other in answered.sent)
    complete = await is_complete(case.filing, bearer.revision, filed, decided=decided)
    variant = "APPROVED" if complete else "HALF"
    answered.say(report, reported_revision=bearer.revision, filed=filed)
    row = rows_of(action, variant)[0]
    if complete and not refusal(row, case):
        if password is None and case.filing.kind in _MAKES_A_PASSWORD:
            raise PasswordWanted
        case.request = {**case.request, **(password or {})}
    await _move_or_note(action, variant, case)


async def _say_no(answered: _Answered) -> None:
    answered.say(answered.latest)
    await _move_or_note(A.RECEIVE_DECISION, "REFUSED", answered.case, late=answered.is_late)


async def _say_result(answer: ProcessingResult, at: datetime, password: Mapping[str, str] | None) -> None:
    codes = [result.code for result in answer.codes]
    text = "; ".join(
        f"{result.code} {result.description or result_meaning(result.code).zh}" for result in answer.codes
    )
    found = await filing_processed(answer)
    answered = await _answered(found, at, {"result_codes": codes, "message": text})
    classes = {result_meaning(code).result_class for code in codes}
    if APPROVED in codes:
        answered.say(answered.likely, decided_at=at)
        await _say_yes(A.RECEIVE_DECISION, answered, None, password)
    elif REFUSED in codes:
        answered.say(answered.latest, decided_at=at, opinion=text[:LONGEST_OPINION])
        await _say_no(answered)
    else:
        fate = next((variant for result_class, variant in _FATES if result_class in classes), None)
        await _say_error(answered, fate, text)


async def _say_error(answered: _Answered, fate: str | None, text: str) -> None:
    case, codes = answered.case, answered.case.request["result_codes"]
    answered.say(answered.latest)
    about = {"filing_id": node_id(Filing, case.filing.id), "codes": codes}
    if fate == "OURS":
        _log.error("report_must_be_mended", **about)
        fate = "OURS" if _times_mended(answered) < MENDED_AT_MOST else "OURS_AGAIN"
    elif fate == "LAST_ACCESS":
        message = f"{text}；{CANCEL_THE_WEBSITE}"
        answered.say(answered.latest, message=message, opinion=message[:LONGEST_OPINION])
    elif fate == "ALREADY_THERE" and len(answered.sent) == 1:
        _log.error("already_there_but_never_reported", **about)
    if fate is None:
        await _note(A.RECEIVE_ERROR, "DATA", case)
    else:
        await _move_or_note(A.RECEIVE_ERROR, fate, case, late=answered.is_late)


def _times_mended(answered: _Answered) -> int:
    """How many reports of this revision were our own fault before the latest."""
    return sum(
        report.revision == answered.latest.revision and _holds(report, ResultClass.OURS)
        for report in answered.sent[1:]
    )


def _repeats(report: Report) -> bool:
    return _holds(report, ResultClass.ALREADY_THERE)


def _holds(report: Report, result_class: ResultClass) -> bool:
    return any(result_meaning(code).result_class is result_class for code in report.result_codes)


async def _move_or_note(action: FilingAction, variant: str, case: Case, *, late: bool = False) -> None:
    """Take the step if the table allows it; otherwise the answer is an event and an alarm."""
    row = rows_of(action, variant)[0]
    if not late and not refusal(row, case):
        await move(row, case)
        return
    if case.filing.status is FilingStatus.APPROVED and variant in ("APPROVED", "HALF"):
        return  # said again what is in force already
    _log.error(
        "answer_moves_nothing",
        filing_id=node_id(Filing, case.filing.id), action=action.value, variant=variant,
        codes=case.request.get("result_codes", []),
    )  # fmt: skip
    await _note(action, variant, case)


async def _note(action: FilingAction, variant: str, case: Case) -> None:
    row = rows_of(action, variant)[0]
    await record(
        case.actor, case.filing, row, version=None, moved=None,
        revision=case.filing.revision or None, note=case.request.get("message"),
    )  # fmt: skip
