"""What is typed of a principal (负责人)."""

import strawberry

from schema.inputs.request import optional


@strawberry.input(description="A principal; in an update what is left out stays and null clears. 负责人")
class ContactInput:
    """A principal."""

    name: str | None = optional("The person's name. 姓名")
    office_phone: str | None = optional("Office telephones, `;` between several. 办公电话")
    mobile: str | None = optional("Mobile numbers, `;` between several. 手机号码")
    email: str | None = optional("Mailboxes, `;` between several. 电子邮箱")
    certificate_type: str | None = optional("A code of table certificate_type. 证件类型")
    certificate_number: str | None = optional("The paper's number. 证件号码")
