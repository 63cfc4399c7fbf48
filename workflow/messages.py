"""From our rows to the authority's messages: what is reported of a filing, with our row numbers as provider ids."""

from authority import messages
from models.access import Access, IpRange
from models.contact import PrincipalColumns
from models.filing import Filing
from models.states import FilingMode
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain
from rules.codes import CodeBook
from workflow.codes import code_book

MODES = {FilingMode.SELF: 0, FilingMode.ON_BEHALF: 1}


async def new_filing(filing: Filing) -> messages.NewFiling:
    """The report of a first filing, from its rows, which are locked while it is on its way."""
    subject = await Subject.get(id=filing.subject_id)
    websites = await Website.filter(subject_id=subject.id, archived=False).order_by("serial")
    book = await code_book()
    return messages.NewFiling(
        subject=_subject(subject, book), websites=tuple([await _website(website) for website in websites])
    )


def _code(text: str | None) -> int | None:
    return int(text) if text else None


def _contact(row: PrincipalColumns) -> messages.Contact:
    return messages.Contact(
        name=row.principal_name,
        office_phone=row.principal_office_phone,
        mobile=row.principal_mobile or "",
        email=row.principal_email or "",
        certificate_type=_code(row.principal_certificate_type),
        certificate_number=row.principal_certificate_number,
    )


def _subject(subject: Subject, book: CodeBook) -> messages.Subject:
    line = [int(place.code) for place in reversed(book.line(subject.division))]
    return messages.Subject(
        provider_id=subject.id,
        authority_id=subject.authority_id,
        number=subject.filing_number,
        name=subject.name,
        unit_nature=_code(subject.unit_nature),
        investor=subject.investor,
        address=messages.Address(
            province=line[0],
            city=line[1] if len(line) > 1 else line[0],
            county=line[2] if len(line) > 2 else None,
            detail=subject.address or "",
        ),
        certificate=messages.Certificate(
            type=int(subject.certificate_type or 0),
            number=subject.certificate_number or "",
            address=subject.certificate_address,
        ),
        principal=_contact(subject),
        mode=MODES[subject.mode],
        remark=subject.remark,
    )


async def _website(website: Website) -> messages.Website:
    domains = await WebsiteDomain.filter(website_id=website.id).order_by("position")
    papers = await PreApproval.filter(website_id=website.id).order_by("position")
    accesses = await Access.filter(website_id=website.id, archived=False)
    return messages.Website(
        provider_id=website.id,
        authority_id=website.authority_id,
        number=website.filing_number,
        name=website.name,
        pre_approvals=tuple(messages.PreApproval(int(paper.type), paper.number) for paper in papers),
        service_contents=tuple(int(code) for code in website.service_contents),
        languages=tuple(int(code) for code in website.languages),
        domains=tuple(messages.Domain(row.id, row.authority_id, row.name) for row in domains),
        accesses=tuple([await _access(access) for access in accesses]),
        principal=_contact(website),
        home_url=website.home_url,
        remark=website.remark,
    )


async def _access(access: Access) -> messages.Access:
    ranges = await IpRange.filter(access_id=access.id).order_by("position")
    return messages.Access(
        provider_id=access.id,
        authority_id=access.authority_id,
        provider=None,
        methods=tuple(int(code) for code in access.methods),
        locations=tuple(int(code) for code in access.server_locations),
        ranges=tuple(messages.IpRange(row.id, row.authority_id, row.start, row.end) for row in ranges),
    )
