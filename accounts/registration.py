"""Registration (注册): a visitor makes an account of his own, always as an applicant."""

from tortoise.exceptions import IntegrityError

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller, refuse_token
from accounts.captcha import use_captcha
from accounts.names import check_email, check_username, fold_email, fold_username
from accounts.passwords import check_password
from accounts.refusals import Duplicate
from accounts.throttle import REGISTER_NETWORK
from models.account import Account
from models.hashing import hash_secret
from models.states import Role
from models.tries import network_of, reserve
from models.unit_of_work import unit_of_work


async def register(
    username: str,
    password: str,
    email: str,
    *,
    captcha_id: str | None = None,
    captcha_answer: str | None = None,
    address: str = "",
    caller: Caller | None = None,
) -> Account:
    """Make an applicant's account. Several may share an e-mail address, so the answer tells nothing about it.

    Raises Invalid, WrongCaptcha, Throttled, Duplicate for a name that is taken (whatever its case and width),
    NotPermitted to a token; Busy where the hashing queue is full.
    """
    refuse_token(caller)
    name, mailbox = check_username(username), check_email(email)
    check_password(password, name, Role.APPLICANT)
    # after what tells nothing about others, so that a typing error costs no captcha; before whether a name is taken
    await use_captcha(captcha_id, captcha_answer)
    await reserve(REGISTER_NETWORK, network_of(address))
    password_hash = await hash_secret(password)
    return await add_account(name, password_hash, mailbox, Role.APPLICANT, AuditAction.REGISTER)


async def add_account(
    username: str, password_hash: str, email: str, role: Role, action: AuditAction
) -> Account:
    """Store an account whose values were checked; raises Duplicate where its name is taken, by a race too."""

    try:
        return await unit_of_work(lambda: write_account(username, password_hash, email, role, action))
    except IntegrityError:  # PostgreSQL lets two of one name look first and write then
        raise Duplicate from None


async def write_account(
    username: str,
    password_hash: str,
    email: str,
    role: Role,
    action: AuditAction,
    *,
    by: Caller | None = None,
) -> Account:
    """Store an account inside a unit of work; raises Duplicate where its name is taken, IntegrityError in a race."""
    key = fold_username(username)
    if await Account.exists(username_key=key):
        raise Duplicate
    account = await Account.create(
        username=username,
        username_key=key,
        email=email,
        email_key=fold_email(email),
        password_hash=password_hash,
        role=role,
    )
    acting = by.account_id if by else account.id if action is AuditAction.REGISTER else None
    await write_audit(
        action,
        account_id=acting,
        credential=by.credential if by else None,
        record=f"account:{account.id}",
        role=role.value,
    )
    return account
