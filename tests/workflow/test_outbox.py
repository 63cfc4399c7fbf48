"""The carriers: one at a time, in the lane's order, at least once, and nothing kept that was sent."""

import asyncio
import json
import os
import sqlite3
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from models.clock import now
from models.database import is_sqlite
from models.event import AuditEntry
from models.outbox import OutboxMessage
from models.states import OutboxKind, OutboxState
from models.unit_of_work import unit_of_work
from settings import ROOT, Settings
from workflow.leases import Lease, claim
from workflow.outbox import Answer, Delivered, Park, Patience, TryLater, carry, ring, settle

MAIL = OutboxKind.MAIL
PATIENT = Patience()


async def lay(
    key: str, lane: str, *, payload: str = "{}", kind: OutboxKind = MAIL, in_seconds: float = 0
) -> int:
    async def work() -> int:
        moment = now()
        message = await OutboxMessage.create(
            key=key,
            kind=kind,
            lane=lane,
            payload=payload,
            due_at=moment + timedelta(seconds=in_seconds),
            created_at=moment,
        )
        return int(message.id)

    return await unit_of_work(work)


async def alter(number: int, **values: object) -> None:
    await unit_of_work(lambda: OutboxMessage.filter(id=number).update(**values))


async def until(condition: "object", seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.02)


async def all_done() -> bool:
    return not await OutboxMessage.exclude(state=OutboxState.DONE).exists()


async def test_a_delivered_message_is_done_and_its_payload_is_gone(db: str) -> None:
    number = await lay("a", "lane", payload="secret")
    seen = []

    async def deliver(message: OutboxMessage) -> Answer:
        seen.append(message.payload)
        return Delivered()

    stop = asyncio.Event()
    task = asyncio.create_task(carry(MAIL, deliver, stop))
    await until(all_done)
    stop.set()
    await task
    message = await OutboxMessage.get(id=number)
    assert seen == ["secret"]
    assert message.payload is None
    assert message.done_at is not None
    assert (message.leased_by, message.leased_until, message.last_error, message.attempts) == (
        None,
        None,
        None,
        1,
    )


async def test_what_the_answer_records_is_written_with_the_done_mark_or_not_at_all(db: str) -> None:
    number = await lay("a", "lane")
    [lease] = await claim(MAIL, "me")

    async def record() -> None:
        await AuditEntry.create(at=now(), action="CARRIED")

    async def fail() -> None:
        await record()
        raise LookupError

    with pytest.raises(LookupError):
        await settle(lease, Delivered(fail), PATIENT)
    assert (await OutboxMessage.get(id=number)).state is OutboxState.WAITING
    assert await AuditEntry.all().count() == 0
    assert await settle(lease, Delivered(record), PATIENT)
    assert (await OutboxMessage.get(id=number)).state is OutboxState.DONE
    assert await AuditEntry.all().count() == 1


async def test_an_older_waiting_message_holds_its_lane_and_no_other(db: str) -> None:
    first, second, other = await lay("1", "a"), await lay("2", "a"), await lay("3", "b")
    leases = await claim(MAIL, "me")
    assert [lease.message_id for lease in leases] == [first, other]
    assert await claim(MAIL, "me") == []
    await settle(leases[0], TryLater("busy", after=3600), PATIENT)
    assert await claim(MAIL, "me") == []
    await alter(first, due_at=now())
    [again] = await claim(MAIL, "me")
    assert again == Lease(first, "me", 2)
    await settle(again, Delivered(), PATIENT)
    assert [lease.message_id for lease in await claim(MAIL, "me")] == [second]


async def test_a_lane_with_many_waiting_messages_does_not_hide_the_others(db: str) -> None:
    first = await lay("head", "long")
    for position in range(80):
        await lay(f"tail {position}", "long")
    other = await lay("other", "short")
    assert [lease.message_id for lease in await claim(MAIL, "me")] == [first, other]


