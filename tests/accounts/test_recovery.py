"""Forgotten passwords: one answer for all, one link a mail, one use a link."""

import asyncio
import json
import re
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from accounts.administration import create_account, create_token, disable_account
from accounts.callers import Caller, caller_of_session, caller_of_token
from accounts.recovery import request_password_reset, reset_password
from accounts.refusals import CredentialRefused, WrongCredentials
from accounts.secret_values import digest
from accounts.signin import sign_in
from models.account import Account
from models.clock import now
from models.credential import PasswordReset
from models.outbox import OutboxMessage
from models.refusal import Invalid, NotPermitted, Throttled
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.accounts.people import ELSEWHERE, HOME, NEW_PASSWORD, PASSWORD, audited, come_in, make_person


async def mails() -> list[dict[str, object]]:
    return [json.loads(message.payload or "{}") for message in await OutboxMessage.all().order_by("id")]


async def token_in_mail(number: int = -1) -> str:
    data = (await mails())[number]["data"]
    assert isinstance(data, dict)
    found = re.search(r"\?token=([\w-]+)$", data["link"])
    assert found is not None
    return found[1]


@pytest.mark.shows("C04")
async def test_a_link_is_mailed_to_the_accounts_own_address(db: str, settings: Settings) -> None:
    await make_person()
    await request_password_reset("Zhang.Wei", address=HOME)
    [mail] = await mails()
    assert (mail["template"], mail["to"]) == ("password_reset", "zhang@example.com")
    data = mail["data"]
    assert isinstance(data, dict)
    assert data["link"].startswith(f"{settings.public_url}/app/reset?token=")
    assert (data["username"], data["minutes"]) == ("zhang.wei", "60")
    [reset] = await PasswordReset.all()
    assert reset.secret_hash == digest(await token_in_mail())


@pytest.mark.shows("C04")
async def test_by_an_address_each_of_its_accounts_gets_a_link_and_the_disabled_none(db: str) -> None:
    await make_person()
    await make_person("zhang.firm", email="Zhang@EXAMPLE.com")
    await make_person("zhang.old")
    await disable_account("zhang.old")
    await request_password_reset("ZHANG@example.com", address=HOME)
    names = [mail["data"]["username"] for mail in await mails()]  # type: ignore[index]
    assert names == ["zhang.wei", "zhang.firm"]


@pytest.mark.shows("C04")
async def test_the_answer_and_its_time_are_the_same_for_who_does_not_exist(db: str) -> None:
    await make_person()
    await create_account("no.mail", PASSWORD, Role.APPLICANT)
    await make_person("zhang.old", email="old@example.com")
    await disable_account("zhang.old")
    loop = asyncio.get_running_loop()
    for name in ("zhang.wei", "nobody", "nobody@example.com", "zhang.old", "no.mail", "", "=?x?=", "\ud800"):
        start = loop.time()
        await request_password_reset(name, address=HOME)
        assert 0.29 <= loop.time() - start < 1
    assert len(await mails()) == 1
    assert (await audited()).count("REQUEST_PASSWORD_RESET") == 8


@pytest.mark.shows("C04")
async def test_a_link_sets_a_password_once(db: str) -> None:
    account = await make_person()
    await request_password_reset("zhang.wei", address=HOME)
    token = await token_in_mail()
    await reset_password(token, NEW_PASSWORD, address=HOME)
    await sign_in("zhang.wei", NEW_PASSWORD, address=HOME)
    with pytest.raises(WrongCredentials):
        await come_in()
    stored = (await Account.get(id=account.id)).password_hash
    with pytest.raises(Invalid) as refusal:
        await reset_password(token, "another-Word-99", address=HOME)
    assert refusal.value.problems[0].path == ("token",)
    assert (await Account.get(id=account.id)).password_hash == stored
    assert (await audited()).count("RESET_ACCOUNT_PASSWORD") == 1


async def test_two_uses_of_a_link_at_once_are_one_use(db: str) -> None:
    await make_person()
    await request_password_reset("zhang.wei", address=HOME)
    token = await token_in_mail()
    answers = await asyncio.gather(
        *(reset_password(token, f"{NEW_PASSWORD}-{number}", address=HOME) for number in range(6)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Account) for answer in answers) == 1
    assert sum(isinstance(answer, Invalid) for answer in answers) == 5


