"""Website drafts: adding, editing and removing the websites and accesses of an open filing."""

from models.access import Access, IpRange
from models.clock import now
from models.node_ids import node_id
from models.refusal import NotFound, Refused, StaleVersion
from models.states import FilingAction
from models.website import PreApproval, Website, WebsiteDomain
from rules.form import AccessForm, WebsiteForm
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.edits import Place, edit, find_access, find_subject, find_website, second_access_problem
from workflow.entry import Given, access_entry, refuse_unstorable, website_entry
from workflow.forms import access_form, website_forms
from workflow.rows import (
    access_columns,
    create_access,
    create_website,
    website_columns,
    write_domains,
    write_ip_ranges,
    write_pre_approvals,
)


async def add_website(
    actor: Actor, *, subject_id: str, version: int, filing_id: str | None, fields: Given, key: str | None
) -> Outcome:
    """A new website of the subject's open filing, with its access where one is given; checks the subject's version."""

    async def work() -> Outcome:
        place = await find_subject(actor, subject_id, "subjectId")
        _require_same_filing(place, filing_id)

        async def write(place: Place) -> Website:
            form = website_entry(WebsiteForm(id="0"), fields)
            await refuse_unstorable(None, [form])
            return await create_website(place.subject.id, form)

        return await edit(actor, FilingAction.ADD_WEBSITE, place, version, write)

    request = {"subject_id": subject_id, "version": version, "filing_id": filing_id, "fields": fields}
    return await carry_out(actor, "addWebsite", request, key, work)


def _require_same_filing(place: Place, filing_id: str | None) -> None:
    if filing_id is None:
        return
    if place.filing is None or node_id(type(place.filing), place.filing.id) != filing_id:
        raise NotFound(("filingId",))


async def update_website(
    actor: Actor,
    *,
    id: str,
    version: int,
    fields: Given,
    key: str | None,
) -> Outcome:
    """Edit a website of an open filing; absent fields stay, None clears, a list replaces the whole list."""

    async def work() -> Outcome:
        place = await find_website(actor, id)

        async def write(place: Place) -> Website | None:
            website = _website(place)
            before = (await website_forms([website]))[website.id]
            form = website_entry(before, fields)
            await refuse_unstorable(None, [form])
            if form == before:
                return None
            won = await Website.filter(id=website.id, version=version).update(
                version=version + 1, **website_columns(form)
            )
            if not won:
                raise StaleVersion((await Website.get(id=website.id)).version)
            await write_domains(website.id, form.domains)
            await write_pre_approvals(website.id, form.pre_approvals)
            return website

        return await edit(actor, FilingAction.UPDATE_WEBSITE, place, version, write)

    request = {"id": id, "version": version, "fields": fields}
    return await carry_out(actor, "updateWebsite", request, key, work)


def _website(place: Place) -> Website:
    assert isinstance(place.record, Website)
    return place.record


def _access(place: Place) -> Access:
    assert isinstance(place.record, Access)
    return place.record


async def remove_website(
    actor: Actor,
    *,
    id: str,
    version: int,
    key: str | None,
) -> Outcome:
    """Take a website out of an open filing: erased where it was never submitted, archived where it was."""

    async def work() -> Outcome:
        place = await find_website(actor, id)

        async def write(place: Place) -> Website:
            website = _website(place)
            for access in await Access.filter(website_id=website.id, archived=False):
                await _take_out_access(access)
            if website.submitted:
                await Website.filter(id=website.id).update(
                    archived=True, version=version + 1, updated_at=now()
                )
            else:
                await Access.filter(website_id=website.id).delete()
                await WebsiteDomain.filter(website_id=website.id).delete()
                await PreApproval.filter(website_id=website.id).delete()
                await Website.filter(id=website.id).delete()
            return website

        return await edit(actor, FilingAction.REMOVE_WEBSITE, place, version, write)

    return await carry_out(actor, "removeWebsite", {"id": id, "version": version}, key, work)


async def add_access(
    actor: Actor, *, website_id: str, version: int, fields: Given, key: str | None
) -> Outcome:
    """The access of a website that has none; checks the website's version. A second one is INVALID (C15)."""

    async def work() -> Outcome:
        place = await find_website(actor, website_id, "websiteId")

        async def write(place: Place) -> Access:
            website = _website(place)
            form = access_entry(AccessForm(), fields)
            site = WebsiteForm(id=node_id(Website, website.id), name=website.name, access=form)
            await refuse_unstorable(None, [site])
            if await Access.filter(website_id=website.id, archived=False).exists():
                raise Refused(second_access_problem(website.id))
            return await create_access(website.id, form)

        return await edit(actor, FilingAction.ADD_ACCESS, place, version, write)

    request = {"website_id": website_id, "version": version, "fields": fields}
    return await carry_out(actor, "addAccess", request, key, work)


async def update_access(
    actor: Actor,
    *,
    id: str,
    version: int,
    fields: Given,
    key: str | None,
) -> Outcome:
    """Edit an access of an open filing; a list that is given replaces the whole list."""

    async def work() -> Outcome:
        place = await find_access(actor, id)

        async def write(place: Place) -> Access | None:
            access = _access(place)
            ranges = await IpRange.filter(access_id=access.id).order_by("position")
            before = access_form(access, ranges)
            form = access_entry(before, fields)
            if form == before:
                return None
            site = WebsiteForm(id=node_id(Website, access.website_id), access=form)
            await refuse_unstorable(None, [site])
            won = await Access.filter(id=access.id, version=version).update(
                version=version + 1, **access_columns(form)
            )
            if not won:
                raise StaleVersion((await Access.get(id=access.id)).version)
            await write_ip_ranges(access.id, form.ip_ranges)
            return access

        return await edit(actor, FilingAction.UPDATE_ACCESS, place, version, write)

    request = {"id": id, "version": version, "fields": fields}
    return await carry_out(actor, "updateAccess", request, key, work)


async def remove_access(
    actor: Actor,
    *,
    id: str,
    version: int,
    key: str | None,
) -> Outcome:
    """Take an access out of an open filing: erased where it was never submitted, archived where it was."""

    async def work() -> Outcome:
        place = await find_access(actor, id)

        async def write(place: Place) -> Access:
            access = _access(place)
            await _take_out_access(access)
            return access

        return await edit(actor, FilingAction.REMOVE_ACCESS, place, version, write)

    return await carry_out(actor, "removeAccess", {"id": id, "version": version}, key, work)


async def _take_out_access(access: Access) -> None:
    if access.submitted:
        await Access.filter(id=access.id).update(archived=True, version=access.version + 1, updated_at=now())
        return
    await IpRange.filter(access_id=access.id).delete()
    await Access.filter(id=access.id).delete()
