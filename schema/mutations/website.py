"""Mutations that add, edit and remove a website (网站)."""

from typing import Annotated

import strawberry

from models.states import FilingAction
from schema.absent import fields_of, told
from schema.answers import WebsitePayload, answer
from schema.context import Info
from schema.inputs.request import INPUT
from schema.inputs.website import AddWebsiteInput, RemoveWebsiteInput, UpdateWebsiteInput
from schema.sentences import does
from workflow import website_drafts


@strawberry.type(description="What became of addWebsite. 添加网站结果")
class AddWebsitePayload(WebsitePayload):
    """The new website, its subject and filing."""


@strawberry.type(description="What became of updateWebsite. 修改网站结果")
class UpdateWebsitePayload(WebsitePayload):
    """The website, its subject and filing."""


@strawberry.type(description="What became of removeWebsite. 移除网站结果")
class RemoveWebsitePayload(WebsitePayload):
    """The subject and filing; the website where it is archived only."""


async def add_website(
    info: Info,
    input: Annotated[AddWebsiteInput, INPUT],
) -> AddWebsitePayload | None:
    """Add a website to a subject."""
    command = website_drafts.add_website(
        info.context.actor,
        subject_id=input.subject_id,
        version=input.version,
        filing_id=told(input.filing_id),
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, AddWebsitePayload, command)


async def update_website(
    info: Info,
    input: Annotated[UpdateWebsiteInput, INPUT],
) -> UpdateWebsitePayload | None:
    """Edit a website."""
    command = website_drafts.update_website(
        info.context.actor,
        id=input.id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, UpdateWebsitePayload, command)


async def remove_website(
    info: Info,
    input: Annotated[RemoveWebsiteInput, INPUT],
) -> RemoveWebsitePayload | None:
    """Take a website out."""
    command = website_drafts.remove_website(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, RemoveWebsitePayload, command)


@strawberry.type
class WebsiteMutations:
    """The roots about websites."""

    add_website = strawberry.mutation(
        resolver=add_website,
        description=does(
            FilingAction.ADD_WEBSITE, "With `access` inside, the access too; `version` is the subject's."
        ),
    )
    update_website = strawberry.mutation(
        resolver=update_website,
        description=does(FilingAction.UPDATE_WEBSITE, "While its filing is in its owner's turn."),
    )
    remove_website = strawberry.mutation(
        resolver=remove_website,
        description=does(
            FilingAction.REMOVE_WEBSITE,
            "Erased if it was never submitted, else archived; its access goes with it.",
        ),
    )
