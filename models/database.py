"""Opening and closing the database: one connection (or pool) that may only read, and one that only units of work use.

The alias `default` is the reading one, so a plain query outside a unit of work cannot write: the database refuses it.
Inside a unit of work `default` stands for the writing transaction.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.migrations.api.migrate import migrate as apply_migrations

from models.cipher import Cipher, cipher, use_cipher
from models.faults import StoreAway
from models.key_check import check_keys, keep_proofs
from models.keys import load_cipher
from settings import Settings

READER = "default"
WRITER = "writer"
BUSY_TIMEOUT_MS = 15_000
MIGRATION_LOCK = 0x6265_6961_6E  # any number that only this project uses as an advisory lock
MODELS = [
    "models.account",
    "models.credential",
    "models.subject",
    "models.website",
    "models.access",
    "models.filing",
    "models.event",
    "models.report",
    "models.joint_act",
    "models.attachment",
    "models.article",
    "models.desk",
    "models.gate",
    "models.code",
    "models.outbox",
    "models.key_check",
]


def database_config(settings: Settings, *, pool_size: int = 5) -> dict[str, Any]:
    """Tortoise's configuration for `settings`; `pool_size` is the size of each of the two PostgreSQL pools."""
    if settings.is_sqlite:
        path = settings.database_url.removeprefix("sqlite://")
        writer: dict[str, Any] = {
            "file_path": path,
            "busy_timeout": BUSY_TIMEOUT_MS,
            "synchronous": "FULL",
            "secure_delete": "ON",  # what was scrubbed is gone from the file too
        }
        reader = {**writer, "query_only": 1}
        engine = "models.sqlite_immediate"
    else:
        writer = _postgres_credentials(settings.database_url, pool_size, read_only=False)
        reader = _postgres_credentials(settings.database_url, pool_size, read_only=True)
        engine = "tortoise.backends.asyncpg"
    return {
        "connections": {
            READER: {"engine": engine, "credentials": reader},
            WRITER: {"engine": engine, "credentials": writer},
        },
        "apps": {
            "models": {"models": MODELS, "default_connection": READER, "migrations": "models.migrations"}
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _postgres_credentials(url: str, pool_size: int, *, read_only: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    return {
        "host": options.get("host", [parts.hostname or "127.0.0.1"])[0],
        "port": parts.port or 5432,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.strip("/"),
        "minsize": 1,
        "maxsize": pool_size,
        "timeout": 5,
        "command_timeout": 15,
        "server_settings": {
            "application_name": "beian",
            "statement_timeout": "10000",
            "lock_timeout": "5000",
            "idle_in_transaction_session_timeout": "15000",
            "default_transaction_read_only": "on" if read_only else "off",
            "jit": "off",
        },
    }


async def open_database(settings: Settings, *, pool_size: int = 5) -> None:
    """Load the keys, open both connections and make sure the database keeps what it acknowledges.

    Raises StoreAway where the server cannot be reached, RuntimeError where a promise of durability is not kept,
    KeyFault where the keys are not those that the database was written under.
    """
    use_cipher(_load_keys(settings))
    EXECUTOR_CACHE.clear()  # keyed by alias only: statements of another engine would be reused
    if settings.is_sqlite:
        Path(settings.database_url.removeprefix("sqlite://")).parent.mkdir(
            mode=0o700, parents=True, exist_ok=True
        )
    await Tortoise.init(config=database_config(settings, pool_size=pool_size), _enable_global_fallback=True)
    try:
        await _assert_durable()
        await check_keys(cipher(), get_connection(READER))
    except BaseException:
        await close_database()  # a connection that stays open keeps the process from ending
        raise


def _load_keys(settings: Settings) -> Cipher:
    return load_cipher(
        settings.var_dir,
        settings.data_keys.get_secret_value() if settings.data_keys else None,
        settings.index_key.get_secret_value() if settings.index_key else None,
    )


async def _assert_durable() -> None:
    if is_sqlite():
        expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        for alias in (WRITER, READER):  # the writer first: it makes the file where there is none
            for pragma, value in expected.items():
                row = (await get_connection(alias).execute_query_dict(f"PRAGMA {pragma}"))[0]
                if row[pragma] != value:
                    raise RuntimeError(f"SQLite PRAGMA {pragma} is {row[pragma]}, not {value}, on {alias}")
        return
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        try:
            row = (await get_connection(READER).execute_query_dict(f"SHOW {setting}"))[0]
        except UNREACHABLE as error:
            raise StoreAway from error
        if row[setting] == "off":
            raise RuntimeError(f"PostgreSQL runs with {setting}=off; acknowledged filings could be lost")


def is_sqlite() -> bool:
    """Whether the open database is SQLite."""
    return get_connection(READER).capabilities.dialect == "sqlite"


async def close_database() -> None:
    """Close both connections; safe to call twice."""
    await Tortoise.close_connections()


async def ping() -> None:
    """Ask the database for anything at all; StoreAway where it does not answer within 2 s."""
    try:
        async with asyncio.timeout(2):
            await get_connection(READER).execute_query_dict("SELECT 1 AS one")
    except UNREACHABLE as error:
        raise StoreAway from error


async def migrate(settings: Settings) -> None:
    """Bring the schema to the newest migration and keep proofs of the keys, under a lock: several may start at once.

    Raises StoreAway, KeyFault where the keys are not those that the database was written under.
    """
    keys, config = _load_keys(settings), database_config(settings)
    # migrations run on the writing connection alone
    config["connections"] = {READER: config["connections"][WRITER]}
    if settings.is_sqlite:
        path = Path(settings.database_url.removeprefix("sqlite://"))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = await asyncio.to_thread(_lock_file, path.with_name(f"{path.name}.migrating"))
        try:
            await _apply(config, keys)
        finally:
            await asyncio.to_thread(lock.close)
        await asyncio.to_thread(path.chmod, 0o600)
    else:
        credentials = config["connections"][READER]["credentials"]
        lock_connection = await _postgres_lock(credentials)
        try:
            await _apply(config, keys)
        finally:
            await lock_connection.close()


async def _apply(config: dict[str, Any], keys: Cipher) -> None:
    EXECUTOR_CACHE.clear()
    try:
        await apply_migrations(config=config)
        connection = get_connection(READER)
        await keep_proofs(await check_keys(keys, connection), connection)
    finally:
        await Tortoise.close_connections()


def _lock_file(path: Path) -> sqlite3.Connection:
    """An exclusive SQLite lock on a file of its own; freed when closed or when the process dies."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


async def _postgres_lock(credentials: dict[str, Any]) -> Any:
    try:
        connection = await asyncpg.connect(
            host=credentials["host"],
            port=credentials["port"],
            user=credentials["user"],
            password=credentials["password"],
            database=credentials["database"],
            timeout=5,
        )
    except UNREACHABLE as error:
        raise StoreAway from error
    await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
    return connection


UNREACHABLE: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    DBConnectionError,
    OperationalError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.TooManyConnectionsError,
)
