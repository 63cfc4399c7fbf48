"""The review of new websites of a filed subject (新增网站, XZWZ)."""

from dataclasses import dataclass
from datetime import datetime

from authority.codes import Operation
from authority.messages import FiledRecord, NewWebsites
from authority.simulator.catalogue import SubjectEntry
from authority.simulator.library import Library
from authority.simulator.reviews.review import Faulty, Review, Terms
from authority.simulator.reviews.standing import check_password, filed_subject
from authority.simulator.reviews.websites import (
    find_conflicts,
    find_name_objection,
    find_reported,
    is_whole_website,
)


@dataclass(frozen=True, slots=True)
class NewWebsitesReview(Review):
    """Further websites; the decision names the provider's id of the first, an error the subject's number."""

    upload: NewWebsites
    library: Library
    terms: Terms

    @property
    def operation(self) -> Operation:
        """New website."""
        return Operation.NEW_WEBSITE

    @property
    def reference(self) -> str:
        """The filing number of the subject."""
        return self.upload.subject_number

    @property
    def record_id(self) -> int:
        """The provider's id of the first website."""
        return self.upload.websites[0].provider_id or 0

    def is_whole(self) -> bool:
        """Is there a website, and has each what the schema asks for?"""
        websites = self.upload.websites
        return bool(websites) and all(is_whole_website(website) for website in websites)

    def check(self) -> None:
        """Find what is wrong with the subject; else what was reported before; else every conflict."""
        subject = self._subject()
        reported = find_reported(self.upload.websites, self.library)
        if reported:  # the same report again: what it would conflict with is itself
            raise Faulty(*reported)
        check_password(self.library, subject, self.upload.password)
        conflicts = find_conflicts(self.upload.websites, self.library)
        if conflicts:
            raise Faulty(*conflicts)

    def find_objection(self) -> str | None:
        """Object to a website that bears another organiser's name."""
        subject_id = self._subject().id
        organiser = self.library.record_of(subject_id).subject.name
        return find_name_objection(organiser, self.upload.websites, self.library, subject_id)

    def carry_out(self, at: datetime) -> FiledRecord:
        """Enter the websites under the subject's next serials, and tell the whole record."""
        subject_id = self._subject().id
        self.library.forget_password(subject_id)
        return self.library.add_websites(subject_id, self.upload.websites, self.terms.provider, at)

    def _subject(self) -> SubjectEntry:
        return filed_subject(self.library, self.upload.subject_number, self.upload.subject_id)
