"""Having the simulator decide an upload, reading its answers, and looking whether its library was touched."""

import sqlite3
from pathlib import Path

from authority.messages import Answer, Decision, FiledRecord, ProcessingResult, Upload
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing
from tests.authority.simulator.conftest import Clock
from tests.authority.simulator.drain import fetch_all

TABLES = ("subjects", "websites", "domains", "accesses")


async def decide(desk: Simulator, clock: Clock, message: Upload, key: str) -> list[Answer]:
    """Upload, wait for the decision, and fetch all that is told."""
    await desk.upload(message, key)
    clock.turn(2)
    return await fetch_all(desk)


async def file(desk: Simulator, clock: Clock, serial: int = 100, websites: int = 1) -> FiledRecord:
    """A record of our own in force, filed under the key `fN`."""
    return record_of(await decide(desk, clock, make_filing(serial, websites=websites), f"f{serial}"))


def codes_of(answers: list[Answer]) -> list[int]:
    """The codes of the one processing result that came."""
    return [code.code for code in result_of(answers).codes]


def result_of(answers: list[Answer]) -> ProcessingResult:
    """The processing result, which came alone."""
    (result,) = answers
    assert isinstance(result, ProcessingResult)
    return result


def decision_of(answers: list[Answer]) -> Decision:
    """The one decision among the answers."""
    (decision,) = (answer for answer in answers if isinstance(answer, Decision))
    return decision


def record_of(answers: list[Answer]) -> FiledRecord:
    """The one filed record among the answers."""
    (record,) = (answer for answer in answers if isinstance(answer, FiledRecord))
    return record


def library_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that the library holds, sealed records with it, and the counters of its numbers and ids."""
    with sqlite3.connect(path) as db:
        rows = {table: db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES}
        rows["counters"] = db.execute(
            "SELECT * FROM counters WHERE name <> 'delivery' ORDER BY name"
        ).fetchall()
    db.close()
    return rows


def states_of(path: Path, table: str) -> dict[int, str]:
    """The state of every row of ours: those that the test's own filings made."""
    with sqlite3.connect(path) as db:
        rows = db.execute(f"SELECT id, state FROM {table} WHERE provider_id IS NOT NULL").fetchall()
    db.close()
    return dict(rows)
