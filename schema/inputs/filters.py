"""What lists can be narrowed and sorted by."""

from datetime import datetime
from enum import StrEnum

import strawberry

from models.states import FilingKind, FilingMode, FilingStatus, RecordStatus, Role
from schema.enums import publish
from schema.inputs.request import optional
from schema.scalars import FilingNumber

_SEARCH_WORDS = "Words of two characters and more, anywhere in what is searched. 搜索词"
_ARCHIVED_WORDS = "True: only archived ones; else only those that are not. 是否归档"


class SubjectOrder(StrEnum):
    """What subjects are sorted by."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    NAME = "NAME"


class FilingOrder(StrEnum):
    """What filings are sorted by."""

    DUE = "DUE"
    SUBMITTED = "SUBMITTED"
    CREATED = "CREATED"


publish(
    SubjectOrder,
    "What subjects are sorted by. 主体排序",
    {
        SubjectOrder.CREATED: "The newest first. 创建时间",
        SubjectOrder.UPDATED: "The last changed first. 更新时间",
        SubjectOrder.NAME: "By name, character by character. 名称",
    },
)
publish(
    FilingOrder,
    "What filings are sorted by; those without a value come last. 备案申请排序",
    {
        FilingOrder.DUE: "The most urgent first: the queue. 办理期限",
        FilingOrder.SUBMITTED: "The last submitted first. 提交时间",
        FilingOrder.CREATED: "The newest first. 创建时间",
    },
)


@strawberry.input(description="Which subjects; all conditions together. 主体筛选条件")
class SubjectFilter:
    """Conditions on subjects."""

    search: str | None = optional(f"{_SEARCH_WORDS} Name and numbers.")
    status: list[RecordStatus] | None = optional("Any of these. 状态")
    filing_status: list[FilingStatus] | None = optional("With a filing in any of these. 备案申请状态")
    mode: FilingMode | None = optional("Who types them. 报备方式")
    owner_id: strawberry.ID | None = optional("Whose. 所有人")
    division: str | None = optional("In this division, of whatever level. 所在省市县")
    filing_number: FilingNumber | None = optional("With exactly this number, its own or a website's. 备案号")
    certificate_number: str | None = optional("With exactly this certificate number. 证件号码")
    domain: str | None = optional("With a website of this domain, or of the one this lies under. 域名")
    archived: bool | None = optional(_ARCHIVED_WORDS)


@strawberry.input(description="Which websites; all conditions together. 网站筛选条件")
class WebsiteFilter:
    """Conditions on websites."""

    search: str | None = optional(f"{_SEARCH_WORDS} Name, address and numbers.")
    status: list[RecordStatus] | None = optional("Any of these. 状态")
    subject_id: strawberry.ID | None = optional("Of this subject. 主体标识")
    filing_number: FilingNumber | None = optional("With exactly this number. 网站备案号")
    domain: str | None = optional("Of this domain, or of the one this lies under. 域名")
    archived: bool | None = optional(_ARCHIVED_WORDS)


@strawberry.input(description="Which accesses; all conditions together. 接入筛选条件")
class AccessFilter:
    """Conditions on accesses."""

    status: list[RecordStatus] | None = optional("Any of these. 状态")
    website_id: strawberry.ID | None = optional("Of this website. 网站标识")
    archived: bool | None = optional(_ARCHIVED_WORDS)


@strawberry.input(description="Which filings; all conditions together. 备案申请筛选条件")
class FilingFilter:
    """Conditions on filings."""

    status: list[FilingStatus] | None = optional("Any of these. 状态")
    kind: list[FilingKind] | None = optional("Any of these. 备案类型")
    mode: FilingMode | None = optional("Who types them. 报备方式")
    owner_id: strawberry.ID | None = optional("Whose. 所有人")
    reviewer_id: strawberry.ID | None = optional("Claimed last by. 核实人员")
    subject_id: strawberry.ID | None = optional("Of this subject. 主体标识")
    overdue: bool | None = optional("True: past their due date; false: the others. 是否超期")
    submitted_after: datetime | None = optional("Last submitted then or later. 提交时间起")
    submitted_before: datetime | None = optional("Last submitted before then. 提交时间止")
    search: str | None = optional(f"{_SEARCH_WORDS} The subject's name and numbers.")


@strawberry.input(description="Which accounts; all conditions together. 账号筛选条件")
class AccountFilter:
    """Conditions on accounts."""

    role: Role | None = optional("What they are. 角色")
    disabled: bool | None = optional("Whether they are disabled. 是否停用")
    search: str | None = optional("The beginning of a user name. 用户名开头")
