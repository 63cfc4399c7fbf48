"""The review of a new access of a filed website (新增接入, XZJR)."""

from dataclasses import dataclass
from datetime import datetime

from authority.codes import Operation
from authority.messages import FiledRecord, NewAccess
from authority.simulator.catalogue import WebsiteEntry
from authority.simulator.library import Library
from authority.simulator.reviews.review import Faulty, Review, Terms, fault
from authority.simulator.reviews.standing import check_password, filed_website
from authority.simulator.reviews.websites import is_whole_access

ACCESS_TWICE = 1029
ACCESS_REPORTED = 1038


@dataclass(frozen=True, slots=True)
class NewAccessReview(Review):
    """An access, also of a website filed elsewhere; its answers name the provider's id of it."""

    upload: NewAccess
    library: Library
    terms: Terms

    @property
    def operation(self) -> Operation:
        """New access."""
        return Operation.NEW_ACCESS

    @property
    def reference(self) -> str:
        """The provider's id of the access."""
        return str(self.record_id)

    @property
    def record_id(self) -> int:
        """The provider's id of the access."""
        return self.upload.access.provider_id or 0

    def is_whole(self) -> bool:
        """Has the access the provider's ids and a range?"""
        return is_whole_access(self.upload.access)

    def check(self) -> None:
        """Find a website not in force, a report made before, a wrong password, a second access of this provider."""
        website = self._website()
        if self.library.has_access(self.upload.access.provider_id):
            raise Faulty(fault(ACCESS_REPORTED, self.reference))
        check_password(self.library, website.subject, self.upload.password)
        if self.terms.provider in self.library.providers_of(website.id):
            raise Faulty(fault(ACCESS_TWICE, website.number))

    def find_objection(self) -> None:
        """Object to nothing."""
        return

    def carry_out(self, at: datetime) -> FiledRecord:
        """Enter the access, and tell the whole record."""
        website = self._website()
        self.library.forget_password(website.subject.id)
        return self.library.add_access(website, self.upload.access, self.terms.provider, at)

    def _website(self) -> WebsiteEntry:
        return filed_website(self.library, self.upload.website_number, self.upload.website_id)
