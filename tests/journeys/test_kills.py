"""Killed at any instant: what was acknowledged is there, nothing is half there, and what was owed is still delivered."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.forms import filing_form
from tests.conftest import make_database
from tests.journeys.conftest import People
from tests.journeys.test_first_filing import camel
from tests.support.client import Client, saved
from tests.support.serving import Server

ROUNDS = 6
WRITERS = 4


async def write(client: Client, acked: dict[str, str], unknown: set[str], prefix: str) -> None:
    """Create subjects, each with two websites, until the server is gone; every call carries a key of its own."""
    for number in range(10_000):
        key = f"{prefix}-{number}"
        given = {
            "name": key,
            "websites": [{"name": f"{key}甲", "domains": [f"{key}.example"]}, {"name": f"{key}乙"}],
            "idempotencyKey": key,
        }
        try:
            answer = await client.send(saved("createSubject"), {"input": given})
        except (httpx.TransportError, ValueError):
            unknown.add(key)
            return
        payload = (answer.get("data") or {}).get("createSubject")
        if payload is None:
            unknown.add(key)
            return
        assert payload["errors"] == [], payload["errors"]
        acked[key] = payload["subject"]["id"]


async def every_subject(owner: Client) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    after = None
    while True:
        page = await owner.ask("subjects", first=50, after=after)
        found |= {edge["node"]["id"]: edge["node"] for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


@pytest.mark.timeout(240)
async def test_after_kill_9_nothing_acknowledged_is_lost_and_nothing_is_half_there(
    server: Server, people: People
) -> None:
    owner = await people.applicant("zhang")
    chance = random.Random(20261124)
    acked: dict[str, str] = {}
    unknown: set[str] = set()
    for turn in range(ROUNDS):
        writers = [
            asyncio.create_task(write(owner, acked, unknown, f"r{turn}w{place}")) for place in range(WRITERS)
        ]
        before = len(acked)
        while len(acked) == before:
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0.02, 0.4))
        server.kill()
        await asyncio.gather(*writers)
        await asyncio.to_thread(server.start)
    assert len(acked) >= ROUNDS
    assert len(unknown) >= ROUNDS, "no kill met a call under way"
    subjects = await every_subject(owner)
    by_name = {subject["name"]: subject for subject in subjects.values()}
    assert len(by_name) == len(subjects), "something was done twice"
    assert set(acked) <= set(by_name)
    assert set(by_name) <= set(acked) | unknown
    for name, subject in by_name.items():
        assert [site["name"] for site in subject["websites"]["nodes"]] == [f"{name}甲", f"{name}乙"]
        assert subject["openFiling"]["status"] == "DRAFT"
    # what was unknown is settled by sending it again under its key: done once, whatever had happened
    for key in sorted(unknown):
        given = {
            "name": key,
            "websites": [{"name": f"{key}甲", "domains": [f"{key}.example"]}, {"name": f"{key}乙"}],
            "idempotencyKey": key,
        }
        await owner.do("createSubject", **given)
    assert len(await every_subject(owner)) == len(set(acked) | unknown)


@pytest.fixture
async def halves(
    request: pytest.FixtureRequest, database: str, scratch: Path, tmp_path: Path
) -> AsyncIterator[tuple[Server, Server]]:
    """A web process and a worker process on one database."""
    name = f"halves_{abs(hash(tmp_path)) % 10**9}"
    url = await make_database(database, name, tmp_path if database == "sqlite" else scratch, request)
    web = Server(tmp_path, BEIAN_DATABASE_URL=url, BEIAN_ROLE="web")
    worker = Server(tmp_path, BEIAN_DATABASE_URL=url, BEIAN_ROLE="worker")
    worker.log = tmp_path / "worker.log"
    web.start()
    yield web, worker
    web.close()
    worker.close()


@pytest.mark.timeout(240)
@pytest.mark.shows("C37", "C47", "C49")
async def test_a_worker_that_is_killed_again_and_again_loses_no_report_and_no_mail(
    halves: tuple[Server, Server],
) -> None:
    web, worker = halves
    people = People(web)
    owner, reviewer = await people.applicant("zhang"), await people.staff("liu", "reviewer")
    filings = []
    for index in range(6):
        form = filing_form(100 + index)
        created = await owner.do(
            "createSubject", **camel(form.subject), websites=[camel(site) for site in form.websites]
        )
        filing = created["filing"]
        filing = (await owner.do("submitFiling", id=filing["id"], version=filing["version"]))["filing"]
        decided = await reviewer.do(
            "approveFiling", id=filing["id"], version=filing["version"], revision=filing["revision"]
        )
        filings.append(decided["filing"]["id"])
    chance = random.Random(7)
    kills = 0
    for _ in range(6):
        worker.start()
        await asyncio.sleep(1.2 + chance.uniform(0, 1.0))
        worker.kill()
        kills += 1
        if all([(await owner.ask("filing", id=number))["status"] == "APPROVED" for number in filings]):
            break
    worker.start()
    async with asyncio.timeout(90):
        while True:
            stories = [await owner.ask("filing", id=number) for number in filings]
            mails = list((web.folder / "var" / "mail").glob("*.eml"))
            # to the owner "approved", to the principal the filing password
            if all(story["status"] == "APPROVED" for story in stories) and len(mails) >= 2 * len(filings):
                break
            await asyncio.sleep(0.2)
    assert kills >= 1
    numbers = [(await owner.ask("subject", id=story["subject"]["id"]))["filingNumber"] for story in stories]
    assert len(set(numbers)) == len(filings)
    assert all(len(story["reports"]) == 1 for story in stories)
    for client in people.clients:
        await client.close()
