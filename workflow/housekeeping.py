"""Housekeeping: what is only kept for a time goes when its time is over."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.clock import now
from models.faults import StoreAway
from models.filing import Filing
from models.node_ids import node_id
from models.outbox import IdempotencyRecord, OutboxMessage
from models.report import ReceivedAnswer, Report
from models.states import FilingStatus, OutboxState
from models.unit_of_work import unit_of_work
from workflow.calendar import due, recalculate_clocks
from workflow.erasure import erase_filing
from workflow.files import erase_left_behind, erase_unattached
from workflow.joint_acts import expire_acts
from workflow.mobile_indexes import index_mobiles
from workflow.presence import forget_presence

KEYS_KEPT = timedelta(hours=24)
DROPPED_KEPT = timedelta(days=30)  # C44
DONE_KEPT = timedelta(days=92)  # what was carried is kept as long as the authority asks for uploads
PERIOD_SECONDS = 600.0
HALF_DAYS = 3  # working days that decision and numbers may be apart
HALF_AT_LEAST = timedelta(days=HALF_DAYS)  # whatever the calendar says, it is not sooner than that
ALARMED_AGAIN = timedelta(days=1)
SWEPT_AGAIN = timedelta(days=1)

_log = structlog.get_logger()


async def keep_house(stop: asyncio.Event) -> None:
    """Tidy at once and every ten minutes until `stop` is set; look once a day for what crashes left on disk."""
    swept: datetime | None = None
    while not stop.is_set():
        try:
            await tidy()
            if swept is None or now() - swept >= SWEPT_AGAIN:
                swept = now()
                await erase_left_behind(swept)
        except StoreAway:
            _log.warning("housekeeping_delayed")
        try:
            async with asyncio.timeout(PERIOD_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


async def tidy() -> None:
    """Forget old idempotency keys and carried messages, and erase dropped filings that were never submitted."""
    moment = now()

    async def forget() -> None:
        await IdempotencyRecord.filter(created_at__lt=moment - KEYS_KEPT).delete()
        await OutboxMessage.filter(state=OutboxState.DONE, done_at__lt=moment - DONE_KEPT).delete()
        await ReceivedAnswer.filter(state=OutboxState.DONE, received_at__lt=moment - DONE_KEPT).delete()

    await unit_of_work(forget)
    await unit_of_work(expire_acts)
    await unit_of_work(forget_presence)
    await unit_of_work(recalculate_clocks)
    for (filing_id,) in await _forgotten(moment).limit(100).values_list("id"):
        await unit_of_work(partial(erase_if_forgotten, filing_id, moment))
    await erase_unattached(moment)
    await tell_half_complete()
    await index_mobiles()


async def tell_half_complete() -> list[int]:
    """Alarm, once a day each, about filings whose decision or numbers have been alone for over three working days.

    Gives the numbers of the filings that it told of.
    """
    moment = now()
    halves = (
        Report.filter(Q(decision=True) | Q(record__isnull=False), decided_at__lt=moment - HALF_AT_LEAST)
        .filter(Q(alarmed_at=None) | Q(alarmed_at__lt=moment - ALARMED_AGAIN))
        .exclude(filing__status__in=(FilingStatus.APPROVED, FilingStatus.VOIDED))
    )
    told = []
    for report_id, filing_id, decided_at in await halves.values_list("id", "filing_id", "decided_at"):
        if await due(decided_at, HALF_DAYS) < moment and await unit_of_work(
            partial(_mark, report_id, moment)
        ):
            _log.error("answer_half_complete", filing_id=node_id(Filing, filing_id))
            told.append(filing_id)
    return told


async def _mark(report_id: int, moment: datetime) -> bool:
    """Note that staff hear of it now; nothing where another process has just told them."""
    again = Q(alarmed_at=None) | Q(alarmed_at__lt=moment - ALARMED_AGAIN)
    return bool(await Report.filter(again, id=report_id).update(alarmed_at=moment))


def _forgotten(moment: datetime) -> QuerySet[Filing]:
    """Filings that were dropped long ago and that nobody but their owner ever saw (C44)."""
    return Filing.filter(status=FilingStatus.ABANDONED, revision=0, updated_at__lt=moment - DROPPED_KEPT)


async def erase_if_forgotten(filing_id: int, moment: datetime) -> None:
    """Erase a filing found at `moment`, in a unit of work, unless its owner has it in hand or restored it meanwhile."""
    filing = await _forgotten(moment).filter(id=filing_id).select_for_update(skip_locked=True).first()
    if filing is not None:
        await erase_filing(filing)
