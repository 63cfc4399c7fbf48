"""API tokens: shown once, scoped, ending, revocable, and never a way to more."""

import asyncio
import re
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from accounts.administration import create_token, disable_account, set_role
from accounts.callers import Caller, caller_of_token, still_valid
from accounts.refusals import CredentialRefused
from accounts.token_text import TokenText
from accounts.tokens import create_api_token, list_api_tokens, revoke_api_token
from accounts.touches import drain_touches
from models.clock import now
from models.credential import ApiToken
from models.event import AuditEntry
from models.refusal import Invalid, NotFound, NotPermitted
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from tests.accounts.people import HOME, audited, come_in_as_caller, make_person


@pytest.mark.shows("C12")
async def test_a_token_acts_as_its_account_within_its_scopes(db: str) -> None:
    account = await make_person()
    person = await come_in_as_caller()
    text, token = await create_api_token(person, "夜间任务", [TokenScope.FILE, TokenScope.READ], 90)
    assert re.fullmatch(r"beian_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}", text)
    assert (token.name, token.scopes) == ("夜间任务", ["READ", "FILE"])
    assert timedelta(days=89, hours=23) < token.expires_at - now() <= timedelta(days=90)
    caller = await caller_of_token(text, HOME)
    assert caller == Caller(
        account.id,
        "zhang.wei",
        Role.APPLICANT,
        frozenset({TokenScope.READ, TokenScope.FILE}),
        None,
        token.id,
        HOME,
    )
    assert caller.has_scope(TokenScope.FILE)
    assert not caller.has_scope(TokenScope.REVIEW)
    assert caller.credential == f"token:{token.id}"
    entry = await AuditEntry.get(action="CREATE_API_TOKEN")
    assert (entry.account_id, entry.credential, entry.record) == (
        account.id,
        f"session:{person.session_id}",
        f"token:{token.id}",
    )


@pytest.mark.shows("C12")
async def test_the_secret_stands_nowhere(db: str) -> None:
    await make_person()
    text = await create_token("job", "zhang.wei", [TokenScope.READ], 1)
    parts = TokenText.parse(text)
    assert parts is not None
    for table in ("api_token", "audit_entry"):
        for row in await get_connection("default").execute_query_dict(f"SELECT * FROM {table}"):
            assert parts.secret not in str(row)
    assert parts.secret not in repr(parts)


@pytest.mark.shows("C05")
async def test_what_is_no_token_is_refused(db: str) -> None:
    await make_person()
    text = await create_token("job", "zhang.wei", [TokenScope.READ], 1)
    parts = TokenText.parse(text)
    assert parts is not None
    forged = TokenText(parts.public_id, TokenText.make().secret).write()
    mistyped = text[:-1] + ("0" if text[-1] != "0" else "1")
    for wrong in (
        "",
        "beian_",
        text[:-1],
        f"{text} ",
        mistyped,
        forged,
        TokenText.make().write(),
        "\ud800" * 99,
    ):
        with pytest.raises(CredentialRefused):
            await caller_of_token(wrong, HOME)
    await caller_of_token(text, HOME)


@pytest.mark.shows("C12")
async def test_an_expired_token_is_refused(db: str) -> None:
    await make_person()
    text = await create_token("job", "zhang.wei", [TokenScope.READ], 365)
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: ApiToken.all().update(expires_at=past))
    with pytest.raises(CredentialRefused):
        await caller_of_token(text, HOME)


@pytest.mark.shows("C12")
async def test_a_revoked_token_ends_at_once_and_stays_so(db: str) -> None:
    await make_person()
    person = await come_in_as_caller()
    text, token = await create_api_token(person, "job", [TokenScope.READ], 30)
    caller = await caller_of_token(text, HOME)
    assert [row.id for row in await list_api_tokens(person)] == [token.id]
    revoked = await revoke_api_token(person, token.id)
    assert revoked.revoked_at is not None
    again = await revoke_api_token(person, token.id)
    assert again.revoked_at == revoked.revoked_at
    assert await list_api_tokens(person) == []
    with pytest.raises(CredentialRefused):
        await caller_of_token(text, HOME)
    with pytest.raises(CredentialRefused):
        await still_valid(caller)
    assert (await audited()).count("REVOKE_API_TOKEN") == 1


