"""Mutations by which a reviewer (核实人员) takes up a filing and decides it."""

from typing import Annotated

import strawberry

from models.states import FilingAction
from schema.absent import plain, told
from schema.answers import FilingPayload, answer
from schema.context import Info
from schema.inputs.request import INPUT
from schema.inputs.review import (
    ApproveFilingInput,
    ClaimFilingInput,
    ClaimNextFilingInput,
    PullBackFilingInput,
    ReleaseFilingInput,
    ReturnFilingInput,
)
from schema.sentences import does
from workflow import reviews


@strawberry.type(description="What became of claimFiling. 领取结果")
class ClaimFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of releaseFiling. 放回结果")
class ReleaseFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of claimNextFiling. 领取下一件结果")
class ClaimNextFilingPayload(FilingPayload):
    """The filing that was claimed; null, without an error, where none waits."""


@strawberry.type(description="What became of approveFiling. 核实通过结果")
class ApproveFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of returnFiling. 退回结果")
class ReturnFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of pullBackFiling. 撤销核实通过结果")
class PullBackFilingPayload(FilingPayload):
    """The filing."""


async def claim_filing(
    info: Info,
    input: Annotated[ClaimFilingInput, INPUT],
) -> ClaimFilingPayload | None:
    """Claim."""
    command = reviews.claim_filing(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, ClaimFilingPayload, command)


async def release_filing(
    info: Info,
    input: Annotated[ReleaseFilingInput, INPUT],
) -> ReleaseFilingPayload | None:
    """Release."""
    command = reviews.release_filing(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, ReleaseFilingPayload, command)


async def claim_next_filing(
    info: Info,
    input: Annotated[ClaimNextFilingInput, INPUT],
) -> ClaimNextFilingPayload | None:
    """Claim the most urgent free one."""
    command = reviews.claim_next_filing(info.context.actor, key=told(input.idempotency_key))
    return await answer(info, ClaimNextFilingPayload, command)


async def approve_filing(
    info: Info,
    input: Annotated[ApproveFilingInput, INPUT],
) -> ApproveFilingPayload | None:
    """Approve."""
    command = reviews.approve_filing(
        info.context.actor,
        id=input.id,
        version=input.version,
        revision=input.revision,
        note=told(input.note),
        key=told(input.idempotency_key),
    )
    return await answer(info, ApproveFilingPayload, command)


async def return_filing(
    info: Info,
    input: Annotated[ReturnFilingInput, INPUT],
) -> ReturnFilingPayload | None:
    """Return with reasons."""
    command = reviews.return_filing(
        info.context.actor,
        id=input.id,
        version=input.version,
        revision=input.revision,
        message=input.message,
        notes=plain(input.notes),
        key=told(input.idempotency_key),
    )
    return await answer(info, ReturnFilingPayload, command)


async def pull_back_filing(
    info: Info,
    input: Annotated[PullBackFilingInput, INPUT],
) -> PullBackFilingPayload | None:
    """Pull back."""
    command = reviews.pull_back_filing(
        info.context.actor,
        id=input.id,
        version=input.version,
        revision=input.revision,
        key=told(input.idempotency_key),
    )
    return await answer(info, PullBackFilingPayload, command)


@strawberry.type
class ReviewMutations:
    """The roots of the reviewer's steps."""

    claim_filing = strawberry.mutation(
        resolver=claim_filing,
        description=does(
            FilingAction.CLAIM_FILING, "For 30 minutes; claiming again renews it. Raises no version."
        ),
    )
    release_filing = strawberry.mutation(
        resolver=release_filing, description=does(FilingAction.RELEASE_FILING, "Raises no version.")
    )
    claim_next_filing = strawberry.mutation(
        resolver=claim_next_filing,
        description="Claim the most urgent filing that nobody holds; `filing` is null where none waits. 领取下一件",
    )
    approve_filing = strawberry.mutation(
        resolver=approve_filing,
        description=does(
            FilingAction.APPROVE_FILING, "Not for a filing that one owns, typed or last edited."
        ),
    )
    return_filing = strawberry.mutation(
        resolver=return_filing,
        description=does(
            FilingAction.RETURN_FILING, "Each note may point at a field; a blocking one must be met."
        ),
    )
    pull_back_filing = strawberry.mutation(
        resolver=pull_back_filing, description=does(FilingAction.PULL_BACK_FILING, "Until it is being sent.")
    )
