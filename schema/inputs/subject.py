"""What is typed of a subject (主体) and its principal (负责人)."""

import strawberry

from schema.inputs.contact import ContactInput
from schema.inputs.request import Keyed, Versioned, optional, required
from schema.inputs.website import NewWebsiteInput


@strawberry.input(description="Base: the fields of a subject that may be left out. 主体信息")
class SubjectFields:
    """All but the name."""

    unit_nature: str | None = optional("A code of table unit_nature. 单位性质")
    certificate_type: str | None = optional("A code of table certificate_type. 证件类型")
    certificate_number: str | None = optional("The certificate's number. 证件号码")
    certificate_address: str | None = optional("The address on the certificate. 证件住所")
    investor: str | None = optional("The investor or superior unit. 投资人或上级主管单位")
    division: str | None = optional("A six-digit division code. 所在省市县")
    address: str | None = optional("The postal address. 通信地址")
    principal: ContactInput | None = optional("The person responsible for it. 负责人")
    remark: str | None = optional("A remark. 备注")


@strawberry.input(description="A new subject with its first filing, and as much of it as is known. 新增备案")
class CreateSubjectInput(SubjectFields, Keyed):
    """A whole filing in one call."""

    owner_id: strawberry.ID | None = optional("The customer it is filed for; for staff only. 所有人")
    name: str = required("The organiser's name. 主办单位名称")
    websites: list[NewWebsiteInput] | None = optional("Its websites in order. 网站")


@strawberry.input(
    description="An edit of a subject: what is left out stays, null clears, a list replaces the list. 修改主体"
)
class UpdateSubjectInput(SubjectFields, Versioned):
    """An edit of a subject."""

    name: str | None = optional("The organiser's name. 主办单位名称")