async def test_anothers_token_is_not_found(db: str) -> None:
    await make_person()
    await make_person("li.na", Role.ADMIN)
    text, token = await create_api_token(await come_in_as_caller(), "job", [TokenScope.READ], 30)
    other = await come_in_as_caller("li.na")
    for token_id in (token.id, 999_999):
        with pytest.raises(NotFound):
            await revoke_api_token(other, token_id)
    assert await list_api_tokens(other) == []
    await caller_of_token(text, HOME)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "path"),
    [
        ("", [TokenScope.READ], 30, ("name",)),
        ("x" * 65, [TokenScope.READ], 30, ("name",)),
        ("job", [], 30, ("scopes",)),
        ("job", [TokenScope.READ], 0, ("days",)),
        ("job", [TokenScope.READ], 366, ("days",)),
        ("job", [TokenScope.READ], -1, ("days",)),
    ],
)
async def test_an_unfit_token_is_not_made(
    db: str, name: str, scopes: list[TokenScope], days: int, path: tuple[str, ...]
) -> None:
    await make_person()
    caller = await come_in_as_caller()
    with pytest.raises(Invalid) as refusal:
        await create_api_token(caller, name, scopes, days)
    assert refusal.value.problems[0].path == path
    assert await ApiToken.all().count() == 0


async def test_an_account_has_fifty_tokens(db: str) -> None:
    await make_person()
    caller = await come_in_as_caller()
    for number in range(50):
        await create_api_token(caller, f"job {number}", [TokenScope.READ], 30)
    with pytest.raises(Invalid):
        await create_api_token(caller, "one more", [TokenScope.READ], 30)
    assert await ApiToken.all().count() == 50


@pytest.mark.shows("C12")
async def test_a_token_makes_and_ends_no_token(db: str, machine: Caller) -> None:
    assert machine.token_id is not None
    with pytest.raises(NotPermitted):
        await create_api_token(machine, "child", [TokenScope.READ], 30)
    with pytest.raises(NotPermitted):
        await revoke_api_token(machine, machine.token_id)
    assert await ApiToken.filter(revoked_at=None).count() == 1


@pytest.mark.shows("C12")
async def test_a_new_role_binds_a_token_at_once(db: str, machine: Caller) -> None:
    assert machine.role is Role.APPLICANT
    await set_role("zhang.wei", Role.REVIEWER)
    assert (await still_valid(machine)).role is Role.REVIEWER


@pytest.mark.shows("C82")
async def test_the_tokens_of_a_disabled_account_end(db: str, machine: Caller) -> None:
    await disable_account("zhang.wei")
    with pytest.raises(CredentialRefused):
        await still_valid(machine)
    assert await ApiToken.filter(revoked_at=None).count() == 0


async def test_the_last_use_is_written_once_a_minute(db: str) -> None:
    await make_person()
    text = await create_token("job", "zhang.wei", [TokenScope.READ], 30)
    assert (await ApiToken.get()).last_used_at is None
    await asyncio.gather(*(caller_of_token(text, HOME) for _ in range(5)))
    await drain_touches()
    first = (await ApiToken.get()).last_used_at
    assert first is not None
    await caller_of_token(text, HOME)
    await drain_touches()
    assert (await ApiToken.get()).last_used_at == first
    earlier = first - timedelta(seconds=61)
    await unit_of_work(lambda: ApiToken.all().update(last_used_at=earlier))
    await caller_of_token(text, HOME)
    await drain_touches()
    last = (await ApiToken.get()).last_used_at
    assert last is not None
    assert last > first


async def test_what_the_run_remembers_is_written_with_the_token(db: str) -> None:
    await make_person()
    caller = await come_in_as_caller()

    async def broken_run(work: object) -> object:
        async def both() -> None:
            await work()  # type: ignore[operator]
            raise RuntimeError("the key is in use")

        return await unit_of_work(both)

    with pytest.raises(RuntimeError):
        await create_api_token(caller, "job", [TokenScope.READ], 30, run=broken_run)  # type: ignore[arg-type]
    assert await ApiToken.all().count() == 0
