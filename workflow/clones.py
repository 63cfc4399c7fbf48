"""Clones: a new draft with the data of an earlier filing, so that no work is lost (N8)."""

from datetime import timedelta
from typing import Any

from models.clock import now
from models.filing import Filing, Target
from models.node_ids import model_of, node_id, number_of
from models.refusal import Refused, StaleVersion
from models.report import Report
from models.states import FilingAction, FilingKind, FilingMode, FilingStatus, RecordStatus, ReportState
from models.subject import Subject
from models.website import Website
from rules.form import FilingForm
from workflow.actors import Actor
from workflow.attachments import copy_documents
from workflow.command import Outcome, RefusedAbout, carry_out
from workflow.drafts import begin_new_filing
from workflow.edits import place_of
from workflow.engine import approvals_for, find_filing, hold_subject, kind_problem, record, turn_problem
from workflow.facts import in_force
from workflow.forms import load_forms
from workflow.opening import opening_of, standing_of
from workflow.proposed import part_of
from workflow.revisions import form_of, last_revision
from workflow.standing import standing_problems
from workflow.targets import text_of_form
from workflow.transitions import rows_of
from workflow.views import is_drafted, shown_form

DOCUMENTS_KEPT = timedelta(days=90)
CLONE = FilingAction.CLONE_FILING


async def clone_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """A new draft of an earlier first filing, for the same owner, with its documents of the last 90 days.

    What was edited after the report that was approved becomes a change of what is in force; its filing password is
    asked for at submission.
    """
    row = rows_of(CLONE)[0]

    async def work() -> Outcome:
        filing = await find_filing(actor, id)
        about = {"filing": filing.id, "subject": filing.subject_id}
        try:
            problem = turn_problem(row, actor, filing) or kind_problem(row, filing)
            if problem is not None:
                raise Refused(problem)
            if version != filing.version:
                raise StaleVersion(filing.version)
            later = await _later_edits(filing)
            return await (_as_new(actor, filing) if later is None else _as_change(actor, filing, later))
        except Refused as refused:
            raise RefusedAbout(refused, about) from refused

    return await carry_out(actor, "cloneFiling", {"id": id, "version": version}, key, work)


async def _later_edits(filing: Filing) -> FilingForm | None:
    """What an approved first filing's owner had edited since the report that was approved; None where nothing was."""
    subject, last = await Subject.get(id=filing.subject_id), await last_revision(filing)
    if filing.status is not FilingStatus.APPROVED or subject.status is not RecordStatus.FILED or last is None:
        return None
    approved = (
        await Report.filter(filing_id=filing.id, state=ReportState.COMPLETE).order_by("-number").first()
    )
    return form_of(last) if approved is not None and last.number > approved.revision else None


async def _as_new(actor: Actor, filing: Filing) -> Outcome:
    """A new subject with its own first filing."""
    form = await _form_of(actor, filing)
    outcome = await begin_new_filing(
        actor,
        filing.owner_id,
        form.subject,
        form.websites,
        rows_of(CLONE)[0],
        about=node_id(Filing, filing.id),
    )
    websites = await Website.filter(subject_id=outcome.ids["subject"]).order_by("serial")
    pairs = {form.subject.id or "": node_id(Subject, outcome.ids["subject"])}
    pairs |= {
        site.id or "": node_id(Website, row.id) for site, row in zip(form.websites, websites, strict=True)
    }
    await copy_documents(actor, pairs, outcome.ids["filing"], now() - DOCUMENTS_KEPT)
    return outcome


async def _form_of(actor: Actor, filing: Filing) -> FilingForm:
    """The living draft where there is one and the actor sees it, else what was submitted last."""
    last = await last_revision(filing)
    if last is not None and not is_drafted(filing):
        return form_of(last)
    return await shown_form(actor, filing) or (await load_forms([filing]))[filing.id]


async def _as_change(actor: Actor, filing: Filing, later: FilingForm) -> Outcome:
    """A change whose proposals are what was edited; refused where a change may not be opened now."""
    opening = opening_of(FilingAction.START_CHANGE)
    await hold_subject(filing.subject_id)
    place = await place_of(await Subject.get(id=filing.subject_id))
    problems = standing_problems(standing_of(opening, place.subject, place.around, []))
    if problems:
        raise Refused(*problems)
    own = filing.owner_id == actor.account_id
    change = await Filing.create(
        kind=FilingKind.CHANGE,
        subject_id=filing.subject_id,
        owner_id=filing.owner_id,
        filed_by_id=actor.account_id,
        last_editor_id=actor.account_id,
        mode=FilingMode.SELF if own else FilingMode.ON_BEHALF,
        approvals_needed=approvals_for(FilingKind.CHANGE),
        created_at=now(),
        updated_at=now(),
    )
    await _propose(change, later)
    about = node_id(Filing, filing.id)
    await record(
        actor,
        change,
        rows_of(CLONE)[0],
        version=1,
        moved=(None, FilingStatus.DRAFT),
        revision=None,
        about=about,
    )
    return Outcome(ids={"subject": filing.subject_id, "filing": change.id})


async def _propose(change: Filing, later: FilingForm) -> None:
    """A target for every record in force of which something else was edited."""
    accesses = (site.access.id for site in later.websites if site.access)
    names = [later.subject.id, *(site.id for site in later.websites), *accesses]
    for name, living in (await in_force([name for name in names if name])).items():
        wanted = part_of(later, name)
        if wanted is None or wanted == living:
            continue
        model: Any = model_of(name)
        row = await model.get(id=number_of(model, name))
        if row.status is RecordStatus.FILED:
            await Target.create(
                filing_id=change.id,
                record=name,
                base=text_of_form(living),
                base_version=row.version,
                proposal=text_of_form(wanted),
            )
