"""Note (退回意见), Revision (提交版本), FieldChange (字段变更) and Approval: what passes between owner and reviewer."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from models.account import Account as AccountRow
from models.filing import Approval as ApprovalRow
from models.filing import Note as NoteRow
from models.filing import Revision as RevisionRow
from models.states import NoteState
from schema.context import Info
from schema.node import id_field
from schema.types.account import Account
from workflow.revisions import FieldChange as FieldChangeValue
from workflow.revisions import revision_json


def show_moment(row: strawberry.Parent[NoteRow | ApprovalRow]) -> datetime:
    """When it was written."""
    moment: datetime = row.created_at
    return moment


@strawberry.type(description="A reviewer's remark on one field of one revision. 退回意见")
class Note:
    """Its value is a row of `note`."""

    id = id_field(NoteRow)
    revision: int = strawberry.field(description="The revision it is about. 提交版本号")
    path: list[str] = strawberry.field(description="The field, by ids where there are ids. 字段路径")
    rule: str | None = strawberry.field(description="The rule that is not satisfied. 规则编号")
    text: str = strawberry.field(description="What is wrong. 意见")
    suggestion: str | None = strawberry.field(description="What the reviewer would put there. 修改建议")
    blocking: bool = strawberry.field(
        description="Whether it must be changed or answered before submitting again. 是否必须处理"
    )
    state: NoteState = strawberry.field(description="What became of it. 状态")
    reply: str | None = strawberry.field(description="The owner's answer in words. 答复")
    at = strawberry.field(resolver=show_moment, description="When it was written. 时间")


async def show_data(revision: strawberry.Parent[RevisionRow], info: Info) -> Any:
    """The form, masked; read only where it is asked for."""
    whole = await info.context.loaders.whole_revisions.load(revision.id)
    return None if whole is None else revision_json(info.context.actor, whole)


async def show_submitted_by(revision: strawberry.Parent[RevisionRow], info: Info) -> AccountRow | None:
    """Who submitted it."""
    return await info.context.loaders.accounts.load(revision.submitted_by_id)


@strawberry.type(description="What was submitted, for ever unchanged. 提交版本")
class Revision:
    """Its value is a row of `revision`."""

    number: int = strawberry.field(description="Counts the submissions of the filing from 1. 版本号")
    submitted_at: datetime = strawberry.field(description="When. 提交时间")
    submitted_by = strawberry.field(
        resolver=show_submitted_by, graphql_type=Account | None, description="By whom. 提交人"
    )
    rules_version: str = strawberry.field(description="The version of the rules that judged it. 规则版本")
    data = strawberry.field(
        resolver=show_data, graphql_type=JSON, description="The whole form, personal values masked. 提交内容"
    )


def show_path(change: strawberry.Parent[FieldChangeValue]) -> list[str]:
    """The path as a list."""
    return list(change.path)


@strawberry.type(description="One field that differs between two revisions; personal values masked. 字段变更")
class FieldChange:
    """Its value is a FieldChange of the workflow."""

    path = strawberry.field(resolver=show_path, description="The field, by ids where there are ids. 字段路径")
    before: JSON | None = strawberry.field(description="What it was; null where there was nothing. 变更前")
    after: JSON | None = strawberry.field(description="What it is; null where there is nothing. 变更后")


async def show_by(approval: strawberry.Parent[ApprovalRow], info: Info) -> AccountRow | None:
    """Who said yes."""
    return await info.context.loaders.accounts.load(approval.account_id)


@strawberry.type(description="A reviewer's yes to the current revision. 核实通过")
class Approval:
    """Its value is a row of `approval`."""

    by = strawberry.field(resolver=show_by, graphql_type=Account, description="Who. 核实人员")
    at = strawberry.field(resolver=show_moment, description="When. 时间")
    note: str | None = strawberry.field(description="A remark. 备注")
