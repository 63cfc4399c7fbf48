"""Callers by session: found in one statement, gone by every kind of end."""

from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from accounts.administration import disable_account, set_role
from accounts.callers import caller_of_session, still_valid
from accounts.refusals import CredentialRefused
from accounts.signin import sign_out
from accounts.touches import drain_touches
from models.clock import now
from models.credential import Session
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from tests.accounts.people import HOME, come_in, come_in_as_caller, make_person


async def shift(column: str, by: timedelta) -> None:
    session = await Session.get()
    changes = {column: getattr(session, column) + by}
    await unit_of_work(lambda: Session.all().update(**changes))


async def is_refused(value: str) -> bool:
    try:
        await caller_of_session(value, HOME)
    except CredentialRefused:
        return True
    return False


@pytest.mark.shows("C05")
@pytest.mark.parametrize("value", ["", "x" * 43, "x" * 5000, "\ud800", "' OR 1=1 --"])
async def test_a_value_that_is_no_session_is_refused(db: str, value: str) -> None:
    await make_person()
    await come_in()
    assert await is_refused(value)


@pytest.mark.shows("C12")
@pytest.mark.parametrize(
    ("role", "idle", "living"),
    [
        (Role.APPLICANT, timedelta(minutes=119), True),
        (Role.APPLICANT, timedelta(minutes=121), False),
        (Role.REVIEWER, timedelta(minutes=29), True),
        (Role.REVIEWER, timedelta(minutes=31), False),
        (Role.ADMIN, timedelta(minutes=31), False),
        (Role.AUDITOR, timedelta(minutes=31), False),
    ],
)
async def test_an_unused_session_ends(db: str, role: Role, idle: timedelta, living: bool) -> None:
    await make_person(role=role)
    signed = await come_in()
    await shift("seen_at", -idle)
    assert await is_refused(signed.value) is not living


@pytest.mark.shows("C12")
@pytest.mark.parametrize(
    ("role", "age", "living"),
    [
        (Role.APPLICANT, timedelta(days=6, hours=23), True),
        (Role.APPLICANT, timedelta(days=7, minutes=1), False),
        (Role.REVIEWER, timedelta(hours=11, minutes=59), True),
        (Role.REVIEWER, timedelta(hours=12, minutes=1), False),
    ],
)
async def test_a_used_session_ends_too(db: str, role: Role, age: timedelta, living: bool) -> None:
    await make_person(role=role)
    signed = await come_in()
    await shift("expires_at", -age)
    assert await is_refused(signed.value) is not living


async def test_who_becomes_staff_is_bound_by_the_limits_of_staff_at_once(db: str) -> None:
    await make_person()
    signed = await come_in()
    await shift("created_at", -timedelta(hours=13))
    assert not await is_refused(signed.value)
    await set_role("zhang.wei", Role.REVIEWER)
    assert await is_refused(signed.value)


async def test_the_last_use_is_written_once_a_minute_behind_the_answer(db: str) -> None:
    await make_person()
    signed = await come_in()
    opened_at = (await Session.get()).seen_at
    await caller_of_session(signed.value, HOME)
    await drain_touches()
    assert (await Session.get()).seen_at == opened_at
    await shift("seen_at", -timedelta(seconds=61))
    for _ in range(10):
        await caller_of_session(signed.value, HOME)
    await drain_touches()
    assert now() - (await Session.get()).seen_at < timedelta(seconds=5)


async def test_a_caller_is_found_by_one_statement(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await make_person()
    signed = await come_in()
    connection = get_connection("default")
    statements: list[str] = []
    ask = connection.execute_query

    async def listen(query: str, values: list[object] | None = None) -> object:
        statements.append(query)
        return await ask(query, values)

    monkeypatch.setattr(connection, "execute_query", listen)
    await caller_of_session(signed.value, HOME)
    assert len(statements) == 1


@pytest.mark.shows("C12")
async def test_what_outlives_a_request_is_asked_again(db: str) -> None:
    await make_person()
    await make_person("li.na", Role.ADMIN)
    caller = await come_in_as_caller()
    assert await still_valid(caller) == caller
    assert caller.has_scope(TokenScope.ADMIN)
    await set_role("zhang.wei", Role.AUDITOR)
    assert (await still_valid(caller)).role is Role.AUDITOR
    await sign_out(caller)
    with pytest.raises(CredentialRefused):
        await still_valid(caller)


@pytest.mark.shows("C82")
async def test_a_disabled_account_has_no_caller(db: str) -> None:
    await make_person()
    signed = await come_in()
    caller = await caller_of_session(signed.value, HOME)
    await disable_account("zhang.wei")
    assert await is_refused(signed.value)
    with pytest.raises(CredentialRefused):
        await still_valid(caller)


async def test_staying_connected_is_no_use_of_a_session(db: str) -> None:
    await make_person(role=Role.REVIEWER)
    caller = await come_in_as_caller()
    await shift("seen_at", -timedelta(minutes=20))
    await still_valid(caller)
    await drain_touches()
    await shift("seen_at", -timedelta(minutes=11))
    with pytest.raises(CredentialRefused):
        await still_valid(caller)
