"""Completeness: when an answer of the authority is the whole of it, kind by kind (the decision, the record, or both)."""

from models.access import Access
from models.filing import Filing, Revision, Target
from models.node_ids import number_of
from models.report import Report
from models.states import FilingKind
from models.website import Website
from rules.form import FilingForm
from workflow.approval import content
from workflow.filed import Filed
from workflow.revisions import form_of
from workflow.targets import numbers_among

K = FilingKind


async def is_complete(filing: Filing, revision: int, filed: Filed | None, *, decided: bool) -> bool:
    """Whether decision and record together say that the filing is done, as reported in `revision`.

    NEW_FILING and ADD_WEBSITE want the decision and every number, ADD_ACCESS the decision and the access's id; of the
    others either is enough.
    """
    match filing.kind:
        case K.NEW_FILING | K.ADD_WEBSITE:
            form = form_of(await Revision.get(filing_id=filing.id, number=revision))
            return decided and filed is not None and filed.is_complete_for(_websites(form))
        case K.ADD_ACCESS:
            return decided and filed is not None and await _has_access(filing, filed)
        case _:
            return decided or (filed is not None and await shows(filing, filed))


async def shows(filing: Filing, filed: Filed) -> bool:
    """Whether a filed record is an answer to this reported filing, and not to something else of the subject."""
    match filing.kind:
        case K.NEW_FILING:
            return True
        case K.ADD_WEBSITE:
            numbers = await _reported_websites(filing)
            return any(number in filed.websites and filed.websites[number].number for number in numbers)
        case K.ADD_ACCESS:
            return await _has_access(filing, filed)
        case K.CHANGE:
            return await _shows_change(filing, filed)
        case K.CANCEL_ACCESS:
            return not await _has_access(filing, filed)
        case _:
            return False


async def _reported_websites(filing: Filing) -> set[int]:
    """The websites that any of its reports brought, those too that its owner took out since."""
    sent = Report.filter(filing_id=filing.id, sent_at__isnull=False)
    revisions = {row[0] for row in await sent.values_list("revision")}
    forms = await Revision.filter(filing_id=filing.id, number__in=list(revisions))
    return {number for revision in forms for number in _websites(form_of(revision))}


async def _records(filing: Filing) -> list[str]:
    return [row[0] for row in await Target.filter(filing_id=filing.id).order_by("id").values_list("record")]


def _websites(form: FilingForm) -> set[int]:
    return {number_of(Website, site.id or "") or 0 for site in form.websites}


async def _has_access(filing: Filing, filed: Filed) -> bool:
    own = set(numbers_among(Access, await _records(filing)))
    return any(own & site.accesses.keys() for site in filed.websites.values())


async def _shows_change(filing: Filing, filed: Filed) -> bool:
    """Whether the authority holds what one of the reports said."""
    for report in await Report.filter(filing_id=filing.id, sent_at__isnull=False).order_by("-number"):
        sent = form_of(await Revision.get(filing_id=filing.id, number=report.revision))
        held = tuple(site for site in (filed.site(told.id) for told in sent.websites) if site is not None)
        subject = filed.form.subject if filed.form is not None else sent.subject
        if content(FilingForm("", subject, held)) == content(sent):
            return True
    return False
