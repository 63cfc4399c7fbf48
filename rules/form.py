"""The plain form of a filing: what an applicant typed, as frozen data without ids of tables, clocks or sessions.

The workflow builds it from records; the rules judge it; a revision stores it; the authority's messages are made from it.
Every value is the text as typed, or None where nothing was typed. Codes and divisions are given by their code.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ContactForm:
    """A principal (负责人). Phones and mails may be several, separated by ";"."""

    name: str | None = None
    office_phone: str | None = None
    mobile: str | None = None
    email: str | None = None
    certificate_type: str | None = None
    certificate_number: str | None = None


@dataclass(frozen=True, slots=True)
class IpRangeForm:
    """An IPv4 range (IP段), both ends included."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class AccessForm:
    """An access (接入) of this provider. `id` is the opaque id, None before it was saved."""

    id: str | None = None
    methods: tuple[str, ...] = ()
    server_locations: tuple[str, ...] = ()
    ip_ranges: tuple[IpRangeForm, ...] = ()


@dataclass(frozen=True, slots=True)
class PreApprovalForm:
    """A pre-approval (前置审批): its type's code and the number of the paper."""

    type: str
    number: str


@dataclass(frozen=True, slots=True)
class WebsiteForm:
    """A website (网站). `id` is the opaque id, None before it was saved."""

    id: str | None = None
    name: str | None = None
    home_url: str | None = None
    domains: tuple[str, ...] = ()
    service_contents: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pre_approvals: tuple[PreApprovalForm, ...] = ()
    principal: ContactForm | None = None
    remark: str | None = None
    access: AccessForm | None = None


@dataclass(frozen=True, slots=True)
class SubjectForm:
    """A subject (主体): the organiser (主办单位) and its principal. `division` is a six-digit division code."""

    id: str | None = None
    name: str | None = None
    unit_nature: str | None = None
    certificate_type: str | None = None
    certificate_number: str | None = None
    certificate_address: str | None = None
    investor: str | None = None
    division: str | None = None
    address: str | None = None
    principal: ContactForm | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class CancellationForm:
    """Why something ends: `target` is its opaque id, `reason` a code of the cancellation reasons (注销理由)."""

    target: str | None = None
    reason: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """A document (附件): `owner` is the opaque id of its subject or website, `use` a code, `paper` its pre-approval if any.

    `id` is the opaque id of the attachment, which tells one document from another.
    """

    owner: str
    use: str
    paper: PreApprovalForm | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class FilingForm:
    """A whole filing as it would be reported: its kind's name (`NEW_FILING` …), the subject and the websites it carries.

    `division_in_force` is where the subject is filed, None where it is not or where that does not matter: a change may
    not leave the province, and what is typed for a website filed elsewhere brings its subject only where none is filed.
    `elsewhere`: the website of an added access is filed through another provider, by its owner's word under the filing
    number `claimed_number`. `unchanged`: a change that changes nothing. `documents` are those of the subject and the
    websites, None where nobody looked for any.
    """

    kind: str
    subject: SubjectForm
    websites: tuple[WebsiteForm, ...] = field(default=())
    cancellation: CancellationForm | None = None
    division_in_force: str | None = None
    elsewhere: bool = False
    claimed_number: str | None = None
    unchanged: bool = False
    documents: tuple[DocumentForm, ...] | None = None
