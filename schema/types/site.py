"""Site (网站信息): what the entrance and the footer say about the provider."""

import strawberry

from schema.scalars import FilingNumber
from settings import Settings


def show_provider(settings: strawberry.Parent[Settings]) -> str:
    """The provider's name."""
    return settings.provider_name


def show_telephone(settings: strawberry.Parent[Settings]) -> str:
    """The service telephone."""
    return settings.provider_telephone


def show_service_hours(settings: strawberry.Parent[Settings]) -> str:
    """When it is answered."""
    return settings.provider_service_hours


def show_licence(settings: strawberry.Parent[Settings]) -> str:
    """The licence number."""
    return settings.provider_licence


def show_filing_number(settings: strawberry.Parent[Settings]) -> FilingNumber | None:
    """The provider's own filing number, None where none was set."""
    return FilingNumber(settings.provider_filing_number) if settings.provider_filing_number else None


def show_copyright_years(settings: strawberry.Parent[Settings]) -> str:
    """The years of the copyright line."""
    return settings.provider_copyright_years


def show_manual_url(settings: strawberry.Parent[Settings]) -> str:
    """Where the user manual is downloaded."""
    return f"{settings.public_url}/manual"


@strawberry.type(
    description="What the pages say about the provider; empty where the operator set nothing. 网站信息"
)
class Site:
    """Its value is the Settings."""

    provider = strawberry.field(resolver=show_provider, description="The provider's name. 接入商名称")
    telephone = strawberry.field(resolver=show_telephone, description="The service telephone. 服务电话")
    service_hours = strawberry.field(resolver=show_service_hours, description="When it is answered. 服务时间")
    licence = strawberry.field(resolver=show_licence, description="The provider's licence number. 许可证编号")
    filing_number = strawberry.field(
        resolver=show_filing_number, description="The provider's own filing number. 备案号"
    )
    copyright_years = strawberry.field(
        resolver=show_copyright_years, description="The years of the copyright line. 版权年份"
    )
    manual_url = strawberry.field(
        resolver=show_manual_url, description="Where the user manual is downloaded. 备案系统使用文档下载地址"
    )
