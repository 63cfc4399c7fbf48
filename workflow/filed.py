"""What the authority holds (备案数据), in our own terms: the form as filed, the numbers and the ids it gave."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authority import messages
from models.access import Access
from models.node_ids import node_id
from models.states import FilingKind
from models.subject import Subject
from models.website import Website
from rules.form import (
    AccessForm,
    ContactForm,
    FilingForm,
    IpRangeForm,
    PreApprovalForm,
    SubjectForm,
    WebsiteForm,
)
from workflow.ours import Ours
from workflow.plain_data import from_data, to_data


@dataclass(frozen=True)
class FiledOther:
    """An access of another provider: the authority's id, who it is, how, and its ranges."""

    authority_id: int
    provider: str
    methods: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FiledWebsite:
    """A website's number and the authority's ids for it and what hangs on it.

    Accesses by our row numbers; domains by name and ranges by their ends ("start-end"), since an edit makes new rows.
    """

    number: str | None
    authority_id: int | None = None
    domains: Mapping[str, int] = field(default_factory=dict)
    accesses: Mapping[int, int] = field(default_factory=dict)
    ranges: Mapping[str, int] = field(default_factory=dict)
    others: tuple[FiledOther, ...] = ()


@dataclass(frozen=True)
class Filed:
    """`form` is None where the authority told only the numbers (recorded by hand)."""

    subject_number: str | None
    subject_authority_id: int | None
    websites: Mapping[int, FiledWebsite]
    form: FilingForm | None

    def is_complete_for(self, website_ids: set[int]) -> bool:
        """Whether the subject and every one of these websites has its number."""
        return self.subject_number is not None and all(
            number in self.websites and self.websites[number].number for number in website_ids
        )

    def site(self, website_id: str | None) -> WebsiteForm | None:
        """What is held of one website."""
        sites = self.form.websites if self.form is not None else ()
        return next((site for site in sites if site.id == website_id), None)


def filed_of(record: messages.FiledRecord, ours: Ours) -> Filed:
    """What a filed record says about our own subject and websites; others' websites are passed over."""
    told = [(website, ours.website(website)) for website in record.websites]
    own = [(website, row) for website, row in told if row is not None]
    return Filed(
        subject_number=record.subject.number,
        subject_authority_id=record.subject.authority_id,
        websites={row.id: _filed_website(website, row, ours) for website, row in own},
        form=FilingForm(
            kind=FilingKind.NEW_FILING.value,
            subject=_subject(record.subject, ours.subject),
            websites=tuple(_website(website, row, ours) for website, row in own),
        ),
    )


def _filed_website(website: messages.Website, row: Website, ours: Ours) -> FiledWebsite:
    own = [(access, ours.access(access, row)) for access in website.accesses]
    return FiledWebsite(
        number=website.number,
        authority_id=website.authority_id,
        domains={domain.name: domain.authority_id for domain in website.domains if domain.authority_id},
        accesses={known.id: access.authority_id for access, known in own if known and access.authority_id},
        ranges={
            f"{part.start}-{part.end}": part.authority_id
            for access, known in own
            for part in access.ranges
            if known and part.authority_id
        },
        others=tuple(_other(access) for access, known in own if not known and access.authority_id),
    )


def _other(access: messages.Access) -> FiledOther:
    return FiledOther(
        authority_id=access.authority_id or 0,
        provider=str(access.provider or ""),
        methods=tuple(str(code) for code in access.methods),
        ranges=tuple((part.start, part.end) for part in access.ranges),
    )


def _code(value: int | None) -> str | None:
    return None if value is None else str(value)


def _contact(contact: messages.Contact) -> ContactForm:
    return ContactForm(
        name=contact.name,
        office_phone=contact.office_phone,
        mobile=contact.mobile,
        email=contact.email,
        certificate_type=_code(contact.certificate_type),
        certificate_number=contact.certificate_number,
    )


def _subject(subject: messages.Subject, row: Subject) -> SubjectForm:
    place = subject.address
    return SubjectForm(
        id=node_id(Subject, row.id),
        name=subject.name,
        unit_nature=_code(subject.unit_nature),
        certificate_type=str(subject.certificate.type),
        certificate_number=subject.certificate.number,
        certificate_address=subject.certificate.address,
        investor=subject.investor,
        division=str(place.county or place.city or place.province),
        address=place.detail,
        principal=_contact(subject.principal),
        remark=subject.remark,
    )


def _website(website: messages.Website, row: Website, ours: Ours) -> WebsiteForm:
    known = ((access, ours.access(access, row)) for access in website.accesses)
    access = next((_access(told, mine) for told, mine in known if mine is not None), None)
    return WebsiteForm(
        id=node_id(Website, row.id),
        name=website.name,
        home_url=website.home_url,
        domains=tuple(domain.name for domain in website.domains),
        service_contents=tuple(str(code) for code in website.service_contents),
        languages=tuple(str(code) for code in website.languages),
        pre_approvals=tuple(
            PreApprovalForm(str(paper.type), paper.number) for paper in website.pre_approvals
        ),
        principal=_contact(website.principal),
        remark=website.remark,
        access=access,
    )


def _access(access: messages.Access, row: Access) -> AccessForm:
    return AccessForm(
        id=node_id(Access, row.id),
        methods=tuple(str(code) for code in access.methods),
        server_locations=tuple(str(code) for code in access.locations),
        ip_ranges=tuple(IpRangeForm(part.start, part.end) for part in access.ranges),
    )


def filed_text(filed: Filed) -> str:
    """The text under which a report keeps it until the decision is there too."""
    websites = {
        str(number): [
            site.number,
            site.authority_id,
            [*site.domains.items()],
            [*site.accesses.items()],
            [*site.ranges.items()],
            [[other.authority_id, other.provider, other.methods, other.ranges] for other in site.others],
        ]
        for number, site in filed.websites.items()
    }
    return json.dumps(
        [filed.subject_number, filed.subject_authority_id, websites, to_data(filed.form)], ensure_ascii=False
    )


def filed_from(text: str) -> Filed:
    """What `filed_text` kept."""
    subject_number, authority_id, websites, form = json.loads(text)
    return Filed(
        subject_number=subject_number,
        subject_authority_id=authority_id,
        websites={int(key): _site_from(value) for key, value in websites.items()},
        form=None if form is None else from_data(FilingForm, form),
    )


def _site_from(value: list[Any]) -> FiledWebsite:
    number, authority_id, domains, accesses, ranges, *rest = value
    return FiledWebsite(
        number=number,
        authority_id=authority_id,
        domains=dict(domains),
        accesses={int(key): told for key, told in accesses},
        ranges=dict(ranges),
        others=tuple(
            FiledOther(told, provider, tuple(methods), tuple((start, end) for start, end in parts))
            for told, provider, methods, parts in (rest[0] if rest else ())
        ),
    )
