"""A machine with a token, and the promise that every test on accounts ends with its last uses written."""

from collections.abc import AsyncIterator

import pytest

from accounts.administration import create_token
from accounts.callers import Caller, caller_of_token
from accounts.touches import drain_touches
from models.states import TokenScope
from tests.accounts.people import HOME, make_person


@pytest.fixture(autouse=True)
async def _written() -> AsyncIterator[None]:
    yield
    await drain_touches()


@pytest.fixture
async def machine(db: str) -> Caller:
    """The caller behind a token of zhang.wei's with every scope."""
    await make_person()
    text = await create_token("night job", "zhang.wei", set(TokenScope), 90)
    caller = await caller_of_token(text, HOME)
    await drain_touches()
    return caller
