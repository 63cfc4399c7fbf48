"""The caller: which account stands behind a session or a token, and whether it still does."""

import hmac
from dataclasses import dataclass, replace

from accounts.refusals import CredentialRefused
from accounts.secret_values import digest
from accounts.sessions import is_living
from accounts.token_text import TokenText
from accounts.touches import GRAIN, touch_later
from models.clock import now
from models.credential import ApiToken, Session
from models.refusal import NotPermitted
from models.states import Role, TokenScope


@dataclass(frozen=True)
class Caller:
    """Who asks. `scopes` is None for a browser session, which may do all that its role may."""

    account_id: int
    username: str
    role: Role
    scopes: frozenset[TokenScope] | None
    session_id: int | None
    token_id: int | None
    address: str

    @property
    def credential(self) -> str:
        """What the audit says the caller acted by: `session:7` or `token:7`."""
        return f"token:{self.token_id}" if self.session_id is None else f"session:{self.session_id}"

    def has_scope(self, scope: TokenScope) -> bool:
        """Whether the credential reaches that far; what the role may do is asked elsewhere."""
        return self.scopes is None or scope in self.scopes


def refuse_token(caller: Caller | None) -> None:
    """Raise NotPermitted where an API token asks for what only a person at a browser may do."""
    if caller is not None and caller.token_id is not None:
        raise NotPermitted(
            "API令牌不能执行此操作，请登录后操作。", "API tokens may not do this; sign in with a browser."
        )


async def caller_of_session(value: str, address: str) -> Caller:
    """The caller behind a session's cookie; raises CredentialRefused. One statement; its last use follows later."""
    session = await Session.get_or_none(secret_hash=digest(value)).select_related("account")
    caller = _by_session(session, address)
    if session is not None and now() - session.seen_at >= GRAIN:
        key = session.id
        touch_later(caller.credential, lambda: _touch_session(key))
    return caller


async def caller_of_token(text: str, address: str) -> Caller:
    """The caller behind an API token; raises CredentialRefused. One statement; its last use follows later."""
    parts = TokenText.parse(text)
    if parts is None:
        raise CredentialRefused("malformed token")
    token = await ApiToken.get_or_none(public_id=parts.public_id).select_related("account")
    if token is None or not hmac.compare_digest(token.secret_hash, digest(parts.secret)):
        raise CredentialRefused("unknown token")
    caller = _by_token(token, address)
    if token.last_used_at is None or now() - token.last_used_at >= GRAIN:
        key = token.id
        touch_later(caller.credential, lambda: _touch_token(key))
    return caller


async def still_valid(caller: Caller) -> Caller:
    """The caller as he is now, for what outlives a request (sockets); raises CredentialRefused once he is not.

    One statement and no memory, so that a role, a disabling and a revocation bind at the next event. Staying
    connected is no use of a session: it ends by its idle time-out unless it is used otherwise.
    """
    if caller.session_id is not None:
        session = await Session.get_or_none(id=caller.session_id).select_related("account")
        fresh = _by_session(session, caller.address)
    else:
        token = await ApiToken.get_or_none(id=caller.token_id).select_related("account")
        fresh = _by_token(token, caller.address)
    return replace(caller, username=fresh.username, role=fresh.role, scopes=fresh.scopes)


def _by_session(session: Session | None, address: str) -> Caller:
    if session is None:
        raise CredentialRefused("unknown session")
    account = session.account
    if account.disabled:
        raise CredentialRefused("account disabled")
    if not is_living(session, account.role, now()):
        raise CredentialRefused("session ended")
    return Caller(account.id, account.username, account.role, None, session.id, None, address)


def _by_token(token: ApiToken | None, address: str) -> Caller:
    if token is None:
        raise CredentialRefused("unknown token")
    account = token.account
    if account.disabled:
        raise CredentialRefused("account disabled")
    if token.revoked_at is not None or token.expires_at <= now():
        raise CredentialRefused("token revoked or expired")
    scopes = frozenset(TokenScope(scope) for scope in token.scopes)
    return Caller(account.id, account.username, account.role, scopes, None, token.id, address)


async def _touch_session(session_id: int) -> None:
    await Session.filter(id=session_id).update(seen_at=now())


async def _touch_token(token_id: int) -> None:
    await ApiToken.filter(id=token_id).update(last_used_at=now())
