"""Other accesses (其他接入): how other providers serve a website."""

import strawberry

from models.website import OtherAccess as OtherAccessRow
from rules.codes import ACCESS_METHOD
from rules.codes import Code as CodeValue
from rules.form import IpRangeForm
from schema.sources import codes_in
from schema.types.code import Code
from schema.types.ip_range import IpRange
from workflow.codes import code_book


async def show_methods(access: strawberry.Parent[OtherAccessRow]) -> list[CodeValue]:
    """How it serves the website."""
    return codes_in(await code_book(), ACCESS_METHOD, access.methods)


def show_ip_ranges(access: strawberry.Parent[OtherAccessRow]) -> list[IpRangeForm]:
    """From which addresses."""
    return [IpRangeForm(start, end) for start, end in access.ip_ranges]


@strawberry.type(description="An access of a website at another provider. 其他接入")
class OtherAccess:
    """Its value is a row of `other_access`."""

    provider: str = strawberry.field(description="The other provider's id with the authority. 接入商")
    methods = strawberry.field(
        resolver=show_methods, graphql_type=list[Code], description="How it is served. 接入方式"
    )
    ip_ranges = strawberry.field(
        resolver=show_ip_ranges, graphql_type=list[IpRange], description="From which addresses. IP段"
    )
