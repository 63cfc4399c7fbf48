"""The ledger: it survives restarts and kills, is shared by processes, and shows nobody's data."""

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from authority.desk import NotConfigured, Receipt
from authority.messages import Decision, FiledRecord
from authority.simulator.counter import Simulator
from authority.simulator.ledger import Ledger
from models.cipher import Cipher, CipherError
from tests.authority.filings import make_filing
from tests.authority.simulator.conftest import PROVIDER, Clock, Open
from tests.authority.simulator.drain import fetch_all

ROOT = Path(__file__).parents[3]

UPLOADER = """
import asyncio, sys
from pathlib import Path
from authority.simulator.counter import Simulator
from models.cipher import Cipher
from tests.authority.filings import make_filing

async def main(path, first, last, fetch):
    keys = Cipher(keys={"k1": bytes(range(32))}, index_key=bytes(range(32, 64)))
    desk = await Simulator.open(Path(path), provider=210200000001, sealing=keys, delay=0)
    for serial in range(int(first), int(last)):
        receipt = await desk.upload(make_filing(serial * 100), f"r{serial}")
        print(serial, receipt.sequence, flush=True)
        if fetch == "fetch":
            delivery = await desk.download()
            print(*(type(a).__name__ for a in delivery.answers), delivery.file_name, flush=True)
    await asyncio.sleep(0 if fetch == "leave" else 60)

asyncio.run(main(*sys.argv[1:]))
"""


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from authority.desk import DeskAway, OutcomeUnknown
from authority.simulator.counter import Simulator
from models.cipher import Cipher
from tests.authority.filings import make_filing

async def main(path):
    keys = Cipher(keys={"k1": bytes(range(32))}, index_key=bytes(range(32, 64)))
    desk = await Simulator.open(path, provider=210200000001, sealing=keys, delay=0)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = Path(f"{path}-wal").stat().st_size  # no file may grow beyond what the log has reached
    resource.setrlimit(resource.RLIMIT_FSIZE, (full, hard))
    try:
        await desk.upload(make_filing(100, websites=9), "r1")
    except OutcomeUnknown as error:
        print("unknown", error.key)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(await desk.settle("r1"))
    print((await desk.upload(make_filing(100, websites=9), "r1")).sequence)
    await desk.close()

