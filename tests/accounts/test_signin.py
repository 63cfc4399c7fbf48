"""Signing in and out: one answer for every wrong try, a count that holds, and an owner who is never shut out."""

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from accounts.administration import disable_account
from accounts.callers import Caller, caller_of_session
from accounts.passwords import change_password
from accounts.recovery import request_password_reset, reset_password
from accounts.refusals import CredentialRefused, WrongCredentials
from accounts.secret_values import digest
from accounts.signin import sign_in, sign_out, sign_out_everywhere
from models.account import Account
from models.clock import now
from models.credential import Session, Throttle
from models.event import AuditEntry
from models.refusal import NotPermitted, Throttled
from models.states import Role
from models.unit_of_work import unit_of_work
from tests.accounts.people import (
    ELSEWHERE,
    HOME,
    NEW_PASSWORD,
    PASSWORD,
    audited,
    come_in,
    come_in_as_caller,
    counted,
    make_person,
)
from tests.accounts.test_recovery import token_in_mail


async def refused(username: str, password: str = "wrong-Password-1", address: str = HOME) -> BaseException:
    try:
        await sign_in(username, password, address=address)
    except (WrongCredentials, Throttled) as refusal:
        return refusal
    raise AssertionError("it was let in")


@pytest.mark.shows("C01")
async def test_a_right_password_opens_a_session_whose_value_is_kept_nowhere(db: str) -> None:
    account = await make_person()
    signed = await come_in()
    assert signed.account.id == account.id
    [session] = await Session.all()
    assert session.secret_hash == digest(signed.value)
    assert len(signed.value) == 43
    assert signed.value not in repr(signed)
    caller = await caller_of_session(signed.value, HOME)
    assert (caller.account_id, caller.role, caller.scopes) == (account.id, Role.APPLICANT, None)
    assert caller.address == HOME
    assert await audited() == ["CREATE_ACCOUNT", "LOGIN"]


@pytest.mark.shows("C01")
async def test_width_and_case_of_the_name_make_no_difference(db: str) -> None:
    account = await make_person()
    assert (await come_in("ＺＨＡＮＧ.WEI")).account.id == account.id


async def test_each_signing_in_has_a_value_of_its_own_and_ends_the_browsers_last_session(db: str) -> None:
    await make_person()
    first = await come_in()
    caller = await caller_of_session(first.value, HOME)
    second = await sign_in("zhang.wei", PASSWORD, address=HOME, caller=caller)
    assert second.value != first.value
    with pytest.raises(CredentialRefused):
        await caller_of_session(first.value, HOME)
    await caller_of_session(second.value, HOME)


@pytest.mark.shows("C01")
async def test_unknown_wrong_and_disabled_are_one_answer(db: str) -> None:
    await make_person()
    await make_person("li.na")
    await disable_account("li.na")
    answers = [
        await refused("nobody.here"),
        await refused("zhang.wei"),
        await refused("li.na"),
        await refused("li.na", PASSWORD),
        await refused("\ud800", "\ud800"),
        await refused("x" * 300, "y" * 300),
    ]
    shown = {(type(a), a.problems) for a in answers if isinstance(a, WrongCredentials)}
    assert len(answers) == 6
    assert len(shown) == 1
    assert await Session.all().count() == 0


async def test_unknown_and_disabled_accounts_take_as_long_as_known_ones(db: str) -> None:
    await make_person()
    await make_person("li.na")
    await disable_account("li.na")
    loop = asyncio.get_running_loop()
    best = {"zhang.wei": 9.0, "nobody": 9.0, "li.na": 9.0}
    for turn in range(5):
        for name in best:
            start = loop.time()
            await refused(name, address=f"10.{turn}.0.1")
            best[name] = min(best[name], loop.time() - start)
    assert max(best.values()) < 2 * min(best.values())


async def test_failures_are_audited_without_the_typed_name(db: str) -> None:
    account = await make_person()
    await refused("nobody.here")
    await refused("zhang.wei")
    unknown, known = await AuditEntry.filter(action="LOGIN_FAILED").order_by("id")
    assert (unknown.record, unknown.account_id) == (None, None)
    assert (known.record, known.account_id) == (f"account:{account.id}", None)
    assert unknown.detail == known.detail == {"network": "203.0.113.0/24"}


async def test_after_five_wrong_tries_even_the_right_password_is_refused_there(db: str) -> None:
    await make_person()
    for _ in range(5):
        assert isinstance(await refused("zhang.wei"), WrongCredentials)
    answer = await refused("Zhang.Wei", PASSWORD, "203.0.113.200")
    assert isinstance(answer, Throttled)
    assert (answer.problems[0].retry_after or 0) in range(890, 901)
    assert await Session.all().count() == 0


async def test_an_unknown_name_is_throttled_just_the_same(db: str) -> None:
    for _ in range(5):
        assert isinstance(await refused("nobody"), WrongCredentials)
    assert isinstance(await refused("nobody"), Throttled)


async def test_of_twenty_parallel_wrong_tries_five_are_verified(db: str) -> None:
    await make_person()
    answers = await asyncio.gather(*(refused("zhang.wei") for _ in range(20)))
    assert sum(isinstance(answer, WrongCredentials) for answer in answers) == 5
    assert sum(isinstance(answer, Throttled) for answer in answers) == 15
    assert await AuditEntry.filter(action="LOGIN_FAILED").count() == 5


async def test_the_count_survives_a_caller_who_goes_away(db: str) -> None:
    await make_person()
    for tried in range(1, 6):
        task = asyncio.create_task(sign_in("zhang.wei", "wrong-Password-1", address=HOME))
        await counted(tried)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert isinstance(await refused("zhang.wei", PASSWORD), Throttled)


