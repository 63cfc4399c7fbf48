"""From a plain form to rows: writing a subject, a website or an access, each row keeping its identity."""

from collections.abc import Sequence
from typing import Any

from models.access import Access, IpRange
from models.cipher import cipher
from models.clock import now
from models.search import grams_of
from models.states import RecordStatus
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain
from rules.form import AccessForm, ContactForm, IpRangeForm, PreApprovalForm, SubjectForm, WebsiteForm
from rules.keys import certificate_key, domain_key, home_url_key
from workflow.mobile_indexes import mobile_index


def _principal_columns(contact: ContactForm | None) -> dict[str, Any]:
    known = contact or ContactForm()
    return {
        "principal_name": known.name,
        "principal_office_phone": known.office_phone,
        "principal_mobile": known.mobile,
        "principal_mobile_index": mobile_index(known.mobile),
        "principal_email": known.email,
        "principal_certificate_type": known.certificate_type,
        "principal_certificate_number": known.certificate_number,
    }


def subject_columns(form: SubjectForm) -> dict[str, Any]:
    """The columns of a subject's row that hold its form."""
    number = form.certificate_number
    return {
        "name": form.name,
        "unit_nature": form.unit_nature,
        "certificate_type": form.certificate_type,
        "certificate_number": number,
        "certificate_number_index": cipher().index(certificate_key(number)) if number else None,
        "certificate_address": form.certificate_address,
        "investor": form.investor,
        "division": form.division,
        "address": form.address,
        "remark": form.remark,
        "updated_at": now(),
        **_principal_columns(form.principal),
    }


def website_columns(form: WebsiteForm) -> dict[str, Any]:
    """The columns of a website's row that hold its form."""
    return {
        "name": form.name,
        "home_url": form.home_url,
        "home_url_key": home_url_key(form.home_url) if form.home_url else None,
        "service_contents": list(form.service_contents),
        "languages": list(form.languages),
        "remark": form.remark,
        "updated_at": now(),
        **_principal_columns(form.principal),
    }


def access_columns(form: AccessForm) -> dict[str, Any]:
    """The columns of an access's row that hold its form."""
    return {
        "methods": list(form.methods),
        "server_locations": list(form.server_locations),
        "updated_at": now(),
    }


async def create_website(subject_id: int, form: WebsiteForm) -> Website:
    """A new draft website at the end of its subject's list, with its access where the form has one."""
    last = await Website.filter(subject_id=subject_id).order_by("-serial").first().values_list("serial")
    website = await Website.create(
        subject_id=subject_id, serial=(last[0] if last else 0) + 1, created_at=now(), **website_columns(form)
    )
    await write_domains(website.id, form.domains)
    await write_pre_approvals(website.id, form.pre_approvals)
    if form.access is not None:
        await create_access(website.id, form.access)
    return website


async def create_access(website_id: int, form: AccessForm) -> Access:
    """A new draft access of a website that has none."""
    access = await Access.create(website_id=website_id, created_at=now(), **access_columns(form))
    await write_ip_ranges(access.id, form.ip_ranges)
    return access


async def write_domains(website_id: int, names: Sequence[str]) -> None:
    """Make the website's domains these, in this order; a name that stays keeps its row."""
    rows = {row.name: row for row in await WebsiteDomain.filter(website_id=website_id)}
    gone = [row.id for name, row in rows.items() if name not in names]
    if gone:
        await WebsiteDomain.filter(id__in=gone).delete()
    for position, name in enumerate(dict.fromkeys(names)):
        row = rows.get(name)
        if row is None:
            await WebsiteDomain.create(
                website_id=website_id,
                name=name,
                key=domain_key(name),
                position=position,
                status=RecordStatus.DRAFT,
            )
        elif row.position != position:
            await WebsiteDomain.filter(id=row.id).update(position=position)


async def write_pre_approvals(website_id: int, papers: Sequence[PreApprovalForm]) -> None:
    """Make the website's pre-approvals these, in this order."""
    rows = await PreApproval.filter(website_id=website_id).order_by("position")
    if [(row.type, row.number) for row in rows] == [(paper.type, paper.number) for paper in papers]:
        return
    await PreApproval.filter(website_id=website_id).delete()
    for position, paper in enumerate(papers):
        await PreApproval.create(
            website_id=website_id, type=paper.type, number=paper.number, position=position
        )


async def write_ip_ranges(access_id: int, ranges: Sequence[IpRangeForm]) -> None:
    """Make the access's ranges these, in this order; a range that stays keeps its row."""
    rows = {(row.start, row.end): row for row in await IpRange.filter(access_id=access_id)}
    wanted = list(dict.fromkeys((item.start, item.end) for item in ranges))
    gone = [row.id for ends, row in rows.items() if ends not in wanted]
    if gone:
        await IpRange.filter(id__in=gone).delete()
    for position, ends in enumerate(wanted):
        row = rows.get(ends)
        if row is None:
            await IpRange.create(access_id=access_id, start=ends[0], end=ends[1], position=position)
        elif row.position != position:
            await IpRange.filter(id=row.id).update(position=position)


async def refresh_grams(subject_id: int) -> None:
    """Write anew under which words the subject and each of its websites are found."""
    subject = await Subject.get(id=subject_id).values_list("name", "filing_number", "claimed_number")
    websites = await Website.filter(subject_id=subject_id, archived=False).values_list(
        "id", "name", "filing_number", "claimed_number", "home_url", "grams"
    )
    domains = await WebsiteDomain.filter(website__subject_id=subject_id).values_list("website_id", "name")
    words: list[str | None] = [*subject]
    for number, name, filing_number, claimed, home_url, known in websites:
        own = [
            name,
            filing_number,
            claimed,
            home_url,
            *(domain for owner, domain in domains if owner == number),
        ]
        words += own
        grams = grams_of(own)
        if grams != known:
            await Website.filter(id=number).update(grams=grams)
    await Subject.filter(id=subject_id).update(grams=grams_of(words))
