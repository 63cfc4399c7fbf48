"""Website drafts: adding, editing and removing the websites and accesses of an open filing."""

from collections.abc import Sequence
from dataclasses import replace

from models.access import Access, IpRange
from models.clock import now
from models.filing import Target
from models.node_ids import node_id
from models.refusal import NotFound, Refused, StaleVersion
from models.states import FilingAction
from models.website import PreApproval, Website, WebsiteDomain
from rules.form import AccessForm, PreApprovalForm, WebsiteForm
from workflow.actors import Actor
from workflow.attachments import attach_papers
from workflow.command import Outcome, carry_out
from workflow.conflicts import conflicts_with
from workflow.edits import Place, edit, find_access, find_subject, find_website, second_access_problem
from workflow.entry import Given, access_entry, refuse_unstorable, website_entry
from workflow.files import forget_documents
from workflow.forms import BRINGING, access_form, website_forms
from workflow.proposals import propose, raise_version
from workflow.rows import (
    access_columns,
    create_access,
    create_website,
    website_columns,
    write_domains,
    write_ip_ranges,
    write_pre_approvals,
)
from workflow.surroundings import Record
from workflow.targets import RecordForm, record_of


async def add_website(
    actor: Actor, *, subject_id: str, version: int, filing_id: str | None, fields: Given, key: str | None
) -> Outcome:
    """A new website of the subject's open filing, with its access where one is given; checks the subject's version."""

    async def work() -> Outcome:
        found = await find_subject(actor, subject_id, "subjectId")
        place = replace(found, filing=found.around.adder(found.subject, filing_id))
        if filing_id is not None and place.filing is None:
            raise NotFound(("filingId",))

        async def write(place: Place) -> Website:
            form = website_entry(WebsiteForm(id="0"), fields)
            await refuse_unstorable(None, [form])
            website = await create_website(place.subject.id, form)
            if place.filing is not None and place.filing.kind in BRINGING:
                await Target.create(filing_id=place.filing.id, record=record_of(website))
            await attach_papers(actor, replace(place, record=website), papers_in(fields))
            return website

        return await edit(actor, FilingAction.ADD_WEBSITE, place, version, write)

    request = {"subject_id": subject_id, "version": version, "filing_id": filing_id, "fields": fields}
    return await carry_out(actor, "addWebsite", request, key, work)


async def update_website(
    actor: Actor,
    *,
    id: str,
    version: int,
    fields: Given,
    key: str | None,
) -> Outcome:
    """Edit a website of an open filing; absent fields stay, None clears, a list replaces the whole list."""

    def enter(form: RecordForm) -> RecordForm:
        assert isinstance(form, WebsiteForm)
        return website_entry(form, fields)

    async def write(place: Place) -> Record | None:
        written = await write_own(place)
        if await attach_papers(actor, place, papers_in(fields)) and written is None:
            await raise_version(place.record, version)
            return place.record
        return written

    async def write_own(place: Place) -> Record | None:
        if place.is_proposed:
            return await propose(place, version, enter)
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

    async def work() -> Outcome:
        place = await find_website(actor, id)
        return await edit(
            actor, FilingAction.UPDATE_WEBSITE, place, version, write, conflicts_with(actor, enter)
        )

    request = {"id": id, "version": version, "fields": fields}
    return await carry_out(actor, "updateWebsite", request, key, work)


def papers_in(fields: Given) -> list[tuple[PreApprovalForm, Sequence[str] | None]]:
    """The pre-approvals that were given, each with the ids of its pictures."""
    papers = fields.get("pre_approvals") or ()
    return [(PreApprovalForm(paper["type"], paper["number"]), paper.get("file_ids")) for paper in papers]


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
            await Target.filter(record=record_of(website)).delete()
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
                await forget_documents([record_of(website)])
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

    def enter(form: RecordForm) -> RecordForm:
        assert isinstance(form, AccessForm)
        return access_entry(form, fields)

    async def write(place: Place) -> Record | None:
        if place.is_proposed:
            return await propose(place, version, enter)
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

    async def work() -> Outcome:
        place = await find_access(actor, id)
        return await edit(
            actor, FilingAction.UPDATE_ACCESS, place, version, write, conflicts_with(actor, enter)
        )

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
