"""What the owner (所有人) says to take a filing further."""

import strawberry

from schema.inputs.request import Keyed, Versioned, optional, required

_SECRET_WORDS = "The filing password, for the kinds that ask for it. 备案密码"  # noqa: S105 - words about it


@strawberry.input(description="Submit a filing for the provider's check. 提交")
class SubmitFilingInput(Versioned):
    """The filing to submit."""

    filing_password: str | None = optional(_SECRET_WORDS)


@strawberry.input(description="Take a filing back to draft. 撤回")
class WithdrawFilingInput(Versioned):
    """The filing to withdraw."""


@strawberry.input(description="Drop a filing and archive it. 放弃")
class DropFilingInput(Versioned):
    """The filing to drop."""


@strawberry.input(description="Bring a dropped filing back as a draft. 恢复")
class RestoreFilingInput(Versioned):
    """The filing to restore."""

    filing_password: str | None = optional(_SECRET_WORDS)


@strawberry.input(description="Make a new draft of an earlier filing. 复制")
class CloneFilingInput(Versioned):
    """The filing to copy."""


@strawberry.input(description="Answer a reviewer's note in words. 答复退回意见")
class ReplyToNoteInput(Keyed):
    """The note and the answer."""

    id: strawberry.ID = required("The note. 退回意见标识")
    text: str = required("The answer, 1 to 2000 characters. 答复")


@strawberry.input(description="Show one masked field in the clear; audited. 查看脱敏字段")
class RevealFieldInput:
    """The field and the reason."""

    id: strawberry.ID = required("The subject, website or filing it belongs to. 对象标识")
    path: list[str] = required('The field, such as `["subject","principal","mobile"]`. 字段路径')
    reason: str = required("Why it must be seen; kept in the audit. 理由")
