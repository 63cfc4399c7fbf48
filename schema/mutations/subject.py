"""Mutations that create and edit a subject (主体)."""

from typing import Annotated

import strawberry

from models.states import FilingAction
from schema.absent import fields_of, plain, told
from schema.answers import SubjectPayload, answer
from schema.context import Info
from schema.inputs.request import INPUT
from schema.inputs.subject import CreateSubjectInput, UpdateSubjectInput
from schema.sentences import does
from workflow import drafts


@strawberry.type(description="What became of createSubject. 新增备案结果")
class CreateSubjectPayload(SubjectPayload):
    """The new subject and its first filing."""


@strawberry.type(description="What became of updateSubject. 修改主体结果")
class UpdateSubjectPayload(SubjectPayload):
    """The subject and its filing."""


async def create_subject(
    info: Info,
    input: Annotated[CreateSubjectInput, INPUT],
) -> CreateSubjectPayload | None:
    """Create a subject and its NEW_FILING."""
    command = drafts.create_subject(
        info.context.actor,
        owner_id=told(input.owner_id),
        fields=fields_of(input),
        websites=plain(told(input.websites) or []),
        key=told(input.idempotency_key),
    )
    return await answer(info, CreateSubjectPayload, command)


async def update_subject(
    info: Info,
    input: Annotated[UpdateSubjectInput, INPUT],
) -> UpdateSubjectPayload | None:
    """Edit a subject."""
    command = drafts.update_subject(
        info.context.actor,
        id=input.id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, UpdateSubjectPayload, command)


@strawberry.type
class SubjectMutations:
    """The roots about subjects."""

    create_subject = strawberry.mutation(
        resolver=create_subject,
        description=does(
            FilingAction.CREATE_SUBJECT,
            "With `websites` inside, a whole filing in one call. Only names are required; a draft stores anything else.",
        ),
    )
    update_subject = strawberry.mutation(
        resolver=update_subject,
        description=does(FilingAction.UPDATE_SUBJECT, "While its filing is in its owner's turn."),
    )
