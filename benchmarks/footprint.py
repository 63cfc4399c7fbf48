"""The footprint: how soon a server is ready on an empty folder and on the demonstration, and what it holds after work."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from demo.forms import filing_form
from tests.journeys.conftest import People
from tests.journeys.test_first_filing import Story, camel
from tests.support.serving import Server

READY_SECONDS = 5.0
RESIDENT_MIB = 120.0


async def measure_footprint(idle: float) -> AsyncIterator[str]:
    """The lines to print, as they come: each figure with its limit."""
    with tempfile.TemporaryDirectory(prefix="beian-bench-") as folder:
        server = Server(Path(folder))
        yield _line("ready on an empty folder", _start(server), "s", READY_SECONDS)
        await _journeys(server)
        yield _line("resident right after three journeys", _resident(server), "MiB", None)
        await asyncio.sleep(idle)
        yield _line(f"resident {idle:.0f} s later", _resident(server), "MiB", RESIDENT_MIB)
        server.stop()
    with tempfile.TemporaryDirectory(prefix="beian-bench-") as folder:
        server = Server(Path(folder))
        started = time.monotonic()
        server.run("demo", seconds=300)
        yield _line("the demonstration loaded", time.monotonic() - started, "s", None)
        yield _line("ready on the demonstration", _start(server), "s", READY_SECONDS)
        server.stop()


def _start(server: Server) -> float:
    started = time.monotonic()
    server.start()
    return time.monotonic() - started


def _resident(server: Server) -> float:
    assert server.process is not None
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


async def _journeys(server: Server) -> None:
    """Three whole first filings, one after the other, with the subscription open."""
    people = People(server)
    owner, reviewer = await people.applicant("zhang"), await people.staff("liu", "reviewer")
    async with owner.watch("filingEvents") as watcher:
        for index in range(3):
            form = filing_form(index)
            created = await owner.do(
                "createSubject", **camel(form.subject), websites=[camel(site) for site in form.websites]
            )
            story = Story(owner, reviewer)
            story.filing = created["filing"]
            await story.step(owner, "submitFiling")
            await story.decide("approveFiling")
            await watcher.until(
                lambda events, done=index + 1: sum(event["after"] == "APPROVED" for event in events) == done,
                60,
            )
            await owner.ask("subjects")
    for client in people.clients:
        await client.close()


def _line(what: str, value: float, unit: str, limit: float | None) -> str:
    verdict = "" if limit is None else f"   limit {limit:g} {unit}: {'met' if value <= limit else 'MISSED'}"
    return f"{what:<40} {value:8.1f} {unit}{verdict}"
