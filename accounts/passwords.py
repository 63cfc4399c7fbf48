"""The password of an account: what it must be like, and changing it."""

import unicodedata
from functools import cache
from pathlib import Path

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller, refuse_token
from accounts.refusals import WrongCredentials
from accounts.runners import Run
from accounts.sessions import end_all_sessions
from accounts.throttle import CHANGE_PASSWORD
from models.account import Account
from models.clock import now
from models.credential import PasswordReset, Throttle
from models.hashing import MOST_CHARACTERS, hash_secret, verify_secret
from models.refusal import Invalid
from models.states import Role
from models.tries import reserve
from models.unit_of_work import unit_of_work

APPLICANT_LEAST = 8
STAFF_LEAST = 10
LEAST_DIFFERENT = 4
COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")


def check_password(
    password: str, username: str, role: Role, *, path: tuple[str, ...] = ("password",)
) -> None:
    """Raise Invalid for a password that is too short for the role, too long, common, or holds the user name.

    Length and a list of common ones, no composition rules (NIST SP 800-63B 5.1.1.2).
    """
    normal = unicodedata.normalize("NFC", password)
    least = APPLICANT_LEAST if role is Role.APPLICANT else STAFF_LEAST
    if not least <= len(normal) <= MOST_CHARACTERS:
        raise Invalid(
            path,
            f"密码须为{least}至{MOST_CHARACTERS}个字符。",
            f"A password has {least} to {MOST_CHARACTERS} characters.",
        )
    if any("\ud800" <= character <= "\udfff" for character in normal):
        raise Invalid(path, "密码含有无效字符。", "The password holds a character that is none.")
    folded = unicodedata.normalize("NFKC", normal).casefold()
    if folded in _common() or len(set(folded)) < LEAST_DIFFERENT:
        raise Invalid(path, "密码过于常见，请换一个。", "This password is too common; choose another.")
    if unicodedata.normalize("NFKC", username).casefold() in folded:
        raise Invalid(path, "密码不能包含用户名。", "The password must not contain the user name.")


async def change_password(
    caller: Caller, current_password: str, new_password: str, *, run: Run = unit_of_work
) -> Account:
    """Give the caller's account a new password; every other session and open reset link ends, API tokens stay.

    Raises WrongCredentials, Throttled after five wrong ones in a quarter of an hour, Invalid for an unfit new one,
    NotPermitted to a token; Busy where the hashing queue is full.
    """
    refuse_token(caller)
    account = await Account.get(id=caller.account_id)
    check_password(new_password, account.username, account.role, path=("newPassword",))
    await reserve(CHANGE_PASSWORD, str(account.id))
    if not await verify_secret(account.password_hash, current_password):
        await unit_of_work(
            lambda: write_audit(
                AuditAction.CHANGE_PASSWORD_FAILED, account_id=account.id, credential=caller.credential
            )
        )
        raise WrongCredentials(("currentPassword",))
    fresh = await hash_secret(new_password)

    async def work() -> Account:
        mine = Account.filter(id=account.id, disabled=False, password_hash=account.password_hash)
        if not await mine.update(password_hash=fresh):
            raise WrongCredentials(("currentPassword",))  # changed or disabled since it was verified
        await end_all_sessions(account.id, but=caller.session_id)
        await void_resets(account.id)
        await Throttle.filter(key=CHANGE_PASSWORD.key(str(account.id))).delete()
        await write_audit(AuditAction.CHANGE_PASSWORD, account_id=account.id, credential=caller.credential)
        return await Account.get(id=account.id)

    return await run(work)


async def void_resets(account_id: int) -> None:
    """Make every reset link of the account useless; inside a unit of work."""
    await PasswordReset.filter(account_id=account_id, used_at=None).update(used_at=now())


@cache
def _common() -> frozenset[str]:
    lines = COMMON_PASSWORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
