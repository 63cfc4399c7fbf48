"""Drafts: entering a subject and editing it, with whatever hangs on it, while it is its owner's turn."""

from collections.abc import Sequence
from typing import Any

from models.account import Account
from models.clock import now
from models.filing import Filing
from models.node_ids import number_of
from models.refusal import Invalid, NotFound, NotPermitted, StaleVersion
from models.states import FilingAction, FilingKind, FilingMode, Role, TokenScope
from models.subject import Subject
from models.website import Website
from rules.form import SubjectForm, WebsiteForm
from workflow.actors import Actor
from workflow.attachments import attach_papers
from workflow.command import Outcome, carry_out
from workflow.conflicts import conflicts_with
from workflow.edits import Place, edit, find_subject
from workflow.engine import approvals_for, record
from workflow.entry import Given, refuse_unstorable, subject_entry, website_entry
from workflow.forms import subject_form
from workflow.proposals import propose
from workflow.rows import create_website, refresh_grams, subject_columns
from workflow.surroundings import Record
from workflow.targets import RecordForm
from workflow.transition import Transition, Turn
from workflow.website_drafts import papers_in

CREATE = Transition(
    FilingAction.CREATE_SUBJECT, "录入主体，开始新增备案", "enter a subject and begin its first filing",
    frozenset(), None, Turn.OWNER,
)  # fmt: skip


async def create_subject(
    actor: Actor, *, owner_id: str | None, fields: Given, websites: Sequence[Given], key: str | None
) -> Outcome:
    """A draft subject with its NEW_FILING, and websites with their accesses in the same go (C13, C20, C21).

    Applicants enter their own; reviewers enter for the customer account `owner_id`. Only names are required.
    """

    async def work() -> Outcome:
        owner = await owner_for(actor, owner_id)
        subject = subject_entry(SubjectForm(), fields)
        sites = [website_entry(WebsiteForm(id=str(place)), given) for place, given in enumerate(websites)]
        await refuse_unstorable(subject, sites)
        outcome = await begin_new_filing(actor, owner, subject, sites, CREATE)
        await _attach_papers(actor, outcome, websites)
        return outcome

    request = {"owner_id": owner_id, "fields": fields, "websites": list(websites)}
    return await carry_out(actor, "createSubject", request, key, work)


async def _attach_papers(actor: Actor, outcome: Outcome, websites: Sequence[Given]) -> None:
    filing, subject = await Filing.get(id=outcome.ids["filing"]), await Subject.get(id=outcome.ids["subject"])
    rows = await Website.filter(subject_id=subject.id).order_by("serial")
    for row, given in zip(rows, websites, strict=True):
        await attach_papers(actor, Place(row, subject, filing), papers_in(given))


async def begin_new_filing(
    actor: Actor,
    owner_id: int,
    subject: SubjectForm,
    sites: Sequence[WebsiteForm],
    step: Transition,
    about: str | None = None,
) -> Outcome:
    """Write a new draft subject, its websites and its NEW_FILING, and tell of it; inside a unit of work."""
    mode = FilingMode.SELF if owner_id == actor.account_id else FilingMode.ON_BEHALF
    people: dict[str, Any] = {"owner_id": owner_id, "filed_by_id": actor.account_id, "mode": mode}
    row = await Subject.create(created_at=now(), **people, **subject_columns(subject))
    for site in sites:
        await create_website(row.id, site)
    filing = await Filing.create(
        kind=FilingKind.NEW_FILING,
        subject_id=row.id,
        last_editor_id=actor.account_id,
        approvals_needed=approvals_for(FilingKind.NEW_FILING),
        created_at=now(),
        updated_at=now(),
        **people,
    )
    await refresh_grams(row.id)
    await record(actor, filing, step, version=1, moved=(None, filing.status), revision=None, about=about)
    return Outcome(ids={"subject": row.id, "filing": filing.id})


async def owner_for(actor: Actor, owner_id: str | None) -> int:
    """Whose the filing will be: the applicant himself, or the customer a reviewer names."""
    if actor.scopes is not None and TokenScope.FILE not in actor.scopes:
        raise NotPermitted
    if actor.account_id is None or actor.role not in (Role.APPLICANT, Role.REVIEWER):
        raise NotPermitted
    named = None if owner_id is None else number_of(Account, owner_id)
    if actor.role is Role.APPLICANT:
        if owner_id is not None and named != actor.account_id:
            raise NotFound(("ownerId",))
        return actor.account_id
    if owner_id is None:
        raise Invalid(("ownerId",), "代为报备须指明客户账号", "name the customer whose filing it is")
    owner = (
        None if named is None else await Account.get_or_none(id=named, role=Role.APPLICANT, disabled=False)
    )
    if owner is None:
        raise NotFound(("ownerId",))
    return int(owner.id)


async def update_subject(
    actor: Actor,
    *,
    id: str,
    version: int,
    fields: Given,
    key: str | None,
) -> Outcome:
    """Edit the subject of an open draft, returned or refused filing, or what a change proposes for it.

    Absent fields stay, None clears.
    """

    def enter(form: RecordForm) -> RecordForm:
        assert isinstance(form, SubjectForm)
        return subject_entry(form, fields)

    async def write(place: Place) -> Record | None:
        if place.is_proposed:
            return await propose(place, version, enter)
        before = subject_form(place.subject)
        form = subject_entry(before, fields)
        await refuse_unstorable(form)
        if form == before:
            return None
        won = await Subject.filter(id=place.subject.id, version=version).update(
            version=version + 1, **subject_columns(form)
        )
        if not won:
            raise StaleVersion((await Subject.get(id=place.subject.id)).version)
        return place.subject

    async def work() -> Outcome:
        place = await find_subject(actor, id)
        return await edit(
            actor, FilingAction.UPDATE_SUBJECT, place, version, write, conflicts_with(actor, enter)
        )

    request = {"id": id, "version": version, "fields": fields}
    return await carry_out(actor, "updateSubject", request, key, work)
