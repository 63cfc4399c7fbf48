"""What the reviewer (核实人员) says to decide a filing, and to record what the authority did."""

from datetime import datetime
from enum import StrEnum

import strawberry

from schema.enums import publish
from schema.inputs.request import Keyed, Versioned, optional, required

_REVISION_WORDS = "The revision you judged; refused if it is no longer the current one. 提交版本号"


class AuthorityOutcome(StrEnum):
    """What the authority did with a filing."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    PROCESSING_ERROR = "PROCESSING_ERROR"


publish(
    AuthorityOutcome,
    "What the authority did with a filing. 管局处理结果",
    {
        AuthorityOutcome.APPROVED: "It said yes and gave the numbers. 审核通过",
        AuthorityOutcome.REFUSED: "It said no. 审核不通过",
        AuthorityOutcome.PROCESSING_ERROR: "It could not process the data. 处理错误",
    },
)


@strawberry.input(description="Claim a filing for review, or renew the claim; 30 minutes. 领取")
class ClaimFilingInput(Versioned):
    """The filing to claim."""


@strawberry.input(description="Give a claimed filing back to the queue. 放回")
class ReleaseFilingInput(Versioned):
    """The filing to release."""


@strawberry.input(description="Claim whatever is due next. 领取下一件")
class ClaimNextFilingInput(Keyed):
    """Nothing but the key."""


@strawberry.input(description="Pass a filing on to the authority. 核实通过")
class ApproveFilingInput(Versioned):
    """The filing to approve."""

    revision: int = required(_REVISION_WORDS)
    note: str | None = optional("A remark. 备注")


@strawberry.input(description="One remark on one field. 退回意见")
class NoteInput:
    """A note of a return."""

    path: list[str] = required("The field, by ids where there are ids. 字段路径")
    rule: str | None = optional("The rule that is not satisfied. 规则编号")
    text: str = required("What is wrong. 意见")
    suggestion: str | None = optional("What you would put there. 修改建议")
    blocking: bool = strawberry.field(
        default=True,
        description="Whether it must be changed or answered before submitting again. 是否必须处理",
    )


@strawberry.input(description="Return a filing to its owner with reasons. 核实不通过退回")
class ReturnFilingInput(Versioned):
    """The filing to return."""

    revision: int = required(_REVISION_WORDS)
    message: str = required("What the owner reads first. 退回说明")
    notes: list[NoteInput] = required("Remarks on fields; at most 200. 退回意见")


@strawberry.input(description="Pull an approved filing back before it is reported. 撤销核实通过")
class PullBackFilingInput(Versioned):
    """The filing to pull back."""

    revision: int = required(_REVISION_WORDS)


@strawberry.input(description="Report a filing again after a processing error. 重新上报")
class ReportFilingAgainInput(Versioned):
    """The filing to report again."""

    revision: int = required(_REVISION_WORDS)


@strawberry.input(description="Record that a filing was reported by hand; manual mode only. 登记已上报")
class RecordReportInput(Versioned):
    """The filing that was reported."""

    reported_at: datetime = required("When it was reported. 上报时间")


@strawberry.input(description="The number that the authority gave a website. 网站备案号")
class WebsiteNumberInput:
    """A website and its number."""

    website_id: strawberry.ID = required("The website. 网站标识")
    number: str = required("Its number. 网站备案号")


@strawberry.input(description="Record what the authority did with a filing; manual mode only. 登记管局结果")
class RecordAuthorityResultInput(Versioned):
    """The filing and its result."""

    outcome: AuthorityOutcome = required("What the authority did. 处理结果")
    result_codes: list[int] | None = optional("The regulator's result codes. 处理结果代码")
    opinion: str | None = optional("The authority's words. 审核意见")
    decided_at: datetime = required("When it was decided. 审核时间")
    subject_number: str | None = optional("The subject's number, if approved. 主体备案号")
    websites: list[WebsiteNumberInput] | None = optional("The websites' numbers, if approved. 网站备案号")
