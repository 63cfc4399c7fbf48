"""API tokens for machines: shown once, kept as a hash, with scopes and an end."""

from collections.abc import Iterable
from datetime import timedelta

from tortoise.queryset import QuerySet

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller, refuse_token
from accounts.names import check_label
from accounts.runners import Run
from accounts.secret_values import digest
from accounts.token_text import TokenText
from models.clock import now
from models.credential import ApiToken
from models.refusal import Invalid, NotFound
from models.states import TokenScope
from models.unit_of_work import unit_of_work

MOST_DAYS = 365
# enough for any integration, few enough to look through
MOST_TOKENS = 50


async def create_api_token(
    caller: Caller, name: str, scopes: Iterable[TokenScope], days: int, *, run: Run = unit_of_work
) -> tuple[str, ApiToken]:
    """Make a token for the caller's own account, good for `days` (1 to 365); gives its text, shown this once, and row.

    A scope wider than the role is kept and reaches no further than the role does at the time of use. Raises Invalid,
    and NotPermitted to a token.
    """
    refuse_token(caller)
    label, wanted = check_token(name, scopes, days)
    text = TokenText.make()

    async def work() -> ApiToken:
        return await write_token(
            caller.account_id, text, label, wanted, days, by=caller.account_id, credential=caller.credential
        )

    return text.write(), await run(work)


async def list_api_tokens(caller: Caller) -> list[ApiToken]:
    """The caller's tokens that are neither revoked nor expired, newest first; at most 50."""
    return await _living(caller.account_id).order_by("-id")


async def revoke_api_token(caller: Caller, token_id: int, *, run: Run = unit_of_work) -> ApiToken:
    """End one of the caller's own tokens at once, again without effect. Raises NotFound, NotPermitted to a token."""
    refuse_token(caller)

    async def work() -> ApiToken:
        token = await ApiToken.get_or_none(id=token_id, account_id=caller.account_id)
        if token is None:
            raise NotFound
        if await ApiToken.filter(id=token_id, revoked_at=None).update(revoked_at=now()):
            await write_audit(
                AuditAction.REVOKE_API_TOKEN,
                account_id=caller.account_id,
                credential=caller.credential,
                record=f"token:{token_id}",
            )
        return await ApiToken.get(id=token_id)

    return await run(work)


async def revoke_all_tokens(account_id: int) -> None:
    """End every token of the account; inside a unit of work."""
    await ApiToken.filter(account_id=account_id, revoked_at=None).update(revoked_at=now())


def check_token(name: str, scopes: Iterable[TokenScope], days: int) -> tuple[str, list[str]]:
    """The name and the scopes as they are stored; raises Invalid for an empty name, no scope, or days out of range."""
    wanted = set(scopes)
    if not wanted:
        raise Invalid(("scopes",), "至少选择一个权限范围。", "Choose at least one scope.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(("days",), f"有效期须为1至{MOST_DAYS}天。", f"A token lives 1 to {MOST_DAYS} days.")
    return check_label(name, ("name",)), [scope.value for scope in TokenScope if scope in wanted]


async def write_token(
    account_id: int,
    text: TokenText,
    label: str,
    scopes: list[str],
    days: int,
    *,
    by: int | None,
    credential: str | None,
) -> ApiToken:
    """Store a token that `check_token` passed; raises Invalid where the account has 50. Inside a unit of work."""
    if await _living(account_id).count() >= MOST_TOKENS:
        raise Invalid(
            (),
            f"每个账号最多{MOST_TOKENS}个有效令牌，请先撤销不用的令牌。",
            f"An account has at most {MOST_TOKENS} living tokens; revoke one first.",
        )
    token = await ApiToken.create(
        public_id=text.public_id,
        secret_hash=digest(text.secret),
        account_id=account_id,
        name=label,
        scopes=scopes,
        expires_at=now() + timedelta(days=days),
    )
    await write_audit(
        AuditAction.CREATE_API_TOKEN,
        account_id=by,
        credential=credential,
        record=f"token:{token.id}",
        scopes=scopes,
        days=days,
    )
    return token


def _living(account_id: int) -> QuerySet[ApiToken]:
    return ApiToken.filter(account_id=account_id, revoked_at=None, expires_at__gt=now())
