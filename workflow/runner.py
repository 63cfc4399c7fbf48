"""The runner: starts everything that works without being asked, each behind a fence of its own, and stops it together."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import structlog

from authority.desk import Desk
from authority.simulator.counter import Simulator
from models.cipher import cipher
from models.states import OutboxKind
from settings import Settings
from workflow.answers import collect_answers
from workflow.housekeeping import keep_house
from workflow.outbox import carry
from workflow.post import carry_mail
from workflow.reports import PATIENCE, deliver_report

Loop = Callable[[], Awaitable[None]]

_log = structlog.get_logger()
SIMULATOR_FILE = "authority.db"
SIMULATOR_POLL_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0


async def open_desk(settings: Settings) -> Desk | None:
    """The desk that the settings name; None where results are recorded by hand."""
    return None if settings.authority == "manual" else await open_simulator(settings)


async def open_simulator(settings: Settings) -> Simulator:
    """The authority played in this process, on its ledger in the data folder."""
    return await Simulator.open(
        settings.var_dir / SIMULATOR_FILE,
        provider=int(f"{settings.provider_division}000001"),
        sealing=cipher(),
        delay=settings.simulator_delay,
        last_access=settings.simulator_last_access,
    )


async def run_couriers(settings: Settings, stop: asyncio.Event, *others: Loop) -> None:
    """Carry mails and reports, collect answers and keep house, and run the loops in `others`, until `stop` is set.

    Each is begun anew after a fault, with growing pauses, and none disturbs the rest.
    """
    await _run_all(
        stop,
        partial(carry_mail, stop),
        partial(keep_house, stop),
        partial(_use_desk, settings, stop),
        *others,
    )


async def _use_desk(settings: Settings, stop: asyncio.Event) -> None:
    """Carry reports and collect answers, as soon as the desk opens."""
    desk = await open_desk(settings)
    if desk is None:
        return
    try:
        await _run_all(
            stop,
            partial(carry, OutboxKind.REPORT, partial(deliver_report, desk), stop, patience=PATIENCE),
            partial(collect_answers, desk, stop, SIMULATOR_POLL_SECONDS),
        )
    finally:
        await desk.close()


async def _run_all(stop: asyncio.Event, *loops: Loop) -> None:
    async with asyncio.TaskGroup() as group:
        for loop in loops:
            group.create_task(_fence(loop, stop))


async def _fence(loop: Loop, stop: asyncio.Event) -> None:
    """Run a loop to its end, and again after a fault, so that one mistake does not silence the post for good."""
    pause = 1.0
    while not stop.is_set():
        try:
            await loop()
        except Exception as error:  # the last fence: whatever went wrong is logged, and the loop begins anew
            _log.error("courier_failed", fault=type(error).__name__, exc_info=True)
        else:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
        pause = min(LONGEST_PAUSE_SECONDS, 2 * pause)