async def test_what_does_not_hold_its_lane_lets_the_others_pass_until_it_is_due(db: str) -> None:
    first, second = await lay("1", "a"), await lay("2", "a")
    await alter(first, holds_lane=False, due_at=now() + timedelta(hours=1))
    await alter(second, holds_lane=False)
    [lease] = await claim(MAIL, "me")
    assert lease.message_id == second
    await alter(first, due_at=now())
    assert await claim(MAIL, "you") == []  # one of a lane at a time
    await settle(lease, TryLater("busy", after=3600), PATIENT)
    assert await claim(MAIL, "me") == []  # now it holds its lane, before the older one too
    await alter(second, due_at=now())
    [lease] = await claim(MAIL, "me")
    await settle(lease, TryLater("busy", after=3600, holds=False), PATIENT)
    assert [lease.message_id for lease in await claim(MAIL, "me")] == [first]


async def test_two_carriers_never_have_two_messages_of_one_lane(db: str) -> None:
    for round_ in range(6):
        lane = f"lane {round_}"
        old = await lay(f"{round_} old", lane)
        young = await lay(f"{round_} young", lane)
        await alter(young, holds_lane=False)
        await alter(old, holds_lane=False, due_at=now() + timedelta(milliseconds=10))
        claims = await asyncio.gather(*(_claim_until_due(f"carrier {n}") for n in range(4)))
        assert len([lease for leases in claims for lease in leases]) == 1
        await unit_of_work(lambda: OutboxMessage.all().delete())


async def _claim_until_due(owner: str) -> list[Lease]:
    leases = []
    for _ in range(6):
        leases += await claim(MAIL, owner)
        await asyncio.sleep(0.002)
    return leases


async def test_with_endless_patience_it_is_parked_only_by_who_carries_it(db: str) -> None:
    number = await lay("a", "lane")
    await alter(number, attempts=100_000)
    [lease] = await claim(MAIL, "me")
    await settle(lease, TryLater("busy"), Patience(tries=None))
    assert (await OutboxMessage.get(id=number)).state is OutboxState.WAITING
    await alter(number, due_at=now())

    async def record() -> None:
        await AuditEntry.create(at=now(), action="GIVEN_UP")

    [lease] = await claim(MAIL, "me")
    await settle(lease, Park("too long", record), Patience(tries=None))
    assert (await OutboxMessage.get(id=number)).state is OutboxState.PARKED
    assert await AuditEntry.all().count() == 1


async def test_a_message_is_not_claimed_before_it_is_due_nor_by_carriers_of_another_kind(db: str) -> None:
    await lay("later", "a", in_seconds=3600)
    await lay("report", "b", kind=OutboxKind.REPORT)
    assert await claim(MAIL, "me") == []
    assert len(await claim(OutboxKind.REPORT, "me")) == 1


async def test_a_living_lease_keeps_others_out_and_one_that_ran_out_lets_them_in(db: str) -> None:
    number = await lay("a", "lane")
    [mine] = await claim(MAIL, "me")
    assert await claim(MAIL, "you") == []
    await alter(number, leased_until=now() - timedelta(seconds=1))
    [yours] = await claim(MAIL, "you")
    assert not await settle(mine, Delivered(), PATIENT)
    assert not await settle(mine, Park("mine"), PATIENT)
    message = await OutboxMessage.get(id=number)
    assert (message.state, message.leased_by, message.payload) == (OutboxState.WAITING, "you", "{}")
    assert await settle(yours, Delivered(), PATIENT)


async def test_a_claim_that_ran_out_is_fenced_off_even_from_its_own_owner(db: str) -> None:
    number = await lay("a", "lane")
    [first] = await claim(MAIL, "me")
    await alter(number, leased_until=now() - timedelta(seconds=1))
    [second] = await claim(MAIL, "me")
    assert not await settle(first, Delivered(), PATIENT)
    assert await settle(second, Delivered(), PATIENT)


