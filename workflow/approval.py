"""Approval (审核通过): the records come into force with their numbers, and the filing password goes to the principal."""

import dataclasses

from tortoise.expressions import F

from models.access import Access, IpRange
from models.filing import FilingPassword, Revision
from models.node_ids import number_of
from models.states import FilingKind, FilingStatus, RecordStatus
from models.subject import Subject
from models.website import Website, WebsiteDomain
from rules.form import FilingForm, WebsiteForm
from workflow.case import Case
from workflow.effects import keep_a_revision
from workflow.filed import Filed
from workflow.forms import load_forms
from workflow.judgement import judge_many
from workflow.revisions import form_of, last_revision
from workflow.rows import (
    access_columns,
    create_access,
    refresh_grams,
    subject_columns,
    website_columns,
    write_domains,
    write_ip_ranges,
    write_pre_approvals,
)


async def put_in_force(case: Case) -> None:
    """What the authority filed is in force: data as it holds them, numbers, ids, the first filing password."""
    filed: Filed = case.request["filed"]
    reported = await Revision.get(
        filing_id=case.filing.id, number=case.request.get("reported_revision", case.filing.revision)
    )
    form = filed.form or form_of(reported)
    living = (await load_forms([case.filing]))[case.filing.id]
    if _content(living) != _content(form):
        await _keep_later_edits(case, living, reported)
        await _overwrite(case, form)
    await _file_records(case, filed, form)
    await _keep_password(case)
    await refresh_grams(case.filing.subject_id)


def _content(form: FilingForm) -> FilingForm:
    """A form as it compares: blank is nothing, and an access without its id."""
    return dataclasses.replace(
        form,
        websites=tuple(
            dataclasses.replace(
                site, access=dataclasses.replace(site.access, id=None) if site.access else None
            )
            for site in form.websites
        ),
    )


async def _keep_later_edits(case: Case, living: FilingForm, reported: Revision) -> None:
    """What was edited after the report stays as a last revision, from which a change can be made."""
    last = await last_revision(case.filing) or reported
    kept = [_content(form_of(revision)) for revision in (reported, last)]
    if case.filing.status is FilingStatus.AT_AUTHORITY or _content(living) in kept:
        return
    case.form = living
    case.judged = (await judge_many([(case.filing, living)]))[case.filing.id]
    case.values["revision"] = case.filing.revision
    submitter = case.actor
    case.actor = dataclasses.replace(submitter, account_id=case.filing.last_editor_id)
    await keep_a_revision(case)
    del case.values["submitted_at"]  # nobody submitted it
    case.actor = submitter


async def _overwrite(case: Case, form: FilingForm) -> None:
    await Subject.filter(id=case.filing.subject_id).update(**subject_columns(form.subject))
    kept: list[int] = []
    for site in form.websites:
        website_id = number_of(Website, site.id or "")
        theirs = Website.filter(id=website_id, subject_id=case.filing.subject_id)
        if website_id is None or not await theirs.update(archived=False, **website_columns(site)):
            continue
        kept.append(website_id)
        await write_domains(website_id, site.domains)
        await write_pre_approvals(website_id, site.pre_approvals)
        await _overwrite_access(website_id, site)
    await Website.filter(subject_id=case.filing.subject_id).exclude(id__in=kept).update(archived=True)


async def _overwrite_access(website_id: int, site: WebsiteForm) -> None:
    if site.access is None:
        return
    living = await Access.get_or_none(website_id=website_id, archived=False)
    known = number_of(Access, site.access.id or "") or 0
    access = await Access.get_or_none(id=known, website_id=website_id) or living
    if access is None:
        await create_access(website_id, site.access)
        return
    if living is not None and living.id != access.id:  # it took the place of the one that was reported
        await Access.filter(id=living.id).update(archived=True)
    await Access.filter(id=access.id).update(archived=False, **access_columns(site.access))
    await write_ip_ranges(access.id, site.access.ip_ranges)


async def _file_records(case: Case, filed: Filed, form: FilingForm) -> None:
    """The records are in force from now on; a website that is not this subject's is not touched, whatever was told."""
    own = {row[0] for row in await Website.filter(subject_id=case.filing.subject_id).values_list("id")}
    await Subject.filter(id=case.filing.subject_id).update(
        status=RecordStatus.FILED,
        archived=False,
        filing_number=filed.subject_number,
        authority_id=filed.subject_authority_id,
        version=F("version") + 1,
        updated_at=case.at,
    )
    for website_id, site in filed.websites.items():
        if website_id not in own:
            continue
        await Website.filter(id=website_id).update(
            status=RecordStatus.FILED,
            filing_number=site.number,
            authority_id=site.authority_id,
            version=F("version") + 1,
            updated_at=case.at,
        )
        await WebsiteDomain.filter(website_id=website_id).update(status=RecordStatus.FILED)
        await Access.filter(website_id=website_id, archived=False).update(
            status=RecordStatus.FILED, version=F("version") + 1, updated_at=case.at
        )
        for name, authority_id in site.domains.items():
            await WebsiteDomain.filter(name=name, website_id=website_id).update(authority_id=authority_id)
        for access_id, authority_id in site.accesses.items():
            await Access.filter(id=access_id, website_id=website_id).update(authority_id=authority_id)
        living = await Access.get_or_none(website_id=website_id, archived=False)
        for ends, authority_id in site.ranges.items() if living else ():
            start, end = ends.split("-")
            await IpRange.filter(access=living, start=start, end=end).update(authority_id=authority_id)


async def _keep_password(case: Case) -> None:
    """The first filing password, as its slow hash (C48)."""
    password_hash = case.request.get("password_hash")
    if case.filing.kind is not FilingKind.NEW_FILING or password_hash is None:
        return
    await FilingPassword.create(
        subject_id=case.filing.subject_id, password_hash=password_hash, created_at=case.at
    )
