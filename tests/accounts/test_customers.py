"""Customers: a reviewer finds one whom he can name exactly, and every look is kept."""

import pytest

from accounts.administration import create_token, disable_account
from accounts.callers import Caller, caller_of_token
from accounts.customers import FIND_CUSTOMER, find_customer
from models.clock import now
from models.credential import Throttle
from models.event import AuditEntry
from models.refusal import Invalid, NotPermitted, Throttled
from models.states import Role, TokenScope
from models.tries import open_window
from models.unit_of_work import unit_of_work
from tests.accounts.people import HOME, come_in_as_caller, make_person


@pytest.fixture
async def reviewer(db: str) -> Caller:
    """A reviewer at a browser, among two customers."""
    await make_person("zhang.wei", email="zhang@example.com")
    await make_person("li.na", email="li@example.com")
    await make_person("wang", Role.REVIEWER, "wang@example.com")
    return await come_in_as_caller("wang")


async def name_found(caller: Caller, username: str | None = None, email: str | None = None) -> str | None:
    account = await find_customer(caller, username, email)
    return None if account is None else account.username


async def looks() -> list[AuditEntry]:
    return await AuditEntry.filter(action="FIND_CUSTOMER").order_by("id")


async def test_a_customer_is_found_by_his_exact_name_or_address(reviewer: Caller) -> None:
    assert await name_found(reviewer, "Zhang.Wei") == "zhang.wei"
    assert await name_found(reviewer, email="LI@example.com") == "li.na"
    assert await name_found(reviewer, "zhang.wei", "zhang@example.com") == "zhang.wei"
    assert await name_found(reviewer, "zhang.wei", "li@example.com") is None
    for near in ("zhang", "zhang.we", "zhang.wei2", "%", "zhang%"):
        assert await name_found(reviewer, near) is None
    assert await name_found(reviewer, email="example.com") is None


async def test_staff_are_no_customers_and_a_disabled_one_is_found_as_such(reviewer: Caller) -> None:
    assert await name_found(reviewer, "wang") is None
    assert await name_found(reviewer, email="wang@example.com") is None
    await disable_account("li.na")
    account = await find_customer(reviewer, "li.na", None)
    assert account is not None
    assert account.disabled


async def test_every_look_is_audited_without_what_was_typed(reviewer: Caller) -> None:
    account = await find_customer(reviewer, "zhang.wei", None)
    await find_customer(reviewer, None, "nobody@example.com")
    found, missed = await looks()
    assert account is not None
    assert (found.account_id, found.credential, found.record, found.detail) == (
        reviewer.account_id,
        reviewer.credential,
        f"account:{account.id}",
        {"by": ["username"], "found": 1},
    )
    assert (missed.record, missed.detail) == (None, {"by": ["email"], "found": 0})


async def test_an_address_of_several_asks_for_the_name_too(reviewer: Caller) -> None:
    await make_person("zhang.san", email="zhang@example.com")
    with pytest.raises(Invalid) as refused:
        await find_customer(reviewer, None, "zhang@example.com")
    assert refused.value.problems[0].path == ("email",)
    assert await name_found(reviewer, "zhang.san", "zhang@example.com") == "zhang.san"


async def test_who_may_not_look_is_refused_and_leaves_no_trace(reviewer: Caller) -> None:
    text = await create_token("job", "wang", set(TokenScope) - {TokenScope.READ}, 1)
    callers = [await caller_of_token(text, HOME)]
    for role in (Role.ADMIN, Role.AUDITOR):
        await make_person(role.value.lower(), role, "")
        callers.append(await come_in_as_caller(role.value.lower()))
    callers.append(await come_in_as_caller("zhang.wei"))
    for caller in callers:
        with pytest.raises(NotPermitted):
            await find_customer(caller, "li.na", None)
    with pytest.raises(Invalid):
        await find_customer(reviewer, None, None)
    assert await looks() == []


async def test_a_reviewer_looks_at_most_sixty_times_an_hour(reviewer: Caller) -> None:
    key = FIND_CUSTOMER.key(str(reviewer.account_id))
    await unit_of_work(lambda: open_window(FIND_CUSTOMER, key, now()))
    await unit_of_work(lambda: Throttle.filter(key=key).update(tries=59))
    assert await name_found(reviewer, "li.na") == "li.na"
    with pytest.raises(Throttled):
        await find_customer(reviewer, "li.na", None)
    assert len(await looks()) == 1
