"""What is typed of a website (网站)."""

import strawberry

from schema.inputs.access import NewAccessInput
from schema.inputs.contact import ContactInput
from schema.inputs.request import PARENT_VERSION_WORDS, Keyed, Versioned, optional, required


@strawberry.input(description="A pre-approval paper. 前置审批")
class PreApprovalInput:
    """A paper."""

    type: str = required("A code of table pre_approval_type. 前置审批类型")
    number: str = required("The number of the paper. 前置审批号")
    file_ids: list[strawberry.ID] | None = optional(
        "Pictures of the paper, by the ids that their upload gave; null or left out leaves them. 文件"
    )


@strawberry.input(description="Base: the fields of a website that may be left out. 网站信息")
class WebsiteFields:
    """All but the name."""

    home_url: str | None = optional("Address of the home page, without scheme. 首页地址")
    domains: list[str] | None = optional("All domains; each keeps its identity by name. 域名")
    service_contents: list[str] | None = optional("Codes of table service_content. 服务内容")
    languages: list[str] | None = optional("Codes of table language. 网站语言")
    pre_approvals: list[PreApprovalInput] | None = optional("All papers it needs. 前置审批")
    principal: ContactInput | None = optional("The person responsible for it. 网站负责人")
    remark: str | None = optional("A remark. 备注")


@strawberry.input(description="A website of a new subject. 新网站")
class NewWebsiteInput(WebsiteFields):
    """A website without ids."""

    name: str = required("The website's name. 网站名称")
    access: NewAccessInput | None = optional("Its access. 接入")


@strawberry.input(description="A website for a subject that is there. 添加网站")
class AddWebsiteInput(NewWebsiteInput, Keyed):
    """A website with its parent."""

    subject_id: strawberry.ID = required("The subject to add it to. 主体标识")
    version: int = required(PARENT_VERSION_WORDS)
    filing_id: strawberry.ID | None = optional(
        "The open filing it belongs to, where there are several. 备案申请标识"
    )


@strawberry.input(
    description="An edit of a website: what is left out stays, null clears, a list replaces the list. 修改网站"
)
class UpdateWebsiteInput(WebsiteFields, Versioned):
    """An edit of a website."""

    name: str | None = optional("The website's name. 网站名称")


@strawberry.input(description="Take a website out of the draft. 移除网站")
class RemoveWebsiteInput(Versioned):
    """The website to take out."""
