"""Matching: which filing an answer of the authority is about, by the ids and numbers that its operation goes by."""

from datetime import datetime, timedelta
from typing import TypeAlias

from tortoise.queryset import QuerySet

from authority.codes import Operation
from authority.messages import Answer, Cancelled, Decision, FiledRecord, ProcessingResult
from models.access import Access
from models.filing import Filing, Revision, Target
from models.node_ids import node_id, number_of
from models.report import Report
from models.states import FilingKind, FilingStatus
from models.subject import Subject
from models.website import Website
from workflow.ours import filing_of_access, subject_of_record
from workflow.revisions import form_of
from workflow.targets import record_of

K = FilingKind
Row: TypeAlias = Subject | Website | Access
_KINDS = {
    Operation.NEW_FILING: K.NEW_FILING,
    Operation.NEW_WEBSITE: K.ADD_WEBSITE,
    Operation.NEW_ACCESS: K.ADD_ACCESS,
    Operation.CHANGE: K.CHANGE,
    Operation.CANCEL_ACCESS: K.CANCEL_ACCESS,
    Operation.CANCEL_WEBSITE: K.CANCEL_WEBSITE,
    Operation.CANCEL_SUBJECT: K.CANCEL_SUBJECT,
}
_LONGEST_NUMBER = 32  # what is longer is no filing number, and no column holds it
_OVER = (FilingStatus.APPROVED, FilingStatus.VOIDED)


async def subject_of(answer: Answer) -> int | None:
    """Our number of the subject that an answer is about, whose answers are applied in order; None for nothing of ours."""
    match answer:
        case Decision():
            filing = await filing_decided(answer)
        case FiledRecord():
            subject = await subject_of_record(answer)
            return None if subject is None else subject.id
        case ProcessingResult():
            filing = await filing_processed(answer)
        case Cancelled():
            filing = await filing_cancelled(answer)
    return None if filing is None else filing.subject_id


async def reported_filings(subject_id: int) -> list[Filing]:
    """The filings of a subject that were reported and are not over, the oldest first."""
    filings = Filing.filter(subject_id=subject_id).exclude(status__in=list(_OVER)).order_by("id")
    return [row for row in await filings if await was_sent(row)]


async def was_sent(filing: Filing, at: datetime | None = None) -> bool:
    """Whether a report of it was ever sent, or had been by then."""
    reports = Report.filter(filing_id=filing.id, sent_at__isnull=False)
    return await (reports if at is None else reports.filter(sent_at__lte=moment_told(at))).exists()


def moment_told(at: datetime) -> datetime:
    """The latest moment that an answer's time may mean: the interface tells whole seconds (Shsj)."""
    return at if at.microsecond else at + timedelta(seconds=1, microseconds=-1)


async def filing_decided(answer: Decision) -> Filing | None:
    """The filing that a review is about (Czlx says what Jlid names)."""
    number = number_of(Subject, f"sub_{answer.record_id}") or 0
    match answer.operation:
        case Operation.NEW_FILING:
            return await _latest(K.NEW_FILING, await Subject.get_or_none(id=number))
        case Operation.NEW_WEBSITE:
            return await _adding(await Website.get_or_none(id=number))
        case Operation.NEW_ACCESS:
            return await filing_of_access(number)
        case Operation.CHANGE | Operation.CANCEL_SUBJECT:
            return await _latest(
                _KINDS[Operation(answer.operation)],
                await Subject.get_or_none(authority_id=number),
                answer.reviewed_at,
            )
        case Operation.CANCEL_WEBSITE:
            website = await Website.get_or_none(authority_id=number)
            return await _latest(K.CANCEL_WEBSITE, website, answer.reviewed_at)
        case Operation.CANCEL_ACCESS:
            return await _latest(K.CANCEL_ACCESS, await _access_of(number), answer.reviewed_at)
        case _:
            return None


async def _access_of(authority_id: int) -> Access | None:
    return await Access.filter(authority_id=authority_id).order_by("-id").first()


