"""What the tests of the face ask for: the codes in the database, and somebody in each role."""

import pytest

from models.states import Role
from tests.schema.asking import Person, make_person
from workflow.codes import load_shipped_codes


@pytest.fixture
async def lawful(db: str) -> str:
    """The empty database with the shipped codes; gives its name."""
    await load_shipped_codes()
    return db


@pytest.fixture
async def owner(lawful: str) -> Person:
    """An applicant at a browser."""
    return await make_person(Role.APPLICANT)


@pytest.fixture
async def reviewer(lawful: str) -> Person:
    """A reviewer at a browser."""
    return await make_person(Role.REVIEWER)


@pytest.fixture
async def admin(lawful: str) -> Person:
    """An administrator at a browser."""
    return await make_person(Role.ADMIN)
