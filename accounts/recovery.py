"""Recovery (忘记密码): a one-time link by mail sets a new account password; never a filing password."""

import asyncio
from datetime import timedelta
from urllib.parse import quote

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller, refuse_token
from accounts.names import fold_email, fold_username
from accounts.passwords import check_password, void_resets
from accounts.secret_values import digest, make_secret
from accounts.sessions import end_all_sessions
from accounts.throttle import LOGIN_ACCOUNT, RESET_MAILS, RESET_NETWORK, know_place
from accounts.tokens import revoke_all_tokens
from models.account import Account
from models.clock import now
from models.credential import PasswordReset, Throttle
from models.hashing import hash_secret
from models.post import enqueue_mail
from models.refusal import Invalid, Throttled
from models.tries import count, network_of, reserve
from models.unit_of_work import unit_of_work
from settings import current

# an hour, as long as the window of RESET_MAILS: greylisting mail servers take up to half of it
LINK_LIFETIME = timedelta(hours=1)
# one person may have several accounts with one address; more than that is no person
MOST_ACCOUNTS = 5
# every answer comes this long after its question, so that the time tells as little as the text
ANSWER_SECONDS = 0.3


async def request_password_reset(
    name_or_email: str, *, address: str = "", caller: Caller | None = None
) -> None:
    """Mail a link to each enabled account of that user name or e-mail address; says and takes the same in any case.

    At most three mails an hour to one account, silently. Raises Throttled by the asking network alone, NotPermitted
    to a token.
    """
    refuse_token(caller)
    loop = asyncio.get_running_loop()
    answer_at = loop.time() + ANSWER_SECONDS
    await reserve(RESET_NETWORK, network_of(address))
    for account in await _accounts_of(name_or_email):
        if account.email and not account.disabled:
            await _mail_link(account)
    await unit_of_work(
        lambda: write_audit(AuditAction.REQUEST_PASSWORD_RESET, account_id=None, network=network_of(address))
    )
    await asyncio.sleep(answer_at - loop.time())


async def reset_password(
    token: str, new_password: str, *, address: str = "", caller: Caller | None = None
) -> Account:
    """Set a new password by the link's token; it can be used once, and every other link, session and API token ends.

    Whoever needs this may have lost his password to somebody, who may have made tokens with it. The place it is done
    from may sign in whatever strangers have tried meanwhile. Raises Invalid for a token that is wrong, used or
    expired and for an unfit password, NotPermitted to a token; Busy where the hashing queue is full.
    """
    refuse_token(caller)
    living = PasswordReset.filter(
        secret_hash=digest(token), used_at=None, expires_at__gt=now(), account__disabled=False
    )
    found = await living.select_related("account").first()
    if found is None:
        raise _dead_link()
    account: Account = found.account
    check_password(new_password, account.username, account.role, path=("newPassword",))
    fresh = await hash_secret(new_password)

    async def work() -> Account:
        # the account first, as a disabling does: two transactions never wait for each other
        if not await Account.filter(id=account.id, disabled=False).update(password_hash=fresh):
            raise _dead_link()
        used = PasswordReset.filter(id=found.id, used_at=None, expires_at__gt=now())
        if not await used.update(used_at=now()):
            raise _dead_link()
        await void_resets(account.id)
        await end_all_sessions(account.id)
        await revoke_all_tokens(account.id)
        await Throttle.filter(key=LOGIN_ACCOUNT.key(account.username_key)).delete()
        await know_place(account.username_key, address)
        await write_audit(
            AuditAction.RESET_ACCOUNT_PASSWORD,
            account_id=account.id,
            record=f"account:{account.id}",
            network=network_of(address),
        )
        return await Account.get(id=account.id)

    return await unit_of_work(work)


def link_to(token: str) -> str:
    """The address at which the token's holder sets a new password."""
    return f"{current().public_url}/app/reset?token={quote(token)}"


async def write_link(account_id: int, token: str, lifetime: timedelta) -> PasswordReset:
    """Keep that `token` sets the account's password once within `lifetime`; inside a unit of work."""
    return await PasswordReset.create(
        secret_hash=digest(token), account_id=account_id, expires_at=now() + lifetime
    )


async def _accounts_of(name_or_email: str) -> list[Account]:
    """The account of that user name, then those of that address; the first must not be crowded out by the others."""
    name, mailbox = fold_username(name_or_email), fold_email(name_or_email)
    named = await Account.filter(username_key=name)
    addressed = Account.filter(email_key=mailbox).exclude(username_key=name).exclude(email_key="")
    return [*named, *await addressed.order_by("id").limit(MOST_ACCOUNTS)]


async def _mail_link(account: Account) -> None:
    token = make_secret()
    minutes = str(int(LINK_LIFETIME.total_seconds()) // 60)

    async def work() -> None:
        await count(RESET_MAILS, str(account.id))
        reset = await write_link(account.id, token, LINK_LIFETIME)
        await enqueue_mail(
            "password_reset",
            account.email,
            {"username": account.username, "link": link_to(token), "minutes": minutes},
            key=f"password-reset:{reset.id}",
            lane=f"account:{account.id}",
        )

    try:
        await unit_of_work(work)
    except Throttled:
        return  # told to nobody: only an account that exists can have had its mails


def _dead_link() -> Invalid:
    return Invalid(
        ("token",),
        "重置链接无效、已使用或已过期，请重新申请。",
        "The reset link is wrong, used or expired; ask for a new one.",
    )
