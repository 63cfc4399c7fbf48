"""What the tests of the simulator share: a clock that they turn, keys, and a desk on a fresh ledger."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from authority.simulator.counter import Simulator
from models.cipher import Cipher

PROVIDER = 210200000001

Open = Callable[..., Awaitable[Simulator]]


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 6, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys() -> Cipher:
    return Cipher(keys={"k1": bytes(range(32))}, index_key=bytes(range(32, 64)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "authority.db"


@pytest_asyncio.fixture
async def open_desk(path: Path, clock: Clock, keys: Cipher) -> AsyncIterator[Open]:
    """Opens desks on the one ledger, and closes them afterwards."""
    desks: list[Simulator] = []

    async def open_one(
        delay: float = 2, waiting_limit: int = 1000, last_access: Literal["refuse", "allow"] = "refuse"
    ) -> Simulator:
        desk = await Simulator.open(
            path,
            provider=PROVIDER,
            sealing=keys,
            delay=delay,
            now=clock,
            waiting_limit=waiting_limit,
            last_access=last_access,
        )
        desks.append(desk)
        return desk

    yield open_one
    for desk in desks:
        await desk.close()


@pytest_asyncio.fixture
async def desk(open_desk: Open) -> Simulator:
    return await open_desk()
