"""Ours: which of a filed record's objects are rows of this system, by our ids, the authority's, or their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from authority import messages
from models.access import Access
from models.filing import Filing, Target
from models.node_ids import number_of
from models.report import Report
from models.states import FilingKind
from models.subject import Subject
from models.website import Website
from workflow.messages import OWN_IDS
from workflow.targets import numbers_among


@dataclass(frozen=True)
class Ours:
    """One subject with its websites and accesses as a filed record may name them."""

    subject: Subject
    websites: Sequence[Website]
    accesses: Mapping[int, Access]  # by every provider id (IspJrid) that was ever reported

    def website(self, told: messages.Website) -> Website | None:
        """Our row of a website; None for one of another provider."""
        for row in self.websites:
            if told.provider_id == row.id or (told.authority_id and told.authority_id == row.authority_id):
                return row
            if told.number and told.number in (row.filing_number, row.claimed_number):
                return row
        return None

    def access(self, told: messages.Access, website: Website) -> Access | None:
        """Our row of an access of that website; None for one of another provider."""
        row = self.accesses.get(told.provider_id or 0)
        if row is None and told.authority_id:
            known = (access for access in self.accesses.values() if access.authority_id == told.authority_id)
            row = next(known, None)
        return row if row is not None and row.website_id == website.id else None


async def load_ours(subject: Subject) -> Ours:
    """Everything of a subject that a filed record may name, dropped drafts too: the authority's library is the truth."""
    websites = await Website.filter(subject_id=subject.id).order_by("serial")
    rows = await Access.filter(website_id__in=[website.id for website in websites])
    accesses = {access.id: access for access in rows}
    known: dict[int, Access] = {access.provider_id or access.id: access for access in rows}
    adding = Report.filter(filing__subject_id=subject.id, filing__kind=FilingKind.ADD_ACCESS)
    for report_id, filing_id in await adding.values_list("id", "filing_id"):
        number = await _access_of(filing_id)
        if number in accesses:
            known[OWN_IDS + report_id] = accesses[number]
    return Ours(subject, websites, known)


async def _access_of(filing_id: int) -> int:
    records = [row[0] for row in await Target.filter(filing_id=filing_id).values_list("record")]
    return next(iter(numbers_among(Access, records)), 0)


async def filing_of_access(provider_id: int) -> Filing | None:
    """The filing that reported an access under this id of ours."""
    if provider_id > OWN_IDS:
        report = await Report.get_or_none(id=provider_id - OWN_IDS)
        return None if report is None else await Filing.get(id=report.filing_id)
    return None


async def subject_of_record(record: messages.FiledRecord) -> Subject | None:
    """Our subject of a filed record; None where none of ours is meant."""
    told = record.subject
    if told.provider_id is not None:
        return await Subject.get_or_none(id=number_of(Subject, f"sub_{told.provider_id}") or 0)
    for website in record.websites:
        for access in website.accesses:
            filing = await filing_of_access(access.provider_id or 0)
            if filing is not None:
                return await Subject.get(id=filing.subject_id)
    if told.authority_id is not None:
        known = await Subject.get_or_none(authority_id=told.authority_id)
        if known is not None:
            return known
    return await Subject.get_or_none(filing_number=told.number or "-")
