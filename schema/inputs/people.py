"""What staff say about customers and about acts that take two of them, and owners about grants (授权)."""

import strawberry

from models.states import FilingAction
from schema.inputs.request import Keyed, Versioned, optional, required

_REASON_WORDS = "Why; the timeline and the audit keep it, at most 500 characters. 理由"
_SUBJECT_WORDS = "The subject. 主体标识"


@strawberry.input(
    description="Make an account for a customer, who sets its password by a mailed link. 邀请客户"
)
class InviteCustomerInput(Keyed):
    """The customer."""

    email: str = required("The mailbox that the link goes to; no account may have it yet. 电子邮箱")
    username: str | None = optional("The user name; the address, or a made-up one, if left out. 用户名")


@strawberry.input(description="Ask for a subject to go to another customer. 变更主体所有人")
class TransferSubjectInput(Keyed):
    """The subject and whose it shall be."""

    subject_id: strawberry.ID = required(_SUBJECT_WORDS)
    version: int = required("The version of the subject that you saw. 版本")
    owner_id: strawberry.ID = required("The customer's account; find it with `customer`. 新所有人")
    reason: str = required(_REASON_WORDS)


@strawberry.input(description="Replace a filing password that was lost or never arrived. 重置备案密码")
class ResetFilingPasswordInput(Keyed):
    """The subject, and where the new password is to go."""

    subject_id: strawberry.ID = required(_SUBJECT_WORDS)
    reason: str = required(_REASON_WORDS)
    deliver_to: str | None = optional(
        "Another address than the principal's approved one: takes documents and a second reviewer. 其他接收邮箱"
    )
    document_ids: list[strawberry.ID] | None = optional(
        "Files that you uploaded, which prove the request; at most 20. 证明文件"
    )


@strawberry.input(description="Ask for a mistyped filing number to be mended; manual mode only. 更正备案号")
class CorrectFilingNumberInput(Versioned):
    """The subject or website, and its number."""

    number: str = required("The number as it should be. 正确的备案号")
    reason: str = required(_REASON_WORDS)


@strawberry.input(description="Confirm what another reviewer asked for. 复核通过")
class ConfirmJointActInput(Keyed):
    """The act."""

    id: strawberry.ID = required("What was asked for. 事项标识")


@strawberry.input(
    description="Reject what was asked for, or take back what one asked for oneself. 复核不通过或撤回"
)
class RejectJointActInput(Keyed):
    """The act, and why not."""

    id: strawberry.ID = required("What was asked for. 事项标识")
    reason: str = required("Why not, at most 500 characters. 理由")


@strawberry.input(
    description="Let an agent or a job act with the filing password for a while. 授权使用备案密码"
)
class CreatePasswordGrantInput(Keyed):
    """The grant to make."""

    subject_id: strawberry.ID = required("One's own filed subject. 主体标识")
    filing_password: str = required("Its filing password; a wrong one counts as everywhere. 备案密码")
    actions: list[FilingAction] = required(
        "What it opens: START_CHANGE, START_ADD_WEBSITE, START_ADD_ACCESS, CANCEL_ACCESS, CANCEL_WEBSITE, "
        "CANCEL_SUBJECT, SUBMIT_FILING, RESTORE_FILING. 可执行操作"
    )
    minutes: int = required("How long it is good for, 1 to 1440. 有效分钟数")


@strawberry.input(description="Take a grant back at once. 撤销备案密码授权")
class RevokePasswordGrantInput(Keyed):
    """The grant to end."""

    id: strawberry.ID = required("The grant. 授权标识")
