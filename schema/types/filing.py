"""Filing (备案申请): one application about records, with its revisions, notes, reports and timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry

from models.account import Account as AccountRow
from models.clock import now
from models.filing import Approval as ApprovalRow
from models.filing import Filing as FilingRow
from models.filing import Note as NoteRow
from models.filing import Revision as RevisionRow
from models.report import Report as ReportRow
from models.states import FilingKind, FilingMode, FilingStatus, NoteState
from rules.codes import CANCELLATION_REASON
from rules.codes import Code as CodeValue
from rules.findings import Finding as FindingValue
from rules.form import CancellationForm
from schema.absent import told
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
from schema.node import Node, find_node, id_field
from schema.sources import SubjectSource, code_or_none
from schema.types.account import Account
from schema.types.code import Code
from schema.types.finding import Finding, PermittedAction
from schema.types.note import Approval, FieldChange, Note, Revision
from schema.types.references import EVENT, SUBJECT
from schema.types.report import AuthorityReport
from workflow.changes import changes
from workflow.codes import code_book
from workflow.findings import findings_of
from workflow.permissions import Permission
from workflow.revisions import FieldChange as FieldChangeValue

LOOKERS_AT_MOST = 20


async def show_subject(filing: strawberry.Parent[FilingRow], info: Info) -> SubjectSource | None:
    """The subject it is about."""
    return await info.context.loaders.records.subjects.load(filing.subject_id)


async def show_targets(filing: strawberry.Parent[FilingRow], info: Info) -> list[Any]:
    """All that it is about; a first filing is about its subject, and so is one that names nothing yet."""
    loaders = info.context.loaders
    targets = await loaders.targets.load(filing.id)
    if await loaders.shown.load(filing) is not None:  # what was taken in since is its owner's alone
        targets = [target for target in targets if target.submitted]
    records = [target.record for target in targets]
    found = [await find_node(info.context, record) for record in records]
    shown = [record for record in found if record is not None]
    subject = await info.context.loaders.records.subjects.load(filing.subject_id)
    return shown or [record for record in (subject,) if record is not None]


async def show_target(filing: strawberry.Parent[FilingRow], info: Info) -> Any:
    """The first of them."""
    return next(iter(await show_targets(filing, info)), None)


async def _cancellation(filing: FilingRow, info: Info) -> CancellationForm:
    kept = await info.context.loaders.shown.load(filing)
    if kept is not None:
        return kept.cancellation or CancellationForm()
    return CancellationForm(None, filing.cancellation_reason, filing.cancellation_remark)


async def show_reason(filing: strawberry.Parent[FilingRow], info: Info) -> CodeValue | None:
    """Why something is to end."""
    reason = (await _cancellation(filing, info)).reason
    return code_or_none(await code_book(), CANCELLATION_REASON, reason)


async def show_remark(filing: strawberry.Parent[FilingRow], info: Info) -> str | None:
    """The words beside it."""
    return (await _cancellation(filing, info)).remark


async def show_owner(filing: strawberry.Parent[FilingRow], info: Info) -> AccountRow | None:
    """Whose it is."""
    return await info.context.loaders.accounts.load(filing.owner_id)


async def show_filed_by(filing: strawberry.Parent[FilingRow], info: Info) -> AccountRow | None:
    """Who typed it."""
    return await info.context.loaders.accounts.load(filing.filed_by_id)


async def show_reviewer(filing: strawberry.Parent[FilingRow], info: Info) -> AccountRow | None:
    """Who claimed it last."""
    return (
        None if filing.reviewer_id is None else await info.context.loaders.accounts.load(filing.reviewer_id)
    )


def show_overdue(filing: strawberry.Parent[FilingRow]) -> bool:
    """Whether its due date has passed."""
    return filing.due_at is not None and filing.due_at < now()


async def show_lookers(filing: strawberry.Parent[FilingRow], info: Info) -> list[AccountRow]:
    """The others who have it open."""
    loaders = info.context.loaders
    rows = (await loaders.presence.load(filing.id))[:LOOKERS_AT_MOST]
    found = await loaders.accounts.load_many([row.account_id for row in rows])
    return [account for account in found if account is not None]


async def show_approvals(filing: strawberry.Parent[FilingRow], info: Info) -> list[ApprovalRow]:
    """The approvals of its current revision."""
    rows = await info.context.loaders.approvals.load(filing.id)
    return [row for row in rows if row.revision == filing.revision]


async def show_revisions(filing: strawberry.Parent[FilingRow], info: Info) -> list[RevisionRow]:
    """All that was submitted."""
    return await info.context.loaders.revisions.load(filing.id)


async def show_changes(
    filing: strawberry.Parent[FilingRow],
    info: Info,
    from_: Annotated[
        int | None,
        strawberry.argument(
            name="from", description="The earlier revision; the one before `to` if left out. 起始版本"
        ),
    ] = strawberry.UNSET,
    to: Annotated[
        int | None,
        strawberry.argument(description="The later revision; the living draft if left out. 截止版本"),
    ] = strawberry.UNSET,
) -> list[FieldChangeValue]:
    """What differs between two revisions."""
    return await changes(info.context.actor, filing, told(from_), told(to))


async def show_notes(
    filing: strawberry.Parent[FilingRow],
    info: Info,
    open: Annotated[
        bool | None,
        strawberry.argument(description="True: only open ones; false: only settled ones. 是否未处理"),
    ] = strawberry.UNSET,
) -> list[NoteRow]:
    """The reviewers' notes."""
    notes = await info.context.loaders.notes.load(filing.id)
    asked = told(open)
    return [note for note in notes if asked is None or asked is (note.state is NoteState.OPEN)]


