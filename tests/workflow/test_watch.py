"""Watching: everything once and in order, from this process and others, and nothing that one may not see."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tortoise.connection import get_connection

from models.event import FilingEvent
from models.states import Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from settings import ROOT, Settings
from tests.workflow.ledger_rows import Rows, add_event, lay_event, make_rows
from workflow import watch
from workflow.actors import Actor
from workflow.events import BadCursor, cursor_of
from workflow.watch import stop_tailer, watch_events

REVIEWER = Actor(None, Role.REVIEWER, None, "reviewer", "ses_9")
ADMIN = Actor(None, Role.ADMIN, None, "admin", "ses_8")


@pytest.fixture
async def rows(db: str) -> AsyncIterator[Rows]:
    yield await make_rows()
    await stop_tailer()


def always(actor: Actor | None) -> Callable[[], Awaitable[Actor | None]]:
    async def reader() -> Actor | None:
        return actor

    return reader


async def take(events: AsyncIterator[FilingEvent], count: int, seconds: float = 10) -> list[str | None]:
    async with asyncio.timeout(seconds):
        return [(await anext(events)).note for _ in range(count)]


async def is_silent(events: AsyncIterator[FilingEvent], seconds: float = 1.5) -> bool:
    """Whether nothing comes; the iterator is spent afterwards."""
    try:
        async with asyncio.timeout(seconds):
            await anext(events)
    except TimeoutError:
        return True
    return False


async def cursor_at(number: int) -> str:
    return cursor_of(await FilingEvent.get(id=number))


def follow(rows: Rows, after: str | None = None, actor: Actor | None = None) -> AsyncIterator[FilingEvent]:
    return watch_events(always(actor or rows.actor), filing_id=rows.filing, subject_id=None, after=after)


async def begin(events: AsyncIterator[FilingEvent]) -> "asyncio.Task[FilingEvent]":
    """Start waiting for the first event, and give the watcher time to take its place."""
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.3)
    return first


@pytest.mark.shows("N4")
async def test_what_was_missed_comes_first_in_order_and_then_what_happens(rows: Rows) -> None:
    numbers = [await add_event(rows, f"past {number}") for number in range(45)]
    events = follow(rows, after=await cursor_at(numbers[1]))
    assert await take(events, 43) == [f"past {number}" for number in range(2, 45)]
    for number in range(3):
        await add_event(rows, f"live {number}")
    assert await take(events, 3) == ["live 0", "live 1", "live 2"]
    assert await is_silent(events)


@pytest.mark.shows("N4")
async def test_a_watcher_that_was_cut_off_goes_on_where_it_was(rows: Rows) -> None:
    first = await add_event(rows, "0")
    events = follow(rows, after=await cursor_at(first))
    await add_event(rows, "1")
    await add_event(rows, "2")
    last = await anext(events)
    await events.aclose()  # type: ignore[attr-defined]
    await add_event(rows, "3")
    events = follow(rows, after=cursor_of(last))
    assert await take(events, 2) == ["2", "3"]
    assert await is_silent(events, 0.5)


async def test_without_a_cursor_it_begins_with_what_is_committed_from_then_on(rows: Rows) -> None:
    await add_event(rows, "past")
    events = follow(rows)
    first = await begin(events)
    await add_event(rows, "live")
    assert (await asyncio.wait_for(first, 5)).note == "live"
    assert await is_silent(events, 0.5)


async def test_a_live_event_comes_within_a_moment(rows: Rows) -> None:
    events = follow(rows)
    first = await begin(events)
    started = time.monotonic()
    await add_event(rows, "live")
    await asyncio.wait_for(first, 5)
    assert time.monotonic() - started < 0.5


async def test_only_the_events_of_the_filing_or_subject_asked_for_come(rows: Rows) -> None:
    other = await make_rows("li")
    start = await cursor_at(await add_event(rows, "start"))
    await add_event(rows, "of the filing")
    await add_event(rows, "of the subject", filing=False)
    await add_event(other, "of another")

    def watched(filing_id: int | None, subject_id: int | None) -> AsyncIterator[FilingEvent]:
        return watch_events(always(REVIEWER), filing_id=filing_id, subject_id=subject_id, after=start)

    assert await take(watched(rows.filing, None), 1) == ["of the filing"]
    assert await is_silent(
        follow(rows, after=await cursor_at((await FilingEvent.get(note="of the filing")).id)), 0.3
    )
    assert await take(watched(None, rows.subject), 2) == ["of the filing", "of the subject"]
    assert await take(watched(rows.filing, rows.subject), 1) == ["of the filing"]
    assert await take(watched(None, None), 3) == ["of the filing", "of the subject", "of another"]


@pytest.mark.shows("N4")
async def test_events_of_others_never_come_past_or_live(rows: Rows) -> None:
    other = await make_rows("li")
    start = await cursor_at(await add_event(rows, "start"))
    for number in range(30):
        await add_event(other, f"theirs {number}")
    await add_event(rows, "mine")
    events = watch_events(always(rows.actor), filing_id=None, subject_id=None, after=start)
    assert await take(events, 1) == ["mine"]
    waiting = asyncio.ensure_future(anext(events))
    await add_event(other, "theirs again")
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await add_event(rows, "mine again")
    assert (await asyncio.wait_for(waiting, 5)).note == "mine again"
    for actor in (other.actor, ADMIN):
        assert await is_silent(follow(rows, after=start, actor=actor), 0.5)


async def test_each_event_is_authorized_anew_when_it_is_handed_out(rows: Rows) -> None:
    start = await cursor_at(await add_event(rows, "start"))
    for number in range(4):
        await add_event(rows, f"{number}")
    events = follow(rows, after=start)
    assert await take(events, 2) == ["0", "1"]
    heir = await make_rows("heir")
    await unit_of_work(lambda: Subject.filter(id=rows.subject).update(owner_id=heir.account))
    assert await is_silent(events, 0.5)


async def test_it_ends_when_the_session_ends_even_in_the_middle_of_the_past(rows: Rows) -> None:
    start = await cursor_at(await add_event(rows, "start"))
    for number in range(4):
        await add_event(rows, f"{number}")
    signed_in: list[Actor | None] = [rows.actor]

    async def reader() -> Actor | None:
        return signed_in[-1]

    events = watch_events(reader, filing_id=rows.filing, subject_id=None, after=start)
    assert await take(events, 2) == ["0", "1"]
    signed_in.append(None)
    assert [event async for event in events] == []


async def test_it_ends_when_the_session_ends_though_nothing_happens(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "IDLE_SECONDS", 0.2)
    signed_in: list[Actor | None] = [rows.actor]

    async def reader() -> Actor | None:
        return signed_in[-1]

    events = watch_events(reader, filing_id=rows.filing, subject_id=None, after=None)
    first = await begin(events)
    signed_in.append(None)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(first, 2)


async def test_a_cursor_whose_event_is_not_there_is_refused(rows: Rows) -> None:
    number = await add_event(rows, "one")
    for after in (f"1.{number + 1}", "nonsense"):
        with pytest.raises(BadCursor):
            await anext(follow(rows, after=after))


@pytest.mark.shows("N4")
async def test_a_younger_event_committed_first_does_not_hide_the_older_one(rows: Rows, db: str) -> None:
    start = await add_event(rows, "start")
    events = follow(rows, after=await cursor_at(start))
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def older() -> None:
        await lay_event(rows, "older")
        written.set()
        await may_commit.wait()

    holding = asyncio.create_task(unit_of_work(older))
    await asyncio.wait_for(written.wait(), 5)
    if db == "sqlite":  # one writer at a time: the younger one waits
        may_commit.set()
    await add_event(rows, "younger")
    naive = [event async for event in FilingEvent.filter(id__gt=start).order_by("id")]
    first = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0.3)
    may_commit.set()
    await holding
    naive += [event async for event in FilingEvent.filter(id__gt=naive[-1].id).order_by("id")]
    assert [event.note for event in naive] == (["older", "younger"] if db == "sqlite" else ["younger"])
    assert [(await asyncio.wait_for(first, 5)).note, *await take(events, 1)] == ["older", "younger"]


async def test_what_was_committed_before_one_watches_is_no_news_though_an_older_one_is_still_open(
    rows: Rows, db: str
) -> None:
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def older() -> None:
        await lay_event(rows, "older")
        written.set()
        await may_commit.wait()

    if db == "sqlite":  # one writer at a time: nothing can be committed while another is open
        may_commit.set()
        await add_event(rows, "committed")
    holding = asyncio.create_task(unit_of_work(older))
    await asyncio.wait_for(written.wait(), 5)
    if db == "postgres":
        await add_event(rows, "committed")
    else:
        await holding
    events = follow(rows)
    first = await begin(events)
    may_commit.set()
    await holding
    await add_event(rows, "newer")
    expected = ["older", "newer"] if db == "postgres" else ["newer"]
    assert [(await asyncio.wait_for(first, 5)).note, *await take(events, len(expected) - 1)] == expected
    assert await is_silent(events, 0.5)


@pytest.mark.shows("N4")
async def test_a_cursor_of_this_order_misses_nothing_and_repeats_nothing_under_many_writers(
    rows: Rows,
) -> None:
    start = await cursor_at(await add_event(rows, "start"))
    chance = random.Random(4)

    async def write(number: int) -> None:
        async def work() -> None:
            await lay_event(rows, f"{number} a")
            await asyncio.sleep(chance.uniform(0, 0.03))
            await lay_event(rows, f"{number} b")

        await unit_of_work(work)

    async def read_in_pieces(seen: list[str | None]) -> None:
        after = start
        while len(seen) < 120:
            events = follow(rows, after=after)
            for _ in range(min(7, 120 - len(seen))):
                event = await anext(events)
                seen.append(event.note)
                after = cursor_of(event)
            await events.aclose()  # type: ignore[attr-defined]

    seen: list[str | None] = []
    reading = asyncio.create_task(read_in_pieces(seen))
    await asyncio.gather(*(write(number) for number in range(60)))
    await asyncio.wait_for(reading, 20)
    assert sorted(str(note) for note in seen) == sorted(
        f"{number} {half}" for number in range(60) for half in "ab"
    )
    for number in range(60):
        assert seen.index(f"{number} a") < seen.index(f"{number} b")


@pytest.mark.shows("N4")
async def test_transactions_are_ordered_as_numbers_and_not_as_text(rows: Rows, db: str) -> None:
    numbers = [await add_event(rows, note) for note in ("start", "tenth", "ninth")]

    async def date_back() -> None:
        for number, xid in zip(numbers, (8, 10, 9), strict=True):
            statement = f"UPDATE filing_event SET xid = '{xid}'::xid8 WHERE id = {number}"
            await get_connection("default").execute_query(statement)

    if db == "postgres":  # SQLite writes in one order only, that of the ids
        await unit_of_work(date_back)
    events = follow(rows, after=await cursor_at(numbers[0]))
    assert await take(events, 2) == (["ninth", "tenth"] if db == "postgres" else ["tenth", "ninth"])


WRITER = """
import asyncio, sys, settings
from models.database import open_database, close_database
from models.states import FilingAction
from models.unit_of_work import unit_of_work
from workflow.events import drain_announcements, write_event

