"""Registration: a form, a captcha, a name that is free."""

import asyncio

import pytest

from accounts.audit import AuditAction
from accounts.callers import Caller
from accounts.refusals import Duplicate
from accounts.registration import add_account, register
from models.account import Account
from models.refusal import Invalid, NotPermitted, Throttled
from models.states import Role
from tests.accounts.people import ELSEWHERE, HOME, PASSWORD, audited, come_in, make_person


@pytest.mark.shows("C03")
async def test_a_visitor_registers_and_signs_in(db: str) -> None:
    account = await register("Zhang.Wei", PASSWORD, "Zhang@Example.com", address=HOME)
    assert (account.username, account.username_key) == ("Zhang.Wei", "zhang.wei")
    assert (account.email, account.email_key) == ("Zhang@example.com", "zhang@example.com")
    assert (account.role, account.disabled) == (Role.APPLICANT, False)
    assert PASSWORD not in account.password_hash
    assert (await come_in()).account.id == account.id
    assert await audited() == ["REGISTER", "LOGIN"]


@pytest.mark.shows("C03")
@pytest.mark.parametrize("again", ["zhang.wei", "ZHANG.WEI", "ｚｈａｎｇ．ｗｅｉ"])
async def test_a_name_is_taken_in_any_width_and_case(db: str, again: str) -> None:
    await make_person()
    with pytest.raises(Duplicate) as refusal:
        await register(again, PASSWORD, "other@example.com", address=HOME)
    assert refusal.value.problems[0].path == ("username",)
    assert await Account.all().count() == 1


@pytest.mark.shows("C03")
async def test_registering_does_not_tell_whether_an_address_is_known(db: str) -> None:
    await make_person()
    account = await register("li.na", PASSWORD, "zhang@example.com", address=HOME)
    assert account.username == "li.na"


@pytest.mark.parametrize(
    ("username", "password", "email", "path"),
    [
        ("ab", PASSWORD, "a@example.com", "username"),
        ("li.na", PASSWORD, "a@b", "email"),
        ("li.na", "short", "a@example.com", "password"),
        ("li.na", "x" * 129, "a@example.com", "password"),
        ("li.na", "Password123", "a@example.com", "password"),
        ("li.na", "my-Li.Na-word", "a@example.com", "password"),
        ("li.na", "abababab", "a@example.com", "password"),
        ("li.na", "good-\ud800-word", "a@example.com", "password"),
    ],
)
async def test_unfit_values_are_named_and_nothing_is_stored(
    db: str, username: str, password: str, email: str, path: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await register(username, password, email, address=HOME)
    assert refusal.value.problems[0].path == (path,)
    assert await Account.all().count() == 0
    assert await audited() == []


async def test_eight_characters_are_enough_for_an_applicant(db: str) -> None:
    await register("li.na", "mü7-xQzw", "a@example.com", address=HOME)


@pytest.mark.shows("C03")
async def test_of_parallel_registrations_of_one_name_one_succeeds(db: str) -> None:
    answers = await asyncio.gather(
        *(register("zhang.wei", PASSWORD, f"z{number}@example.com", address=HOME) for number in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Account) for answer in answers) == 1
    assert sum(isinstance(answer, Duplicate) for answer in answers) == 5
    assert await Account.all().count() == 1
    assert await audited() == ["REGISTER"]


@pytest.mark.shows("C03")
async def test_of_names_written_in_the_same_moment_one_is_stored(db: str) -> None:
    # past the hashing, which lets only two at a time come this far
    for turn in range(5):
        answers = await asyncio.gather(
            *(
                add_account(f"zhang{turn}", "hash", "z@example.com", Role.APPLICANT, AuditAction.REGISTER)
                for _ in range(8)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, Account) for answer in answers) == 1
        assert sum(isinstance(answer, Duplicate) for answer in answers) == 7
    assert await Account.all().count() == 5


async def test_one_network_registers_twenty_an_hour(db: str) -> None:
    for number in range(20):
        await register(f"person{number}", PASSWORD, "a@example.com", address=f"203.0.113.{number}")
    with pytest.raises(Throttled):
        await register("person20", PASSWORD, "a@example.com", address=HOME)
    assert await Account.all().count() == 20
    await register("person20", PASSWORD, "a@example.com", address=ELSEWHERE)


async def test_an_api_token_registers_nobody(db: str, machine: Caller) -> None:
    with pytest.raises(NotPermitted):
        await register("li.na", PASSWORD, "a@example.com", address=HOME, caller=machine)
    assert await Account.all().count() == 1
