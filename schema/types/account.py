"""Account (账号), ApiToken (API令牌) and Viewer: who one is, and by what."""

from datetime import datetime

import strawberry

from accounts.callers import Caller
from models.account import Account as AccountRow
from models.credential import ApiToken as ApiTokenRow
from models.states import Role, TokenScope
from schema.context import Info
from schema.node import Node, id_field
from workflow.unread import COUNTED_AT_MOST, unread_count


def show_email(account: strawberry.Parent[AccountRow], info: Info) -> str | None:
    """The address: to the account itself and to staff who may have to write to it.

    A visitor meets one account only: the one he has just registered, signed in with or reset.
    """
    caller = info.context.caller
    sees = caller is None or caller.account_id == account.id or caller.role in (Role.REVIEWER, Role.ADMIN)
    return account.email if sees else None


@strawberry.type(description="An account: a customer's or one of the provider's staff. 账号")
class Account(Node):
    """Its value is a row of `account`."""

    id = id_field(AccountRow)
    username: str = strawberry.field(description="The name to sign in with. 用户名")
    email = strawberry.field(
        resolver=show_email, description="Its mailbox; null to those whom it does not concern. 电子邮箱"
    )
    role: Role = strawberry.field(description="What the account is. 角色")
    disabled: bool = strawberry.field(description="Whether it is kept from signing in. 是否停用")
    created_at: datetime = strawberry.field(description="Since when it is there. 创建时间")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value of `Node` is an account."""
        return isinstance(value, AccountRow)


def show_scopes(token: strawberry.Parent[ApiTokenRow]) -> list[TokenScope]:
    """The scopes as they were chosen."""
    return [TokenScope(scope) for scope in token.scopes]


@strawberry.type(
    description="An API token of one's own account; its secret is shown once, when it is made. API令牌"
)
class ApiToken:
    """Its value is a row of `api_token`."""

    id = id_field(ApiTokenRow)
    name: str = strawberry.field(description="What its owner calls it. 名称")
    scopes = strawberry.field(resolver=show_scopes, description="What it may be used for. 权限范围")
    created_at: datetime = strawberry.field(description="When it was made. 创建时间")
    expires_at: datetime = strawberry.field(description="Until when it is good. 到期时间")
    last_used_at: datetime | None = strawberry.field(
        description="When it was last used, to about a minute. 最近使用时间"
    )
    revoked_at: datetime | None = strawberry.field(description="When it was revoked. 撤销时间")


async def show_account(caller: strawberry.Parent[Caller], info: Info) -> AccountRow:
    """The caller's account; it is there while its caller is."""
    account = await info.context.loaders.accounts.load(caller.account_id)
    assert account is not None, "accounts are never deleted"
    return account


def show_viewer_scopes(caller: strawberry.Parent[Caller]) -> list[TokenScope] | None:
    """The token's scopes in a fixed order; None for a session."""
    return None if caller.scopes is None else [scope for scope in TokenScope if scope in caller.scopes]


async def show_unread(_: strawberry.Parent[Caller], info: Info) -> int:
    """How many steps of others he has not seen."""
    return await unread_count(info.context.actor)


@strawberry.type(description="Who asks. 当前用户")
class Viewer:
    """Its value is the Caller."""

    account = strawberry.field(
        resolver=show_account, graphql_type=Account, description="The account behind session or token. 账号"
    )
    role: Role = strawberry.field(description="What it may act as, now. 角色")
    scopes = strawberry.field(
        resolver=show_viewer_scopes, description="A token's scopes; null for a browser session. 权限范围"
    )
    unread = strawberry.field(
        resolver=show_unread,
        description=f"Steps of others since the last event that was marked as seen, counted up to {COUNTED_AT_MOST}: "
        "on one's own filings; for reviewers, what came into their queue. 未读",
    )
