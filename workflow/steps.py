"""Owner's steps: submit, withdraw, drop, restore, and answer a returned note."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from models.filing import Filing, Note
from models.node_ids import number_of
from models.refusal import Invalid, NotFound, Refused
from models.states import FilingAction, FilingKind, NoteState
from models.subject import Subject
from workflow.actors import Actor, visible_filings
from workflow.case import load_cases
from workflow.command import Outcome, RefusedAbout, carry_out, secret_mark
from workflow.engine import (
    Check,
    record,
    refusal,
    state_problem,
    take_step,
    turn_problem,
)
from workflow.proofs import prove
from workflow.transitions import rows_of
from workflow.wording import LONGEST_TEXT, is_writable


async def step(
    actor: Actor,
    action: FilingAction,
    operation: str,
    *,
    id: str,
    version: int,
    key: str | None,
    variant: str | None = None,
    prepared: Mapping[str, Any] | None = None,
    check: Check | None = None,
    before: Callable[[], Awaitable[None]] | None = None,
    **request: Any,
) -> Outcome:
    """Carry out one row of the table as a command: the shape of nearly every mutation.

    `request` is what the caller said, `prepared` what was made of it beforehand; only the first tells two requests
    under one idempotency key apart. `check` judges the input once the actor is known to be the one whose step it is.
    `before` is done outside the unit of work, and may put into `prepared` what it found.
    """
    rows = rows_of(action, variant)

    async def work() -> Outcome:
        filing = await take_step(rows, actor, id, version, {**request, **(prepared or {})}, check)
        return Outcome(ids={"filing": filing.id, "subject": filing.subject_id})

    asked = {"id": id, "version": version, "variant": variant, **request}
    return await carry_out(actor, operation, asked, key, work, before)


async def submit_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    filing_password: str | None,
    key: str | None,
) -> Outcome:
    """Submit for the provider's check; refused with every finding and every unmet note at once (C28, C30, N3).

    `filing_password` is for the kinds that need one, where it was not shown before; a first filing has none.
    """
    return await _step_with_password(
        actor, FilingAction.SUBMIT_FILING, "submitFiling", id, version, filing_password, key
    )


async def _step_with_password(
    actor: Actor,
    action: FilingAction,
    operation: str,
    id: str,
    version: int,
    filing_password: str | None,
    key: str | None,
) -> Outcome:
    """A step that may bring the filing password, which is looked at only where the step is the actor's to take now."""
    row, prepared = rows_of(action)[0], dict[str, Any]()

    async def before() -> None:
        number = number_of(Filing, id)
        filing = None if number is None else await visible_filings(actor).get_or_none(id=number)
        if filing is None or filing.kind is FilingKind.NEW_FILING or filing_password is None:
            return
        if turn_problem(row, actor, filing) is None and state_problem(row, filing) is None:
            subject = await Subject.get(id=filing.subject_id)
            prepared["proof"] = await prove(actor, subject, filing_password, action)

    return await step(
        actor, action, operation, id=id, version=version, key=key, prepared=prepared, before=before,
        password=secret_mark(filing_password),
    )  # fmt: skip


async def withdraw_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Take it back to draft until its report is being uploaded (C43)."""
    return await step(actor, FilingAction.WITHDRAW_FILING, "withdrawFiling", id=id, version=version, key=key)


async def drop_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Give it up; its draft records are archived and can be restored (C44)."""
    return await step(actor, FilingAction.DROP_FILING, "dropFiling", id=id, version=version, key=key)


async def restore_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    filing_password: str | None,
    key: str | None,
) -> Outcome:
    """Make an abandoned filing a draft again, where nothing open stands in the way; the password is shown anew."""
    return await _step_with_password(
        actor, FilingAction.RESTORE_FILING, "restoreFiling", id, version, filing_password, key
    )


def _about(filing: Filing) -> dict[str, int]:
    return {"filing": filing.id, "subject": filing.subject_id}


async def reply_to_note(actor: Actor, *, id: str, text: str, key: str | None) -> Outcome:
    """Answer a returned note in words, instead of changing its field; raises no version."""
    row = rows_of(FilingAction.REPLY_TO_NOTE)[0]

    async def work() -> Outcome:
        number = number_of(Note, id)
        note = None if number is None else await Note.get_or_none(id=number)
        if note is None or not await visible_filings(actor).filter(id=note.filing_id).exists():
            raise NotFound(("id",))
        filing = await Filing.filter(id=note.filing_id).select_for_update().get()
        note = await Note.get(id=note.id)
        case = (await load_cases(actor, [filing], judge=False))[0]
        about = {**_about(filing), "note": note.id}
        try:
            problems = refusal(row, case)
            if problems:
                raise Refused(*problems)
            answer = _answer_text(text)
        except Refused as refused:
            raise RefusedAbout(refused, about) from refused
        await Note.filter(id=note.id).update(reply=answer, state=NoteState.ANSWERED)
        await record(
            actor, filing, row, version=None, moved=None, revision=filing.revision, note=answer, about=id
        )
        return Outcome(ids=about)

    return await carry_out(actor, "replyToNote", {"id": id, "text": text}, key, work)


def _answer_text(text: str) -> str:
    answer = text.strip()
    if not answer or len(answer) > LONGEST_TEXT or not is_writable(answer):
        raise Invalid(("text",), "答复应为1至2000个可见字符", "an answer has 1 to 2000 printable characters")
    return answer
