"""The counter: sequence, receipts, deliveries until they are acknowledged, and what turns a caller away."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from authority.desk import DeskAway, NotConfigured, PayloadRefused, Receipt
from authority.messages import Decision, FiledRecord
from authority.simulator import ledger
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing
from tests.authority.simulator.conftest import Clock, Open
from tests.authority.simulator.drain import fetch_all


def count(path: Path, question: str) -> int:
    with sqlite3.connect(path) as db:
        (number,) = db.execute(question).fetchone()
    db.close()
    return int(number)


@pytest.mark.shows("C36")
async def test_uploads_are_numbered_from_one_without_gaps(desk: Simulator) -> None:
    assert await desk.upload(make_filing(100), "r1") == Receipt(1, "r1.xml")
    assert await desk.upload(make_filing(200), "r2") == Receipt(2, "r2.xml")


async def test_an_identical_repeat_gives_the_same_receipt_and_files_nothing_twice(
    desk: Simulator, clock: Clock
) -> None:
    first = await desk.upload(make_filing(), "r1")
    assert await desk.upload(make_filing(), "r1") == first
    clock.turn(2)
    assert len(await fetch_all(desk)) == 2
    assert await desk.upload(make_filing(), "r1") == first
    clock.turn(2)
    assert await fetch_all(desk) == []


async def test_another_message_under_a_used_key_is_refused_and_changes_nothing(
    desk: Simulator, clock: Clock
) -> None:
    await desk.upload(make_filing(100), "r1")
    with pytest.raises(PayloadRefused):
        await desk.upload(make_filing(200), "r1")
    assert await desk.upload(make_filing(300), "r2") == Receipt(2, "r2.xml")
    clock.turn(2)
    subjects = {a.subject.provider_id for a in await fetch_all(desk) if isinstance(a, FiledRecord)}
    assert subjects == {100, 300}


@pytest.mark.parametrize("key", ["", "a b", "../x", "备案", "x" * 65, "a.xml", "a\n"])
async def test_a_key_that_is_no_name_is_a_fault_of_the_caller(desk: Simulator, path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="a key is"):
        await desk.upload(make_filing(), key)
    assert count(path, "SELECT count(*) FROM uploads") == 0


async def test_a_full_counter_turns_away_and_takes_no_number(open_desk: Open, clock: Clock) -> None:
    desk = await open_desk(delay=30, waiting_limit=1)
    await desk.upload(make_filing(100), "r1")
    with pytest.raises(DeskAway) as caught:
        await desk.upload(make_filing(200), "r2")
    assert caught.value.code == 15
    assert caught.value.retry_after == timedelta(seconds=30)
    assert await desk.settle("r2") is None
    assert await desk.upload(make_filing(100), "r1") == Receipt(1, "r1.xml")
    clock.turn(30)
    await fetch_all(desk)
    assert await desk.upload(make_filing(200), "r2") == Receipt(2, "r2.xml")


async def test_an_unknown_outcome_is_settled_by_its_key(desk: Simulator) -> None:
    assert await desk.settle("r1") is None
    receipt = await desk.upload(make_filing(100), "r1")
    await desk.upload(make_filing(200), "r2")
    assert await desk.settle("r1") == receipt


async def test_nothing_is_decided_before_the_delay_is_over(desk: Simulator, clock: Clock) -> None:
    await desk.upload(make_filing(), "r1")
    assert await desk.download() is None
    clock.turn(1.999)
    assert await desk.download() is None
    clock.turn(0.001)
    assert await desk.download() is not None


async def test_without_a_delay_the_answer_waits_at_once(open_desk: Open) -> None:
    desk = await open_desk(delay=0)
    await desk.upload(make_filing(), "r1")
    assert await desk.download() is not None


async def test_a_file_comes_again_until_it_is_acknowledged(desk: Simulator, clock: Clock) -> None:
    await desk.upload(make_filing(), "r1")
    clock.turn(2)
    first = await desk.download()
    assert first is not None
    clock.turn(86_400 * 30)
    assert await desk.download() == first
    await desk.acknowledge(first.file_name)
    second = await desk.download()
    assert second is not None
    assert second.file_name != first.file_name
    await desk.acknowledge(first.file_name)  # the answer to the first acknowledgement was lost
    assert await desk.download() == second
    await desk.acknowledge(second.file_name)
    assert await desk.download() is None


async def test_files_are_named_by_the_time_in_china_and_a_number(desk: Simulator, clock: Clock) -> None:
    await desk.upload(make_filing(), "r1")
    clock.turn(2)
    delivery = await desk.download()
    assert delivery is not None
    assert delivery.file_name == "20260506093002_000001.xml"


@pytest.mark.parametrize("name", ["", "20260506093002_000009.xml"])
async def test_acknowledging_what_was_never_sent_is_refused(desk: Simulator, name: str) -> None:
    with pytest.raises(PayloadRefused) as caught:
        await desk.acknowledge(name)
    assert caught.value.code == 21


async def test_more_than_one_batch_is_decided_in_sequence(desk: Simulator, clock: Clock) -> None:
    for serial in range(1, 46):
        await desk.upload(make_filing(serial * 100), f"r{serial}")
    clock.turn(2)
    decided = [a.record_id for a in await fetch_all(desk) if isinstance(a, Decision)]
    assert decided == [serial * 100 for serial in range(1, 46)]


async def test_old_bytes_are_dropped_and_the_record_is_not(desk: Simulator, path: Path, clock: Clock) -> None:
    receipt = await desk.upload(make_filing(100), "r1")
    clock.turn(2)
    await fetch_all(desk)
    clock.turn(86_400 * 91)
    await desk.upload(make_filing(200), "r2")
    clock.turn(2)
    await fetch_all(desk)
    assert count(path, "SELECT count(*) FROM deliveries") == 4
    assert count(path, "SELECT count(body) FROM uploads") == 2

    clock.turn(86_400 * 2)
    await desk.upload(make_filing(300), "r3")
    clock.turn(2)
    await fetch_all(desk)
    assert count(path, "SELECT count(*) FROM deliveries") == 4
    assert count(path, "SELECT count(body) FROM uploads") == 2
    assert await desk.upload(make_filing(100), "r1") == receipt
    assert count(path, "SELECT count(*) FROM subjects") == 23


async def test_a_ledger_held_by_another_process_is_a_desk_away(
    open_desk: Open, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "BUSY_SECONDS", 0.05)
    desk = await open_desk()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DeskAway) as caught:
        await desk.upload(make_filing(), "r1")
    holder.execute("ROLLBACK")
    holder.close()
    assert caught.value.retry_after == timedelta(seconds=2)
    assert await desk.settle("r1") is None
    assert await desk.upload(make_filing(), "r1") == Receipt(1, "r1.xml")


async def test_a_closed_desk_says_so_and_closes_twice(desk: Simulator) -> None:
    await desk.close()
    await desk.close()
    with pytest.raises(NotConfigured):
        await desk.download()