async def test_a_retry_waits_longer_each_time_and_its_pauses_are_spread(db: str) -> None:
    patience = Patience(first=10, longest=100, tries=9)
    assert 7.5 <= patience.pause(1) <= 12.5
    assert 30 <= patience.pause(3) <= 50
    assert 75 <= patience.pause(9) <= 125
    assert len({patience.pause(9) for _ in range(20)}) > 10
    number = await lay("a", "lane")
    [lease] = await claim(MAIL, "me")
    before = now()
    assert await settle(lease, TryLater("busy"), patience)
    message = await OutboxMessage.get(id=number)
    assert timedelta(seconds=7) <= message.due_at - before <= timedelta(seconds=14)
    assert (message.state, message.last_error, message.leased_by) == (OutboxState.WAITING, "busy", None)


async def test_it_is_parked_after_the_last_try_and_no_longer_holds_its_lane(db: str) -> None:
    number, next_one = await lay("a", "lane"), await lay("b", "lane")
    told = []

    async def on_parked(message: OutboxMessage, reason: str) -> None:
        told.append((message.id, reason))
        await AuditEntry.create(at=now(), action="PARKED")

    for tries in range(1, 4):
        await alter(number, due_at=now())
        [lease] = await claim(MAIL, "me")
        assert lease.attempts == tries
        await settle(lease, TryLater("busy", after=60), Patience(tries=3), on_parked)
    message = await OutboxMessage.get(id=number)
    assert (message.state, message.last_error, message.payload) == (OutboxState.PARKED, "busy", "{}")
    assert told == [(number, "busy")]
    assert await AuditEntry.all().count() == 1
    assert [lease.message_id for lease in await claim(MAIL, "me")] == [next_one]


async def test_a_deliverer_that_breaks_names_its_fault_without_its_text_and_the_others_go_on(db: str) -> None:
    broken, whole = await lay("a", "a"), await lay("b", "b")

    async def deliver(message: OutboxMessage) -> Answer:
        if message.id == broken:
            raise ValueError("zhang@example.com")
        return Delivered()

    async def settled() -> bool:
        rows = {row.id: row for row in await OutboxMessage.all()}
        return rows[whole].state is OutboxState.DONE and rows[broken].last_error is not None

    stop = asyncio.Event()
    task = asyncio.create_task(carry(MAIL, deliver, stop))
    await until(settled)
    stop.set()
    await task
    message = await OutboxMessage.get(id=broken)
    assert (message.state, message.last_error) == (OutboxState.WAITING, "fault: ValueError")


async def test_a_message_that_does_not_open_holds_up_only_itself(db: str) -> None:
    sealed, whole = await lay("a", "a"), await lay("b", "b")
    statement = "UPDATE outbox SET payload = '\x01e1.k9.AAAA' WHERE id = "

    async def spoil() -> None:
        from tortoise.connection import get_connection

        await get_connection("default").execute_query(f"{statement}{sealed}")

    await unit_of_work(spoil)

    async def deliver(message: OutboxMessage) -> Answer:
        return Delivered()

    async def settled() -> bool:
        states = await OutboxMessage.all().order_by("id").values_list("state", "last_error")
        return states == [(OutboxState.WAITING, "fault: CipherError"), (OutboxState.DONE, None)]

    stop = asyncio.Event()
    task = asyncio.create_task(carry(MAIL, deliver, stop))
    await until(settled)
    stop.set()
    await task
    assert whole > sealed


async def test_a_ring_is_heard_at_once(db: str) -> None:
    stop = asyncio.Event()
    arrived = asyncio.Event()

    async def deliver(message: OutboxMessage) -> Answer:
        arrived.set()
        return Delivered()

    task = asyncio.create_task(carry(MAIL, deliver, stop))
    await asyncio.sleep(0.2)
    await lay("a", "lane")
    ring(MAIL)
    started = time.monotonic()
    await asyncio.wait_for(arrived.wait(), 5)
    assert time.monotonic() - started < 0.6
    stop.set()
    await task


