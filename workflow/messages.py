"""From our rows to the authority's messages: what is reported of a filing, with our row numbers as provider ids."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from authority import messages
from models.access import Access, IpRange
from models.filing import Filing
from models.node_ids import number_of
from models.report import Report
from models.states import FilingKind, FilingMode
from models.subject import Subject
from models.website import Website, WebsiteDomain
from rules.codes import CodeBook
from rules.form import (
    AccessForm,
    ContactForm,
    FilingForm,
    IpRangeForm,
    SubjectForm,
    WebsiteForm,
)
from workflow.codes import code_book
from workflow.forms import load_forms
from workflow.proofs import travelling_of
from workflow.targets import targets_of

MODES = {FilingMode.SELF: 0, FilingMode.ON_BEHALF: 1}


CATEGORIES = {FilingKind.CANCEL_SUBJECT: 0, FilingKind.CANCEL_WEBSITE: 1, FilingKind.CANCEL_ACCESS: 2}
# ids of ours that must be new in every report, or whose row comes with the approval only, begin here: above every row
OWN_IDS = 10**12


class Unreportable(Exception):
    """What the authority must be told is not known here, such as its own id of a record that was filed by hand."""


async def upload_of(filing: Filing, report: Report) -> messages.Upload:
    """What is reported of a filing, from its rows, proposals and targets, which are locked while it is on its way.

    Raises Unreportable.
    """
    form = (await load_forms([filing]))[filing.id]
    fresh = count(OWN_IDS * 10 + report.id * 100_000)
    match filing.kind:
        case FilingKind.NEW_FILING:
            return await _new_filing(filing, form, fresh)
        case FilingKind.ADD_WEBSITE:
            return await _new_websites(filing, form, fresh)
        case FilingKind.ADD_ACCESS:
            return await _new_access(filing, form, report, fresh)
        case FilingKind.CHANGE:
            return await _change(filing, form, fresh)
        case _:
            return await _cancellation(filing)


async def _password(filing: Filing) -> str | None:
    return (await travelling_of(filing.id)).get("md5")


async def _new_filing(filing: Filing, form: FilingForm, fresh: Iterator[int]) -> messages.NewFiling:
    subject = _subject(await Subject.get(id=filing.subject_id), form.subject, await code_book())
    return messages.NewFiling(subject=subject, websites=await _websites(form.websites, fresh))


async def _new_websites(filing: Filing, form: FilingForm, fresh: Iterator[int]) -> messages.NewWebsites:
    subject = await Subject.get(id=filing.subject_id)
    return messages.NewWebsites(
        subject_number=subject.filing_number or "",
        subject_id=subject.authority_id,
        websites=await _websites(form.websites, fresh),
        password=await _password(filing),
    )


async def _new_access(
    filing: Filing, form: FilingForm, report: Report, fresh: Iterator[int]
) -> messages.NewAccess:
    """The access under an id of ours that no earlier report bore."""
    [site] = form.websites
    assert site.access is not None
    await Access.filter(id=number_of(Access, site.access.id or "")).update(provider_id=OWN_IDS + report.id)
    website = await Website.get(id=number_of(Website, site.id or ""))
    return messages.NewAccess(
        website_number=website.filing_number or website.claimed_number or "",
        website_id=website.authority_id,
        access=await _access(site.access, fresh),
        password=await _password(filing),
    )


async def _change(filing: Filing, form: FilingForm, fresh: Iterator[int]) -> messages.Change:
    row = await Subject.get(id=filing.subject_id)
    if row.authority_id is None:
        raise Unreportable("the authority's id of the subject is not known")
    return messages.Change(
        subject=_subject(row, form.subject, await code_book()),
        websites=await _websites(form.websites, fresh),
        password=await _password(filing),
    )


async def _cancellation(filing: Filing) -> messages.Cancellation:
    [target] = (await targets_of([filing.id]))[filing.id]
    category = CATEGORIES[filing.kind]
    model: Any = (Subject, Website, Access)[category]
    record = await model.get(id=number_of(model, target.record))
    if record.authority_id is None:
        raise Unreportable(f"the authority's id of {target.record} is not known")
    return messages.Cancellation(
        category=category,
        record_id=record.authority_id,
        reason=int(filing.cancellation_reason or 0),
        remark=filing.cancellation_remark,
        password=await _password(filing),
    )


def _code(text: str | None) -> int | None:
    return int(text) if text else None


def _codes(texts: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(text) for text in texts)


def _contact(form: ContactForm | None) -> messages.Contact:
    known = form or ContactForm()
    return messages.Contact(
        name=known.name,
        office_phone=known.office_phone,
        mobile=known.mobile or "",
        email=known.email or "",
        certificate_type=_code(known.certificate_type),
        certificate_number=known.certificate_number,
    )


def _subject(row: Subject, form: SubjectForm, book: CodeBook) -> messages.Subject:
    line = [int(place.code) for place in reversed(book.line(form.division))]
    return messages.Subject(
        provider_id=row.id,
        authority_id=row.authority_id,
        number=row.filing_number,
        name=form.name or "",
        unit_nature=_code(form.unit_nature),
        investor=form.investor,
        address=messages.Address(
            province=line[0],
            city=line[1] if len(line) > 1 else line[0],
            county=line[2] if len(line) > 2 else None,
            detail=form.address or "",
        ),
        certificate=messages.Certificate(
            type=int(form.certificate_type or 0),
            number=form.certificate_number or "",
            address=form.certificate_address,
        ),
        principal=_contact(form.principal),
        mode=MODES[row.mode],
        remark=form.remark,
    )


async def _websites(forms: Sequence[WebsiteForm], fresh: Iterator[int]) -> tuple[messages.Website, ...]:
    return tuple([await _website(form, fresh) for form in forms])


async def _website(form: WebsiteForm, fresh: Iterator[int]) -> messages.Website:
    row = await Website.get(id=number_of(Website, form.id or ""))
    domains = {domain.name: domain for domain in await WebsiteDomain.filter(website_id=row.id)}
    return messages.Website(
        provider_id=row.id,
        authority_id=row.authority_id,
        number=row.filing_number,
        name=form.name or "",
        pre_approvals=tuple(
            messages.PreApproval(int(paper.type), paper.number) for paper in form.pre_approvals
        ),
        service_contents=_codes(form.service_contents),
        languages=_codes(form.languages),
        domains=tuple(_domain(name, domains.get(name), fresh) for name in form.domains),
        accesses=(await _access(form.access, fresh),) if form.access else (),
        principal=_contact(form.principal),
        home_url=form.home_url,
        remark=form.remark,
    )


def _domain(name: str, row: WebsiteDomain | None, fresh: Iterator[int]) -> messages.Domain:
    return messages.Domain(row.id if row else next(fresh), row.authority_id if row else None, name)


async def _access(form: AccessForm, fresh: Iterator[int]) -> messages.Access:
    row = await Access.get(id=number_of(Access, form.id or ""))
    ranges = {(part.start, part.end): part for part in await IpRange.filter(access_id=row.id)}
    return messages.Access(
        provider_id=row.provider_id or row.id,
        authority_id=row.authority_id,
        provider=None,
        methods=_codes(form.methods),
        locations=_codes(form.server_locations),
        ranges=tuple(_range(part, ranges.get((part.start, part.end)), fresh) for part in form.ip_ranges),
    )


def _range(part: IpRangeForm, row: IpRange | None, fresh: Iterator[int]) -> messages.IpRange:
    return messages.IpRange(
        row.id if row else next(fresh), row.authority_id if row else None, part.start, part.end
    )
