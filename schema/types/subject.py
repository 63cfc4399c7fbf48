"""Subject (主体): the organiser whose websites are filed."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from models.account import Account as AccountRow
from models.attachment import Attachment as AttachmentRow
from models.filing import Filing as FilingRow
from models.joint_act import JointAct as JointActRow
from models.states import FilingMode, RecordOrigin, RecordStatus
from rules.form import SubjectForm
from schema.connections import (
    After,
    Before,
    Connection,
    ConnectionSource,
    First,
    Last,
    arguments,
    connect_nested,
)
from schema.context import Info
from schema.node import Node
from schema.scalars import FilingNumber
from schema.sources import SubjectProposalSource, SubjectSource
from schema.types.account import Account
from schema.types.attachment import Attachment, attachments_of_record
from schema.types.finding import PermittedAction
from schema.types.joint_act import JointAct
from schema.types.record_data import SubjectData
from schema.types.references import EVENT, FILING, SUBJECT_PROPOSAL, WEBSITE
from workflow.permissions import Permission, record_permissions

OpenFilings = Sequence[FilingRow]


async def show_owner(subject: strawberry.Parent[SubjectSource], info: Info) -> AccountRow | None:
    """Whose it is."""
    return await info.context.loaders.accounts.load(subject.row.owner_id)


async def show_attachments(subject: strawberry.Parent[SubjectSource], info: Info) -> list[AttachmentRow]:
    """Its documents."""
    return await attachments_of_record(info, subject.id)


async def show_joint_acts(subject: strawberry.Parent[SubjectSource], info: Info) -> list[JointActRow]:
    """What waits for a second reviewer."""
    return await info.context.loaders.waiting_acts.load(subject.row.id)


async def show_open_filings(subject: strawberry.Parent[SubjectSource], info: Info) -> OpenFilings:
    """Its open filings that the caller sees, the oldest first."""
    return await info.context.loaders.records.open_filings.load(subject.row.id)


async def show_open_filing(subject: strawberry.Parent[SubjectSource], info: Info) -> FilingRow | None:
    """The oldest of its open filings."""
    return next(iter(await info.context.loaders.records.open_filings.load(subject.row.id)), None)


async def show_proposed(
    subject: strawberry.Parent[SubjectSource], info: Info
) -> SubjectProposalSource | None:
    """What an open change would make of it."""
    found = await info.context.loaders.records.proposed.load(subject.id)
    if found is None or not isinstance(found.form, SubjectForm):
        return None
    return SubjectProposalSource(subject.row, found.form, subject.book, found)


async def show_permitted_actions(
    subject: strawberry.Parent[SubjectSource], info: Info
) -> tuple[Permission, ...]:
    """What the caller may do to it now."""
    around = await info.context.loaders.records.around.load(subject.row.id)
    return record_permissions(info.context.actor, subject.row, subject.row, around)


async def show_websites(
    subject: strawberry.Parent[SubjectSource],
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of its websites in entry order."""
    loaders = info.context.loaders
    asked = arguments(first, after, last, before)
    return await connect_nested(
        info.context, loaders.websites_of, subject.row.id, asked, loaders.records.present_websites
    )


async def show_filings(
    subject: strawberry.Parent[SubjectSource],
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of its filings, the newest first."""
    asked = arguments(first, after, last, before)
    return await connect_nested(info.context, info.context.loaders.filings_of, subject.row.id, asked)


async def show_timeline(
    subject: strawberry.Parent[SubjectSource],
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of what happened to it, the oldest first."""
    asked = arguments(first, after, last, before)
    return await connect_nested(info.context, info.context.loaders.events_of_subject, subject.row.id, asked)


@strawberry.type(
    description="The organiser whose websites are filed, as it is in force or as it is being drafted. 主体"
)
class Subject(Node, SubjectData):
    """Its value is a SubjectSource."""

    version: int = strawberry.field(description="Rises with every edit; updates must name it. 版本")
    status: RecordStatus = strawberry.field(description="What it is in force as. 状态")
    origin: RecordOrigin = strawberry.field(description="Where it was first filed. 备案来源")
    archived: bool = strawberry.field(
        description="Whether it left the list with its dropped filing. 是否归档"
    )
    mode: FilingMode = strawberry.field(description="Who types it. 报备方式")
    owner = strawberry.field(
        resolver=show_owner, graphql_type=Account | None, description="The customer it belongs to. 所有人"
    )
    filing_number: FilingNumber | None = strawberry.field(description="Its number, once filed. 主体备案号")
    proposed = strawberry.field(
        resolver=show_proposed,
        graphql_type=SUBJECT_PROPOSAL | None,
        description="What an open change would make of it. 变更内容",
    )
    attachments = strawberry.field(
        resolver=show_attachments, graphql_type=list[Attachment], description="Its documents. 附件"
    )
    created_at: datetime = strawberry.field(description="When it was entered. 创建时间")
    updated_at: datetime = strawberry.field(description="When it was last changed. 更新时间")
    open_filing = strawberry.field(
        resolver=show_open_filing,
        graphql_type=FILING | None,
        description="The oldest open filing. 未完结的备案申请",
    )
    open_filings = strawberry.field(
        resolver=show_open_filings,
        graphql_type=list[FILING],
        description="All open filings. 全部未完结的备案申请",
    )
    websites = strawberry.field(
        resolver=show_websites,
        graphql_type=Connection[WEBSITE],
        description="Its websites in entry order. 网站",
    )
    filings = strawberry.field(
        resolver=show_filings,
        graphql_type=Connection[FILING],
        description="Its filings, the newest first. 备案申请",
    )
    timeline = strawberry.field(
        resolver=show_timeline,
        graphql_type=Connection[EVENT],
        description="What happened, the oldest first. 办理记录",
    )
    joint_acts = strawberry.field(
        resolver=show_joint_acts,
        graphql_type=list[JointAct],
        description="What waits for a second reviewer, at most one of a kind; empty to others than staff. 双人事项",
    )
    permitted_actions = strawberry.field(
        resolver=show_permitted_actions,
        graphql_type=list[PermittedAction],
        description="Every edit of it, and whether the caller may make it now. 可执行操作",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value of `Node` is a subject."""
        return isinstance(value, SubjectSource)
