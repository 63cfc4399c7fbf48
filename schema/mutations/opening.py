"""Mutations that open a filing on what is filed (变更, 新增, 注销), and edit what such a filing asks for."""

from typing import Annotated, Any

import strawberry

from models.states import FilingAction
from schema.absent import fields_of, plain, told
from schema.answers import AccessPayload, FilingPayload, SubjectPayload, WebsitePayload, answer
from schema.context import Info
from schema.inputs.opening import (
    AddChangeTargetInput,
    CancelAccessInput,
    CancelInput,
    CancelSubjectInput,
    CancelWebsiteInput,
    StartAddAccessInput,
    StartAddWebsiteInput,
    StartChangeInput,
    UpdateCancellationInput,
)
from schema.inputs.request import INPUT
from schema.sentences import does
from workflow import access_openings, cancellations, openings
from workflow.access_openings import Typed


@strawberry.type(description="What became of startChange. 开始变更结果")
class StartChangePayload(SubjectPayload):
    """The new filing and its subject."""


@strawberry.type(description="What became of addChangeTarget. 增加变更对象结果")
class AddChangeTargetPayload(FilingPayload):
    """The change."""


@strawberry.type(description="What became of startAddWebsite. 开始新增网站结果")
class StartAddWebsitePayload(SubjectPayload):
    """The new filing and its subject."""


@strawberry.type(description="What became of startAddAccess. 开始新增接入结果")
class StartAddAccessPayload(AccessPayload):
    """The new filing, the access and what it hangs on."""


@strawberry.type(description="What became of cancelAccess. 取消接入结果")
class CancelAccessPayload(AccessPayload):
    """The filing, submitted, and the access."""


@strawberry.type(description="What became of cancelWebsite. 注销网站结果")
class CancelWebsitePayload(WebsitePayload):
    """The filing, submitted, and the website."""


@strawberry.type(description="What became of cancelSubject. 注销主体结果")
class CancelSubjectPayload(SubjectPayload):
    """The filing, submitted, and the subject."""


@strawberry.type(description="What became of updateCancellation. 修改注销理由结果")
class UpdateCancellationPayload(FilingPayload):
    """The cancellation."""


async def start_change(
    info: Info,
    input: Annotated[StartChangeInput, INPUT],
) -> StartChangePayload | None:
    """Open a change."""
    command = openings.start_change(
        info.context.actor,
        subject_id=input.subject_id,
        target_ids=list(input.target_ids),
        filing_password=told(input.filing_password),
        key=told(input.idempotency_key),
    )
    return await answer(info, StartChangePayload, command)


async def add_change_target(
    info: Info,
    input: Annotated[AddChangeTargetInput, INPUT],
) -> AddChangeTargetPayload | None:
    """Take a further record in."""
    command = openings.add_change_target(
        info.context.actor,
        id=input.id,
        version=input.version,
        target_id=input.target_id,
        key=told(input.idempotency_key),
    )
    return await answer(info, AddChangeTargetPayload, command)


async def start_add_website(
    info: Info,
    input: Annotated[StartAddWebsiteInput, INPUT],
) -> StartAddWebsitePayload | None:
    """Open a filing for further websites."""
    command = openings.start_add_website(
        info.context.actor,
        subject_id=input.subject_id,
        filing_password=told(input.filing_password),
        key=told(input.idempotency_key),
    )
    return await answer(info, StartAddWebsitePayload, command)


async def start_add_access(
    info: Info,
    input: Annotated[StartAddAccessInput, INPUT],
) -> StartAddAccessPayload | None:
    """Open a filing for an access."""
    given = plain(input)
    fields = {name: given[name] for name in ("methods", "server_locations", "ip_ranges") if name in given}
    command = access_openings.start_add_access(
        info.context.actor,
        website_id=told(input.website_id),
        website_filing_number=told(input.website_filing_number),
        filing_password=told(input.filing_password),
        typed=Typed(given.get("subject") or {}, given.get("website") or {}, fields),
        owner_id=told(input.owner_id),
        key=told(input.idempotency_key),
    )
    return await answer(info, StartAddAccessPayload, command)


def _asked(input: CancelInput) -> dict[str, Any]:
    return {
        "id": input.id,
        "version": input.version,
        "reason": told(input.reason),
        "remark": told(input.remark),
        "filing_password": told(input.filing_password),
        "key": told(input.idempotency_key),
    }


async def cancel_access(
    info: Info,
    input: Annotated[CancelAccessInput, INPUT],
) -> CancelAccessPayload | None:
    """Ask for the end of an access."""
    command = cancellations.cancel_access(info.context.actor, **_asked(input))
    return await answer(info, CancelAccessPayload, command)


async def cancel_website(
    info: Info,
    input: Annotated[CancelWebsiteInput, INPUT],
) -> CancelWebsitePayload | None:
    """Ask for the end of a website."""
    command = cancellations.cancel_website(info.context.actor, **_asked(input))
    return await answer(info, CancelWebsitePayload, command)


async def cancel_subject(
    info: Info,
    input: Annotated[CancelSubjectInput, INPUT],
) -> CancelSubjectPayload | None:
    """Ask for the end of a subject."""
    command = cancellations.cancel_subject(info.context.actor, **_asked(input))
    return await answer(info, CancelSubjectPayload, command)


async def update_cancellation(
    info: Info,
    input: Annotated[UpdateCancellationInput, INPUT],
) -> UpdateCancellationPayload | None:
    """Edit reason and remark."""
    command = cancellations.update_cancellation(
        info.context.actor,
        id=input.id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, UpdateCancellationPayload, command)


@strawberry.type
class OpeningMutations:
    """Opening what follows the first approval."""

    start_change = strawberry.mutation(resolver=start_change, description=does(FilingAction.START_CHANGE))
    add_change_target = strawberry.mutation(
        resolver=add_change_target, description=does(FilingAction.ADD_CHANGE_TARGET)
    )
    start_add_website = strawberry.mutation(
        resolver=start_add_website, description=does(FilingAction.START_ADD_WEBSITE)
    )
    start_add_access = strawberry.mutation(
        resolver=start_add_access, description=does(FilingAction.START_ADD_ACCESS)
    )
    cancel_access = strawberry.mutation(resolver=cancel_access, description=does(FilingAction.CANCEL_ACCESS))
    cancel_website = strawberry.mutation(
        resolver=cancel_website, description=does(FilingAction.CANCEL_WEBSITE)
    )
    cancel_subject = strawberry.mutation(
        resolver=cancel_subject, description=does(FilingAction.CANCEL_SUBJECT)
    )
    update_cancellation = strawberry.mutation(
        resolver=update_cancellation, description=does(FilingAction.UPDATE_CANCELLATION)
    )
