"""Queries for who one is, one's tokens, all accounts, and what the pages say about the provider."""

from typing import Annotated

import strawberry

from accounts.callers import Caller
from accounts.tokens import list_api_tokens
from models.account import Account as AccountRow
from models.credential import ApiToken as ApiTokenRow
from schema.absent import told
from schema.connections import After, Before, Connection, ConnectionSource, First, Last, arguments, connect
from schema.context import Info
from schema.inputs.filters import AccountFilter
from schema.narrowing import narrow_accounts
from schema.paging import Order
from schema.types.account import Account, ApiToken, Viewer
from schema.types.site import Site
from settings import Settings

BY_NAME = Order("username_key", "text")


def query_viewer(info: Info) -> Caller | None:
    """The caller."""
    return info.context.caller


def query_site(info: Info) -> Settings:
    """The provider's words."""
    return info.context.settings


async def query_api_tokens(info: Info) -> list[ApiTokenRow]:
    """The caller's living tokens."""
    return await list_api_tokens(info.context.known_caller)


async def query_accounts(
    info: Info,
    filter: Annotated[
        AccountFilter | None, strawberry.argument(description="Which; all if left out. 筛选条件")
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of accounts by name."""
    rows = await narrow_accounts(AccountRow.all(), info.context.actor, told(filter))
    return await connect(info.context, rows, BY_NAME, arguments(first, after, last, before))


@strawberry.type
class AccountQueries:
    """The roots about accounts and the provider."""

    viewer = strawberry.field(
        resolver=query_viewer,
        graphql_type=Viewer | None,
        description="Who asks; null for a visitor. 当前用户",
    )
    site = strawberry.field(
        resolver=query_site, graphql_type=Site, description="What the pages say about the provider. 网站信息"
    )
    api_tokens = strawberry.field(
        resolver=query_api_tokens,
        graphql_type=list[ApiToken],
        description="One's own tokens that are still good, at most 50. API令牌",
    )
    accounts = strawberry.field(
        resolver=query_accounts,
        graphql_type=Connection[Account],
        description="All accounts by name; for administrators. 账号列表",
    )
