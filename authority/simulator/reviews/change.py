"""The review of a change (变更备案, BGBA)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from authority.codes import Operation
from authority.messages import Access, Change, FiledRecord, ResultCode, Website
from authority.simulator.catalogue import SubjectEntry
from authority.simulator.library import Library
from authority.simulator.reviews.review import Faulty, Review, Terms, fault
from authority.simulator.reviews.standing import (
    NO_WEBSITE,
    ORGANISER_CONFLICT,
    REFERENCE_UNKNOWN,
    check_password,
    filed_subject,
    filed_website,
)
from authority.simulator.reviews.websites import find_conflicts, find_name_objection, has_domains, has_ranges

RANGE_UNKNOWN = 1023
OTHER_PROVINCE = 1046
NOT_OURS = 1048


@dataclass(frozen=True, slots=True)
class ChangeReview(Review):
    """A whole subject and whole websites as they are to be; its answers name the authority's id of the subject."""

    upload: Change
    library: Library
    terms: Terms

    @property
    def operation(self) -> Operation:
        """Change."""
        return Operation.CHANGE

    @property
    def reference(self) -> str:
        """The authority's id of the subject."""
        return str(self.record_id)

    @property
    def record_id(self) -> int:
        """The authority's id of the subject."""
        return self.upload.subject.authority_id or 0

    def is_whole(self) -> bool:
        """Are subject, websites and accesses named by the authority's ids, with at least one of each part?"""
        websites = self.upload.websites
        ids = [self.upload.subject.authority_id, *(website.authority_id for website in websites)]
        return (
            bool(websites)
            and None not in ids
            and len(set(ids)) == len(ids)
            and all(_is_whole_website(website) for website in websites)
        )

    def check(self) -> None:
        """Find a subject not in force or moved, a wrong password, unknown parts; else every conflict."""
        subject = self._subject()
        place = self.upload.subject.address
        record = self.library.record_of(subject.id)
        if place.province // 10_000 != record.subject.address.province // 10_000:
            raise Faulty(fault(OTHER_PROVINCE, place.province))
        check_password(self.library, subject, self.upload.password)
        on_file = {website.authority_id: website for website in record.websites}
        for website in self.upload.websites:
            self._check_website(website, on_file)
        faults = []
        if self.library.has_organiser(self.upload.subject.certificate.number, subject.id):
            faults.append(ResultCode(ORGANISER_CONFLICT, "主办者已备案"))
        replaced = {website.authority_id for website in self.upload.websites if website.authority_id}
        faults += find_conflicts(self.upload.websites, self.library, replaced)
        if faults:
            raise Faulty(*faults)

    def find_objection(self) -> str | None:
        """Object to a website that bears another organiser's name, the subject taken as it is to be named."""
        return find_name_objection(
            self.upload.subject.name, self.upload.websites, self.library, self._subject().id
        )

    def carry_out(self, at: datetime) -> FiledRecord:
        """Put the change in force, and tell the whole record."""
        return self.library.change(self._subject().id, self.upload, at)

    def _subject(self) -> SubjectEntry:
        return filed_subject(self.library, None, self.upload.subject.authority_id)

    def _check_website(self, website: Website, on_file: dict[int | None, Website]) -> None:
        entry = filed_website(self.library, None, website.authority_id)
        before = on_file.get(entry.id)
        if before is None:  # another subject's
            raise Faulty(fault(NO_WEBSITE, entry.number))
        known = {domain.authority_id for domain in before.domains}
        faults = [
            fault(REFERENCE_UNKNOWN, domain.authority_id)
            for domain in website.domains
            if domain.authority_id is not None and domain.authority_id not in known
        ]
        accesses = {access.authority_id: access for access in before.accesses}
        for access in website.accesses:
            faults += self._find_access_faults(access, accesses.get(access.authority_id))
        if faults:
            raise Faulty(*faults)

    def _find_access_faults(self, access: Access, before: Access | None) -> Iterator[ResultCode]:
        if before is None:
            yield fault(REFERENCE_UNKNOWN, access.authority_id)
            return
        if before.provider != self.terms.provider:
            yield fault(NOT_OURS, access.authority_id)
        known = {part.authority_id for part in before.ranges}
        for part in access.ranges:
            if part.authority_id is not None and part.authority_id not in known:
                yield fault(RANGE_UNKNOWN, part.authority_id)


def _is_whole_website(website: Website) -> bool:
    return (
        has_domains(website)
        and bool(website.accesses)
        and all(access.authority_id is not None and has_ranges(access) for access in website.accesses)
    )
