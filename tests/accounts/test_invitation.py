"""Invitation: staff make a customer's account, which nobody can enter before the mailed link was used."""

import asyncio
import json
import re
from datetime import timedelta

import pytest

from accounts.administration import create_token
from accounts.callers import Caller, caller_of_token
from accounts.invitation import INVITE, invite_customer
from accounts.recovery import reset_password
from accounts.refusals import Duplicate, KnownAddress, WrongCredentials
from accounts.signin import sign_in
from models.account import Account
from models.clock import now
from models.credential import PasswordReset, Throttle
from models.event import AuditEntry
from models.outbox import OutboxMessage
from models.refusal import Invalid, NotPermitted, Refused, Throttled
from models.states import Role, TokenScope
from models.tries import open_window
from models.unit_of_work import unit_of_work
from tests.accounts.people import HOME, NEW_PASSWORD, audited, come_in_as_caller, make_person

CUSTOMER = "han@example.org"


@pytest.fixture
async def reviewer(db: str) -> Caller:
    """A reviewer at a browser."""
    await make_person("wang", Role.REVIEWER, "wang@example.com")
    return await come_in_as_caller("wang")


async def mailed() -> dict[str, str]:
    """The data of the one invitation in the outbox."""
    row = await OutboxMessage.get(key__startswith="invitation:")
    content = json.loads(row.payload or "")
    assert (content["template"], content["to"]) == ("invitation", CUSTOMER)
    data: dict[str, str] = content["data"]
    return data


def token_in(data: dict[str, str]) -> str:
    return data["link"].partition("token=")[2]


@pytest.mark.shows("C82")
async def test_a_customer_sets_his_password_by_the_link_and_comes_in(reviewer: Caller) -> None:
    account = await invite_customer(reviewer, CUSTOMER)
    assert (account.role, account.email, account.disabled) == (Role.APPLICANT, CUSTOMER, False)
    data = await mailed()
    assert (data["username"], data["days"]) == (account.username, "7")
    link = await PasswordReset.get()
    assert timedelta(days=6, hours=23) < link.expires_at - now() <= timedelta(days=7)
    await reset_password(token_in(data), NEW_PASSWORD, address=HOME)
    assert (await sign_in(CUSTOMER, NEW_PASSWORD, address=HOME)).account.id == account.id
    with pytest.raises(Invalid):
        await reset_password(token_in(data), NEW_PASSWORD, address=HOME)


async def test_nobody_comes_in_before(reviewer: Caller) -> None:
    account = await invite_customer(reviewer, CUSTOMER, "han.wangchao")
    assert account.password_hash.startswith("$argon2id$")
    for guess in ("", "-", "!", "han.wangchao", account.password_hash):
        with pytest.raises(WrongCredentials):
            await sign_in("han.wangchao", guess, address=HOME)


async def test_it_is_on_record_and_the_link_lies_open_nowhere(reviewer: Caller) -> None:
    account = await invite_customer(reviewer, CUSTOMER)
    entry = await AuditEntry.get(action="INVITE_CUSTOMER")
    assert (entry.account_id, entry.credential, entry.record, entry.detail) == (
        reviewer.account_id,
        reviewer.credential,
        f"account:{account.id}",
        {"role": "APPLICANT"},
    )
    assert token_in(await mailed()) not in (await PasswordReset.get()).secret_hash


async def test_the_name_is_the_address_unless_that_is_none_or_taken(reviewer: Caller) -> None:
    assert (await invite_customer(reviewer, "a.b@example.org")).username == "a.b@example.org"
    plus = await invite_customer(reviewer, "a+b@example.org")
    assert re.fullmatch(r"customer-[a-z2-9]{10}", plus.username)
    await make_person("c@example.org", email="d@example.org")
    taken = await invite_customer(reviewer, "c@example.org")
    assert re.fullmatch(r"customer-[a-z2-9]{10}", taken.username)


async def test_what_may_not_be_made_is_refused_and_makes_nothing(reviewer: Caller) -> None:
    await make_person("zhang.wei", email="zhang@example.com")
    text = await create_token("job", "wang", set(TokenScope) - {TokenScope.REVIEW}, 1)
    machine = await caller_of_token(text, HOME)
    others = []
    for role in (Role.APPLICANT, Role.ADMIN, Role.AUDITOR):
        await make_person(role.value.lower(), role, f"{role.value}@example.com")
        others.append(await come_in_as_caller(role.value.lower()))
    accounts, entries = await Account.all().count(), (await audited()).count("INVITE_CUSTOMER")
    for caller, email, username, refusal in (
        *((other, CUSTOMER, None, NotPermitted) for other in (*others, machine)),
        (reviewer, "nobody", None, Invalid),
        (reviewer, CUSTOMER, "x", Invalid),
        (reviewer, "ZHANG@example.com", None, KnownAddress),
        (reviewer, "wang@example.com", None, KnownAddress),
        (reviewer, CUSTOMER, "Zhang.Wei", Duplicate),
    ):
        with pytest.raises(refusal):
            await invite_customer(caller, email, username)
    assert (await Account.all().count(), (await audited()).count("INVITE_CUSTOMER")) == (accounts, entries)
    assert await PasswordReset.all().count() == 0
    assert await OutboxMessage.all().count() == 0


async def test_a_known_address_is_told_as_a_duplicate_of_that_field(reviewer: Caller) -> None:
    with pytest.raises(KnownAddress) as refused:
        await invite_customer(reviewer, "wang@example.com")
    [problem] = refused.value.problems
    assert (problem.code, problem.path) == ("DUPLICATE", ("email",))


async def test_of_two_invitations_at_once_to_one_address_one_makes_an_account(reviewer: Caller) -> None:
    answers = await asyncio.gather(
        invite_customer(reviewer, CUSTOMER, "han.first"),
        invite_customer(reviewer, CUSTOMER, "han.second"),
        return_exceptions=True,
    )
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert await Account.filter(email=CUSTOMER).count() == 1


async def test_a_reviewer_invites_at_most_sixty_an_hour(reviewer: Caller) -> None:
    key = INVITE.key(str(reviewer.account_id))
    await unit_of_work(lambda: open_window(INVITE, key, now()))
    await unit_of_work(lambda: Throttle.filter(key=key).update(tries=60))
    with pytest.raises(Throttled):
        await invite_customer(reviewer, CUSTOMER)
    assert await Account.filter(email=CUSTOMER).count() == 0
