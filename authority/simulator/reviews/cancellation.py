"""The reviews of cancellations (注销备案, ZXBA): of a subject, of a website, of an access."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime

from authority.codes import Operation
from authority.messages import Cancellation, Cancelled, FiledRecord
from authority.simulator.catalogue import WebsiteEntry
from authority.simulator.library import Library
from authority.simulator.reviews.review import Faulty, Review, Terms, fault
from authority.simulator.reviews.standing import (
    check_password,
    filed_subject,
    filed_website,
    known_access,
)

SUBJECT, WEBSITE, ACCESS = 0, 1, 2
REASONS = range(1, 1000)

ONLY_ACCESS = 1025
CANCELLED_BEFORE = 1032
ANOTHERS_ACCESS = 1047

REFUSING_WORD = "拒绝"
OPINION = f"注销说明中含有“{REFUSING_WORD}”，不予注销。"


@dataclass(frozen=True, slots=True)
class CancellationReview(Review):
    """What the three have in common; their answers name the authority's id of what is to be cancelled."""

    upload: Cancellation
    library: Library
    terms: Terms

    @property
    def reference(self) -> str:
        """The authority's id of the object."""
        return str(self.upload.record_id)

    @property
    def record_id(self) -> int:
        """The authority's id of the object."""
        return self.upload.record_id

    def is_whole(self) -> bool:
        """Are category and reason ones that the schema has room for?"""
        return self.upload.category in (SUBJECT, WEBSITE, ACCESS) and self.upload.reason in REASONS

    @abstractmethod
    def carry_out(self, at: datetime) -> FiledRecord | Cancelled:
        """Cancel it."""

    def find_objection(self) -> str | None:
        """Object to a remark that contains 拒绝."""
        return OPINION if REFUSING_WORD in (self.upload.remark or "") else None


@dataclass(frozen=True, slots=True)
class SubjectCancellationReview(CancellationReview):
    """A subject with everything under it (注销主体)."""

    @property
    def operation(self) -> Operation:
        """Cancel subject."""
        return Operation.CANCEL_SUBJECT

    def check(self) -> None:
        """Find a subject not in force, and a wrong password."""
        subject = filed_subject(self.library, None, self.upload.record_id)
        check_password(self.library, subject, self.upload.password)

    def carry_out(self, at: datetime) -> Cancelled:
        """Cancel everything under it."""
        self.library.cancel_subject(self.upload.record_id, at)
        return Cancelled(SUBJECT, self.upload.record_id, None)


@dataclass(frozen=True, slots=True)
class WebsiteCancellationReview(CancellationReview):
    """A website with its accesses (注销网站)."""

    @property
    def operation(self) -> Operation:
        """Cancel website."""
        return Operation.CANCEL_WEBSITE

    def check(self) -> None:
        """Find a website not in force."""
        self._website()

    def carry_out(self, at: datetime) -> Cancelled:
        """Cancel the website with its accesses."""
        self.library.cancel_website(self._website(), at)
        return Cancelled(WEBSITE, self.upload.record_id, None)

    def _website(self) -> WebsiteEntry:
        return filed_website(self.library, None, self.upload.record_id)


@dataclass(frozen=True, slots=True)
class AccessCancellationReview(CancellationReview):
    """One access of this provider (取消接入); it is announced by the record, for want of a message of its own."""

    @property
    def operation(self) -> Operation:
        """Cancel access."""
        return Operation.CANCEL_ACCESS

    def check(self) -> None:
        """Find an unknown access, another provider's, one cancelled before, and the website's only one."""
        access = known_access(self.library, self.upload.record_id)
        if access.provider != self.terms.provider:
            raise Faulty(fault(ANOTHERS_ACCESS, self.reference))
        if not access.filed:
            raise Faulty(fault(CANCELLED_BEFORE, self.reference))
        if self.terms.refuses_last_access and len(self.library.providers_of(access.website.id)) == 1:
            raise Faulty(fault(ONLY_ACCESS, access.website.number))

    def carry_out(self, at: datetime) -> FiledRecord:
        """Cancel the access, and tell the record without it."""
        return self.library.cancel_access(known_access(self.library, self.upload.record_id), at)
