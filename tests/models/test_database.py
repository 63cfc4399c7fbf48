"""The store itself: its promises of durability, its constraints, and migrations that may be started twice at once."""

import asyncio
import base64
import re
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.migrations.autodetector import MigrationAutodetector

import models.migrations
from models.access import Access
from models.account import Account
from models.clock import now
from models.database import READER, WRITER, database_config
from models.event import FilingEvent
from models.filing import Filing
from models.states import FilingAction, FilingKind, FilingMode, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from settings import ROOT, Settings
from tests.conftest import make_database

MIGRATIONS = sorted(path.stem for path in Path(models.migrations.__file__).parent.glob("[0-9]*.py"))


async def run(code: str, *arguments: str) -> tuple[int, str]:
    """Run Python code in a process of its own: its exit code, and the last line it printed or died of."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, *arguments, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode().strip()


OPENING = """
import asyncio, sys, pathlib, settings
from models import database
given = settings.load(var_dir=pathlib.Path(sys.argv[1]), web=False)
given = given.model_copy(update={{"database_url": sys.argv[2]}})
asyncio.run(database.{verb}(given))
"""


CLOSING = """
import asyncio, sys, pathlib, settings
from models import database
given = settings.load(var_dir=pathlib.Path(sys.argv[1]), web=False)
given = given.model_copy(update={"database_url": sys.argv[2]})
async def open_and_close():
    await database.open_database(given)
    await database.close_database()
asyncio.run(open_and_close())
"""


async def query(alias: str, text: str) -> object:
    [row] = await get_connection(alias).execute_query_dict(text)
    return next(iter(row.values()))


async def test_what_is_acknowledged_is_on_disk_and_a_plain_read_cannot_write(db: str) -> None:
    if db == "sqlite":
        for alias in (WRITER, READER):
            assert await query(alias, "PRAGMA journal_mode") == "wal"
            assert await query(alias, "PRAGMA synchronous") == 2
            assert await query(alias, "PRAGMA foreign_keys") == 1
        assert await query(READER, "PRAGMA query_only") == 1
        assert await query(WRITER, "PRAGMA query_only") == 0
        return
    assert await query(READER, "SHOW fsync") == "on"
    assert await query(READER, "SHOW synchronous_commit") == "on"
    assert await query(READER, "SHOW default_transaction_read_only") == "on"
    assert await query(WRITER, "SHOW default_transaction_read_only") == "off"


async def test_a_store_that_may_forget_is_not_opened(
    database: str, tmp_path: Path, scratch: Path, request: pytest.FixtureRequest
) -> None:
    if database == "sqlite":
        url, words = "sqlite://:memory:", "SQLite PRAGMA journal_mode is memory, not wal"
    else:
        url = await make_database(database, "forgetful", scratch, request)
        connection = await asyncpg.connect(
            host=request.getfixturevalue("postgres"), user="postgres", database="postgres"
        )
        await connection.execute("ALTER DATABASE forgetful SET synchronous_commit = off")
        await connection.close()
        words = "PostgreSQL runs with synchronous_commit=off; acknowledged filings could be lost"
    code, output = await run(OPENING.format(verb="open_database"), str(tmp_path), url)
    assert code == 1
    assert "RuntimeError" in output
    assert words in output


async def test_processes_that_start_together_migrate_once(
    database: str, tmp_path: Path, scratch: Path, request: pytest.FixtureRequest
) -> None:
    url = await make_database(database, f"together_{database}", scratch, request)
    starts = [run(OPENING.format(verb="migrate"), str(tmp_path), url) for _ in range(2)]
    assert await asyncio.gather(*starts) == [(0, ""), (0, "")]
    reading = """
import asyncio, sys, pathlib, settings
from tortoise.connection import get_connection
from models import database
given = settings.load(var_dir=pathlib.Path(sys.argv[1]), database_url=sys.argv[2], web=False)
async def read():
    await database.open_database(given)
    rows = await get_connection("default").execute_query_dict("SELECT name FROM tortoise_migrations ORDER BY name")
    print(",".join(row["name"] for row in rows))
    await database.close_database()
