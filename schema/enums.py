"""The enums of the schema: the closed lists of the store and the rules, each value with its sentence."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

from models.states import (
    STATUS_LABELS,
    FilingAction,
    FilingKind,
    FilingMode,
    FilingStatus,
    NoteState,
    RecordOrigin,
    RecordStatus,
    ReportState,
    Role,
    TokenScope,
)
from rules.findings import Severity
from schema.sentences import sentence_of

E = TypeVar("E", bound=Enum)


def publish(enum: type[E], description: str, values: Mapping[E, str]) -> type[E]:
    """Make `enum` an enum of the schema; raises KeyError for a value that is not described."""
    published = strawberry.enum(enum, description=description)
    definition = published.__strawberry_definition__  # type: ignore[attr-defined]  # laid there by Strawberry
    for value in definition.values:
        value.description = values[enum[value.name]]
    return published


publish(
    RecordStatus,
    "What a record (subject, website, access) is in force as. 记录状态",
    {
        RecordStatus.DRAFT: "Not filed yet. 草稿",
        RecordStatus.FILED: "Filed with the authority, in force. 已备案",
        RecordStatus.CANCELLED: "Cancelled by the authority. 已注销",
    },
)
publish(
    RecordOrigin,
    "Where a record was first filed. 备案来源",
    {
        RecordOrigin.HERE: "Through this provider. 本接入商",
        RecordOrigin.ELSEWHERE: "Through another provider. 其他接入商",
    },
)
publish(
    FilingKind,
    "The kinds of filing. 备案类型",
    {
        FilingKind.NEW_FILING: "The first filing of a subject with its websites and accesses. 新增备案",
        FilingKind.ADD_WEBSITE: "Further websites of a filed subject. 新增网站",
        FilingKind.ADD_ACCESS: "An access of a filed website. 新增接入",
        FilingKind.CHANGE: "A change of what is filed. 变更备案",
        FilingKind.CANCEL_ACCESS: "The end of an access. 取消接入",
        FilingKind.CANCEL_WEBSITE: "The end of a website. 注销网站",
        FilingKind.CANCEL_SUBJECT: "The end of a subject and all of its websites. 注销主体",
    },
)
_STATUS_WORDS = {
    FilingStatus.DRAFT: "Being drafted by its owner.",
    FilingStatus.SUBMITTED: "Waits for the provider's check.",
    FilingStatus.RETURNED: "The provider sent it back to its owner with reasons.",
    FilingStatus.ACCEPTED: "The provider passed it; it waits to be reported.",
    FilingStatus.AT_AUTHORITY: "Reported; the authority decides.",
    FilingStatus.REFUSED: "The authority said no; its owner may mend and submit it again.",
    FilingStatus.APPROVED: "The authority said yes; what it filed is in force. Final.",
    FilingStatus.ABANDONED: "Dropped by its owner; it can be restored.",
    FilingStatus.VOIDED: "Ended, since the authority cancelled what it is about. Final.",
}
publish(
    FilingStatus,
    "Where a filing stands. 备案申请状态",
    {status: f"{words} {STATUS_LABELS[status]}" for status, words in _STATUS_WORDS.items()},
)
publish(
    FilingMode,
    "Who types a filing; fixed when it is made. 报备方式",
    {
        FilingMode.SELF: "Its owner himself. 自主报备",
        FilingMode.ON_BEHALF: "Staff, for its owner. 代为报备",
    },
)
publish(
    Role,
    "What an account is; one role an account. 角色",
    {
        Role.APPLICANT: "A customer, who files for himself. 备案申请人",
        Role.REVIEWER: "Staff of the provider, who check filings and file on behalf. 核实人员",
        Role.ADMIN: "Runs accounts and settings; sees no filing. 管理员",
        Role.AUDITOR: "Reads timelines, masked; does nothing. 审计人员",
    },
)
publish(
    TokenScope,
    "What an API token may be used for, within what its account's role may do at the time. 令牌权限范围",
    {
        TokenScope.READ: "Queries and subscriptions. 查询与订阅",
        TokenScope.FILE: "The owner's mutations, on behalf too. 填报",
        TokenScope.REVIEW: "The reviewer's mutations. 核实",
        TokenScope.ADMIN: "The administrator's mutations. 管理",
        TokenScope.GATE: "Asking the gate whether a host may be served. 放行查询",
    },
)
publish(
    NoteState,
    "What became of a reviewer's note. 退回意见状态",
    {
        NoteState.OPEN: "Neither changed nor answered. 未处理",
        NoteState.CHANGED: "Its field was changed and submitted again. 已修改",
        NoteState.ANSWERED: "Answered in words. 已答复",
    },
)
publish(
    ReportState,
    "How far an upload to the authority has come. 上报状态",
    {
        ReportState.WAITING: "Waits for its turn. 待上报",
        ReportState.SENDING: "Is being sent. 上报中",
        ReportState.UNKNOWN: "Was sent, and the answer was lost. 上报结果未知",
        ReportState.ACCEPTED: "The authority took it. 已上报",
        ReportState.REJECTED: "The authority did not take it. 上报被拒",
        ReportState.DECIDED: "The authority decided; part of its answer is to come. 已有结果",
        ReportState.COMPLETE: "All answers are here. 已完成",
    },
)
publish(
    Severity,
    "How much a finding weighs. 严重程度",
    {
        Severity.ERROR: "Stands in the way of a submission. 错误",
        Severity.WARNING: "Worth a look, blocks nothing. 警告",
        Severity.INFO: "Good to know. 提示",
    },
)
publish(
    FilingAction,
    "Every step of a filing or record; people's steps are named like their mutations. 操作",
    {action: sentence_of(action) for action in FilingAction},
)
