"""JointAct (双人事项): what one of the staff asks for and another decides."""

from datetime import datetime
from typing import Any

import strawberry

from models.account import Account as AccountRow
from models.attachment import Attachment, StoredFile
from models.joint_act import JointAct as JointActRow
from models.node_ids import node_id
from models.states import JointKind, JointState, Role
from rules.masks import mask_email
from schema.context import Info
from schema.enums import publish
from schema.node import Node, find_node, id_field
from schema.sources import SubjectSource
from schema.types.account import Account
from schema.types.references import SUBJECT
from workflow.joint_acts import detail_of, state_of

publish(
    JointKind,
    "What two of the staff do together. 双人事项类型",
    {
        JointKind.RESET_PASSWORD: "A new filing password goes to another address than the principal's. 重置备案密码",
        JointKind.TRANSFER: "A subject goes to another customer. 变更主体所有人",
        JointKind.CORRECT_FILING_NUMBER: "A mistyped filing number is mended. 更正备案号",
    },
)
publish(
    JointState,
    "How far it has come. 双人事项状态",
    {
        JointState.WAITING: "Waits for another reviewer. 待复核",
        JointState.CONFIRMED: "Confirmed, and done. 已通过",
        JointState.REJECTED: "Rejected, or taken back; nothing was done. 未通过",
        JointState.EXPIRED: "Nobody decided in seven days; nothing was done. 已过期",
    },
)

Act = strawberry.Parent[JointActRow]


def show_state(act: Act) -> JointState:
    """The state as it is now."""
    return state_of(act)


async def show_subject(act: Act, info: Info) -> SubjectSource | None:
    """The subject it is about, as the caller sees it."""
    return await info.context.loaders.records.subjects.load(act.subject_id)


async def show_asker(act: Act, info: Info) -> AccountRow | None:
    """Who asked."""
    return await info.context.loaders.accounts.load(act.asked_by_id)


async def show_decider(act: Act, info: Info) -> AccountRow | None:
    """Who decided."""
    return None if act.decided_by_id is None else await info.context.loaders.accounts.load(act.decided_by_id)


async def show_new_owner(act: Act, info: Info) -> AccountRow | None:
    """Of a transfer: whose it would be."""
    owner = detail_of(act).get("owner")
    return None if owner is None else await info.context.loaders.accounts.load(owner)


def show_deliver_to(act: Act, info: Info) -> str | None:
    """Of a reset: where the password would go; reviewers compare it with the documents, others see it masked."""
    address = detail_of(act).get("deliver_to")
    clear = info.context.actor.role is Role.REVIEWER
    return address if clear or address is None else mask_email(address)


async def show_record(act: Act, info: Info) -> Any:
    """Of a correction: the record whose number is wrong."""
    return await find_node(info.context, detail_of(act).get("record"))


def show_number(act: Act) -> str | None:
    """Of a correction: the number as it should be."""
    return detail_of(act).get("number")


async def show_documents(act: Act) -> list[strawberry.ID]:
    """The files that were laid beside it."""
    rows = Attachment.filter(record=node_id(JointActRow, act.id)).order_by("id")
    return [strawberry.ID(node_id(StoredFile, row[0])) for row in await rows.values_list("file_id")]


@strawberry.type(
    description="What one reviewer asks for and another confirms or rejects, within seven days. 双人事项"
)
class JointAct:
    """Its value is a row of `joint_act`; what was asked is shown until it is decided, and kept no longer."""

    id = id_field(JointActRow)
    kind: JointKind = strawberry.field(description="What is asked for. 类型")
    state = strawberry.field(resolver=show_state, description="How far it has come. 状态")
    subject = strawberry.field(
        resolver=show_subject, graphql_type=SUBJECT | None, description="What it is about. 主体"
    )
    reason: str = strawberry.field(description="Why it is asked for. 理由")
    answer: str | None = strawberry.field(description="Why it was rejected. 未通过理由")
    asked_by = strawberry.field(
        resolver=show_asker, graphql_type=Account | None, description="Who asked. 申请人"
    )
    decided_by = strawberry.field(
        resolver=show_decider, graphql_type=Account | None, description="Who decided. 复核人"
    )
    created_at: datetime = strawberry.field(description="When it was asked for. 申请时间")
    expires_at: datetime = strawberry.field(description="Until when it can be decided. 截止时间")
    decided_at: datetime | None = strawberry.field(description="When it was decided. 复核时间")
    new_owner = strawberry.field(
        resolver=show_new_owner,
        graphql_type=Account | None,
        description="Of a transfer that waits: whose the subject would be. 新所有人",
    )
    deliver_to = strawberry.field(
        resolver=show_deliver_to,
        description="Of a reset that waits: where the password would go. 接收邮箱",
    )
    record = strawberry.field(
        resolver=show_record,
        graphql_type=Node | None,
        description="Of a correction that waits: the subject or website. 相关对象",
    )
    number = strawberry.field(
        resolver=show_number, description="Of a correction that waits: the right number. 正确的备案号"
    )
    document_ids = strawberry.field(
        resolver=show_documents, description="Of a reset: the documents, by their files. 证明文件"
    )
