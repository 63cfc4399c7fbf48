"""Signing in and out at a browser: captcha, then throttle, then password, and a fresh session."""

from dataclasses import dataclass
from datetime import datetime

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller, refuse_token
from accounts.captcha import use_captcha
from accounts.names import fold_username
from accounts.refusals import WrongCredentials
from accounts.sessions import end_all_sessions, end_session, open_session
from accounts.throttle import give_back_login, know_place, reserve_login
from models.account import Account
from models.hashing import Busy, hash_secret, is_outdated, verify_secret
from models.tries import network_of
from models.unit_of_work import unit_of_work


@dataclass(frozen=True)
class SignedIn:
    """The account, and the session's value for its cookie with the moment at which it ends at the latest."""

    account: Account
    value: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"SignedIn({self.account.id})"


async def sign_in(
    username: str,
    password: str,
    *,
    captcha_id: str | None = None,
    captcha_answer: str | None = None,
    address: str = "",
    caller: Caller | None = None,
) -> SignedIn:
    """Sign in from `address`; `caller` is who the browser was until now, whose session ends.

    Unknown name, wrong password and disabled account are one answer and one amount of work. Raises WrongCaptcha,
    Throttled, WrongCredentials, NotPermitted to a token; Busy where the hashing queue is full.
    """
    refuse_token(caller)
    await use_captcha(captcha_id, captcha_answer)
    key = fold_username(username)
    await reserve_login(key, address)
    account = await Account.get_or_none(username_key=key)
    stored = None if account is None or account.disabled else account.password_hash
    try:
        right = await verify_secret(stored, password)
        fresh = await hash_secret(password) if right and stored and is_outdated(stored) else None
    except Busy:
        await unit_of_work(lambda: give_back_login(key, address))
        raise
    known = account.id if account is not None else None
    signed = None
    if known is not None and stored is not None and right:
        signed = await _open(known, stored, fresh, address, caller)
    if signed is None:
        await _note_failure(known, address)
        raise WrongCredentials
    return signed


async def sign_out(caller: Caller) -> None:
    """End the caller's session; raises NotPermitted to a token."""
    refuse_token(caller)
    session_id = caller.session_id
    assert session_id is not None, "what is no token is a session"

    async def work() -> None:
        await end_session(session_id)
        await write_audit(AuditAction.LOGOUT, account_id=caller.account_id, credential=caller.credential)

    await unit_of_work(work)


async def sign_out_everywhere(caller: Caller) -> None:
    """End every session of the caller's account, this one too; raises NotPermitted to a token."""
    refuse_token(caller)

    async def work() -> None:
        await end_all_sessions(caller.account_id)
        await write_audit(
            AuditAction.LOGOUT_EVERYWHERE, account_id=caller.account_id, credential=caller.credential
        )

    await unit_of_work(work)


async def _open(
    account_id: int, stored: str, fresh: str | None, address: str, caller: Caller | None
) -> SignedIn | None:
    """Open the session, or give None where the account was disabled or its password replaced since it was verified."""

    async def work() -> SignedIn | None:
        # locked, so that a disabling either is seen here or sees this session
        account = await Account.select_for_update().get_or_none(
            id=account_id, disabled=False, password_hash=stored
        )
        if account is None:
            return None
        if fresh is not None:
            await Account.filter(id=account_id).update(password_hash=fresh)
        if caller is not None and caller.session_id is not None:
            await end_session(caller.session_id)
        value, session = await open_session(account)
        await give_back_login(account.username_key, address)
        await know_place(account.username_key, address)
        await write_audit(
            AuditAction.LOGIN,
            account_id=account_id,
            credential=f"session:{session.id}",
            network=network_of(address),
        )
        return SignedIn(account, value, session.expires_at)

    return await unit_of_work(work)


async def _note_failure(account_id: int | None, address: str) -> None:
    await unit_of_work(
        lambda: write_audit(
            AuditAction.LOGIN_FAILED,
            account_id=None,
            record=f"account:{account_id}" if account_id is not None else None,
            network=network_of(address),
        )
    )
