"""Administration: accounts made, disabled, enabled and given a role, by the operator and by administrators."""

from collections.abc import Awaitable, Callable, Iterable

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller
from accounts.names import check_email, check_username, fold_username
from accounts.passwords import check_password, void_resets
from accounts.refusals import Duplicate
from accounts.registration import add_account
from accounts.runners import Run
from accounts.sessions import end_all_sessions
from accounts.token_text import TokenText
from accounts.tokens import check_token, revoke_all_tokens, write_token
from models.account import Account
from models.clock import now
from models.filing import Filing
from models.hashing import hash_secret
from models.refusal import NotFound, NotPermitted
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from settings import Settings

Act = Callable[[Account, Caller | None], Awaitable[None]]


async def create_account(username: str, password: str, role: Role, email: str = "") -> Account:
    """Make an account of any role for the operator; without an e-mail address its password cannot be reset by mail.

    Raises Invalid, Duplicate.
    """
    name = check_username(username)
    mailbox = check_email(email) if email else ""
    check_password(password, name, role)
    password_hash = await hash_secret(password)
    return await add_account(name, password_hash, mailbox, role, AuditAction.CREATE_ACCOUNT)


async def bootstrap_admin(settings: Settings) -> Account | None:
    """Make the administrator of `BEIAN_BOOTSTRAP_ADMIN` while there is no account at all; gives it, or None.

    Raises Invalid where its name or password is unfit.
    """
    if settings.bootstrap_admin is None or await Account.exists():
        return None
    username, _, password = settings.bootstrap_admin.get_secret_value().partition(":")
    try:
        return await create_account(username, password, Role.ADMIN)
    except Duplicate:  # another process started at the same moment
        return None


async def create_token(name: str, username: str, scopes: Iterable[TokenScope], days: int) -> str:
    """Make an API token for an account, for the operator; gives its text, shown this once. Raises NotFound, Invalid."""
    label, wanted = check_token(name, scopes, days)
    text = TokenText.make()

    async def work() -> None:
        account = await _by_name(username)
        await write_token(account.id, text, label, wanted, days, by=None, credential=None)

    await unit_of_work(work)
    return text.write()


async def disable_account(username: str) -> Account:
    """Disable an account for the operator; see `disable_account_as`."""
    return await _by_operator(username, _disable)


async def enable_account(username: str) -> Account:
    """Enable an account for the operator; see `enable_account_as`."""
    return await _by_operator(username, _enable)


async def set_role(username: str, role: Role) -> Account:
    """Give an account a role for the operator; see `set_role_as`."""
    return await _by_operator(username, lambda account, caller: _set_role(account, caller, role))


async def disable_account_as(caller: Caller, account_id: int, *, run: Run = unit_of_work) -> Account:
    """Disable an account: its sessions, tokens, reset links and claims end at once (C82); its filings go on.

    Raises NotFound and NotPermitted to who is no administrator, NotPermitted for the last enabled administrator.
    Disabling a disabled one changes nothing. So do enabling and setting a role that is there already.
    """
    return await _by_admin(caller, account_id, _disable, run)


async def enable_account_as(caller: Caller, account_id: int, *, run: Run = unit_of_work) -> Account:
    """Let an account sign in again; what ended with its disabling stays ended. Raises NotFound, NotPermitted."""
    return await _by_admin(caller, account_id, _enable, run)


async def set_role_as(caller: Caller, account_id: int, role: Role, *, run: Run = unit_of_work) -> Account:
    """Give an account another role, which binds at once for every session and token; its claims end.

    Raises NotFound, NotPermitted, the latter for the last enabled administrator too.
    """
    return await _by_admin(caller, account_id, lambda account, by: _set_role(account, by, role), run)


async def _by_operator(username: str, act: Act) -> Account:
    async def work() -> Account:
        account = await _by_name(username)
        await act(account, None)
        return await Account.get(id=account.id)

    return await unit_of_work(work)


async def _by_admin(caller: Caller, account_id: int, act: Act, run: Run) -> Account:
    if caller.role is not Role.ADMIN or not caller.has_scope(TokenScope.ADMIN):
        # others see no account but their own
        sees = caller.role is Role.ADMIN or account_id == caller.account_id
        raise NotPermitted if sees else NotFound(("accountId",))

    async def work() -> Account:
        admins = await _lock_admins()
        # read again inside: two administrators who depose each other must not both succeed
        if caller.account_id not in admins:
            raise NotPermitted
        account = await Account.get_or_none(id=account_id)
        if account is None:
            raise NotFound(("accountId",))
        await act(account, caller)
        return await Account.get(id=account_id)

    return await run(work)


async def _by_name(username: str) -> Account:
    await _lock_admins()
    account = await Account.get_or_none(username_key=fold_username(username))
    if account is None:
        raise NotFound(("username",))
    return account


async def _lock_admins() -> list[int]:
    """The ids of the enabled administrators, locked until the transaction ends, so that one of them always remains."""
    admins = await Account.filter(role=Role.ADMIN, disabled=False).select_for_update().order_by("id")
    return [admin.id for admin in admins]


async def _keep_one_admin(account: Account) -> None:
    others = Account.filter(role=Role.ADMIN, disabled=False).exclude(id=account.id)
    if account.role is Role.ADMIN and not account.disabled and not await others.exists():
        raise NotPermitted(
            "系统至少要保留一个启用的管理员。", "The last enabled administrator must stay one."
        )


async def _disable(account: Account, caller: Caller | None) -> None:
    if account.disabled:
        return
    await _keep_one_admin(account)
    await Account.filter(id=account.id).update(disabled=True)
    await end_all_sessions(account.id)
    await revoke_all_tokens(account.id)
    await void_resets(account.id)
    await _end_claims(account.id)
    await _write(AuditAction.DISABLE_ACCOUNT, account, caller)


async def _enable(account: Account, caller: Caller | None) -> None:
    if account.disabled:
        await Account.filter(id=account.id).update(disabled=False)
        await _write(AuditAction.ENABLE_ACCOUNT, account, caller)


async def _set_role(account: Account, caller: Caller | None, role: Role) -> None:
    if account.role is role:
        return
    if role is not Role.ADMIN:
        await _keep_one_admin(account)
    await Account.filter(id=account.id).update(role=role)
    await _end_claims(account.id)
    await _write(AuditAction.SET_ROLE, account, caller, before=account.role.value, after=role.value)


async def _end_claims(account_id: int) -> None:
    """A claim ends with its reviewer's role or his disabling, and raises no version (lifecycle, section 6)."""
    claims = Filing.filter(reviewer_id=account_id, claimed_until__gt=now())
    await claims.update(reviewer_id=None, claimed_until=None)


async def _write(action: AuditAction, account: Account, caller: Caller | None, **detail: str) -> None:
    await write_audit(
        action,
        account_id=caller.account_id if caller else None,
        credential=caller.credential if caller else None,
        record=f"account:{account.id}",
        **detail,
    )
