"""What lives beside the requests: couriers that are started once, whatever the database does."""

import asyncio

from edge.app import carry, settle_down
from models.clock import now
from models.database import close_database, open_database
from models.event import AuditEntry
from models.unit_of_work import unit_of_work
from settings import Settings


def couriers() -> int:
    """How many loops of the couriers run in this process."""
    return sum(
        "_fence" in task.get_coro().__qualname__  # type: ignore[union-attr]
        for task in asyncio.all_tasks()
    )


async def test_while_the_database_is_away_the_couriers_do_not_multiply(db: str, settings: Settings) -> None:
    given = settings.model_copy(update={"authority": "manual"})
    stop = asyncio.Event()
    await close_database()
    carrying = asyncio.create_task(carry(given, stop))
    try:
        await asyncio.sleep(0.2)
        before = couriers()
        await asyncio.sleep(3.5)
        assert couriers() <= before
        assert before >= 3  # mails, housekeeping, what is over of signing in
    finally:
        await open_database(settings, pool_size=8)
        stop.set()
    await asyncio.wait_for(carrying, 5)
    assert couriers() == 0


async def test_what_is_being_written_is_written_before_the_database_is_closed(
    db: str, settings: Settings
) -> None:
    stop = asyncio.Event()
    couriers_ = [asyncio.create_task(carry(settings.model_copy(update={"authority": "manual"}), stop))]

    async def slow() -> None:
        await asyncio.sleep(0.5)
        await AuditEntry.create(at=now(), action="SLOW")

    left_alone = asyncio.create_task(unit_of_work(slow))
    await asyncio.sleep(0.1)
    left_alone.cancel()  # as a courier's is that does not end in time
    stop.set()
    await settle_down(couriers_)
    assert await AuditEntry.filter(action="SLOW").count() == 1