asyncio.run(read())
"""
    assert await run(reading, str(tmp_path), url) == (0, ",".join(MIGRATIONS))


async def test_a_database_written_under_other_keys_is_not_opened(
    database: str, tmp_path: Path, scratch: Path, request: pytest.FixtureRequest
) -> None:
    url = await make_database(database, f"keys_{database}", scratch, request)
    own, foreign = tmp_path / "own", tmp_path / "foreign"
    assert await run(OPENING.format(verb="migrate"), str(own), url) == (0, "")
    for name in ("data.keys", "index.key"):
        foreign.mkdir(exist_ok=True)
        (foreign / name).write_bytes((own / name).read_bytes())
    assert await run(CLOSING, str(foreign), url) == (0, "")
    for name, words in (
        ("data.keys", "KeyFault: DATA_KEYS k1 is not the key that this database was written under"),
        ("index.key", "KeyFault: INDEX_KEY is not the key that this database was written under"),
    ):
        kept = (foreign / name).read_bytes()
        (foreign / name).unlink()
        for code in (OPENING.format(verb="migrate"), CLOSING):
            status, output = await run(code, str(foreign), url)
            assert (status, output.splitlines()[-1]) == (1, f"models.keys.{words}")
        (foreign / name).write_bytes(kept)
    assert await run(CLOSING, str(own), url) == (0, "")


async def test_a_key_that_comes_beside_the_old_one_is_kept_too_and_stands_alone_afterwards(
    database: str, tmp_path: Path, scratch: Path, request: pytest.FixtureRequest
) -> None:
    url = await make_database(database, f"rotated_{database}", scratch, request)
    assert await run(OPENING.format(verb="migrate"), str(tmp_path), url) == (0, "")
    file = tmp_path / "data.keys"
    first, second = file.read_text(), f"k2:{base64.b64encode(b'2' * 32).decode()}"
    file.write_text(second)
    status, output = await run(OPENING.format(verb="migrate"), str(tmp_path), url)
    assert (status, output.splitlines()[-1]) == (
        1,
        "models.keys.KeyFault: DATA_KEYS holds none of the keys that this database was written under (k1)",
    )
    for text in (f"{second},{first}", second):
        file.write_text(text)
        assert await run(OPENING.format(verb="migrate"), str(tmp_path), url) == (0, "")
        assert await run(CLOSING, str(tmp_path), url) == (0, "")


async def test_the_migrations_make_what_the_models_say(db: str, settings: Settings) -> None:
    apps = Tortoise.apps
    assert apps is not None
    detector = MigrationAutodetector(apps, database_config(settings)["apps"])
    assert await detector.changes() == []


async def test_no_migration_remakes_a_table_on_sqlite(tmp_path: Path) -> None:
    code = """
import asyncio, sys, pathlib, settings
from tortoise.migrations.api.sqlmigrate import sqlmigrate
from models import database
given = settings.load(var_dir=pathlib.Path(sys.argv[1]), database_url=f"sqlite://{sys.argv[1]}/x.db", web=False)
for name in sys.argv[2:]:
    statements = asyncio.run(
        sqlmigrate(config=database.database_config(given), app_label="models", migration_name=name)
    )
    print(*statements, sep="\\n")
"""
    status, output = await run(code, str(tmp_path), *MIGRATIONS)
    assert status == 0
    assert len(MIGRATIONS) >= 2
    assert output.count("CREATE TABLE") >= 20
    added = re.compile(
        r'^ALTER TABLE "\w+" ADD (COLUMN )?[^;]*;$', re.MULTILINE
    )  # a column more remakes nothing
    assert not re.search(r"(DROP|ALTER|RENAME)\s", added.sub("", output), re.IGNORECASE)


async def make_filing() -> Filing:
    account = await Account.create(
        username="x", username_key="x", email="a@example.com", email_key="a@example.com",
        password_hash="-", role=Role.APPLICANT,
    )  # fmt: skip
    people: dict[str, Any] = {"owner_id": account.id, "filed_by_id": account.id, "mode": FilingMode.SELF}
    times: dict[str, Any] = {"created_at": now(), "updated_at": now()}
    subject = await Subject.create(name="大连", **people, **times)
    website = await Website.create(subject_id=subject.id, serial=1, name="听涛", **times)
    await Access.create(website_id=website.id, **times)
    return await Filing.create(
        kind=FilingKind.NEW_FILING, subject_id=subject.id, last_editor_id=account.id, **people, **times
    )


@pytest.mark.shows("C15")
async def test_the_database_itself_refuses_a_second_living_access(db: str) -> None:
    await unit_of_work(make_filing)
    website = await Website.get(name="听涛")
    times: dict[str, Any] = {"created_at": now(), "updated_at": now()}
    with pytest.raises(IntegrityError):
        await unit_of_work(lambda: Access.create(website_id=website.id, **times))
    assert await Access.all().count() == 1
    await unit_of_work(lambda: Access.create(website_id=website.id, archived=True, **times))
    with pytest.raises(IntegrityError):
        await unit_of_work(lambda: Access.filter(archived=True).update(archived=False))


@pytest.mark.shows("C16", "C25")
async def test_nothing_is_taken_from_under_what_stands_on_it(db: str) -> None:
    filing = await unit_of_work(make_filing)
    for model in (Website, Subject, Account):
        with pytest.raises(IntegrityError):
            await unit_of_work(lambda model=model: model.all().delete())
    assert await Filing.filter(id=filing.id).exists()
    with pytest.raises(IntegrityError):
        await unit_of_work(lambda: Website.all().update(subject_id=999_999))


async def test_one_version_of_a_filing_is_one_row_of_the_ledger(db: str) -> None:
    filing = await unit_of_work(make_filing)

    async def work() -> None:
        await FilingEvent.create(
            subject_id=filing.subject_id, filing_id=filing.id, action=FilingAction.SUBMIT_FILING,
            version=2, at=now(), actor="x",
        )  # fmt: skip

    await unit_of_work(work)
    with pytest.raises(IntegrityError):
        await unit_of_work(work)
    assert await FilingEvent.all().count() == 1
