"""What is filed of a subject, a website and an access: the same fields in force, drafted and proposed."""

import strawberry

from schema.types.code import Code, Division
from schema.types.contact import MASKED, Contact
from schema.types.ip_range import IpRange


@strawberry.type(description="Base: what is filed of a subject. 主体信息")
class SubjectData:
    """Read from a SubjectSource."""

    name: str = strawberry.field(description="The organiser's name. 主办单位名称")
    unit_nature: Code | None = strawberry.field(description="What kind of organiser it is. 单位性质")
    certificate_type: Code | None = strawberry.field(description="The kind of its certificate. 证件类型")
    certificate_number: str | None = strawberry.field(
        description=f"The certificate's number. {MASKED}. 证件号码"
    )
    certificate_address: str | None = strawberry.field(description="The address on the certificate. 证件住所")
    investor: str | None = strawberry.field(description="The investor or superior unit. 投资人或上级主管单位")
    division: Division | None = strawberry.field(
        description="Where it is: province, city, county. 所在省市县"
    )
    address: str | None = strawberry.field(description="The postal address. 通信地址")
    principal: Contact | None = strawberry.field(description="The person responsible for it. 负责人")
    remark: str | None = strawberry.field(description="A remark. 备注")


@strawberry.type(description="Base: what is filed of a website, its domains and papers aside. 网站信息")
class WebsiteData:
    """Read from a WebsiteSource."""

    name: str = strawberry.field(description="The website's name. 网站名称")
    home_url: str | None = strawberry.field(description="Address of the home page, without scheme. 首页地址")
    service_contents: list[Code] = strawberry.field(description="What it offers. 服务内容")
    languages: list[Code] = strawberry.field(description="The languages it is written in. 网站语言")
    principal: Contact | None = strawberry.field(description="The person responsible for it. 网站负责人")
    remark: str | None = strawberry.field(description="A remark. 备注")


@strawberry.type(description="Base: what is filed of an access. 接入信息")
class AccessData:
    """Read from an AccessSource."""

    methods: list[Code] = strawberry.field(description="How the website is served. 接入方式")
    server_locations: list[Code] = strawberry.field(description="Where the servers stand. 服务器放置地")
    ip_ranges: list[IpRange] = strawberry.field(description="From which addresses; at most 100. IP段")
