"""Approval (审核通过): what the authority filed comes into force, each kind of filing in its own way."""

import dataclasses

from models.access import Access
from models.filing import FilingPassword, Revision, Target
from models.node_ids import node_id, number_of
from models.states import FilingKind, FilingStatus
from models.subject import Subject
from models.website import Website
from rules.form import FilingForm, SubjectForm, WebsiteForm
from workflow.case import Case
from workflow.effects import keep_a_revision
from workflow.ending import end_records
from workflow.facts import in_force
from workflow.filed import Filed
from workflow.filing_passwords import replace_password
from workflow.force import (
    change_records,
    file_access,
    file_subject,
    file_website,
    keep_ids,
    note_others,
    overwrite_access,
    overwrite_website,
)
from workflow.forms import load_forms, subject_form
from workflow.gate_changes import note_gate_changes
from workflow.judgement import judge_many
from workflow.proofs import travelling_of
from workflow.revisions import difference, form_of, last_revision
from workflow.rows import refresh_grams, subject_columns
from workflow.targets import numbers_among

K = FilingKind


async def put_in_force(case: Case) -> None:
    """What the authority filed is in force: data as it holds them, numbers, ids, the filing password where one is due."""
    filed: Filed | None = case.request.get("filed")
    number = case.request.get("reported_revision", case.filing.revision)
    reported = await Revision.get(filing_id=case.filing.id, number=number)
    match case.filing.kind:
        case K.NEW_FILING | K.ADD_WEBSITE:
            assert filed is not None
            await _bring(case, filed, reported)
        case K.ADD_ACCESS:
            assert filed is not None
            await _serve(case, filed, reported)
        case K.CHANGE:
            await _change(case, filed, reported)
        case _:
            await end_records(case)
    if filed is not None:
        await note_others(filed)
    await refresh_grams(case.filing.subject_id)
    await note_gate_changes(case.filing.subject_id)


def content(form: FilingForm, *, subject: bool = True) -> FilingForm:
    """A form as it compares: what the authority holds of it, an access without its id; `subject`: with the subject."""
    sites = tuple(
        dataclasses.replace(site, access=dataclasses.replace(site.access, id=None) if site.access else None)
        for site in form.websites
    )
    return FilingForm(kind="", subject=form.subject if subject else SubjectForm(), websites=sites)


async def _is_settled(case: Case, form: FilingForm, reported: Revision, *, subject: bool = True) -> bool:
    """Whether the living draft says what comes into force; what was edited since stays as a last revision.

    A change, or a first filing again, can be made from that.
    """
    living = (await load_forms([case.filing]))[case.filing.id]
    mine = content(living, subject=subject)
    if mine == content(form, subject=subject):
        return True
    last = await last_revision(case.filing) or reported
    kept = [content(form_of(revision), subject=subject) for revision in (reported, last)]
    if case.filing.status is not FilingStatus.AT_AUTHORITY and mine not in kept:
        await _keep_later_edits(case, living)
    return False


async def _keep_later_edits(case: Case, living: FilingForm) -> None:
    case.form = living
    case.judged = (await judge_many([(case.filing, living)]))[case.filing.id]
    case.values["revision"] = case.filing.revision
    submitter = case.actor
    case.actor = dataclasses.replace(submitter, account_id=case.filing.last_editor_id)
    await keep_a_revision(case)
    del case.values["submitted_at"]  # nobody submitted it
    case.actor = submitter


async def _bring(case: Case, filed: Filed, reported: Revision) -> None:
    """A first filing, or further websites: the records that it brought are filed under their numbers."""
    first, subject_id = case.filing.kind is K.NEW_FILING, case.filing.subject_id
    told, sent = filed.form, form_of(reported)
    own = {site.id for site in sent.websites}
    sites = tuple(site for site in told.websites if first or site.id in own) if told else sent.websites
    form = dataclasses.replace(told or sent, websites=sites)
    if not await _is_settled(case, form, reported, subject=first):
        await _overwrite(case, form, subject=first)
    if first:
        await file_subject(subject_id, filed, case.at)
        await _keep_first_password(case, case.request.get("password_hash"))
    brought = {number_of(Website, site.id or "") for site in form.websites}
    for website_id, site in filed.websites.items():
        if website_id not in brought:
            continue
        await file_website(subject_id, website_id, site, case.at)
        if not first:  # its owner may have taken it out since
            await Target.get_or_create(filing_id=case.filing.id, record=node_id(Website, website_id))


