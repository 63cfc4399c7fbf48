"""What stands behind the record types: the row for what it is, and the plain form for what of it this caller is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.access import Access
from models.node_ids import node_id
from models.subject import Subject
from models.website import Website
from rules.codes import (
    ACCESS_METHOD,
    CERTIFICATE_TYPE,
    LANGUAGE,
    PRE_APPROVAL_TYPE,
    SERVER_LOCATION,
    SERVICE_CONTENT,
    UNIT_NATURE,
    Code,
    CodeBook,
    Division,
)
from rules.form import AccessForm, ContactForm, IpRangeForm, PreApprovalForm, SubjectForm, WebsiteForm
from rules.masks import mask
from workflow.proposed import Proposed


def code_in(book: CodeBook, table: str, code: str) -> Code:
    """The code as its table has it; one that no table has any more stands for itself, inactive."""
    return book.find(table, code) or Code(table=table, code=code, zh=code, active=False)


def code_or_none(book: CodeBook, table: str, code: str | None) -> Code | None:
    """The code, None where none was chosen."""
    return code_in(book, table, code) if code else None


def codes_in(book: CodeBook, table: str, codes: Sequence[str]) -> list[Code]:
    """The codes in the order they were chosen."""
    return [code_in(book, table, code) for code in codes]


def masked(value: str | None) -> str | None:
    """A personal value with its middle hidden; everybody sees it so, `revealField` aside."""
    return mask(value) if value else value


@dataclass(frozen=True, slots=True)
class DivisionSource:
    """A division, with the book that knows those around it."""

    division: Division
    book: CodeBook

    @property
    def code(self) -> str:
        return self.division.code

    @property
    def name(self) -> str:
        return self.division.name

    @property
    def level(self) -> int:
        return self.division.level

    @property
    def parent(self) -> "DivisionSource | None":
        return division_or_none(self.book, self.division.parent)


def division_or_none(book: CodeBook, code: str | None) -> DivisionSource | None:
    """The division of that code, None where there is none."""
    division = book.division(code)
    return None if division is None else DivisionSource(division, book)


@dataclass(frozen=True, slots=True)
class ContactSource:
    """A principal, personal values masked."""

    form: ContactForm
    book: CodeBook

    @property
    def name(self) -> str | None:
        return self.form.name

    @property
    def office_phone(self) -> str | None:
        return masked(self.form.office_phone)

    @property
    def mobile(self) -> str | None:
        return masked(self.form.mobile)

    @property
    def email(self) -> str | None:
        return self.form.email

    @property
    def certificate_type(self) -> Code | None:
        return code_or_none(self.book, CERTIFICATE_TYPE, self.form.certificate_type)

    @property
    def certificate_number(self) -> str | None:
        return masked(self.form.certificate_number)


def contact_or_none(form: ContactForm | None, book: CodeBook) -> ContactSource | None:
    """The principal, None where nothing of one was typed."""
    return None if form is None else ContactSource(form, book)


def _look_up(owner: object, name: str) -> Any:
    """A public attribute; a row's `__await__` must not show through, or its source would be taken for an awaitable."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(owner, name)


@dataclass(frozen=True)
class SubjectSource:
    """A subject: `form` is the living row's, or the last revision's where that is what the caller must see.

    What is neither here nor in the form is the row's own column.
    """

    row: Subject
    form: SubjectForm
    book: CodeBook

    def __getattr__(self, name: str) -> Any:
        return _look_up(self.form if name in SubjectForm.__slots__ else self.row, name)

    @property
    def id(self) -> str:
        return node_id(Subject, self.row.id)

    @property
    def filing_number(self) -> str | None:
        number: str | None = self.row.filing_number or self.row.claimed_number
        return number

    @property
    def unit_nature(self) -> Code | None:
        return code_or_none(self.book, UNIT_NATURE, self.form.unit_nature)

    @property
    def certificate_type(self) -> Code | None:
        return code_or_none(self.book, CERTIFICATE_TYPE, self.form.certificate_type)

    @property
    def certificate_number(self) -> str | None:
        return masked(self.form.certificate_number)

    @property
    def division(self) -> DivisionSource | None:
        return division_or_none(self.book, self.form.division)

    @property
    def principal(self) -> ContactSource | None:
        return contact_or_none(self.form.principal, self.book)


@dataclass(frozen=True)
class WebsiteSource:
    """A website; `kept` is the whole form of the last revision, None where domains and papers are read from rows.

    `kept_access` is what is shown of its access in the place of a drafted row.
    """

    row: Website
    form: WebsiteForm
    kept: WebsiteForm | None
    kept_access: AccessForm | None
    book: CodeBook

    def __getattr__(self, name: str) -> Any:
        return _look_up(self.form if name in WebsiteForm.__slots__ else self.row, name)

    @property
    def id(self) -> str:
        return node_id(Website, self.row.id)

    @property
    def filing_number(self) -> str | None:
        number: str | None = self.row.filing_number or self.row.claimed_number
        return number

    @property
    def service_contents(self) -> list[Code]:
        return codes_in(self.book, SERVICE_CONTENT, self.form.service_contents)

    @property
    def languages(self) -> list[Code]:
        return codes_in(self.book, LANGUAGE, self.form.languages)

    @property
    def principal(self) -> ContactSource | None:
        return contact_or_none(self.form.principal, self.book)


@dataclass(frozen=True)
class AccessSource:
    """An access with its ranges, as it stands or as the last revision has it."""

    row: Access
    form: AccessForm
    book: CodeBook

    def __getattr__(self, name: str) -> Any:
        return _look_up(self.row, name)

    @property
    def id(self) -> str:
        return node_id(Access, self.row.id)

    @property
    def methods(self) -> list[Code]:
        return codes_in(self.book, ACCESS_METHOD, self.form.methods)

    @property
    def server_locations(self) -> list[Code]:
        return codes_in(self.book, SERVER_LOCATION, self.form.server_locations)

    @property
    def ip_ranges(self) -> tuple[IpRangeForm, ...]:
        return self.form.ip_ranges


@dataclass(frozen=True, slots=True)
class DomainSource:
    """A domain as it is shown; its id is made up of the website's where no row of it is left."""

    id: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class PreApprovalSource:
    """A pre-approval paper of the website of that id."""

    form: PreApprovalForm
    book: CodeBook
    website: str

    @property
    def type(self) -> Code:
        return code_in(self.book, PRE_APPROVAL_TYPE, self.form.type)

    @property
    def number(self) -> str:
        return self.form.number


@dataclass(frozen=True)
class SubjectProposalSource(SubjectSource):
    """A subject as a change would have it."""

    proposed: Proposed


@dataclass(frozen=True)
class WebsiteProposalSource(WebsiteSource):
    """A website as a change would have it."""

    proposed: Proposed


@dataclass(frozen=True)
class AccessProposalSource(AccessSource):
    """An access as a change would have it."""

    proposed: Proposed
