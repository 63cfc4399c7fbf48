"""Contact (负责人): the principal of a subject or a website."""

import strawberry

from schema.types.code import Code

MASKED = "Its middle is hidden; `revealField` shows it. 脱敏显示"


@strawberry.type(description="A principal: the person responsible for a subject or a website. 负责人")
class Contact:
    """Its value is a ContactSource."""

    name: str | None = strawberry.field(description="The person's name. 姓名")
    office_phone: str | None = strawberry.field(
        description=f"Office telephones, `;` between several. {MASKED}. 办公电话"
    )
    mobile: str | None = strawberry.field(
        description=f"Mobile numbers, `;` between several. {MASKED}. 手机号码"
    )
    email: str | None = strawberry.field(
        description="Mailboxes, `;` between several; the filing password goes to the first. 电子邮箱"
    )
    certificate_type: Code | None = strawberry.field(description="The kind of identity paper. 证件类型")
    certificate_number: str | None = strawberry.field(description=f"The paper's number. {MASKED}. 证件号码")
