"""The context: whose credential counts, where it is read from, and in which language one is answered."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from accounts.refusals import CredentialRefused
from accounts.sessions import open_session
from accounts.tokens import create_api_token
from models.account import Account
from models.clock import now
from models.credential import Session
from models.states import TokenScope
from models.unit_of_work import unit_of_work
from schema.context import Context, make_context
from settings import Settings
from tests.schema.asking import Person


def connection(**headers: str) -> HTTPConnection:
    """A connection with these headers."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "headers": raw, "client": ("192.0.2.7", 4711)})


async def session_of(person: Person) -> str:
    assert person.caller
    account = await Account.get(id=person.caller.account_id)
    value, _ = await unit_of_work(lambda: open_session(account))
    return value


async def token_of(person: Person) -> str:
    assert person.caller
    text, _ = await create_api_token(person.caller, "a", [TokenScope.READ], 1)
    return text


async def made(given: HTTPConnection, settings: Settings, params: dict[str, Any] | None = None) -> Context:
    return await make_context(given, params, settings)


async def test_without_a_credential_one_is_a_visitor(lawful: str, settings: Settings) -> None:
    context = await made(connection(), settings)
    assert context.caller is None
    assert context.address == "192.0.2.7"


async def test_a_session_comes_by_the_cookie_that_the_public_url_asks_for(
    owner: Person, settings: Settings
) -> None:
    value = await session_of(owner)
    plain = await made(connection(cookie=f"beian={value}"), settings)
    assert plain.caller
    assert plain.caller.session_id is not None
    secure = settings.model_copy(update={"public_url": "https://beian.example"})
    assert (await made(connection(cookie=f"beian={value}"), secure)).caller is None
    assert (await made(connection(cookie=f"__Host-beian={value}"), secure)).caller == plain.caller


async def test_a_token_wins_over_a_cookie(owner: Person, settings: Settings) -> None:
    both = connection(
        cookie=f"beian={await session_of(owner)}", authorization=f"Bearer {await token_of(owner)}"
    )
    context = await made(both, settings)
    assert context.caller
    assert context.caller.token_id is not None
    assert context.caller.scopes == frozenset({TokenScope.READ})


@pytest.mark.parametrize("name", ["authorization", "Authorization"])
async def test_on_a_socket_the_token_comes_with_the_greeting(
    owner: Person, settings: Settings, name: str
) -> None:
    context = await made(connection(), settings, {name: f"bearer {await token_of(owner)}"})
    assert context.caller
    assert context.caller.token_id is not None


@pytest.mark.parametrize("value", ["Bearer beian_wrong", "Bearer x"])
async def test_a_wrong_token_is_refused_and_no_visitor(lawful: str, settings: Settings, value: str) -> None:
    with pytest.raises(CredentialRefused):
        await made(connection(authorization=value), settings)


@pytest.mark.parametrize("params", [{"authorization": 5}, {"authorization": "Basic x"}, {"other": "x"}, {}])
async def test_what_is_no_bearer_token_is_no_credential(lawful: str, settings: Settings, params: Any) -> None:
    assert (await made(connection(), settings, params)).caller is None


async def test_an_expired_session_is_refused(owner: Person, settings: Settings) -> None:
    value = await session_of(owner)
    await unit_of_work(lambda: Session.all().update(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(CredentialRefused):
        await made(connection(cookie=f"beian={value}"), settings)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "zh"), ("en-GB,zh;q=0.9", "en"), ("zh-CN,en", "zh"), ("fr,en;q=0.5", "en"), ("fr", "zh")],
)
async def test_the_language_is_what_the_client_prefers(
    lawful: str, settings: Settings, accepted: str, language: str
) -> None:
    assert (await made(connection(accept_language=accepted), settings)).language == language


async def test_a_fork_keeps_the_caller_and_shares_no_loader(owner: Person) -> None:
    context = owner.context()
    fork = context.fork()
    assert (fork.caller, fork.language, fork.address) == (context.caller, context.language, context.address)
    assert fork.loaders is not context.loaders
