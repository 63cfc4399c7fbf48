"""Invitation (邀请): staff make an account for a customer, who sets its password by a mailed link."""

import secrets
from datetime import timedelta

from tortoise.exceptions import IntegrityError

from accounts.audit import AuditAction
from accounts.callers import Caller
from accounts.names import check_email, check_username, fold_email, fold_username
from accounts.recovery import link_to, write_link
from accounts.refusals import Duplicate, KnownAddress
from accounts.registration import write_account
from accounts.runners import Run
from accounts.secret_values import make_secret
from models.account import Account
from models.hashing import hash_secret
from models.post import enqueue_mail
from models.refusal import Invalid, NotPermitted
from models.states import Role, TokenScope
from models.tries import Limit, count, reserve
from models.unit_of_work import unit_of_work

# a customer who is told of a filing made for him may read it after the weekend, or after a holiday week
LINK_LIFETIME = timedelta(days=7)
INVITE = Limit("invite", 60, timedelta(hours=1))
# counted in the transaction that makes the account, so that of two invitations to one address one waits for the other
INVITED_ADDRESS = Limit("invited-address", 20, timedelta(hours=1))
_MADE_UP = "abcdefghjkmnpqrstuvwxyz23456789"


async def invite_customer(
    caller: Caller, email: str, username: str | None = None, *, run: Run = unit_of_work
) -> Account:
    """Make an applicant's account that nobody can sign in to yet, and mail a link, good once in seven days.

    Filings may be made for it at once. Left out, the name is the address, or made up. Raises Invalid, KnownAddress
    where any account has the address, Duplicate where the name is taken, Throttled, NotPermitted to all but reviewers;
    Busy where the hashing queue is full.
    """
    if caller.role is not Role.REVIEWER or not caller.has_scope(TokenScope.REVIEW):
        raise NotPermitted
    mailbox = check_email(email)
    given = check_username(username) if username else None
    await reserve(INVITE, str(caller.account_id))
    # of a secret that nobody has: a sign-in costs the same as with any other account
    unusable = await hash_secret(make_secret())
    token = make_secret()

    async def work() -> Account:
        await count(INVITED_ADDRESS, fold_email(mailbox))
        if await Account.exists(email_key=fold_email(mailbox)):
            raise KnownAddress
        name = given or await _free_name(mailbox)
        account = await write_account(
            name, unusable, mailbox, Role.APPLICANT, AuditAction.INVITE_CUSTOMER, by=caller
        )
        await _mail(account, token)
        return account

    try:
        return await run(work)
    except IntegrityError:  # PostgreSQL lets two of one name look first and write then
        raise Duplicate from None


async def _free_name(mailbox: str) -> str:
    """The address as a user name where it can be one and nobody has it, else one that is made up."""
    try:
        name = check_username(mailbox)
    except Invalid:
        name = ""
    if name and not await Account.exists(username_key=fold_username(name)):
        return name
    return "customer-" + "".join(secrets.choice(_MADE_UP) for _ in range(10))


async def _mail(account: Account, token: str) -> None:
    link = await write_link(account.id, token, LINK_LIFETIME)
    await enqueue_mail(
        "invitation",
        account.email,
        {"username": account.username, "link": link_to(token), "days": str(LINK_LIFETIME.days)},
        key=f"invitation:{link.id}",
        lane=f"account:{account.id}",
    )