asyncio.run(main(Path(sys.argv[1])))
"""


def start_uploader(path: Path, first: int, last: int, then: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", UPLOADER, str(path), str(first), str(last), then],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> list[str]:
    """Kill without warning, and give the lines printed but not read."""
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert process.stdout is not None
    rest = process.stdout.read().splitlines()
    process.stdout.close()
    return rest


@pytest.mark.shows("C37")
async def test_an_upload_survives_a_restart_and_is_decided_afterwards(open_desk: Open, clock: Clock) -> None:
    desk = await open_desk()
    receipt = await desk.upload(make_filing(), "r1")
    await desk.close()
    clock.turn(3600)

    desk = await open_desk()
    assert await desk.settle("r1") == receipt
    answers = await fetch_all(desk)
    assert [type(answer) for answer in answers] == [Decision, FiledRecord]
    assert await desk.upload(make_filing(200), "r2") == Receipt(2, "r2.xml")


async def test_numbers_go_on_after_a_restart(open_desk: Open, clock: Clock) -> None:
    numbers = []
    for serial in (1, 2):
        desk = await open_desk()
        await desk.upload(make_filing(serial * 100), f"r{serial}")
        clock.turn(2)
        numbers += [a.subject.number for a in await fetch_all(desk) if isinstance(a, FiledRecord)]
        await desk.close()
    assert numbers == ["辽ICP备2026000001号", "辽ICP备2026000002号"]


async def test_a_kill_after_the_receipt_loses_nothing_and_doubles_nothing(path: Path, keys: Cipher) -> None:
    process = start_uploader(path, 1, 2, "wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "1 1\n"
    kill(process)

    desk = await Simulator.open(path, provider=PROVIDER, sealing=keys, delay=0)
    assert await desk.settle("r1") == Receipt(1, "r1.xml")
    assert await desk.upload(make_filing(100), "r1") == Receipt(1, "r1.xml")
    assert [type(answer) for answer in await fetch_all(desk)] == [Decision, FiledRecord]
    await desk.close()


async def test_a_kill_after_a_download_gives_the_same_file_again(path: Path, keys: Cipher) -> None:
    process = start_uploader(path, 1, 2, "fetch")
    assert process.stdout is not None
    assert process.stdout.readline() == "1 1\n"
    kind, name = process.stdout.readline().split()
    kill(process)

    desk = await Simulator.open(path, provider=PROVIDER, sealing=keys, delay=0)
    again = await desk.download()
    assert again is not None
    assert (kind, name) == ("Decision", again.file_name)
    assert [type(answer) for answer in await fetch_all(desk)] == [Decision, FiledRecord]
    await desk.close()


async def test_kills_at_any_moment_keep_every_receipt_and_decide_each_upload_once(
    path: Path, keys: Cipher
) -> None:
    receipts: dict[str, int] = {}
    first = 1
    for lines in (3, 7, 1, 12):
        process = start_uploader(path, first, first + 500, "wait")
        assert process.stdout is not None
        printed = [process.stdout.readline() for _ in range(lines)] + kill(process)
        for line in printed:
            if len(parts := line.split()) == 2:
                receipts[f"r{parts[0]}"] = int(parts[1])
        first += 500

    desk = await Simulator.open(path, provider=PROVIDER, sealing=keys, delay=0)
    for key, sequence in receipts.items():
        assert await desk.settle(key) == Receipt(sequence, f"{key}.xml")
    answers = await fetch_all(desk)
    await desk.close()
    with sqlite3.connect(path) as db:
        sequences = [row[0] for row in db.execute("SELECT sequence FROM uploads ORDER BY sequence")]
    db.close()
    assert len(sequences) >= len(receipts) >= 23
    assert sequences == list(range(1, len(sequences) + 1))
    decided = [a.record_id for a in answers if isinstance(a, Decision)]
    filed = [a.subject.provider_id for a in answers if isinstance(a, FiledRecord)]
    assert len(decided) == len(set(decided)) == len(sequences)
    assert sorted(decided) == sorted(i for i in filed if i is not None)


async def test_processes_that_open_a_fresh_ledger_at_once_share_it(path: Path, keys: Cipher) -> None:
    processes = [start_uploader(path, first, first + 10, "leave") for first in (1, 101, 201)]
    for process in processes:
        output, _ = await asyncio.to_thread(process.communicate)
        assert process.returncode == 0
        assert len(output.splitlines()) == 10
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*), max(sequence) FROM uploads").fetchone() == (30, 30)
        assert db.execute("SELECT count(*) FROM subjects").fetchone() == (20,)
    db.close()


def test_opening_a_fresh_file_at_the_same_moment_makes_nobody_fail(tmp_path: Path) -> None:
    threads = 4
    barrier = threading.Barrier(threads)

    def open_and_close(path: Path) -> None:
        barrier.wait()
        Ledger(path).close()

    with ThreadPoolExecutor(threads) as pool:
        for number in range(100):
            list(pool.map(open_and_close, [tmp_path / f"{number}.db"] * threads))


async def test_two_desks_decide_each_upload_once(open_desk: Open, clock: Clock, path: Path) -> None:
    one, two = await open_desk(), await open_desk()
    for serial in range(1, 11):
        await one.upload(make_filing(serial * 100), f"r{serial}")
    clock.turn(2)
    await asyncio.gather(*(desk.download() for desk in (one, two) * 5))
    assert len(await fetch_all(two)) == 20
    assert await fetch_all(one) == []


async def test_a_call_that_is_cancelled_is_done_or_not_but_never_half(open_desk: Open, clock: Clock) -> None:
    desk = await open_desk()
    for serial in range(1, 21):
        call = asyncio.ensure_future(desk.upload(make_filing(serial * 100), f"r{serial}"))
        await asyncio.sleep(serial / 10_000)
        call.cancel()
        await asyncio.wait([call])
    receipts = [await desk.upload(make_filing(serial * 100), f"r{serial}") for serial in range(1, 21)]
    assert sorted(receipt.sequence for receipt in receipts) == list(range(1, 21))
    clock.turn(2)
    assert len(await fetch_all(desk)) == 40


def test_a_disk_that_is_full_at_the_commit_leaves_an_unknown_outcome_that_settles(path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines() == ["unknown r1", "None", "1"], ran.stderr


def test_every_commit_is_on_disk_before_it_counts(path: Path) -> None:
    ledger = Ledger(path)
    with ledger.transaction() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    ledger.close()


async def test_no_personal_data_lies_open_in_the_file(open_desk: Open, path: Path, clock: Clock) -> None:
    desk = await open_desk()
    await desk.upload(make_filing(), "r1")
    clock.turn(2)
    await fetch_all(desk)
    files = list(path.parent.glob("authority.db*"))
    written = b"".join(file.read_bytes() for file in files)
    assert b"haian-110.com" in written  # a domain is public, and found in the open
    for private in ("91210200000000100J", "13800000000", "张三", "210202199001010010", "zhangsan", "示例路"):
        assert private.encode() not in written
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_other_keys_do_not_open_the_ledger(open_desk: Open, path: Path, keys: Cipher) -> None:
    await (await open_desk()).close()
    for wrong, error in (
        (Cipher(keys={"k1": os.urandom(32)}, index_key=keys.index_key), CipherError),
        (Cipher(keys=keys.keys, index_key=os.urandom(32)), NotConfigured),
    ):
        with pytest.raises(error):
            await Simulator.open(path, provider=PROVIDER, sealing=wrong, delay=0)


def put_something_else(path: Path, content: str) -> None:
    if content == "text":
        path.write_text("not a database, but long enough to be looked at" * 10)
    elif content == "folder":
        path.mkdir()
    else:
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE subjects (id INTEGER)")
            db.execute("PRAGMA application_id = 0x42454941" if content == "other version" else "SELECT 1")
        db.close()


@pytest.mark.parametrize("content", ["text", "database", "other version", "folder"])
async def test_a_file_that_is_no_ledger_is_refused_and_left_alone(
    path: Path, keys: Cipher, content: str
) -> None:
    put_something_else(path, content)
    with pytest.raises(NotConfigured):
        await Simulator.open(path, provider=PROVIDER, sealing=keys, delay=0)
    if content in ("database", "other version"):
        with sqlite3.connect(path) as db:
            assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("subjects",)]
        db.close()
