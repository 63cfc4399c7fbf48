"""Mutations that attach and detach documents (附件)."""

from typing import Annotated, Any

import strawberry

from models.states import FilingAction
from schema.absent import told
from schema.answers import WebsitePayload, answer, shows
from schema.context import Info
from schema.inputs.document import AttachFileInput, DetachFileInput
from schema.inputs.request import INPUT
from schema.sentences import does
from schema.types.attachment import Attachment
from workflow import attachments


@strawberry.type(description="What became of attachFile. 添加附件结果")
class AttachFilePayload(WebsitePayload):
    """The attachment, its record and filing."""

    attachment: Any = shows(Attachment, "The document as it is attached. 附件")


@strawberry.type(description="What became of detachFile. 移除附件结果")
class DetachFilePayload(WebsitePayload):
    """The record and filing; the attachment where it stayed."""

    attachment: Any = shows(Attachment, "The document where it could not be taken away. 附件")


async def attach_file(info: Info, input: Annotated[AttachFileInput, INPUT]) -> AttachFilePayload | None:
    """Attach a file."""
    command = attachments.attach_file(
        info.context.actor,
        owner_id=input.owner_id,
        version=input.version,
        file_id=input.file_id,
        use=input.use,
        remark=told(input.remark),
        key=told(input.idempotency_key),
    )
    return await answer(info, AttachFilePayload, command)


async def detach_file(info: Info, input: Annotated[DetachFileInput, INPUT]) -> DetachFilePayload | None:
    """Take an attachment away."""
    command = attachments.detach_file(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, DetachFilePayload, command)


@strawberry.type
class DocumentMutations:
    """The roots about documents."""

    attach_file = strawberry.mutation(
        resolver=attach_file,
        description=does(
            FilingAction.ATTACH_FILE,
            "Your own files alone, to a subject or website whose filing is in its owner's turn; "
            "a file may be attached more than once.",
        ),
    )
    detach_file = strawberry.mutation(
        resolver=detach_file,
        description=does(
            FilingAction.DETACH_FILE,
            "Of what came with the filing that is being edited; what came with an earlier one stays.",
        ),
    )
