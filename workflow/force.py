"""Coming into force: the rows that an approval writes, record by record, with the numbers and ids of the authority."""

from collections.abc import Mapping
from datetime import datetime

from tortoise.expressions import F

from models.access import Access, IpRange
from models.node_ids import number_of
from models.states import RecordStatus
from models.subject import Subject
from models.website import OtherAccess, Website, WebsiteDomain
from rules.form import AccessForm, FilingForm, SubjectForm, WebsiteForm
from workflow.filed import Filed, FiledWebsite
from workflow.rows import (
    access_columns,
    create_access,
    subject_columns,
    website_columns,
    write_domains,
    write_ip_ranges,
    write_pre_approvals,
)

FILED, GONE = RecordStatus.FILED, RecordStatus.CANCELLED


async def overwrite_website(subject_id: int, site: WebsiteForm) -> int | None:
    """Write a website of this subject as it is to be in force; None for one that is not this subject's."""
    website_id = number_of(Website, site.id or "")
    own = Website.filter(id=website_id, subject_id=subject_id)
    if website_id is None or not await own.update(archived=False, **website_columns(site)):
        return None
    await write_domains(website_id, site.domains)
    await write_pre_approvals(website_id, site.pre_approvals)
    return website_id


async def overwrite_access(website_id: int, form: AccessForm) -> None:
    """Write the access of a website as it is to be in force, in the place of whatever was drafted since."""
    living = await Access.get_or_none(website_id=website_id, archived=False)
    known = number_of(Access, form.id or "") or 0
    access = await Access.get_or_none(id=known, website_id=website_id) or living
    if access is None:
        await create_access(website_id, form)
        return
    if living is not None and living.id != access.id:  # it took the place of the one that was reported
        await Access.filter(id=living.id).update(archived=True)
    await Access.filter(id=access.id).update(archived=False, **access_columns(form))
    await write_ip_ranges(access.id, form.ip_ranges)


async def file_subject(subject_id: int, filed: Filed, at: datetime) -> None:
    """The subject is filed under its number."""
    await Subject.filter(id=subject_id).update(
        status=FILED,
        archived=False,
        filing_number=filed.subject_number,
        authority_id=filed.subject_authority_id,
        version=F("version") + 1,
        updated_at=at,
    )


async def file_website(
    subject_id: int, website_id: int, site: FiledWebsite, at: datetime, *, access: bool = True
) -> None:
    """A website of this subject is filed under its number, with its access; another subject's is not touched.

    Under a cancelled subject it is cancelled, and still keeps its number and ids.
    """
    website = await Website.get_or_none(id=website_id, subject_id=subject_id)
    if website is None:
        return
    status = _standing(website, await Subject.get(id=subject_id))
    await Website.filter(id=website_id).update(
        status=status,
        archived=False,
        filing_number=site.number,
        authority_id=site.authority_id,
        version=F("version") + 1,
        updated_at=at,
    )
    await WebsiteDomain.filter(website_id=website_id).update(status=status)
    if access:
        await file_access(website_id, site, at)
    else:
        await keep_ids(website_id, site)


async def file_access(website_id: int, site: FiledWebsite, at: datetime) -> None:
    """The living access of a website is filed; under a cancelled website it is cancelled."""
    status = _standing(await Website.get(id=website_id))
    living = Access.filter(website_id=website_id, archived=False).exclude(status=GONE)
    await living.update(status=status, version=F("version") + 1, updated_at=at)
    await keep_ids(website_id, site)


def _standing(*rows: Subject | Website) -> RecordStatus:
    """What is brought is filed; under what the authority cancelled (已注销) a late answer revives nothing (C67)."""
    return GONE if any(row.status is GONE for row in rows) else FILED


async def keep_ids(website_id: int, site: FiledWebsite) -> None:
    """The authority's ids of a website's domains, accesses and ranges."""
    for name, authority_id in site.domains.items():
        await WebsiteDomain.filter(name=name, website_id=website_id).update(authority_id=authority_id)
    for access_id, authority_id in site.accesses.items():
        await Access.filter(id=access_id, website_id=website_id).update(authority_id=authority_id)
    living = await Access.get_or_none(website_id=website_id, archived=False)
    for ends, authority_id in site.ranges.items() if living else ():
        start, end = ends.split("-")
        await IpRange.filter(access=living, start=start, end=end).update(authority_id=authority_id)


async def note_others(filed: Filed) -> list[int]:
    """Keep which other providers serve the websites; gives the websites of which that is news."""
    changed: list[int] = []
    for website_id, site in filed.websites.items():
        known = {row.authority_id: row for row in await OtherAccess.filter(website_id=website_id)}
        told = {other.authority_id: other for other in site.others}
        if known.keys() == told.keys():
            continue
        changed.append(website_id)
        await OtherAccess.filter(website_id=website_id).delete()
        for other in told.values():
            await OtherAccess.create(
                website_id=website_id,
                authority_id=other.authority_id,
                provider=other.provider,
                methods=list(other.methods),
                ip_ranges=[list(ends) for ends in other.ranges],
            )
    return changed


async def change_records(
    subject_id: int,
    form: FilingForm,
    before: Mapping[str, SubjectForm | WebsiteForm | AccessForm],
    at: datetime,
) -> None:
    """Write what differs of a subject, its websites and accesses from what is in force (`before`, by node id)."""
    if form.subject != before.get(form.subject.id or ""):
        columns = {**subject_columns(form.subject), "version": F("version") + 1, "updated_at": at}
        await Subject.filter(id=subject_id).update(**columns)
    for site in form.websites:
        await _change_website(subject_id, site, before, at)


async def _change_website(
    subject_id: int,
    site: WebsiteForm,
    before: Mapping[str, SubjectForm | WebsiteForm | AccessForm],
    at: datetime,
) -> None:
    old, access = before.get(site.id or ""), site.access
    if isinstance(old, WebsiteForm) and _alone(site) != old:
        await _overwrite_in_force(subject_id, site, at)
    number = number_of(Access, (access.id if access else None) or "")
    if access is not None and number is not None and access != before.get(access.id or ""):
        await Access.filter(id=number).update(version=F("version") + 1, **access_columns(access))
        await write_ip_ranges(number, access.ip_ranges)


async def _overwrite_in_force(subject_id: int, site: WebsiteForm, at: datetime) -> None:
    website_id = await overwrite_website(subject_id, site)
    if website_id is None:
        return
    status = _standing(await Website.get(id=website_id))
    await WebsiteDomain.filter(website_id=website_id).update(status=status)
    await Website.filter(id=website_id).update(version=F("version") + 1, updated_at=at)


def _alone(site: WebsiteForm) -> WebsiteForm:
    return WebsiteForm(
        id=site.id,
        name=site.name,
        home_url=site.home_url,
        domains=site.domains,
        service_contents=site.service_contents,
        languages=site.languages,
        pre_approvals=site.pre_approvals,
        principal=site.principal,
        remark=site.remark,
    )
