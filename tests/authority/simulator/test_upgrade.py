"""A ledger of version 1, as that version wrote it, goes on under this one."""

import sqlite3
from pathlib import Path

import pytest

from authority.desk import NotConfigured, Receipt
from authority.messages import Access, Decision, FiledRecord, IpRange, NewAccess, NewWebsites
from authority.simulator.counter import Simulator
from models.cipher import Cipher
from tests.authority.filings import make_filing, make_website
from tests.authority.simulator.conftest import PROVIDER, Clock, Open
from tests.authority.simulator.deciding import codes_of, decide, record_of
from tests.authority.simulator.drain import fetch_all

OLD = Path(__file__).with_name("ledger_version_1.sql")


@pytest.fixture(autouse=True)
def old(path: Path) -> None:
    """The old file, in the place where the desk opens."""
    with sqlite3.connect(path) as db:
        db.executescript(OLD.read_text(encoding="utf-8"))
    db.close()


def shape_of(path: Path) -> tuple[int, list[tuple[str, str]]]:
    with sqlite3.connect(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        columns = db.execute(
            "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_xinfo(m.name) c"
            " WHERE m.type IN ('table', 'index') ORDER BY m.name, c.cid"
        ).fetchall()
    db.close()
    return version, columns


async def test_its_shape_is_that_of_a_new_ledger(
    open_desk: Open, path: Path, tmp_path: Path, keys: Cipher
) -> None:
    assert shape_of(path)[0] == 1
    await (await open_desk()).close()
    fresh = tmp_path / "fresh.db"
    await (await Simulator.open(fresh, provider=PROVIDER, sealing=keys, delay=0)).close()
    assert shape_of(path) == shape_of(fresh)
    assert shape_of(path)[0] == 2
    await (await open_desk()).close()
    assert shape_of(path) == shape_of(fresh)


async def test_what_waited_is_delivered_what_was_uploaded_is_decided_and_keys_are_known(
    open_desk: Open, clock: Clock
) -> None:
    desk = await open_desk()
    assert await desk.settle("f200") == Receipt(2, "f200.xml")
    assert await desk.upload(make_filing(100, websites=2), "f100") == Receipt(1, "f100.xml")
    clock.turn(3600)
    answers = await fetch_all(desk)
    assert [type(answer) for answer in answers] == [FiledRecord, FiledRecord, Decision]
    assert [a.subject.number for a in answers if isinstance(a, FiledRecord)] == [
        "辽ICP备2026000001号",
        "辽ICP备2026000002号",
    ]
    assert await desk.upload(make_filing(300), "f300") == Receipt(3, "f300.xml")


async def test_a_record_of_before_takes_the_new_kinds(open_desk: Open, clock: Clock) -> None:
    desk = await open_desk()
    clock.turn(3600)
    await fetch_all(desk)
    upload = NewWebsites("辽ICP备2026000001号", None, (make_website(310),), None)
    record = record_of(await decide(desk, clock, upload, "r3"))
    assert [website.number for website in record.websites] == [
        "辽ICP备2026000001号-1",
        "辽ICP备2026000001号-2",
        "辽ICP备2026000001号-3",
    ]


async def test_the_passwords_of_records_filed_elsewhere_are_known_from_now_on(
    open_desk: Open, clock: Clock
) -> None:
    desk = await open_desk()
    clock.turn(3600)
    await fetch_all(desk)
    access = Access(900, None, None, (3,), (19,), (IpRange(901, None, "203.0.113.20", "203.0.113.20"),))
    for key, password, codes in (
        ("r3", "641fc1cf3bc1d9827ce02922e64e2313", [1018]),
        ("r4", "d8af91c6dce65dc52d70cb5ed6274078", []),
    ):
        upload = NewAccess("沪ICP备10900096号-2", None, access, password)
        answers = await decide(desk, clock, upload, key)
        assert (codes_of(answers) if codes else []) == codes
    assert record_of(answers).websites[1].accesses[1].provider == PROVIDER


async def test_other_keys_leave_it_as_it_was(path: Path, keys: Cipher) -> None:
    before = shape_of(path)
    wrong = Cipher(keys=keys.keys, index_key=bytes(32))
    with pytest.raises(NotConfigured):
        await Simulator.open(path, provider=PROVIDER, sealing=wrong, delay=0)
    assert shape_of(path) == before


async def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(path: Path, keys: Cipher) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 3")
    db.close()
    before = shape_of(path)
    with pytest.raises(NotConfigured):
        await Simulator.open(path, provider=PROVIDER, sealing=keys, delay=0)
    assert shape_of(path) == before