async def test_a_window_that_is_over_opens_anew(db: str) -> None:
    await make_person()
    for _ in range(5):
        await refused("zhang.wei")
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: Throttle.all().update(window_ends_at=past))
    await come_in()


async def test_right_tries_use_nothing_up(db: str) -> None:
    await make_person()
    for _ in range(7):
        await come_in()
    for _ in range(4):
        await refused("zhang.wei")
    await come_in()
    for _ in range(4):
        await refused("zhang.wei")
    await come_in()


async def test_one_place_cannot_try_fifty_names(db: str) -> None:
    for number in range(50):
        assert isinstance(await refused(f"name{number}"), WrongCredentials)
    assert isinstance(await refused("name50"), Throttled)
    assert isinstance(await refused("name50", address=ELSEWHERE), WrongCredentials)


async def test_many_places_cannot_guess_one_account_nor_shut_its_owner_out(db: str) -> None:
    await make_person()
    await come_in(address=HOME)
    for number in range(50):
        assert isinstance(await refused("zhang.wei", address=f"10.0.{number}.1"), WrongCredentials)
    assert isinstance(await refused("zhang.wei", address="10.0.99.1"), Throttled)
    assert (await come_in(address=HOME)).account.username == "zhang.wei"


async def test_an_owner_who_was_throttled_gets_in_by_a_reset(db: str) -> None:
    await make_person()
    for _ in range(5):
        await refused("zhang.wei")
    for number in range(45):
        await refused("zhang.wei", address=f"10.0.{number}.1")
    assert isinstance(await refused("zhang.wei", PASSWORD), Throttled)
    assert isinstance(await refused("zhang.wei", PASSWORD, ELSEWHERE), Throttled)
    await request_password_reset("zhang.wei", address=HOME)
    await reset_password(await token_in_mail(), NEW_PASSWORD, address=HOME)
    assert (await sign_in("zhang.wei", NEW_PASSWORD, address=HOME)).account.username == "zhang.wei"


async def test_a_hash_of_an_older_cost_is_made_anew_when_its_owner_comes(db: str) -> None:
    account = await make_person()
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    await unit_of_work(lambda: Account.filter(id=account.id).update(password_hash=old))
    await refused("zhang.wei")
    assert (await Account.get(id=account.id)).password_hash == old
    await come_in()
    assert (await Account.get(id=account.id)).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await come_in()


@pytest.mark.shows("C12")
async def test_signing_out_ends_this_session_alone(db: str) -> None:
    await make_person()
    here, there = await come_in(), await come_in(address=ELSEWHERE)
    await sign_out(await caller_of_session(here.value, HOME))
    with pytest.raises(CredentialRefused):
        await caller_of_session(here.value, HOME)
    await caller_of_session(there.value, ELSEWHERE)
    assert (await audited())[-1] == "LOGOUT"


@pytest.mark.shows("C12")
async def test_signing_out_everywhere_ends_every_session_of_the_account(db: str) -> None:
    await make_person()
    await make_person("li.na")
    here, there, other = await come_in(), await come_in(address=ELSEWHERE), await come_in("li.na")
    await sign_out_everywhere(await caller_of_session(here.value, HOME))
    for signed in (here, there):
        with pytest.raises(CredentialRefused):
            await caller_of_session(signed.value, HOME)
    await caller_of_session(other.value, HOME)
    assert (await audited())[-1] == "LOGOUT_EVERYWHERE"


@pytest.mark.shows("C12")
async def test_a_changed_password_ends_the_other_sessions_and_counts_at_once(db: str) -> None:
    await make_person()
    here, there = await come_in(), await come_in(address=ELSEWHERE)
    caller = await caller_of_session(here.value, HOME)
    await change_password(caller, PASSWORD, NEW_PASSWORD)
    await caller_of_session(here.value, HOME)
    with pytest.raises(CredentialRefused):
        await caller_of_session(there.value, ELSEWHERE)
    assert isinstance(await refused("zhang.wei", PASSWORD), WrongCredentials)
    await sign_in("zhang.wei", NEW_PASSWORD, address=HOME)
    assert (await audited()).count("CHANGE_PASSWORD") == 1


async def test_a_change_with_a_wrong_password_changes_nothing_and_is_counted(db: str) -> None:
    account = await make_person()
    caller = await come_in_as_caller()
    for _ in range(5):
        with pytest.raises(WrongCredentials) as refusal:
            await change_password(caller, "wrong-Password-1", NEW_PASSWORD)
        assert refusal.value.problems[0].path == ("currentPassword",)
    with pytest.raises(Throttled):
        await change_password(caller, PASSWORD, NEW_PASSWORD)
    assert (await Account.get(id=account.id)).password_hash == account.password_hash
    assert (await audited()).count("CHANGE_PASSWORD_FAILED") == 5
    await caller_of_session((await come_in()).value, HOME)


async def test_a_disabling_during_the_verification_wins(db: str) -> None:
    await make_person()
    trying = asyncio.create_task(sign_in("zhang.wei", PASSWORD, address=HOME))
    await counted(1)
    await disable_account("zhang.wei")
    outcome = (await asyncio.gather(trying, return_exceptions=True))[0]
    assert isinstance(outcome, WrongCredentials) or await Session.filter(ended_at=None).count() == 0


async def test_a_token_neither_signs_in_nor_out(db: str, machine: Caller) -> None:
    for act in (
        sign_in("zhang.wei", PASSWORD, address=HOME, caller=machine),
        sign_out(machine),
        sign_out_everywhere(machine),
        change_password(machine, PASSWORD, NEW_PASSWORD),
    ):
        with pytest.raises(NotPermitted):
            await act
    assert await Session.all().count() == 0
