"""The runner: each loop behind its own fence, and the desk opened where it is needed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

import settings as settings_module
from models.event import FilingEvent
from models.faults import StoreAway
from models.filing import Filing
from models.outbox import IdempotencyRecord, OutboxMessage
from models.states import FilingAction, FilingStatus, OutboxState
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.support.lives import approve, draft, give_back, submit
from workflow.actors import Actor
from workflow.runner import SIMULATOR_FILE, run_couriers

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.05)


def with_folder(settings: Settings, folder: Path) -> Settings:
    """The settings with a data folder of their own, to which mails go too."""
    given = settings.model_copy(
        update={
            "var_dir": folder,
            "mail_url": f"file:{folder / 'mail'}",
            "authority": "simulator",
            "simulator_delay": 0.0,
        }
    )
    settings_module.use(given)
    return given


async def test_an_authority_that_cannot_be_opened_stops_neither_mail_nor_housekeeping_and_is_tried_again(
    owner: Actor, reviewer: Actor, settings: Settings, tmp_path: Path
) -> None:
    given = with_folder(settings, tmp_path)
    (tmp_path / SIMULATOR_FILE).write_text("this is no ledger")
    await give_back(reviewer, await submit(owner, await draft(owner, 1)))
    filing = await approve(reviewer, await submit(owner, await draft(owner, 2)))
    kept = IdempotencyRecord.filter(created_at__lt=LONG_AGO + timedelta(days=1))
    await unit_of_work(
        lambda: IdempotencyRecord.create(
            account_id=owner.account_id, key="old", operation="x", request_hash="x",
            created_at=LONG_AGO,
        )
    )  # fmt: skip
    stop = asyncio.Event()
    with structlog.testing.capture_logs() as lines:
        running = asyncio.create_task(run_couriers(given, stop))

        async def tidied_and_mailed() -> bool:
            sent = FilingEvent.filter(action=FilingAction.SEND_MAIL, note__startswith="sent: filing_returned")
            return await sent.exists() and not await kept.exists()

        async def failed() -> bool:
            return any(line["event"] == "courier_failed" for line in lines)

        await until(tidied_and_mailed)
        await until(failed)
        assert (await Filing.get(id=filing.id)).status is FilingStatus.ACCEPTED
        (tmp_path / SIMULATOR_FILE).unlink()

        async def approved() -> bool:
            return (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED

        await until(approved)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert not await OutboxMessage.filter(kind="REPORT", state=OutboxState.WAITING).exists()


async def test_a_loop_that_fails_is_begun_anew_and_no_other_is(
    lawful: str, settings: Settings, tmp_path: Path
) -> None:
    given = with_folder(settings, tmp_path)
    stop, begun = asyncio.Event(), []

    async def fails() -> None:
        begun.append("fails")
        raise StoreAway

    async def lasts() -> None:
        begun.append("lasts")
        await stop.wait()

    running = asyncio.create_task(run_couriers(given, stop, fails, lasts))

    async def again() -> bool:
        return begun.count("fails") >= 2

    await until(again)
    tasks = len(asyncio.all_tasks())
    await asyncio.sleep(0.5)
    assert len(asyncio.all_tasks()) <= tasks + 4  # waits come and go
    assert begun.count("lasts") == 1
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_cut_off_it_leaves_no_loop_behind(lawful: str, settings: Settings, tmp_path: Path) -> None:
    given = with_folder(settings, tmp_path)
    ended = asyncio.Event()

    async def lasts() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = asyncio.create_task(run_couriers(given, asyncio.Event(), lasts))
    await asyncio.sleep(0.5)
    running.cancel()
    await asyncio.wait([running], timeout=8)
    assert running.cancelled()
    assert ended.is_set()