@pytest.mark.shows("C04")
async def test_a_reset_ends_sessions_tokens_and_the_other_links(db: str) -> None:
    await make_person()
    signed = await come_in()
    text = await create_token("night job", "zhang.wei", [TokenScope.READ], 90)
    await request_password_reset("zhang.wei", address=HOME)
    await request_password_reset("zhang.wei", address=HOME)
    first, second = await token_in_mail(0), await token_in_mail(1)
    await reset_password(first, NEW_PASSWORD, address=HOME)
    with pytest.raises(CredentialRefused):
        await caller_of_session(signed.value, HOME)
    with pytest.raises(CredentialRefused):
        await caller_of_token(text, HOME)
    with pytest.raises(Invalid):
        await reset_password(second, NEW_PASSWORD, address=HOME)


async def test_dead_links_change_nothing(db: str) -> None:
    account = await make_person()
    await request_password_reset("zhang.wei", address=HOME)
    token = await token_in_mail()
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: PasswordReset.all().update(expires_at=past))
    for dead in (token, "", "x" * 500, "\ud800"):
        with pytest.raises(Invalid) as refusal:
            await reset_password(dead, NEW_PASSWORD, address=HOME)
        assert refusal.value.problems[0].path == ("token",)
    assert (await Account.get(id=account.id)).password_hash == account.password_hash


async def test_a_link_of_a_disabled_account_is_dead(db: str) -> None:
    account = await make_person()
    await request_password_reset("zhang.wei", address=HOME)
    token = await token_in_mail()
    await disable_account("zhang.wei")
    with pytest.raises(Invalid):
        await reset_password(token, NEW_PASSWORD, address=HOME)
    assert (await Account.get(id=account.id)).password_hash == account.password_hash


async def test_an_unfit_new_password_leaves_the_link_usable(db: str) -> None:
    await make_person()
    await request_password_reset("zhang.wei", address=HOME)
    token = await token_in_mail()
    with pytest.raises(Invalid) as refusal:
        await reset_password(token, "short", address=HOME)
    assert refusal.value.problems[0].path == ("newPassword",)
    await reset_password(token, NEW_PASSWORD, address=HOME)


async def test_a_fourth_mail_in_an_hour_is_silently_left_out(db: str) -> None:
    await make_person()
    for _ in range(4):
        await request_password_reset("zhang.wei", address=HOME)
    assert len(await mails()) == 3
    await reset_password(await token_in_mail(0), NEW_PASSWORD, address=HOME)


async def test_one_network_asks_twenty_times_an_hour(db: str) -> None:
    await make_person()
    await asyncio.gather(*(request_password_reset(f"nobody{number}", address=HOME) for number in range(20)))
    with pytest.raises(Throttled):
        await request_password_reset("zhang.wei", address=HOME)
    assert await mails() == []
    await request_password_reset("zhang.wei", address=ELSEWHERE)
    assert len(await mails()) == 1


async def test_an_account_named_like_an_address_is_not_crowded_out(db: str) -> None:
    for number in range(6):
        await make_person(f"crowd{number}", email="chen@example.com")
    await make_person("chen@example.com", email="chen.private@example.com")
    await request_password_reset("chen@example.com", address=HOME)
    assert (await mails())[0]["to"] == "chen.private@example.com"
    assert len(await mails()) == 6


async def test_no_token_of_a_link_stands_readable_in_the_database(db: str) -> None:
    await make_person()
    await request_password_reset("zhang.wei", address=HOME)
    token = await token_in_mail()
    connection = get_connection("default")
    for table in ("outbox", "password_reset", "audit_entry", "throttle"):
        for row in await connection.execute_query_dict(f"SELECT * FROM {table}"):
            assert token not in str(row)


async def test_an_api_token_recovers_nothing(db: str, machine: Caller) -> None:
    with pytest.raises(NotPermitted):
        await request_password_reset("zhang.wei", address=HOME, caller=machine)
    with pytest.raises(NotPermitted):
        await reset_password("x", NEW_PASSWORD, address=HOME, caller=machine)
    assert await mails() == []
