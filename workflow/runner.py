"""The runner: starts everything that works without being asked, and stops it together."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from authority.desk import Desk
from authority.simulator.counter import Simulator
from models.cipher import cipher
from models.states import OutboxKind
from settings import Settings
from workflow.answers import collect_answers
from workflow.housekeeping import keep_house
from workflow.outbox import Patience, carry
from workflow.post import carry_mail
from workflow.reports import deliver_report

_log = structlog.get_logger()
SIMULATOR_FILE = "authority.db"
SIMULATOR_POLL_SECONDS = 0.5
# an authority may be away for days: its reports are tried for about a month before people must look
REPORT_PATIENCE = Patience(first=2.0, longest=900.0, tries=3000)


async def open_desk(settings: Settings) -> Desk | None:
    """The desk that the settings name; None where results are recorded by hand."""
    if settings.authority == "manual":
        return None
    return await Simulator.open(
        settings.var_dir / SIMULATOR_FILE,
        provider=int(f"{settings.provider_division}000001"),
        sealing=cipher(),
        delay=settings.simulator_delay,
    )


async def run_couriers(settings: Settings, stop: asyncio.Event) -> None:
    """Carry mails and reports, collect answers and keep house, until `stop` is set."""
    desk = await open_desk(settings)
    loops: list[Callable[[], Awaitable[None]]] = [
        partial(carry_mail, stop),
        partial(keep_house, stop),
    ]
    if desk is not None:
        loops += [
            partial(carry, OutboxKind.REPORT, partial(deliver_report, desk), stop, patience=REPORT_PATIENCE),
            partial(collect_answers, desk, stop, SIMULATOR_POLL_SECONDS),
        ]
    try:
        await asyncio.gather(*(_forever(loop, stop) for loop in loops))
    finally:
        if desk is not None:
            await desk.close()


async def _forever(loop: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run a loop, and again after a fault, so that one mistake does not silence the post for good."""
    while not stop.is_set():
        try:
            await loop()
        except Exception as error:  # the last fence: whatever went wrong is logged, and the loop begins anew
            _log.error("courier_failed", error=type(error).__name__, exc_info=True)
            await asyncio.sleep(1)
