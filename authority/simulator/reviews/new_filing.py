"""The review of a new filing (新增备案, XZBA)."""

from dataclasses import dataclass
from datetime import datetime

from authority.codes import Operation
from authority.messages import FiledRecord, NewFiling, ResultCode
from authority.numbers import UnknownProvince, province_prefix
from authority.simulator.library import Library
from authority.simulator.reviews.review import Faulty, Review, Terms
from authority.simulator.reviews.standing import ORGANISER_CONFLICT
from authority.simulator.reviews.websites import (
    find_conflicts,
    find_name_objection,
    find_reported,
    is_whole_website,
)

BAD_REGION = 1019


@dataclass(frozen=True, slots=True)
class NewFilingReview(Review):
    """A new subject with its websites; its answers name the provider's id of the subject."""

    upload: NewFiling
    library: Library
    terms: Terms

    @property
    def operation(self) -> Operation:
        """New filing."""
        return Operation.NEW_FILING

    @property
    def reference(self) -> str:
        """The provider's id of the subject."""
        return str(self.record_id)

    @property
    def record_id(self) -> int:
        """The provider's id of the subject."""
        return self.upload.subject.provider_id or 0

    def is_whole(self) -> bool:
        """Has every object its provider's id, and has each website what the schema asks for at least once?"""
        websites = self.upload.websites
        return (
            self.upload.subject.provider_id is not None
            and bool(websites)
            and all(is_whole_website(website) for website in websites)
        )

    def check(self) -> None:
        """Find every conflict between a new filing and what is on file, or within itself."""
        subject = self.upload.subject
        reported = find_reported(self.upload.websites, self.library)
        if reported:  # the same report again: what it would conflict with is itself
            raise Faulty(*reported)
        faults = []
        try:
            province_prefix(subject.address.province)
        except UnknownProvince as error:
            faults.append(ResultCode(BAD_REGION, f"省代码错误：{error.code}"))
        if self.library.has_organiser(subject.certificate.number):
            faults.append(ResultCode(ORGANISER_CONFLICT, "主办者已备案"))
        faults += find_conflicts(self.upload.websites, self.library)
        if faults:
            raise Faulty(*faults)

    def find_objection(self) -> str | None:
        """Object to a website that bears another organiser's name."""
        return find_name_objection(self.upload.subject.name, self.upload.websites, self.library)

    def carry_out(self, at: datetime) -> FiledRecord:
        """File it under the next number of its province."""
        number = self.library.numbering.issue_number(self.upload.subject.address.province, at)
        return self.library.register(self.upload, number, self.terms.provider, at)
