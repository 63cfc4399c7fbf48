"""Mutations about one's own password and tokens, and an administrator's about accounts (账号)."""

from typing import Annotated, Any

import strawberry

from accounts.administration import disable_account_as, enable_account_as, set_role_as
from accounts.passwords import change_password as change
from accounts.tokens import create_api_token as make_token
from accounts.tokens import revoke_api_token as revoke_token
from models.account import Account as AccountRow
from models.cipher import cipher
from models.credential import ApiToken as ApiTokenRow
from models.node_ids import number_of
from schema.absent import told
from schema.account_acts import OnceUnderKey
from schema.answers import Payload, answer, fill, shows
from schema.context import Info
from schema.inputs.account import (
    ChangePasswordInput,
    CreateApiTokenInput,
    DisableAccountInput,
    EnableAccountInput,
    MarkSeenInput,
    RevokeApiTokenInput,
    SetRoleInput,
)
from schema.inputs.request import INPUT
from schema.types.account import Account, ApiToken, Viewer
from workflow.unread import mark_seen as mark_events_seen


@strawberry.type(description="Base of payloads about accounts. 账号结果")
class AccountPayload(Payload):
    """The account."""

    account: Any = shows(Account, "The account as it is now. 账号")


@strawberry.type(description="What became of changePassword. 修改密码结果")
class ChangePasswordPayload(AccountPayload):
    """The account."""


@strawberry.type(description="What became of setRole. 设置角色结果")
class SetRolePayload(AccountPayload):
    """The account."""


@strawberry.type(description="What became of disableAccount. 停用账号结果")
class DisableAccountPayload(AccountPayload):
    """The account."""


@strawberry.type(description="What became of enableAccount. 启用账号结果")
class EnableAccountPayload(AccountPayload):
    """The account."""


@strawberry.type(description="What became of createApiToken. 创建API令牌结果")
class CreateApiTokenPayload(Payload):
    """The token, with its secret this once."""

    token: str | None = strawberry.field(
        description="The whole token, for `Authorization: Bearer`; shown this once, and not again under the same "
        "idempotency key. 令牌",
        default=None,
    )
    api_token: Any = shows(ApiToken, "What can be shown of it later. API令牌")


@strawberry.type(description="What became of revokeApiToken. 撤销API令牌结果")
class RevokeApiTokenPayload(Payload):
    """The token."""

    api_token: Any = shows(ApiToken, "The token, revoked. API令牌")


@strawberry.type(description="What became of markSeen. 标为已读结果")
class MarkSeenPayload(Payload):
    """The viewer."""

    viewer: Any = shows(Viewer, "Who asks, with what is unread now. 当前用户")


def _on_account(info: Info, operation: str, key: Any, **request: Any) -> OnceUnderKey[AccountRow]:
    return OnceUnderKey(info.context, operation, request, told(key), "account", AccountRow)


def _on_token(info: Info, operation: str, key: Any, **request: Any) -> OnceUnderKey[ApiTokenRow]:
    return OnceUnderKey(info.context, operation, request, told(key), "api_token", ApiTokenRow)


async def change_password(
    info: Info,
    input: Annotated[ChangePasswordInput, INPUT],
) -> ChangePasswordPayload | None:
    """Change one's own password."""
    # a keyed digest tells two requests apart without keeping anything of the password
    told_apart = cipher().index(input.new_password)
    once = _on_account(info, "changePassword", input.idempotency_key, password=told_apart)
    outcome = await once.carry(
        lambda run: change(info.context.known_caller, input.current_password, input.new_password, run=run)
    )
    return await fill(info, ChangePasswordPayload, outcome)


async def create_api_token(
    info: Info,
    input: Annotated[CreateApiTokenInput, INPUT],
) -> CreateApiTokenPayload | None:
    """Make a token."""
    shown: list[str] = []

    async def make(run: Any) -> None:
        text, _ = await make_token(info.context.known_caller, input.name, input.scopes, input.days, run=run)
        shown.append(text)

    scopes = sorted(scope.value for scope in input.scopes)
    once = _on_token(
        info, "createApiToken", input.idempotency_key, name=input.name, scopes=scopes, days=input.days
    )
    outcome = await once.carry(make)
    token = None if outcome.replayed or not shown else shown[0]
    return await fill(info, CreateApiTokenPayload, outcome, token=token)


async def revoke_api_token(
    info: Info,
    input: Annotated[RevokeApiTokenInput, INPUT],
) -> RevokeApiTokenPayload | None:
    """End a token."""
    number = number_of(ApiTokenRow, input.id) or 0
    once = _on_token(info, "revokeApiToken", input.idempotency_key, id=input.id)
    outcome = await once.carry(lambda run: revoke_token(info.context.known_caller, number, run=run))
    return await fill(info, RevokeApiTokenPayload, outcome)


async def mark_seen(
    info: Info,
    input: Annotated[MarkSeenInput, INPUT],
) -> MarkSeenPayload | None:
    """Say what has been seen."""
    command = mark_events_seen(info.context.actor, cursor=input.cursor, key=told(input.idempotency_key))
    return await answer(info, MarkSeenPayload, command, viewer=info.context.caller)


async def set_role(
    info: Info,
    input: Annotated[SetRoleInput, INPUT],
) -> SetRolePayload | None:
    """Give an account a role."""
    number = number_of(AccountRow, input.account_id) or 0
    once = _on_account(info, "setRole", input.idempotency_key, id=input.account_id, role=input.role.value)
    outcome = await once.carry(
        lambda run: set_role_as(info.context.known_caller, number, input.role, run=run)
    )
    return await fill(info, SetRolePayload, outcome)


async def disable_account(
    info: Info,
    input: Annotated[DisableAccountInput, INPUT],
) -> DisableAccountPayload | None:
    """Disable an account."""
    number = number_of(AccountRow, input.account_id) or 0
    once = _on_account(info, "disableAccount", input.idempotency_key, id=input.account_id)
    outcome = await once.carry(lambda run: disable_account_as(info.context.known_caller, number, run=run))
    return await fill(info, DisableAccountPayload, outcome)


async def enable_account(
    info: Info,
    input: Annotated[EnableAccountInput, INPUT],
) -> EnableAccountPayload | None:
    """Enable an account."""
    number = number_of(AccountRow, input.account_id) or 0
    once = _on_account(info, "enableAccount", input.idempotency_key, id=input.account_id)
    outcome = await once.carry(lambda run: enable_account_as(info.context.known_caller, number, run=run))
    return await fill(info, EnableAccountPayload, outcome)


@strawberry.type
class AccountMutations:
    """The roots about passwords, tokens and accounts."""

    change_password = strawberry.mutation(
        resolver=change_password,
        description="Change one's own password; every other session ends, API tokens stay. 修改密码",
    )
    create_api_token = strawberry.mutation(
        resolver=create_api_token, description="Make an API token for one's own account. 创建API令牌"
    )
    revoke_api_token = strawberry.mutation(
        resolver=revoke_api_token, description="End one of one's own tokens at once. 撤销API令牌"
    )
    mark_seen = strawberry.mutation(
        resolver=mark_seen,
        description="Say that everything up to an event has been seen, so that `viewer.unread` counts from there. 标为已读",
    )
    set_role = strawberry.mutation(
        resolver=set_role,
        description="Give an account another role, which binds at once; for administrators. 设置角色",
    )
    disable_account = strawberry.mutation(
        resolver=disable_account,
        description="Keep an account from signing in; its sessions, tokens and claims end at once. 停用账号",
    )
    enable_account = strawberry.mutation(
        resolver=enable_account, description="Let an account sign in again; what ended stays ended. 启用账号"
    )
