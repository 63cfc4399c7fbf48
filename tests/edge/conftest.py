"""The small server that several tests of the edge ask."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.edge.small import small_server


@pytest.fixture(scope="session")
async def place() -> AsyncIterator[str]:
    """`127.0.0.1:PORT` of the small server."""
    async with small_server() as place:
        yield place


@pytest.fixture
async def client(place: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies."""
    async with httpx.AsyncClient(base_url=f"http://{place}") as client:
        yield client
