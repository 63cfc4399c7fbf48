"""Last uses: written behind the answer they belong to, at most one at a time for a credential."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from models.faults import StoreFault
from models.unit_of_work import unit_of_work

# last uses are known to the minute: a write for each request would cost more than the request
GRAIN = timedelta(minutes=1)

_log = structlog.get_logger()
_live: dict[str, asyncio.Task[None]] = {}


def touch_later(credential: str, work: Callable[[], Awaitable[object]]) -> None:
    """Start writing the last use of `credential` and do not wait; a database that is away only leaves it out."""
    if credential in _live:
        return
    task = asyncio.create_task(_touch(work))
    _live[credential] = task
    task.add_done_callback(lambda _: _live.pop(credential, None))


async def drain_touches() -> None:
    """Wait until every last use that is being written is written; call it before the database is closed."""
    while _live:
        await asyncio.wait(set(_live.values()))


async def _touch(work: Callable[[], Awaitable[object]]) -> None:
    try:
        await unit_of_work(work)
    except StoreFault:
        _log.warning("last_use_not_written")
