"""Mutations that add, edit and remove an access (接入)."""

from typing import Annotated

import strawberry

from models.states import FilingAction
from schema.absent import fields_of, told
from schema.answers import AccessPayload, answer
from schema.context import Info
from schema.inputs.access import AddAccessInput, RemoveAccessInput, UpdateAccessInput
from schema.inputs.request import INPUT
from schema.sentences import does
from workflow import website_drafts


@strawberry.type(description="What became of addAccess. 添加接入结果")
class AddAccessPayload(AccessPayload):
    """The new access, its website, subject and filing."""


@strawberry.type(description="What became of updateAccess. 修改接入结果")
class UpdateAccessPayload(AccessPayload):
    """The access, its website, subject and filing."""


@strawberry.type(description="What became of removeAccess. 移除接入结果")
class RemoveAccessPayload(AccessPayload):
    """The website, subject and filing; the access where it is archived only."""


async def add_access(
    info: Info,
    input: Annotated[AddAccessInput, INPUT],
) -> AddAccessPayload | None:
    """Add an access to a website."""
    command = website_drafts.add_access(
        info.context.actor,
        website_id=input.website_id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, AddAccessPayload, command)


async def update_access(
    info: Info,
    input: Annotated[UpdateAccessInput, INPUT],
) -> UpdateAccessPayload | None:
    """Edit an access."""
    command = website_drafts.update_access(
        info.context.actor,
        id=input.id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, UpdateAccessPayload, command)


async def remove_access(
    info: Info,
    input: Annotated[RemoveAccessInput, INPUT],
) -> RemoveAccessPayload | None:
    """Take an access out."""
    command = website_drafts.remove_access(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, RemoveAccessPayload, command)


@strawberry.type
class AccessMutations:
    """The roots about accesses."""

    add_access = strawberry.mutation(
        resolver=add_access,
        description=does(FilingAction.ADD_ACCESS, "`version` is the website's; a second access is refused."),
    )
    update_access = strawberry.mutation(
        resolver=update_access,
        description=does(FilingAction.UPDATE_ACCESS, "While its filing is in its owner's turn."),
    )
    remove_access = strawberry.mutation(
        resolver=remove_access,
        description=does(FilingAction.REMOVE_ACCESS, "Erased if it was never submitted, else archived."),
    )
