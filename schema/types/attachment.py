"""Attachment (附件): a document of a subject, a website or a pre-approval."""

from datetime import datetime

import strawberry

from models.attachment import Attachment as AttachmentRow
from models.attachment import StoredFile
from models.node_ids import node_id
from rules.codes import ATTACHMENT_USE
from rules.codes import Code as CodeValue
from rules.documents import PAPER_USE
from schema.context import Info
from schema.node import id_field
from schema.sources import code_in
from schema.types.code import Code
from workflow.codes import code_book


async def show_use(row: strawberry.Parent[AttachmentRow]) -> CodeValue:
    """What it proves."""
    return PAPER_USE if row.use == PAPER_USE.code else code_in(await code_book(), ATTACHMENT_USE, row.use)


def show_filename(row: strawberry.Parent[AttachmentRow]) -> str | None:
    """Its name, as the uploader told it."""
    return row.file.filename


def show_media_type(row: strawberry.Parent[AttachmentRow]) -> str:
    """Its media type."""
    return row.file.media_type


def show_size_bytes(row: strawberry.Parent[AttachmentRow]) -> int:
    """Its size."""
    return row.file.size_bytes


def show_width(row: strawberry.Parent[AttachmentRow]) -> int:
    """Its width."""
    return row.file.width


def show_height(row: strawberry.Parent[AttachmentRow]) -> int:
    """Its height."""
    return row.file.height


def show_uploaded_at(row: strawberry.Parent[AttachmentRow]) -> datetime:
    """When it came."""
    moment: datetime = row.file.created_at
    return moment


def show_url(row: strawberry.Parent[AttachmentRow]) -> str:
    """The path on this host."""
    return f"/files/{node_id(StoredFile, row.file_id)}"


@strawberry.type(description="A document of a record: a certificate, a verification sheet, a paper. 附件")
class Attachment:
    """Its value is a row of `attachment`, read with its file."""

    id = id_field(AttachmentRow)
    use = strawberry.field(
        resolver=show_use, graphql_type=Code, description="What it proves, of table attachment_use. 用途"
    )
    filename = strawberry.field(
        resolver=show_filename, description="The name that its uploader gave it. 文件名"
    )
    media_type = strawberry.field(
        resolver=show_media_type, description="`image/jpeg` or `image/png`. 文件类型"
    )
    size_bytes = strawberry.field(resolver=show_size_bytes, description="Its size in bytes. 大小")
    width = strawberry.field(
        resolver=show_width, graphql_type=int | None, description="Its width in pixels. 宽度"
    )
    height = strawberry.field(
        resolver=show_height, graphql_type=int | None, description="Its height in pixels. 高度"
    )
    remark: str | None = strawberry.field(description="A remark. 备注")
    uploaded_at = strawberry.field(resolver=show_uploaded_at, description="When it was uploaded. 上传时间")
    url = strawberry.field(
        resolver=show_url,
        description="Where it is fetched with the same session or token, relative to this host. 下载地址",
    )


async def attachments_of_record(info: Info, record: str, paper: str | None = None) -> list[AttachmentRow]:
    """The documents of a record, or of one pre-approval of a website, as the caller is shown them."""
    rows = await info.context.loaders.attachments.load(record)
    return [row for row in rows if row.paper == paper]
