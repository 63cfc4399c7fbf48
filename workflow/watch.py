"""Watching the ledger: everything behind a cursor, in order and once, then each event as it is committed.

What wakes a watcher carries no data: it reads the ledger from its own place, and each event passes the first gate again
in the moment it is handed out. One tailer a process, running only while somebody watches, notices what is new.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog

from models.database import READER, UNREACHABLE, database_config, is_sqlite
from models.event import FilingEvent
from models.faults import StoreAway
from settings import current
from workflow.actors import Actor, visible_events
from workflow.events import CHANNEL, drain_announcements, listen, parse_cursor, unlisten
from workflow.ledger import EVENTS, Place

PAGE = 20
TAILED_AT_ONCE = 500
IDLE_SECONDS = 5.0  # a watcher that hears nothing asks so often whether its session still lives
POLL_SECONDS = 1.0  # the floor, should every wake-up be lost
QUICK_POLL_SECONDS = 0.05

_log = structlog.get_logger()


@dataclass(eq=False)
class _Watcher:
    filing_id: int | None
    subject_id: int | None
    bell: asyncio.Event = field(default_factory=asyncio.Event)


_watchers: set[_Watcher] = set()
_tailers: set[asyncio.Task[None]] = set()


async def watch_events(
    reader: Callable[[], Awaitable[Actor | None]],
    *,
    filing_id: int | None,
    subject_id: int | None,
    after: str | None,
) -> AsyncIterator[FilingEvent]:
    """Give each event that the reader may see, once and in the ledger's order, without an end.

    `reader` says who is watching now, for every event anew; when it gives None the session has ended, and so does
    this. With `after`, a cursor of an event that this gave, begin right behind it; without, with what is committed from
    now on: who wants past and present watches first, then reads the past, and drops what came twice by its id.
    Raises BadCursor at the first step, StoreAway where the database is away.
    """
    with watching(filing_id, subject_id) as bell:
        place = await EVENTS.present() if after is None else await EVENTS.behind(parse_cursor(after))
        while await reader() is not None:
            bell.clear()
            while page := [
                line
                for line in await EVENTS.read(place, PAGE, filing_id=filing_id, subject_id=subject_id)
                if line["settled"]
            ]:
                waiting = [line["id"] for line in page if line["id"] not in place.known]
                while waiting:
                    actor = await reader()
                    if actor is None:
                        return
                    event = await _first_visible(actor, waiting)
                    if event is None:
                        break
                    del waiting[: waiting.index(event.id) + 1]
                    yield event
                place = Place(int(page[-1]["number"]), page[-1]["id"], place.known)
            await heard(bell, IDLE_SECONDS)


async def stop_tailer() -> None:
    """End this process's tailer and send what is still to be announced; call it before the database is closed."""
    for task in _tailers:
        task.cancel()
    while _tailers:
        await asyncio.wait(set(_tailers))
    await drain_announcements()


async def _first_visible(actor: Actor, ids: Sequence[int]) -> FilingEvent | None:
    """The first event of `ids` that the actor may see."""
    try:
        events = {event.id: event for event in await visible_events(actor).filter(id__in=list(ids))}
    except UNREACHABLE as error:
        raise StoreAway from error
    return next((events[number] for number in ids if number in events), None)


@contextmanager
def watching(filing_id: int | None, subject_id: int | None) -> Iterator[asyncio.Event]:
    """Watch for as long as the context lasts: the bell it gives is rung when something new concerns them."""
    watcher = _Watcher(filing_id, subject_id)
    _watchers.add(watcher)
    if not any(not task.cancelling() for task in _tailers):
        # in a context of its own: it outlives the operation that was the first to watch
        task = asyncio.get_running_loop().create_task(_tail(), context=Context())
        _tailers.add(task)
        task.add_done_callback(_tailers.discard)
    try:
        yield watcher.bell
    finally:
        _watchers.discard(watcher)
        if not _watchers:
            for task in _tailers:
                task.cancel()