async def _overwrite(case: Case, form: FilingForm, *, subject: bool) -> None:
    """The rows become what is in force, as it was reported or as the authority holds it; what it does not hold goes."""
    subject_id = case.filing.subject_id
    living = (await load_forms([case.filing]))[case.filing.id]
    drafted = {number_of(Website, site.id or "") for site in living.websites}
    if subject:
        await Subject.filter(id=subject_id).update(**subject_columns(form.subject))
    kept: set[int | None] = set()
    for site in form.websites:
        website_id = await overwrite_website(subject_id, site)
        kept.add(website_id)
        if website_id is not None and site.access is not None:
            await overwrite_access(website_id, site.access)
    gone = [number for number in drafted - kept if number is not None]
    await Website.filter(id__in=gone, subject_id=subject_id).update(archived=True)


async def _serve(case: Case, filed: Filed, reported: Revision) -> None:
    """An added access is filed; what another provider had filed becomes what the authority holds of it."""
    sent = form_of(reported)
    [told] = sent.websites
    website_id = number_of(Website, told.id or "") or 0
    held = filed.site(told.id) or told
    await _is_settled(case, dataclasses.replace(sent, websites=(held,)), reported, subject=False)
    subject = await Subject.get(id=case.filing.subject_id)
    if sent.elsewhere:
        _tell_what_was_corrected(case, sent, filed, held)
        if subject.filing_number is None:
            if filed.form is not None:
                await Subject.filter(id=subject.id).update(**subject_columns(filed.form.subject))
            await file_subject(subject.id, filed, case.at)
            await _keep_first_password(case, (await travelling_of(case.filing.id)).get("hash"))
        await overwrite_website(subject.id, held)
        await file_website(subject.id, website_id, filed.websites[website_id], case.at, access=False)
    access = held.access or told.access
    if access is not None:
        await overwrite_access(website_id, access)
    await Access.filter(id__in=numbers_among(Access, [t.record for t in case.targets])).update(archived=False)
    await file_access(website_id, filed.websites[website_id], case.at)


def _tell_what_was_corrected(case: Case, sent: FilingForm, filed: Filed, held: WebsiteForm) -> None:
    """The timeline names the fields, not the values, in which the authority holds something else than was typed."""
    first = case.filing.kind is K.ADD_ACCESS and filed.form is not None and sent.division_in_force is None
    subject = filed.form.subject if first and filed.form is not None else sent.subject
    changes = difference(sent, dataclasses.replace(sent, subject=subject, websites=(held,)))
    if changes:
        fields = "、".join(dict.fromkeys(".".join(change.path) for change in changes))
        said = case.request.get("message")
        told = f"以管局备案数据为准，已更正：{fields}"
        case.request = {**case.request, "message": f"{said}；{told}" if said else told}


async def _change(case: Case, filed: Filed | None, reported: Revision) -> None:
    """The proposals of a change are in force as a whole (C56)."""
    sent = form_of(reported)
    sites = tuple((filed.site(site.id) if filed else None) or site for site in sent.websites)
    subject = filed.form.subject if filed is not None and filed.form is not None else sent.subject
    form = dataclasses.replace(sent, subject=subject, websites=sites)
    await _is_settled(case, form, reported)
    row = await Subject.get(id=case.filing.subject_id)
    ids = [form.subject.id, *(site.id for site in sites), *(site.access.id for site in sites if site.access)]
    await change_records(row.id, form, await in_force([name for name in ids if name]), case.at)
    for website_id, site in filed.websites.items() if filed else ():
        await keep_ids(website_id, site)
    await _rotate_password(case, subject_form(row), form.subject)


async def _keep_first_password(case: Case, password_hash: str | None) -> None:
    """The first filing password, as its slow hash (C48)."""
    if password_hash is not None:
        await FilingPassword.create(
            subject_id=case.filing.subject_id, password_hash=password_hash, created_at=case.at
        )


async def _rotate_password(case: Case, before: SubjectForm, after: SubjectForm) -> None:
    """A change of the principal or of his address replaces a password that is kept here (C84).

    The old address is told of it; `rotated` and `old_address` are for the letters.
    """
    old, new = before.principal, after.principal
    person = (old and old.name, old and old.email, old and old.certificate_number)
    password_hash = case.request.get("password_hash")
    if person == (new and new.name, new and new.email, new and new.certificate_number) or not password_hash:
        return
    await replace_password(case.filing.subject_id, password_hash, case.at, restricted=False)
    case.request = {**case.request, "rotated": True, "old_address": (old and old.email) or ""}
