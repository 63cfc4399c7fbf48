"""From rows to the plain form of a filing, many at a time: what each kind is about, as the rows and proposals stand."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tortoise.expressions import Q

from models.access import Access, IpRange
from models.contact import PrincipalColumns
from models.filing import Filing, Target
from models.node_ids import node_id
from models.states import FilingKind, RecordOrigin, RecordStatus
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain
from rules.form import (
    AccessForm,
    CancellationForm,
    ContactForm,
    FilingForm,
    IpRangeForm,
    PreApprovalForm,
    SubjectForm,
    WebsiteForm,
)
from workflow.document_forms import with_documents
from workflow.targets import RecordForm, base_form, numbers_among, proposed_form, record_of, targets_of

R = TypeVar("R")
K = FilingKind
# kinds whose records are drafts of their own, beside the subject's first filing
BRINGING = (K.ADD_WEBSITE, K.ADD_ACCESS)


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


async def access_forms(accesses: Sequence[Access]) -> dict[int, AccessForm]:
    """The forms of accesses by row number, in one statement."""
    ids = [access.id for access in accesses]
    rows = await IpRange.filter(access_id__in=ids).order_by("position") if ids else []
    ranges = _grouped(rows, "access_id")
    return {access.id: access_form(access, ranges[access.id]) for access in accesses}


async def website_forms(websites: Sequence[Website]) -> dict[int, WebsiteForm]:
    """The forms of websites by row number, each with its living access: four statements, however many there are."""
    ids = [website.id for website in websites]
    accesses = await Access.filter(website_id__in=ids, archived=False) if ids else []
    return await _with_accesses(websites, accesses, await access_forms(accesses))


async def _with_accesses(
    websites: Sequence[Website], accesses: Sequence[Access], known: Mapping[int, AccessForm]
) -> dict[int, WebsiteForm]:
    ids = [website.id for website in websites]
    if not ids:
        return {}
    domains = _grouped(await WebsiteDomain.filter(website_id__in=ids).order_by("position"), "website_id")
    papers = _grouped(await PreApproval.filter(website_id__in=ids).order_by("position"), "website_id")
    forms = {access.website_id: known[access.id] for access in accesses if not access.archived}
    return {
        website.id: website_form(website, domains[website.id], papers[website.id], forms.get(website.id))
        for website in websites
    }


@dataclass(frozen=True)
class _Rows:
    """Everything that the forms of some filings are made of."""

    subjects: Mapping[int, Subject]
    websites: Mapping[int, Sequence[Website]]  # of a subject, in entry order
    website_forms: Mapping[int, WebsiteForm]
    accesses: Mapping[int, Access]
    access_forms: Mapping[int, AccessForm]
    targets: Mapping[int, Sequence[Target]]
    brought: frozenset[int]  # websites that another kind than the first filing brings

    def named(self, filing: Filing) -> set[str]:
        return {target.record for target in self.targets.get(filing.id, ())}

    def filed_access(self, website: Website) -> AccessForm | None:
        for access in self.accesses.values():
            if (
                access.website_id == website.id
                and access.status is RecordStatus.FILED
                and not access.archived
            ):
                return self.access_forms[access.id]
        return None


async def _read(filings: Sequence[Filing]) -> _Rows:
    subject_ids = list({filing.subject_id for filing in filings})
    targets = await targets_of([filing.id for filing in filings if filing.kind is not K.NEW_FILING])
    named = [target.record for group in targets.values() for target in group]
    bringing = Target.filter(
        filing__subject_id__in=subject_ids, filing__kind__in=list(BRINGING), record__startswith="web_"
    )
    brought = numbers_among(Website, [row[0] for row in await bringing.values_list("record")])
    shown = Q(archived=False) | Q(id__in=numbers_among(Website, named))
    websites = await Website.filter(shown, subject_id__in=subject_ids).order_by("serial")
    living = Q(archived=False) | Q(id__in=numbers_among(Access, named))
    ids = [website.id for website in websites]
    accesses = await Access.filter(living, website_id__in=ids) if ids else []
    known = await access_forms(accesses)
    return _Rows(
        subjects={subject.id: subject for subject in await Subject.filter(id__in=subject_ids)},
        websites=_grouped(websites, "subject_id"),
        website_forms=await _with_accesses(websites, accesses, known),
        accesses={access.id: access for access in accesses},
        access_forms=known,
        targets=targets,
        brought=frozenset(brought),
    )


async def load_forms(filings: Sequence[Filing]) -> dict[int, FilingForm]:
    """The plain forms of filings by row number: the living draft or proposal, or what is locked."""
    if not filings:
        return {}
    rows = await _read(filings)
    return await with_documents({filing.id: _form(filing, rows, proposed_form) for filing in filings})


async def load_base(filing: Filing) -> FilingForm:
    """The form of a change as the records stood in force when they were taken up."""
    return _form(filing, await _read([filing]), base_form)


def _form(filing: Filing, rows: _Rows, chosen: Callable[[Target], RecordForm | None]) -> FilingForm:
    subject = rows.subjects[filing.subject_id]
    in_force = subject_form(subject)
    form = FilingForm(kind=filing.kind.value, subject=in_force)
    match filing.kind:
        case K.NEW_FILING:
            own = (site for site in rows.websites.get(subject.id, ()) if site.id not in rows.brought)
            sites = [rows.website_forms[site.id] for site in own if not site.archived]
        case K.ADD_WEBSITE:
            sites = [rows.website_forms[site.id] for site in _targeted(filing, rows)]
        case K.ADD_ACCESS:
            return _add_access(filing, form, rows)
        case K.CHANGE:
            return _change(filing, form, rows, chosen)
        case _:
            return _cancellation(filing, form, rows)
    return dataclasses.replace(form, websites=tuple(sites))


def _targeted(filing: Filing, rows: _Rows) -> list[Website]:
    """The websites that a filing names, or an access of which it names, in entry order."""
    named = rows.named(filing)
    ids = set(numbers_among(Website, named))
    ids |= {
        rows.accesses[number].website_id for number in numbers_among(Access, named) if number in rows.accesses
    }
    return [site for site in rows.websites.get(filing.subject_id, ()) if site.id in ids]


def _add_access(filing: Filing, form: FilingForm, rows: _Rows) -> FilingForm:
    subject = rows.subjects[filing.subject_id]
    accesses = [rows.access_forms[number] for number in numbers_among(Access, rows.named(filing))]
    sites = _targeted(filing, rows)
    elsewhere = any(
        site.origin is RecordOrigin.ELSEWHERE and site.status is RecordStatus.DRAFT for site in sites
    )
    forms = (
        dataclasses.replace(rows.website_forms[site.id], access=access)
        for site, access in zip(sites, accesses, strict=False)
    )
    number = sites[0].claimed_number if sites else subject.claimed_number
    filed = subject.status is RecordStatus.FILED
    return dataclasses.replace(
        form,
        websites=tuple(forms),
        elsewhere=elsewhere,
        claimed_number=number if elsewhere else None,
        division_in_force=subject.division if filed else None,
    )


def _change(
    filing: Filing, form: FilingForm, rows: _Rows, chosen: Callable[[Target], RecordForm | None]
) -> FilingForm:
    """The whole subject and the websites that are touched; where none is, the first one that has an access here."""
    proposals = {target.record: chosen(target) for target in rows.targets.get(filing.id, ())}
    subject = proposals.get(record_of(rows.subjects[filing.subject_id]))
    in_force = {site.id: _in_force(site, rows) for site in rows.websites.get(filing.subject_id, ())}
    touched = _targeted(filing, rows)
    if not touched:
        served = (site for site in rows.websites.get(filing.subject_id, ()) if rows.filed_access(site))
        touched = [site for site in served if site.status is RecordStatus.FILED][:1]
    sites = tuple(_proposed(in_force[site.id], proposals) for site in touched)
    kept = tuple(in_force[site.id] for site in touched)
    proposed = subject if isinstance(subject, SubjectForm) else form.subject
    return dataclasses.replace(
        form,
        subject=proposed,
        websites=sites,
        division_in_force=form.subject.division,
        unchanged=proposed == form.subject and sites == kept,
    )


def _in_force(site: Website, rows: _Rows) -> WebsiteForm:
    return dataclasses.replace(rows.website_forms[site.id], access=rows.filed_access(site))


def _proposed(site: WebsiteForm, proposals: Mapping[str, RecordForm | None]) -> WebsiteForm:
    """A website in force with what is proposed for it and for its access."""
    access = proposals.get(site.access.id or "") if site.access else None
    kept = access if isinstance(access, AccessForm) else site.access
    website = proposals.get(site.id or "")
    return dataclasses.replace(website if isinstance(website, WebsiteForm) else site, access=kept)


def _cancellation(filing: Filing, form: FilingForm, rows: _Rows) -> FilingForm:
    named = next(iter(sorted(rows.named(filing))), None)
    sites = (
        rows.websites.get(filing.subject_id, ())
        if filing.kind is K.CANCEL_SUBJECT
        else _targeted(filing, rows)
    )
    forms = tuple(rows.website_forms[site.id] for site in sites if site.status is not RecordStatus.DRAFT)
    why = CancellationForm(named, filing.cancellation_reason, filing.cancellation_remark)
    return dataclasses.replace(form, websites=forms, cancellation=why)