async def _tail() -> None:
    """Follow the ledger and ring the watchers that something new concerns."""
    bell = asyncio.Event()
    listen(bell)
    ear: _SqliteEar | _PostgresEar = _SqliteEar(bell) if is_sqlite() else _PostgresEar(bell)
    place: Place | None = None
    try:
        while True:
            bell.clear()
            try:
                await ear.open()
                if place is None:
                    place = await EVENTS.present()
                    _ring(
                        None
                    )  # what was committed before this place, its watchers may have read too early to see
                place, unsettled = await _ring_up_to_date(place)
                await ear.wait(QUICK_POLL_SECONDS if unsettled else POLL_SECONDS)
            except Exception as error:  # watchers must not be left deaf, whatever happened to one look
                _log.warning("events_not_tailed", fault=type(error).__name__)
                await ear.close()
                await asyncio.sleep(POLL_SECONDS)
    finally:
        unlisten(bell)
        await ear.close()


async def _ring_up_to_date(place: Place) -> tuple[Place, bool]:
    """Ring for all settled lines behind `place`; give the new place, and whether there are unsettled ones."""
    while True:
        lines = await EVENTS.read(place, TAILED_AT_ONCE)
        settled = [line for line in lines if line["settled"]]
        _ring(settled)
        if settled:
            place = Place(int(settled[-1]["number"]), settled[-1]["id"])
        if len(settled) < TAILED_AT_ONCE:
            return place, len(settled) < len(lines)


def _ring(lines: Sequence[dict[str, Any]] | None) -> None:
    """Wake the watchers of these lines' filings and subjects; None wakes all."""
    filings = {None, *(line["filing_id"] for line in lines or ())}
    subjects = {None, *(line["subject_id"] for line in lines or ())}
    for watcher in _watchers:
        if lines is None or (lines and watcher.filing_id in filings and watcher.subject_id in subjects):
            watcher.bell.set()


async def heard(bell: asyncio.Event, seconds: float) -> None:
    """Wait for the bell or the time; not by `wait_for`, which can swallow a cancellation (Python 3.11)."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await bell.wait()


class _SqliteEar:
    """Hears commits of every process by the file's `data_version`, on a connection that commits nothing itself."""

    def __init__(self, bell: asyncio.Event) -> None:
        self._bell = bell
        self._connection: sqlite3.Connection | None = None
        self._version = 0

    async def open(self) -> None:
        """Open the file and note its version, before it is read."""
        if self._connection is None:
            path = current().database_url.removeprefix("sqlite://")
            self._connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        self._version = self._look()

    async def wait(self, seconds: float) -> None:
        """Come back when something was committed, when the bell was rung, or when the time is up."""
        for _ in range(max(1, round(seconds / QUICK_POLL_SECONDS))):
            await heard(self._bell, QUICK_POLL_SECONDS)
            if self._bell.is_set() or self._look() != self._version:
                return

    async def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _look(self) -> int:
        if self._connection is None:
            return self._version
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version


class _PostgresEar:
    """Hears what other processes announce, by LISTEN on a connection of its own."""

    def __init__(self, bell: asyncio.Event) -> None:
        self._bell = bell
        self._connection: Any = None

    async def open(self) -> None:
        """Connect and listen, where that is not so already."""
        if self._connection is None or self._connection.is_closed():
            server = database_config(current())["connections"][READER]["credentials"]
            names = ("host", "port", "user", "password", "database", "timeout", "server_settings")
            self._connection = await asyncpg.connect(**{name: server[name] for name in names})
            self._connection.add_termination_listener(lambda _: self._bell.set())
            await self._connection.add_listener(CHANNEL, lambda *_: self._bell.set())

    async def wait(self, seconds: float) -> None:
        """Come back when something was announced, when the bell was rung, or when the time is up."""
        await heard(self._bell, seconds)

    async def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
