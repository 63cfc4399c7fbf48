"""filingEvents: what happens is told to who may see it, from a cursor on, and to nobody whose session has ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from accounts.callers import Caller
from accounts.refusals import CredentialRefused
from accounts.sessions import end_session, open_session
from models.account import Account
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from schema.schema import schema
from tests.schema.asking import Person, make_person, saved
from tests.support.lives import draft, submit
from workflow.watch import stop_tailer


@pytest.fixture(autouse=True)
async def quiet(lawful: str) -> AsyncIterator[None]:
    """No tailer outlives a test."""
    yield
    await stop_tailer()


async def signed_in(role: Role) -> Person:
    """Somebody with a session that is really there."""
    person = await make_person(role)
    assert person.caller
    account = await Account.get(id=person.caller.account_id)
    _, session = await unit_of_work(lambda: open_session(account))
    return Person(Caller(account.id, account.username, role, None, session.id, None, "192.0.2.7"))


@asynccontextmanager
async def watching(person: Person, **wanted: Any) -> AsyncIterator[Any]:
    """The results of a subscription, one by one."""
    stream: Any = await schema.subscribe(
        saved("filingEvents"), variable_values=wanted, context_value=person.context()
    )
    try:
        yield stream
    finally:
        if hasattr(stream, "aclose"):
            await stream.aclose()


async def next_event(stream: Any) -> dict[str, Any]:
    async with asyncio.timeout(10):
        result: ExecutionResult = await anext(stream)
    assert result.errors is None, result.errors
    assert result.data
    event: dict[str, Any] = result.data["filingEvents"]
    return event


@pytest.mark.shows("N4")
async def test_what_was_missed_comes_first_and_then_what_happens() -> None:
    owner = await signed_in(Role.APPLICANT)
    filing = await draft(owner.actor)
    shown = await owner.run("filing", id=f"fil_{filing.id}")
    cursor = shown["timeline"]["nodes"][0]["cursor"]
    filing = await submit(owner.actor, filing)
    async with watching(owner, filingId=f"fil_{filing.id}", after=cursor) as stream:
        missed = await next_event(stream)
        assert (missed["action"], missed["after"]) == ("SUBMIT_FILING", "SUBMITTED")
        assert missed["filing"]["status"] == "SUBMITTED"
        assert missed["subject"]["id"] == f"sub_{filing.subject_id}"
        waiting = asyncio.create_task(next_event(stream))
        await owner.do("withdrawFiling", id=f"fil_{filing.id}", version=filing.version)
        assert (await waiting)["action"] == "WITHDRAW_FILING"


@pytest.mark.shows("N4")
async def test_nobody_hears_of_anothers_filings() -> None:
    owner, other = await signed_in(Role.APPLICANT), await signed_in(Role.APPLICANT)
    first = await draft(other.actor)
    cursor = (await other.run("filing", id=f"fil_{first.id}"))["timeline"]["nodes"][0]["cursor"]
    await submit(owner.actor, await draft(owner.actor, 1))
    mine = await submit(other.actor, first)
    async with watching(other, after=cursor) as stream:
        assert (await next_event(stream))["filing"]["id"] == f"fil_{mine.id}"


async def refused_with(person: Person, **wanted: Any) -> GraphQLError:
    """The one error with which a subscription ends before its first event."""
    async with watching(person, **wanted) as stream, asyncio.timeout(10):
        results = [result async for result in stream]
    assert len(results) == 1
    assert len(results[0].errors) == 1
    error: GraphQLError = results[0].errors[0]
    return error


@pytest.mark.parametrize(
    "wanted", [{"filingId": "fil_999"}, {"subjectId": "nonsense"}, {"after": "nonsense"}]
)
async def test_what_cannot_be_watched_is_bad_input(wanted: dict[str, str]) -> None:
    error = await refused_with(await signed_in(Role.APPLICANT), **wanted)
    assert error.extensions == {"code": "BAD_USER_INPUT"}


async def test_another_mans_filing_cannot_be_watched() -> None:
    owner, other = await signed_in(Role.APPLICANT), await signed_in(Role.APPLICANT)
    filing = await draft(owner.actor)
    error = await refused_with(other, filingId=f"fil_{filing.id}")
    assert error.extensions == {"code": "BAD_USER_INPUT"}


async def test_an_administrator_watches_nothing() -> None:
    error = await refused_with(await signed_in(Role.ADMIN))
    assert error.extensions == {"code": "FORBIDDEN"}


async def test_a_token_without_read_watches_nothing() -> None:
    error = await refused_with((await signed_in(Role.APPLICANT)).by_token(TokenScope.FILE))
    assert error.extensions == {"code": "FORBIDDEN"}


@pytest.mark.shows("C12")
async def test_a_watcher_whose_session_ended_hears_no_more() -> None:
    owner = await signed_in(Role.APPLICANT)
    filing = await draft(owner.actor)
    cursor = (await owner.run("filing", id=f"fil_{filing.id}"))["timeline"]["nodes"][0]["cursor"]
    async with watching(owner, after=cursor) as stream:
        waiting = asyncio.create_task(anext(stream))
        await asyncio.sleep(0.05)
        session_id = owner.caller and owner.caller.session_id
        assert session_id
        await unit_of_work(lambda: end_session(session_id))
        await submit(owner.actor, filing)
        async with asyncio.timeout(10):
            last = await waiting
    assert last.data is None
    assert isinstance(last.errors[0].original_error, CredentialRefused)
