"""The unit of work: the only door through which anything is written."""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection, get_connections
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.transactions import in_transaction

from models.database import READER, WRITER
from models.faults import NestedWork, StoreAway

T = TypeVar("T")

ATTEMPTS = 4
_RETRIED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_AWAY = (
    OSError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    TimeoutError,
)
_live: set[asyncio.Task[object]] = set()


async def unit_of_work(work: Callable[[], Awaitable[T]]) -> T:
    """Run `work` in one write transaction and give what it gives; what it raises rolls everything back.

    It runs in a task of its own that no cancellation of the caller reaches: either all of it is committed or none.
    It is tried again as a whole where the database asks for that, so `work` must be repeatable and touch nothing but
    the database: no network, no hashing, no waiting. Raises StoreAway where the database is away, full or busy,
    NestedWork where it is called inside another unit of work.
    """
    if isinstance(get_connection(READER), TransactionalDBClient):
        raise NestedWork
    task = asyncio.create_task(_attempt(work))
    _live.add(task)
    task.add_done_callback(_live.discard)
    return await asyncio.shield(task)


async def drain() -> None:
    """Wait until every unit of work that is under way has ended."""
    while _live:
        await asyncio.wait(set(_live))


async def _attempt(work: Callable[[], Awaitable[T]]) -> T:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await _run(work)
        except _RETRIED as error:
            if attempt == ATTEMPTS:
                raise StoreAway from error
            await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - spreads retries
        except _AWAY as error:
            raise StoreAway from error
        except OperationalError as error:
            if _is_passing(error):
                raise StoreAway from error
            raise
    raise AssertionError("unreachable")


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    async with in_transaction(WRITER) as transaction:
        token = get_connections().set(READER, transaction)
        try:
            return await work()
        finally:
            get_connections().reset(token)


def _is_passing(error: OperationalError) -> bool:
    """Whether SQLite says busy, locked or full, which pass, rather than that a statement is wrong."""
    cause = error.args[0] if error.args else None
    if not isinstance(cause, sqlite3.OperationalError):
        return False
    return cause.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)