async def filing_processed(answer: ProcessingResult) -> Filing | None:
    """The filing that a processing result is about; its reference (Bs) may be an id or a filing number."""
    reference = answer.reference or ""
    number = number_of(Subject, f"sub_{reference}") or 0
    match answer.operation:
        case Operation.NEW_FILING:
            subject = await Subject.get_or_none(id=number) if number else None
            return await _latest(K.NEW_FILING, subject or await _subject_named(reference))
        case Operation.NEW_WEBSITE:
            found = await _subject_named(reference) or await _by_authority_id(Subject, number)
            return await _latest_of_subject(K.ADD_WEBSITE, found)
        case Operation.NEW_ACCESS:
            filing = await filing_of_access(number)
            if filing is not None:
                return filing
            website = await _website_claiming(reference) or await _website_named(reference)
            return await _latest_on(K.ADD_ACCESS, website)
        case Operation.CHANGE | Operation.CANCEL_SUBJECT:
            found = await _subject_named(reference) or await _by_authority_id(Subject, number)
            return await _latest(_KINDS[Operation(answer.operation)], found)
        case Operation.CANCEL_WEBSITE:
            site = await _website_named(reference) or await _by_authority_id(Website, number)
            return await _latest(K.CANCEL_WEBSITE, site)
        case Operation.CANCEL_ACCESS:
            return await _latest(K.CANCEL_ACCESS, await _access_of(number) if number else None)
        case _:
            return None


async def filing_cancelled(answer: Cancelled) -> Filing | None:
    """Our own cancellation that the authority confirms; None for what it cancelled by itself."""
    match answer.category:
        case 0:
            return await _latest(K.CANCEL_SUBJECT, await _by_authority_id(Subject, answer.record_id))
        case 1:
            return await _latest(K.CANCEL_WEBSITE, await _by_authority_id(Website, answer.record_id))
        case _:
            return None


async def _subject_named(number: str) -> Subject | None:
    return await Subject.get_or_none(filing_number=number) if 0 < len(number) <= _LONGEST_NUMBER else None


async def _website_named(number: str) -> Website | None:
    return await Website.get_or_none(filing_number=number) if 0 < len(number) <= _LONGEST_NUMBER else None


async def _website_claiming(number: str) -> Website | None:
    named = Website.filter(claimed_number=number) if 0 < len(number) <= _LONGEST_NUMBER else None
    return None if named is None else await named.order_by("-id").first()


async def _by_authority_id(model: type[Subject] | type[Website], number: int) -> Subject | Website | None:
    return await model.get_or_none(authority_id=number) if number else None


async def _latest(kind: FilingKind, record: Row | None, at: datetime | None = None) -> Filing | None:
    """The newest filing of that kind about a record, one that was reported before any other."""
    if record is None:
        return None
    if kind in (K.NEW_FILING,):
        return await _reported_first(Filing.filter(kind=kind, subject_id=record.id))
    if kind is K.CHANGE:
        return await _latest_of_subject(kind, record, at)
    ids = [row[0] for row in await Target.filter(record=record_of(record)).values_list("filing_id")]
    return await _reported_first(Filing.filter(kind=kind, id__in=ids), at)


async def _adding(website: Website | None) -> Filing | None:
    """The filing that brings a website, or that did once in a revision where its owner took it out since."""
    found = await _latest(K.ADD_WEBSITE, website)
    if found is not None or website is None:
        return found
    revisions = Revision.filter(filing__subject_id=website.subject_id, filing__kind=K.ADD_WEBSITE)
    for revision in await revisions.order_by("-filing_id", "-number"):
        if node_id(Website, website.id) in {site.id for site in form_of(revision).websites}:
            return await Filing.get(id=revision.filing_id)
    return None


async def _latest_of_subject(
    kind: FilingKind, subject: Row | None, at: datetime | None = None
) -> Filing | None:
    if subject is None:
        return None
    return await _reported_first(Filing.filter(kind=kind, subject_id=subject.id), at)


async def _latest_on(kind: FilingKind, website: Website | None) -> Filing | None:
    """The newest filing about an access of the website."""
    if website is None:
        return None
    accesses = [row[0] for row in await Access.filter(website_id=website.id).values_list("id")]
    names = [node_id(Access, number) for number in accesses]
    ids = [row[0] for row in await Target.filter(record__in=names).values_list("filing_id")]
    return await _reported_first(Filing.filter(kind=kind, id__in=ids))


async def _reported_first(filings: QuerySet[Filing], at: datetime | None = None) -> Filing | None:
    """The newest that was sent before the answer was given (`at`); the oldest that was sent where clocks disagree."""
    found = await filings.order_by("-id")
    sent = [filing for filing in found if await was_sent(filing)]
    for filing in sent:
        if at is None or await was_sent(filing, at):
            return filing
    return next(reversed(sent), None) or next(iter(found), None)
