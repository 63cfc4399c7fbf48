"""What the tests of the workflow ask for: the codes in the database, people, and the authority's desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from authority.simulator.counter import Simulator
from models.cipher import cipher
from models.code import CodeRow, DivisionRow
from models.states import Role
from models.unit_of_work import unit_of_work
from tests.support.lives import make_actor
from workflow.actors import Actor
from workflow.codes import forget_code_book, load_shipped_codes


@pytest.fixture
async def lawful(db: str) -> str:
    """The empty database with the shipped codes, without which nothing can be judged; gives its name."""
    if not await CodeRow.exists():
        forget_code_book()
        await load_shipped_codes()
    return db


@pytest.fixture
async def fresh_codes(lawful: str) -> AsyncIterator[str]:
    """For tests that change the tables of codes: they are as shipped before and after."""
    yield lawful
    await unit_of_work(empty_tables)
    forget_code_book()


async def empty_tables() -> None:
    """No code and no division, as before the first start; inside a unit of work."""
    await CodeRow.all().delete()
    await DivisionRow.all().delete()


@pytest.fixture
async def owner(lawful: str) -> Actor:
    """An applicant."""
    return await make_actor(Role.APPLICANT)


@pytest.fixture
async def reviewer(lawful: str) -> Actor:
    """A reviewer."""
    return await make_actor(Role.REVIEWER)


@pytest.fixture
async def desk(lawful: str, tmp_path: Path) -> AsyncIterator[Simulator]:
    """The simulated authority, which decides as soon as it is asked."""
    opened = await Simulator.open(tmp_path / "authority.db", provider=210000000001, sealing=cipher(), delay=0)
    yield opened
    await opened.close()
