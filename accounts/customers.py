"""Customers: staff find one by exact name or address, to file on his behalf or to give him a subject; every look is kept."""

from datetime import timedelta

from accounts.audit import AuditAction, write_audit
from accounts.callers import Caller
from accounts.names import fold_email, fold_username
from models.account import Account
from models.refusal import Invalid, NotPermitted
from models.states import Role, TokenScope
from models.tries import Limit, reserve
from models.unit_of_work import unit_of_work

# enough for a day at the desk, too few to read the customers off a list of names
FIND_CUSTOMER = Limit("find-customer", 60, timedelta(hours=1))


async def find_customer(caller: Caller, username: str | None, email: str | None) -> Account | None:
    """The applicant's account of that user name, address, or both; None where there is none.

    Raises Invalid where neither is given and where several have the address, Throttled after sixty looks an hour,
    NotPermitted to all but reviewers.
    """
    if caller.role is not Role.REVIEWER or not caller.has_scope(TokenScope.READ):
        raise NotPermitted
    if not username and not email:
        raise Invalid(("username",), "请填写用户名或电子邮箱", "Give a user name or an address.")
    await reserve(FIND_CUSTOMER, str(caller.account_id))
    found = await _matching(username, email)
    await unit_of_work(
        lambda: write_audit(
            AuditAction.FIND_CUSTOMER,
            account_id=caller.account_id,
            credential=caller.credential,
            record=f"account:{found[0].id}" if len(found) == 1 else None,
            by=[name for name, value in (("username", username), ("email", email)) if value],
            found=len(found),
        )
    )
    if len(found) > 1:
        raise Invalid(
            ("email",),
            "有多个账号使用此邮箱，请同时填写用户名",
            "Several accounts have this address; give the user name, too.",
        )
    return found[0] if found else None


async def _matching(username: str | None, email: str | None) -> list[Account]:
    customers = Account.filter(role=Role.APPLICANT)
    if username:
        customers = customers.filter(username_key=fold_username(username))
    if email:
        mailbox = fold_email(email)
        if not mailbox:
            return []
        customers = customers.filter(email_key=mailbox)
    return await customers.order_by("id").limit(2)
