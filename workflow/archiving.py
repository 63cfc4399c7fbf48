"""Archiving: the draft records of a filing leave the list with it, and come back with it (effects of the table)."""

from collections.abc import Sequence

from models.access import Access
from models.states import FilingKind, RecordStatus
from models.subject import Subject
from models.website import Website
from workflow.case import Case
from workflow.forms import BRINGING
from workflow.targets import numbers_among


async def archive_drafts(case: Case) -> None:
    """The draft records of a dropped filing leave the list; a change and a cancellation have none."""
    await _archive(case, archived=True)


async def bring_back_drafts(case: Case) -> None:
    """They are on the list again."""
    await _archive(case, archived=False)


async def _archive(case: Case, *, archived: bool) -> None:
    draft = RecordStatus.DRAFT
    if case.filing.kind is FilingKind.NEW_FILING:
        await Subject.filter(id=case.filing.subject_id, status=draft).update(archived=archived)
    if case.filing.kind not in BRINGING:
        return
    records = [target.record for target in case.targets]
    accesses = numbers_among(Access, records)
    await Website.filter(id__in=numbers_among(Website, records), status=draft).update(archived=archived)
    if not archived:
        await _show_cancelled_access(accesses, shown=False)
    await Access.filter(id__in=accesses, status=draft).update(archived=archived)
    if archived:
        await _show_cancelled_access(accesses, shown=True)
    await Subject.filter(id__in=numbers_among(Subject, records), status=draft).update(archived=archived)


async def _show_cancelled_access(drafts: Sequence[int], *, shown: bool) -> None:
    """While a draft takes its place the cancelled access of a website is not shown; without one the last of them is."""
    for (website_id,) in await Access.filter(id__in=list(drafts)).values_list("website_id"):
        gone = Access.filter(website_id=website_id, status=RecordStatus.CANCELLED)
        last = await gone.order_by("-id").first()
        if last is not None:
            await Access.filter(id=last.id).update(archived=not shown)
