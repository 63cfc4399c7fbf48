"""Mutations by which its owner (所有人) takes a filing further."""

from typing import Annotated

import strawberry

from models.states import FilingAction
from schema.absent import told
from schema.answers import FilingPayload, NotePayload, SubjectPayload, answer
from schema.context import Info
from schema.inputs.filing import (
    CloneFilingInput,
    DropFilingInput,
    ReplyToNoteInput,
    RestoreFilingInput,
    SubmitFilingInput,
    WithdrawFilingInput,
)
from schema.inputs.request import INPUT
from schema.sentences import does
from workflow import clones, steps


@strawberry.type(description="What became of submitFiling. 提交结果")
class SubmitFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of withdrawFiling. 撤回结果")
class WithdrawFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of dropFiling. 放弃结果")
class DropFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of restoreFiling. 恢复结果")
class RestoreFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of cloneFiling. 复制结果")
class CloneFilingPayload(SubjectPayload):
    """The new filing and its new subject."""


@strawberry.type(description="What became of replyToNote. 答复结果")
class ReplyToNotePayload(NotePayload):
    """The note and its filing."""


async def submit_filing(
    info: Info,
    input: Annotated[SubmitFilingInput, INPUT],
) -> SubmitFilingPayload | None:
    """Submit."""
    command = steps.submit_filing(
        info.context.actor,
        id=input.id,
        version=input.version,
        filing_password=told(input.filing_password),
        key=told(input.idempotency_key),
    )
    return await answer(info, SubmitFilingPayload, command)


async def withdraw_filing(
    info: Info,
    input: Annotated[WithdrawFilingInput, INPUT],
) -> WithdrawFilingPayload | None:
    """Withdraw."""
    command = steps.withdraw_filing(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, WithdrawFilingPayload, command)


async def drop_filing(
    info: Info,
    input: Annotated[DropFilingInput, INPUT],
) -> DropFilingPayload | None:
    """Drop."""
    command = steps.drop_filing(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, DropFilingPayload, command)


async def restore_filing(
    info: Info,
    input: Annotated[RestoreFilingInput, INPUT],
) -> RestoreFilingPayload | None:
    """Restore."""
    command = steps.restore_filing(
        info.context.actor,
        id=input.id,
        version=input.version,
        filing_password=told(input.filing_password),
        key=told(input.idempotency_key),
    )
    return await answer(info, RestoreFilingPayload, command)


async def clone_filing(
    info: Info,
    input: Annotated[CloneFilingInput, INPUT],
) -> CloneFilingPayload | None:
    """Copy into a new draft."""
    command = clones.clone_filing(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, CloneFilingPayload, command)


async def reply_to_note(
    info: Info,
    input: Annotated[ReplyToNoteInput, INPUT],
) -> ReplyToNotePayload | None:
    """Answer a note."""
    command = steps.reply_to_note(
        info.context.actor, id=input.id, text=input.text, key=told(input.idempotency_key)
    )
    return await answer(info, ReplyToNotePayload, command)


@strawberry.type
class FilingMutations:
    """The roots of the owner's steps."""

    submit_filing = strawberry.mutation(
        resolver=submit_filing,
        description=does(
            FilingAction.SUBMIT_FILING,
            "Refused with every finding and every unmet note at once; else it locks.",
        ),
    )
    withdraw_filing = strawberry.mutation(
        resolver=withdraw_filing,
        description=does(
            FilingAction.WITHDRAW_FILING, "Until its report is being sent; the protocol has no recall."
        ),
    )
    drop_filing = strawberry.mutation(
        resolver=drop_filing,
        description=does(
            FilingAction.DROP_FILING, "It can be restored; what was never submitted is erased after 30 days."
        ),
    )
    restore_filing = strawberry.mutation(
        resolver=restore_filing,
        description=does(FilingAction.RESTORE_FILING, "Refused while another filing of its subject is open."),
    )
    clone_filing = strawberry.mutation(
        resolver=clone_filing,
        description=does(FilingAction.CLONE_FILING, "The copy is a subject of its own, in draft."),
    )
    reply_to_note = strawberry.mutation(
        resolver=reply_to_note,
        description=does(
            FilingAction.REPLY_TO_NOTE, "An answered note no longer blocks; `id` is the note's."
        ),
    )
