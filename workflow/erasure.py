"""Erasure: a filing that nobody but its owner ever saw goes for good, with the draft records that it brought (C44)."""

from collections.abc import Sequence

from tortoise.queryset import QuerySet

from models.access import Access, IpRange
from models.desk import Presence
from models.event import FilingEvent
from models.filing import Filing, FilingClaim, FilingProof, Target
from models.node_ids import node_id
from models.states import FilingKind, RecordStatus
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain
from workflow.attachments import release_documents
from workflow.files import forget_documents
from workflow.targets import numbers_among, targets_of

DRAFT = RecordStatus.DRAFT


async def erase_filing(filing: Filing) -> None:
    """Erase a dropped filing that was never submitted, inside a unit of work; what is in force is not touched.

    The documents that came with it go too. Files of its draft records are erased at the next tidying, those that lay
    on a record in force 24 hours later.
    """
    records = [target.record for target in (await targets_of([filing.id]))[filing.id]]
    subjects, websites = numbers_among(Subject, records), numbers_among(Website, records)
    if filing.kind is FilingKind.NEW_FILING:
        subjects = [filing.subject_id]
        websites = await _ids(Website.filter(subject_id=filing.subject_id))
    websites = await _ids(Website.filter(id__in=websites, status=DRAFT))
    accesses = await _ids(Access.filter(website_id__in=websites))
    accesses += await _ids(Access.filter(id__in=numbers_among(Access, records), status=DRAFT))
    subjects = await _ids(Subject.filter(id__in=subjects, status=DRAFT))
    for rows in (Target, FilingProof, FilingClaim, Presence, FilingEvent):
        await rows.filter(filing_id=filing.id).delete()
    await FilingEvent.filter(subject_id__in=subjects).delete()
    await _erase_accesses(accesses)
    await _erase_websites(websites)
    await Filing.filter(id=filing.id).delete()
    await Subject.filter(id__in=subjects).delete()
    await forget_documents([node_id(Subject, number) for number in subjects])
    await release_documents(filing.id)


async def _ids(rows: QuerySet[Subject] | QuerySet[Website] | QuerySet[Access]) -> list[int]:
    return [row[0] for row in await rows.values_list("id")]


async def _erase_accesses(ids: Sequence[int]) -> None:
    await IpRange.filter(access_id__in=list(ids)).delete()
    await Access.filter(id__in=list(ids)).delete()


async def _erase_websites(ids: Sequence[int]) -> None:
    await WebsiteDomain.filter(website_id__in=list(ids)).delete()
    await PreApproval.filter(website_id__in=list(ids)).delete()
    await Website.filter(id__in=list(ids)).delete()
    await forget_documents([node_id(Website, number) for number in ids])
