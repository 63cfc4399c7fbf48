"""Claims: who judges the same names waits for the other, and many names cost no more than a few."""

import asyncio

from tortoise.connection import get_connection

from models.database import READER, is_sqlite
from models.filing import Filing
from models.unit_of_work import unit_of_work
from models.website import WebsiteDomain
from tests.support.lives import draft
from tests.workflow.doings import websites_of
from workflow.actors import Actor
from workflow.claims import hold_claims

LONG = 10.0


async def name_much(filing: Filing, times: int) -> None:
    """Give the filing's website so many domains."""
    [website] = await websites_of(filing)

    async def work() -> None:
        for number in range(times):
            name = f"example-n{number}.cn"  # each a domain of its own
            await WebsiteDomain.create(website_id=website.id, name=name, key=name, position=number + 1)

    await unit_of_work(work)


async def test_a_thousand_names_take_few_locks_in_one_statement(owner: Actor) -> None:
    filing = await draft(owner, 1)
    await name_much(filing, 1000)
    held: list[int] = []

    async def work() -> None:
        await hold_claims(filing)
        if not is_sqlite():
            rows = await get_connection(READER).execute_query_dict(
                "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            held.append(rows[0]["n"])

    await asyncio.wait_for(unit_of_work(work), LONG)
    assert is_sqlite() or 200 < held[0] <= 256


async def test_who_claims_a_name_that_is_held_waits_until_it_is_free(owner: Actor) -> None:
    first, second = await draft(owner, 1), await draft(owner, 2)
    for filing in (first, second):
        site = (await websites_of(filing))[0]
        await unit_of_work(
            lambda site=site: WebsiteDomain.create(
                website_id=site.id, name="same.cn", key="same.cn", position=1
            )
        )
    order: list[str] = []
    taken = asyncio.Event()

    async def one() -> None:
        await hold_claims(first)
        taken.set()
        await asyncio.sleep(0.3)
        order.append("first")

    async def two() -> None:
        await hold_claims(second)
        order.append("second")

    running = asyncio.create_task(unit_of_work(one))
    await taken.wait()
    await asyncio.gather(running, unit_of_work(two))
    assert order == ["first", "second"]


async def test_many_who_claim_the_same_names_do_not_wait_in_a_circle(owner: Actor) -> None:
    filings = [await draft(owner, number) for number in (1, 3, 4, 5)]
    for filing in filings:
        await name_much(filing, 60)

    async def claim_and_rest(filing: Filing) -> None:
        await hold_claims(filing)
        await asyncio.sleep(0.01)

    await asyncio.wait_for(
        asyncio.gather(
            *(
                unit_of_work(lambda filing=filing: claim_and_rest(filing))
                for filing in filings
                for _ in range(3)
            )
        ),
        LONG,
    )
