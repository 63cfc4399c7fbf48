"""Reviewer's steps: claim, release, claim next, approve, return, pull back, and report again."""

from collections.abc import Mapping, Sequence
from typing import Any

from tortoise.expressions import Q, Subquery

from models.clock import now
from models.filing import Approval, Filing
from models.refusal import Invalid, NotPermitted
from models.states import FilingAction, FilingStatus, Role, TokenScope
from workflow.actors import Actor, visible_filings
from workflow.case import House, load_cases
from workflow.command import Outcome, carry_out
from workflow.engine import move
from workflow.steps import step
from workflow.transitions import rows_of
from workflow.wording import LONGEST_TEXT, UNWRITABLE, is_writable

MOST_NOTES = 200
_PATHS = ("subject", "websites", "cancellation")


async def claim_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Hold a submitted filing for half an hour, or renew the hold; raises no version."""
    return await step(actor, FilingAction.CLAIM_FILING, "claimFiling", id=id, version=version, key=key)


async def release_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Give up the hold; raises no version."""
    return await step(actor, FilingAction.RELEASE_FILING, "releaseFiling", id=id, version=version, key=key)


async def claim_next_filing(actor: Actor, *, key: str | None) -> Outcome:
    """Claim the submitted filing that is due first and free for this reviewer; no filing where there is none."""
    row = rows_of(FilingAction.CLAIM_FILING)[0]

    async def work() -> Outcome:
        if actor.role is not Role.REVIEWER or (
            actor.scopes is not None and TokenScope.REVIEW not in actor.scopes
        ):
            raise NotPermitted
        filing = await _next_for(actor)
        if filing is None:
            return Outcome()
        await move(row, (await load_cases(actor, [filing], judge=False))[0])
        return Outcome(ids={"filing": filing.id, "subject": filing.subject_id})

    return await carry_out(actor, "claimNextFiling", {}, key, work)


async def _next_for(actor: Actor) -> Filing | None:
    """The free filing that is due first and that this reviewer may decide, held until the unit of work ends.

    The query says what the guards of a claim say, so that what is his own costs nothing however much of it there is.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lte=now())
    queue = visible_filings(actor).filter(free, status=FilingStatus.SUBMITTED)
    if not House.as_set().self_review:
        me = actor.account_id
        queue = queue.exclude(Q(owner_id=me) | Q(filed_by_id=me) | Q(last_editor_id=me))
    # what he has approved already waits for another: an approval that no longer counts is not kept
    approved = Approval.filter(account_id=actor.account_id, filing__status=FilingStatus.SUBMITTED)
    queue = queue.exclude(id__in=Subquery(approved.values("filing_id")))
    return await queue.order_by("due_at", "id").select_for_update(skip_locked=True).first()


async def approve_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    note: str | None,
    key: str | None,
) -> Outcome:
    """Approve the revision that was judged, and pass it on to the authority (C36, C42)."""

    async def check(_: Filing) -> Mapping[str, Any]:
        if note is not None and not is_writable(note):
            raise Invalid(("note",), *UNWRITABLE)
        return {}

    return await step(
        actor, FilingAction.APPROVE_FILING, "approveFiling", check=check,
        id=id, version=version, key=key, revision=revision, note=_cut(note), message=_cut(note),
    )  # fmt: skip


async def return_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    message: str,
    notes: Sequence[Mapping[str, Any]],
    key: str | None,
) -> Outcome:
    """Return it with a message and notes on fields, each with its text, rule and suggestion (C33, C35)."""

    async def check(_: Filing) -> Mapping[str, Any]:
        _require_good_notes(message, notes)
        return {}

    return await step(
        actor, FilingAction.RETURN_FILING, "returnFiling", check=check,
        id=id, version=version, key=key, revision=revision, message=message,
        notes=[{**note, "path": list(note["path"])} for note in notes],
    )  # fmt: skip


def _cut(text: str | None) -> str | None:
    return text[:LONGEST_TEXT] if text else None


def _require_good_notes(message: str, notes: Sequence[Mapping[str, Any]]) -> None:
    if not is_writable(message):
        raise Invalid(("message",), *UNWRITABLE)
    if not message.strip() or len(message) > LONGEST_TEXT:
        raise Invalid(("message",), "退回说明应为1至2000个字符", "a message has 1 to 2000 characters")
    if len(notes) > MOST_NOTES:
        raise Invalid(("notes",), "一次最多200条意见", "at most 200 notes at a time")
    for place, note in enumerate(notes):
        path = ("notes", str(place))
        if not note["text"].strip() or len(note["text"]) > LONGEST_TEXT:
            raise Invalid((*path, "text"), "意见应为1至2000个字符", "a note has 1 to 2000 characters")
        if note["path"] and note["path"][0] not in _PATHS:
            zh, en = "路径应以subject、websites或cancellation开头", f"begin with one of {', '.join(_PATHS)}"
            raise Invalid((*path, "path"), zh, en)
        texts = (note["text"], note.get("rule") or "", note.get("suggestion") or "", *note["path"])
        if not all(is_writable(text) for text in texts):
            raise Invalid(path, *UNWRITABLE)
        if note.get("rule") and len(note["rule"]) > 32:
            raise Invalid((*path, "rule"), "规则编号过长", "the rule's id is too long")


async def pull_back_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    key: str | None,
) -> Outcome:
    """Take an approval back before the report has been taken."""
    return await step(
        actor,
        FilingAction.PULL_BACK_FILING,
        "pullBackFiling",
        id=id,
        version=version,
        key=key,
        revision=revision,
    )


async def report_filing_again(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    key: str | None,
) -> Outcome:
    """Report the same revision anew after a processing error that was not the data's fault."""
    return await step(
        actor, FilingAction.REPORT_FILING_AGAIN, "reportFilingAgain",
        id=id, version=version, key=key, revision=revision,
    )  # fmt: skip