async def show_findings(filing: strawberry.Parent[FilingRow], info: Info) -> Sequence[FindingValue]:
    """What the rules say of it now."""
    return await findings_of(info.context.actor, filing)


async def show_timeline(
    filing: strawberry.Parent[FilingRow],
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of what happened to it, the oldest first."""
    asked = arguments(first, after, last, before)
    return await connect_nested(info.context, info.context.loaders.events_of_filing, filing.id, asked)


async def show_permitted_actions(filing: strawberry.Parent[FilingRow], info: Info) -> tuple[Permission, ...]:
    """Every step, and whether the caller may take it now."""
    return await info.context.loaders.permissions.load(filing)


async def show_reports(filing: strawberry.Parent[FilingRow], info: Info) -> list[ReportRow]:
    """All uploads of it."""
    return await info.context.loaders.reports.load(filing.id)


async def show_authority(filing: strawberry.Parent[FilingRow], info: Info) -> ReportRow | None:
    """The latest upload of it."""
    return next(reversed(await info.context.loaders.reports.load(filing.id)), None)


@strawberry.type(description="One application about records, with a life of its own. 备案申请")
class Filing(Node):
    """Its value is a row of `filing`."""

    id = id_field(FilingRow)
    version: int = strawberry.field(
        description="Rises with every step and every edit; steps must name it. 版本"
    )
    kind: FilingKind = strawberry.field(description="What it asks for. 备案类型")
    status: FilingStatus = strawberry.field(description="Where it stands. 状态")
    mode: FilingMode = strawberry.field(description="Who types it. 报备方式")
    subject = strawberry.field(
        resolver=show_subject, graphql_type=SUBJECT, description="The subject it is about or under. 主体"
    )
    target = strawberry.field(
        resolver=show_target,
        graphql_type=Node | None,
        description="What it is about, first of all. 办理对象",
    )
    targets = strawberry.field(
        resolver=show_targets, graphql_type=list[Node], description="All that it is about. 全部办理对象"
    )
    cancellation_reason = strawberry.field(
        resolver=show_reason, graphql_type=Code | None, description="Why something is to end. 注销理由"
    )
    cancellation_remark = strawberry.field(
        resolver=show_remark, description="Words beside the reason. 注销备注"
    )
    owner = strawberry.field(
        resolver=show_owner, graphql_type=Account | None, description="The customer it belongs to. 所有人"
    )
    filed_by = strawberry.field(
        resolver=show_filed_by, graphql_type=Account | None, description="Who typed it. 填报人"
    )
    reviewer = strawberry.field(
        resolver=show_reviewer, graphql_type=Account | None, description="Who claimed it last. 核实人员"
    )
    claimed_until: datetime | None = strawberry.field(
        description="Until when that claim keeps others away; null without one. 领取有效期"
    )
    approvals_needed: int = strawberry.field(description="How many reviewers must say yes. 所需核实人数")
    approvals = strawberry.field(
        resolver=show_approvals,
        graphql_type=list[Approval],
        description="Who said yes to this revision. 核实通过记录",
    )
    created_at: datetime = strawberry.field(description="When it was opened. 创建时间")
    updated_at: datetime = strawberry.field(description="When it last moved. 更新时间")
    submitted_at: datetime | None = strawberry.field(description="When it was last submitted. 提交时间")
    due_at: datetime | None = strawberry.field(
        description="By when provider or authority should have decided. 办理期限"
    )
    overdue = strawberry.field(
        resolver=show_overdue, description="Whether that moment has passed; false without one. 是否超期"
    )
    lookers = strawberry.field(
        resolver=show_lookers,
        graphql_type=list[Account],
        description=f"The other reviewers who have it open now, at most {LOOKERS_AT_MOST}; to others than reviewers, "
        "empty. 正在查看",
    )
    revision: int = strawberry.field(
        description="The number of the last revision, 0 before the first. 提交版本号"
    )
    revisions = strawberry.field(
        resolver=show_revisions, graphql_type=list[Revision], description="All that was submitted. 提交版本"
    )
    changes = strawberry.field(
        resolver=show_changes,
        graphql_type=list[FieldChange],
        description="What differs between two. 字段变更",
    )
    notes = strawberry.field(
        resolver=show_notes, graphql_type=list[Note], description="The reviewers' notes. 退回意见"
    )
    findings = strawberry.field(
        resolver=show_findings,
        graphql_type=list[Finding],
        description="What the rules say of it now. 检查结果",
    )
    timeline = strawberry.field(
        resolver=show_timeline,
        graphql_type=Connection[EVENT],
        description="What happened, the oldest first. 办理记录",
    )
    permitted_actions = strawberry.field(
        resolver=show_permitted_actions,
        graphql_type=list[PermittedAction],
        description="Every step, and whether the caller may take it now. 可执行操作",
    )
    authority = strawberry.field(
        resolver=show_authority,
        graphql_type=AuthorityReport | None,
        description="The latest upload. 最近一次上报",
    )
    reports = strawberry.field(
        resolver=show_reports, graphql_type=list[AuthorityReport], description="All uploads. 上报记录"
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value of `Node` is a filing."""
        return isinstance(value, FilingRow)
