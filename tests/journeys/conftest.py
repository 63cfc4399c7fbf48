"""What a journey starts with: a real server on each database, and people who can sign in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import make_database
from tests.support.client import Client
from tests.support.serving import Server

PASSWORD = "a long enough passphrase"


@pytest.fixture
async def server(
    request: pytest.FixtureRequest, database: str, scratch: Path, tmp_path: Path
) -> AsyncIterator[Server]:
    """A server process on an empty database of its own."""
    name = f"journey_{abs(hash(tmp_path)) % 10**9}"
    url = await make_database(database, name, tmp_path if database == "sqlite" else scratch, request)
    running = Server(tmp_path, BEIAN_DATABASE_URL=url)
    running.start()
    yield running
    running.close()


class People:
    """Signed-in clients by name, made when first asked for."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients: list[Client] = []

    async def applicant(self, name: str) -> Client:
        """Somebody who registers and signs in."""
        client = Client(self.server.url)
        self.clients.append(client)
        await client.do("register", username=name, password=PASSWORD, email=f"{name}@example.com")
        return await client.login(name, PASSWORD)

    async def staff(self, name: str, role: str) -> Client:
        """Staff whom the operator made."""
        self.server.run("account", "create", name, "--role", role, given=f"{PASSWORD}\n")
        client = Client(self.server.url)
        self.clients.append(client)
        return await client.login(name, PASSWORD)


@pytest.fixture
async def people(server: Server) -> AsyncIterator[People]:
    """Who takes part."""
    found = People(server)
    yield found
    for client in found.clients:
        await client.close()