async def main():
    given = settings.load()
    settings.use(given)
    await open_database(given, pool_size=2)
    subject, filing = int(sys.argv[1]), int(sys.argv[2])
    for number in range(int(sys.argv[3])):
        async def work():
            await write_event(subject_id=subject, filing_id=filing, action=FilingAction.REPORT,
                actor_name="system", account_id=None, note=f"{sys.argv[4]} {number}")
        await unit_of_work(work)
    await drain_announcements()
    await close_database()

asyncio.run(main())
"""


async def write_elsewhere(
    settings: Settings, rows: Rows, count: int, name: str
) -> asyncio.subprocess.Process:
    environment = {
        **os.environ,
        "BEIAN_DATABASE_URL": settings.database_url,
        "BEIAN_VAR_DIR": str(settings.var_dir),
        "PYTHONPATH": str(ROOT),
    }
    arguments = (str(rows.subject), str(rows.filing), str(count), name)
    return await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, *arguments, env=environment)


@pytest.mark.shows("N4")
async def test_events_written_by_other_processes_come_too_each_once(rows: Rows, settings: Settings) -> None:
    events = follow(rows)
    first = await begin(events)
    processes = [await write_elsewhere(settings, rows, 20, name) for name in ("a", "b")]
    notes = [(await asyncio.wait_for(first, 30)).note, *await take(events, 39, 30)]
    assert [await process.wait() for process in processes] == [0, 0]
    for name in ("a", "b"):
        of_one = [note for note in notes if str(note).startswith(name)]
        assert of_one == [f"{name} {number}" for number in range(20)]


async def test_an_event_of_another_process_does_not_wait_for_the_poll(
    rows: Rows, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 60.0)
    monkeypatch.setattr(watch, "IDLE_SECONDS", 60.0)
    events = follow(rows)
    first = await begin(events)
    process = await write_elsewhere(settings, rows, 1, "a")
    assert (await asyncio.wait_for(first, 20)).note == "a 0"
    assert await process.wait() == 0


async def test_a_lost_line_to_the_database_is_taken_up_again(
    rows: Rows, settings: Settings, db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 60.0)
    monkeypatch.setattr(watch, "IDLE_SECONDS", 60.0)
    events = follow(rows)
    first = await begin(events)
    if db == "postgres":  # a file has no line
        killed = await get_connection("writer").execute_query_dict(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )
        assert len(killed) == 1
    process = await write_elsewhere(settings, rows, 1, "a")
    assert (await asyncio.wait_for(first, 20)).note == "a 0"
    assert await process.wait() == 0


async def test_the_tailer_runs_only_while_somebody_watches(rows: Rows) -> None:
    one, other = follow(rows), follow(rows)
    waiting = [await begin(one), await begin(other)]
    assert len(watch._tailers) == 1
    for task, events in zip(waiting, (one, other), strict=True):
        task.cancel()
        await asyncio.wait([task])
        await events.aclose()  # type: ignore[attr-defined]
    await asyncio.sleep(0.1)
    assert watch._tailers == set()
    assert watch._watchers == set()
    events = follow(rows)
    first = await begin(events)
    await add_event(rows, "again")
    assert (await asyncio.wait_for(first, 5)).note == "again"


async def test_watchers_are_woken_only_by_what_concerns_them(rows: Rows) -> None:
    other = await make_rows("li")
    with watch.watching(rows.filing, None) as mine, watch.watching(other.filing, None) as theirs:
        await asyncio.sleep(0.2)
        mine.clear()
        theirs.clear()
        await add_event(rows, "mine")
        await asyncio.wait_for(mine.wait(), 5)
        assert not theirs.is_set()
