"""From rows to the plain form of a filing, many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from models.access import Access, IpRange
from models.contact import PrincipalColumns
from models.filing import Filing
from models.node_ids import node_id
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain
from rules.form import (
    AccessForm,
    ContactForm,
    FilingForm,
    IpRangeForm,
    PreApprovalForm,
    SubjectForm,
    WebsiteForm,
)

R = TypeVar("R")


def _contact(row: PrincipalColumns) -> ContactForm | None:
    values = (
        row.principal_name,
        row.principal_office_phone,
        row.principal_mobile,
        row.principal_email,
        row.principal_certificate_type,
        row.principal_certificate_number,
    )
    return ContactForm(*values) if any(value is not None for value in values) else None


def subject_form(subject: Subject) -> SubjectForm:
    """The plain form of a subject's row."""
    return SubjectForm(
        id=node_id(Subject, subject.id),
        name=subject.name,
        unit_nature=subject.unit_nature,
        certificate_type=subject.certificate_type,
        certificate_number=subject.certificate_number,
        certificate_address=subject.certificate_address,
        investor=subject.investor,
        division=subject.division,
        address=subject.address,
        principal=_contact(subject),
        remark=subject.remark,
    )


def access_form(access: Access, ranges: Iterable[IpRange]) -> AccessForm:
    """The plain form of an access with its ranges, in their order."""
    return AccessForm(
        id=node_id(Access, access.id),
        methods=tuple(access.methods),
        server_locations=tuple(access.server_locations),
        ip_ranges=tuple(IpRangeForm(row.start, row.end) for row in ranges),
    )


def website_form(
    website: Website,
    domains: Iterable[WebsiteDomain],
    pre_approvals: Iterable[PreApproval],
    access: AccessForm | None,
) -> WebsiteForm:
    """The plain form of a website with what hangs on it."""
    return WebsiteForm(
        id=node_id(Website, website.id),
        name=website.name,
        home_url=website.home_url,
        domains=tuple(row.name for row in domains),
        service_contents=tuple(website.service_contents),
        languages=tuple(website.languages),
        pre_approvals=tuple(PreApprovalForm(row.type, row.number) for row in pre_approvals),
        principal=_contact(website),
        remark=website.remark,
        access=access,
    )


def _grouped(rows: Iterable[R], key: str) -> dict[int, list[R]]:
    groups: dict[int, list[R]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


async def website_forms(websites: Sequence[Website]) -> dict[int, WebsiteForm]:
    """The forms of websites by row number: four statements, however many there are."""
    ids = [website.id for website in websites]
    if not ids:
        return {}
    domains = _grouped(await WebsiteDomain.filter(website_id__in=ids).order_by("position"), "website_id")
    papers = _grouped(await PreApproval.filter(website_id__in=ids).order_by("position"), "website_id")
    accesses = await Access.filter(website_id__in=ids, archived=False)
    access_ids = [access.id for access in accesses]
    ranges = _grouped(
        await IpRange.filter(access_id__in=access_ids).order_by("position") if access_ids else (), "access_id"
    )
    forms = {access.website_id: access_form(access, ranges[access.id]) for access in accesses}
    return {
        website.id: website_form(website, domains[website.id], papers[website.id], forms.get(website.id))
        for website in websites
    }


async def load_forms(filings: Sequence[Filing]) -> dict[int, FilingForm]:
    """The plain forms of filings by row number, as the rows stand: the living draft, or what is locked."""
    subject_ids = list({filing.subject_id for filing in filings})
    if not subject_ids:
        return {}
    subjects = {subject.id: subject for subject in await Subject.filter(id__in=subject_ids)}
    websites = await Website.filter(subject_id__in=subject_ids, archived=False).order_by("serial")
    forms = await website_forms(websites)
    by_subject = _grouped(websites, "subject_id")
    return {
        filing.id: FilingForm(
            kind=filing.kind.value,
            subject=subject_form(subjects[filing.subject_id]),
            websites=tuple(forms[website.id] for website in by_subject[filing.subject_id]),
        )
        for filing in filings
    }
