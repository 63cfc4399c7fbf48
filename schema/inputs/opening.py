"""What is said to open a filing on what is filed: a change, an addition, a cancellation."""

import strawberry

from schema.inputs.access import AccessFields
from schema.inputs.request import Keyed, Versioned, optional, required
from schema.inputs.subject import SubjectFields
from schema.inputs.website import WebsiteFields

PASSWORD_WORDS = "The filing password, or a password grant in its place. 备案密码"  # noqa: S105 - words about it
_SUBJECT_WORDS = "The filed subject. 主体标识"
_REASON_WORDS = "A code of table cancellation_reason. 注销理由"
_REMARK_WORDS = "Words beside the reason; at most 1,000 characters. 注销备注"


@strawberry.input(description="Open a change of what is filed. 开始变更备案")
class StartChangeInput(Keyed):
    """The subject, and which of its records are to change."""

    subject_id: strawberry.ID = required(_SUBJECT_WORDS)
    target_ids: list[strawberry.ID] = required(
        "The records to change: the subject itself, its websites, their accesses; 1 to 100. 变更对象"
    )
    filing_password: str | None = optional(PASSWORD_WORDS)


@strawberry.input(description="Take a further record into an open change. 增加变更对象")
class AddChangeTargetInput(Versioned):
    """The change, and the record."""

    target_id: strawberry.ID = required("The record to change as well. 变更对象")


@strawberry.input(description="Open a filing for further websites of a filed subject. 开始新增网站")
class StartAddWebsiteInput(Keyed):
    """The subject; its websites are added by addWebsite."""

    subject_id: strawberry.ID = required(_SUBJECT_WORDS)
    filing_password: str | None = optional(PASSWORD_WORDS)


@strawberry.input(
    description="A subject as it stands at the authority, filed through another provider. 其他接入商的主体"
)
class ElsewhereSubjectInput(SubjectFields):
    """All of it."""

    name: str = required("The organiser's name. 主办单位名称")


@strawberry.input(
    description="A website as it stands at the authority, filed through another provider. 其他接入商的网站"
)
class ElsewhereWebsiteInput(WebsiteFields):
    """All of it but its access."""

    name: str = required("The website's name. 网站名称")


@strawberry.input(
    description="Open a filing for an access: of a website filed here, or filed through another provider. 开始新增接入"
)
class StartAddAccessInput(AccessFields, Keyed):
    """One of `websiteId` and `websiteFilingNumber`; for another provider's website also its data."""

    website_id: strawberry.ID | None = optional("A website filed here whose access was cancelled. 网站标识")
    website_filing_number: str | None = optional("Or the number it is filed under. 网站备案号")
    owner_id: strawberry.ID | None = optional("The customer it is filed for; for staff only. 所有人")
    subject: ElsewhereSubjectInput | None = optional(
        "The subject, where another provider filed it and it is not yours here already. 主体信息"
    )
    website: ElsewhereWebsiteInput | None = optional("The website, where another provider filed it. 网站信息")
    filing_password: str | None = optional(PASSWORD_WORDS)


@strawberry.input(description="Base: ask for the end of something, and submit that at once. 注销申请")
class CancelInput(Versioned):
    """The record, why, and the password."""

    reason: str | None = optional(_REASON_WORDS)
    remark: str | None = optional(_REMARK_WORDS)
    filing_password: str | None = optional(PASSWORD_WORDS)


@strawberry.input(description="Ask for the end of an access. 取消接入")
class CancelAccessInput(CancelInput):
    """The access."""


@strawberry.input(description="Ask for the end of a website. 注销网站")
class CancelWebsiteInput(CancelInput):
    """The website."""


@strawberry.input(description="Ask for the end of a subject and of all its websites. 注销主体")
class CancelSubjectInput(CancelInput):
    """The subject."""


@strawberry.input(description="Edit reason and remark of a cancellation that came back. 修改注销理由")
class UpdateCancellationInput(Versioned):
    """The filing; absent stays, null clears."""

    reason: str | None = optional(_REASON_WORDS)
    remark: str | None = optional(_REMARK_WORDS)