async def test_told_to_stop_it_hands_back_what_does_not_end(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.outbox.GRACE_SECONDS", 0.2)
    number = await lay("a", "lane")
    begun = asyncio.Event()

    async def deliver(message: OutboxMessage) -> Answer:
        begun.set()
        await asyncio.sleep(3600)
        return Delivered()

    stop = asyncio.Event()
    task = asyncio.create_task(carry(MAIL, deliver, stop))
    await asyncio.wait_for(begun.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)
    message = await OutboxMessage.get(id=number)
    assert (message.state, message.leased_by, message.leased_until) == (OutboxState.WAITING, None, None)
    assert len(await claim(MAIL, "next")) == 1


CARRIER = """
import asyncio, json, sys, settings
from models.database import open_database, close_database
from models.outbox import OutboxMessage
from models.states import OutboxKind
from workflow.outbox import Delivered, carry

async def main():
    given = settings.load()
    settings.use(given)
    await open_database(given, pool_size=2)
    stop = asyncio.Event()
    async def deliver(message):
        with open(sys.argv[1], "a") as log:
            log.write(json.dumps([message.lane, message.key]) + "\\n")
        await asyncio.sleep(0.002)
        return Delivered()
    task = asyncio.create_task(carry(OutboxKind.MAIL, deliver, stop))
    while await OutboxMessage.filter(state="WAITING").exists():
        await asyncio.sleep(0.05)
    stop.set()
    await task
    await close_database()

asyncio.run(main())
"""


async def test_three_processes_carry_each_message_once_and_each_lane_in_order(
    db: str, settings: Settings, tmp_path: Path
) -> None:
    async def work() -> None:
        moment = now()
        for number in range(150):
            await OutboxMessage.create(
                key=f"{number:03}",
                kind=MAIL,
                lane=f"lane {number % 15}",
                payload="{}",
                due_at=moment,
                created_at=moment,
            )

    await unit_of_work(work)
    log = tmp_path / "carried"
    environment = {
        **os.environ,
        "BEIAN_DATABASE_URL": settings.database_url,
        "BEIAN_VAR_DIR": str(settings.var_dir),
        "PYTHONPATH": str(ROOT),
    }
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", CARRIER, str(log), env=environment)
        for _ in range(3)
    ]
    assert await asyncio.wait_for(asyncio.gather(*(process.wait() for process in processes)), 60) == [0, 0, 0]
    carried = [json.loads(line) for line in log.read_text().splitlines()]
    assert Counter(key for _, key in carried) == Counter(f"{number:03}" for number in range(150))
    for lane in {lane for lane, _ in carried}:
        keys = [key for of, key in carried if of == lane]
        assert keys == sorted(keys)
    assert await all_done()


@pytest.mark.shows("C48")
async def test_what_was_carried_is_nowhere_left_in_the_database(db: str, settings: Settings) -> None:
    number = await lay("a", "lane", payload="filing password Kv7mQ2")
    column = "payload"

    async def stored() -> str | None:
        from tortoise.connection import get_connection

        rows = await get_connection("default").execute_query_dict(f"SELECT {column} FROM outbox")
        return None if rows[0][column] is None else str(rows[0][column])

    sealed = await stored()
    assert sealed is not None
    assert "Kv7mQ2" not in sealed
    [lease] = await claim(MAIL, "me")
    await settle(lease, Delivered(), PATIENT)
    assert await stored() is None
    assert (await OutboxMessage.get(id=number)).payload is None
    if not is_sqlite():
        return
    path = Path(settings.database_url.removeprefix("sqlite://"))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    connection.close()
    # by another process: closing a file that SQLite has open would take this process's locks off it
    reader = await asyncio.create_subprocess_exec(
        "cat", str(path), f"{path}-wal", stdout=asyncio.subprocess.PIPE
    )
    content, _ = await reader.communicate()
    assert reader.returncode == 0
    assert b"SQLite format 3" in content
    assert sealed.encode() not in content
