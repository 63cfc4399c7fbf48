"""Revealing a masked value: to its owner, or to a reviewer with a reason; every reveal is on record."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.clock import now
from models.event import AuditEntry
from models.filing import Filing
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, NotPermitted
from models.states import FilingAction, FilingKind, Role
from models.subject import Subject
from models.website import Website
from rules.form import FilingForm
from workflow.actors import Actor, visible_filings
from workflow.command import Outcome, carry_out
from workflow.edits import Place, find_subject, find_website
from workflow.events import write_event
from workflow.forms import load_forms, subject_form, website_forms
from workflow.revisions import flatten
from workflow.targets import record_of
from workflow.views import Kept, kept_forms, shown_form
from workflow.wording import is_writable

LONGEST_REASON = 500
REVEALED = frozenset({"certificateNumber", "officePhone", "mobile"})


async def reveal_field(
    actor: Actor,
    *,
    id: str,
    path: Sequence[str],
    reason: str,
) -> tuple[Outcome, str | None]:
    """The clear value at `path` of a subject, website or filing, and what was put on record about it.

    Owners reveal their own; reviewers anything they see, with a reason. Tokens reveal nothing.
    """
    found: list[str | None] = [None]

    async def work() -> Outcome:
        filing, form, ids = await _form_about(actor, id)
        if actor.scopes is not None or actor.role not in (Role.APPLICANT, Role.REVIEWER):
            raise NotPermitted
        if not reason.strip() or len(reason) > LONGEST_REASON or not is_writable(reason):
            raise Invalid(("reason",), "请填写理由（500字以内）", "give a reason of at most 500 characters")
        full = _full_path(id, path)
        if not full or full[-1] not in REVEALED:
            raise Invalid(("path",), "此字段没有掩码", "this field is not masked")
        found[0] = _value(form, full)
        await _put_on_record(actor, filing, full, reason)
        return Outcome(ids=ids)

    request = {"id": id, "path": list(path), "reason": reason}
    outcome = await carry_out(actor, "revealField", request, None, work)
    return outcome, None if outcome.problems else found[0]


async def _form_about(actor: Actor, id: str) -> tuple[Filing, FilingForm, dict[str, int]]:
    """What was named as the actor is shown it, and the filing whose timeline tells of the reveal.

    A filing shows what it asks for, so a change its proposal; a record what is in force or drafted of it.
    """
    if number_of(Filing, id) is not None:
        filing = await visible_filings(actor).get_or_none(id=number_of(Filing, id))
        if filing is None:
            raise NotFound(("id",))
        form = await shown_form(actor, filing) or (await load_forms([filing]))[filing.id]
        return filing, form, {"filing": filing.id, "subject": filing.subject_id}
    place = await (find_website if number_of(Website, id) is not None else find_subject)(actor, id)
    filings = visible_filings(actor).filter(subject_id=place.subject.id).order_by("-id")
    holder = place.filing
    filing = holder if holder is not None and await _sees(actor, holder) else await filings.first()
    if filing is None:
        raise NotFound(("id",))
    return (
        filing,
        await _record_form(actor, place),
        {place.noun: place.record.id, "subject": place.subject.id},
    )


async def _sees(actor: Actor, filing: Filing) -> bool:
    return await visible_filings(actor).filter(id=filing.id).exists()


async def _record_form(actor: Actor, place: Place) -> FilingForm:
    kept = (await kept_forms(actor, [place.subject.id])).get(place.subject.id, Kept())
    form = FilingForm(FilingKind.NEW_FILING.value, kept.subject or subject_form(place.subject))
    if not isinstance(place.record, Website):
        return form
    site = kept.website(record_of(place.record)) or (await website_forms([place.record]))[place.record.id]
    return replace(form, websites=(site,))


def _full_path(id: str, path: Sequence[str]) -> tuple[str, ...]:
    """The path within the filing; within a subject or website its own beginning may be left out."""
    if path and path[0] in ("subject", "websites"):
        return tuple(path)
    if number_of(Website, id) is not None:
        return ("websites", id, *path)
    if number_of(Subject, id) is not None:
        return ("subject", *path)
    return tuple(path)


def _value(form: FilingForm, path: tuple[str, ...]) -> str | None:
    value: Any = flatten(form).get(path)
    return value if isinstance(value, str) else None


async def _put_on_record(actor: Actor, filing: Filing, path: tuple[str, ...], reason: str) -> None:
    place = "/".join(path)
    await AuditEntry.create(
        at=now(),
        account_id=actor.account_id,
        credential=actor.credential,
        action=FilingAction.REVEAL_FIELD.value,
        record=node_id(Filing, filing.id),
        detail={"path": list(path), "reason": reason},
    )
    if actor.account_id == filing.owner_id:
        return
    await write_event(
        subject_id=filing.subject_id, filing_id=filing.id, action=FilingAction.REVEAL_FIELD,
        actor_name=actor.name, account_id=actor.account_id, revision=filing.revision or None,
        note=f"{place}: {reason}"[:2000],
    )  # fmt: skip
