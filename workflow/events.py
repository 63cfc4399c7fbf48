"""The ledger's pen: the event of each step, the cursor that marks a place in the ledger, and the word of new ones.

The order of the ledger is that of `id` on SQLite, where commits follow each other, and of (transaction, `id`) on
PostgreSQL, where a younger `id` may be committed first. A cursor names the event it stands behind by `id` alone; where
that event lies in the order is looked up when the cursor is used, so cursors outlive a dump and a restore.
"""

import asyncio
from contextvars import Context

import structlog
from tortoise.connection import get_connection
from tortoise.exceptions import ConfigurationError

from models.clock import now
from models.database import READER, UNREACHABLE, is_sqlite
from models.event import FilingEvent
from models.states import FilingAction, FilingStatus

CHANNEL = "beian_events"
COALESCED_SECONDS = 0.005
_CURSOR_VERSION = "1"
_LARGEST_ID = 2**63 - 1

_UNSENT: tuple[type[BaseException], ...] = (*UNREACHABLE, ConfigurationError)

_log = structlog.get_logger()
_bells: set[asyncio.Event] = set()
_notifying: set[asyncio.Task[None]] = set()
_to_notify = asyncio.Event()


class BadCursor(Exception):
    """A cursor that this system did not make, or whose event is not there."""


async def write_event(
    *,
    subject_id: int,
    filing_id: int | None,
    action: FilingAction,
    actor_name: str,
    account_id: int | None,
    before: FilingStatus | None = None,
    after: FilingStatus | None = None,
    version: int | None = None,
    revision: int | None = None,
    record: str | None = None,
    note: str | None = None,
) -> FilingEvent:
    """Add one event to the ledger; call it inside a unit of work, whose commit wakes those who watch.

    `version` is the filing's after the step, None for what raises none; `record` is a node id.
    """
    event = await FilingEvent.create(
        subject_id=subject_id,
        filing_id=filing_id,
        record=record,
        action=action,
        before=before,
        after=after,
        version=version,
        revision=revision,
        at=now(),
        actor=actor_name,
        account_id=account_id,
        note=note,
    )
    _announce_after_commit()
    return event


def cursor_of(event: FilingEvent) -> str:
    """The place right behind `event`, as opaque text; give it to `watch_events` to go on from there."""
    return f"{_CURSOR_VERSION}.{event.id}"


def parse_cursor(text: str) -> int:
    """The id of the event that a cursor stands behind; BadCursor for anything `cursor_of` does not make."""
    version, dot, digits = text.partition(".")
    if version != _CURSOR_VERSION or not dot or not digits.isascii() or not digits.isdigit():
        raise BadCursor
    if digits.startswith("0") or len(digits) > len(str(_LARGEST_ID)) or int(digits) > _LARGEST_ID:
        raise BadCursor
    return int(digits)


def announce() -> None:
    """Say that the ledger has grown: to this process at once, to the others by an empty, coalesced NOTIFY (PostgreSQL).

    On SQLite the others see it by the file's `data_version`.
    """
    for bell in _bells:
        bell.set()
    try:
        if is_sqlite():
            return
    except ConfigurationError:  # the store was closed meanwhile: nobody is left to tell
        return
    _to_notify.set()
    if not _notifying:
        task = asyncio.get_running_loop().create_task(_notify(), context=Context())
        _notifying.add(task)
        task.add_done_callback(_notifying.discard)


def listen(bell: asyncio.Event) -> None:
    """Have `bell` set at every announcement of this process, until `unlisten`."""
    _bells.add(bell)


def unlisten(bell: asyncio.Event) -> None:
    """Take `bell` off again."""
    _bells.discard(bell)


async def drain_announcements() -> None:
    """Wait until what was announced has been sent; call it before the database is closed."""
    while _notifying:
        await asyncio.wait(set(_notifying))


def _announce_after_commit() -> None:
    """A unit of work is a task of its own, which ends well only behind its commit.

    The callback gets an empty context: in ours `default` still means the transaction that has ended by then.
    """
    work = asyncio.current_task()
    assert work is not None
    work.add_done_callback(_announce_if_committed, context=Context())


def _announce_if_committed(work: asyncio.Task[object]) -> None:
    if not work.cancelled() and work.exception() is None:
        announce()


async def _notify() -> None:
    while _to_notify.is_set():
        await asyncio.sleep(COALESCED_SECONDS)
        _to_notify.clear()
        try:
            await get_connection(READER).execute_script(f"NOTIFY {CHANNEL}")
        except _UNSENT as error:  # those who watch look every second anyway
            _log.info("events_not_announced", fault=type(error).__name__)
