"""Housekeeping: what is only kept for a time goes when its time is over."""

import asyncio
from datetime import timedelta

import structlog
from tortoise.expressions import Q

from models.access import Access, IpRange
from models.clock import now
from models.event import FilingEvent
from models.faults import StoreAway
from models.filing import Filing
from models.outbox import IdempotencyRecord, OutboxMessage
from models.report import ReceivedFile, Report
from models.states import FilingKind, FilingStatus, OutboxState
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import PreApproval, Website, WebsiteDomain
from workflow.deadlines import due_after

KEYS_KEPT = timedelta(hours=24)
DROPPED_KEPT = timedelta(days=30)  # C44
DONE_KEPT = timedelta(days=92)  # what was carried is kept as long as the authority asks for uploads
PERIOD_SECONDS = 600.0
HALF_DAYS = 3  # working days that decision and numbers may be apart

_log = structlog.get_logger()


async def keep_house(stop: asyncio.Event) -> None:
    """Tidy at once and every ten minutes until `stop` is set."""
    while not stop.is_set():
        try:
            await tidy()
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

    async def work() -> None:
        await IdempotencyRecord.filter(created_at__lt=moment - KEYS_KEPT).delete()
        await OutboxMessage.filter(state=OutboxState.DONE, done_at__lt=moment - DONE_KEPT).delete()
        await ReceivedFile.filter(received_at__lt=moment - DONE_KEPT).delete()
        dropped = await Filing.filter(
            status=FilingStatus.ABANDONED,
            kind=FilingKind.NEW_FILING,
            revision=0,
            updated_at__lt=moment - DROPPED_KEPT,
        ).limit(100)
        for filing in dropped:
            await _erase(filing)

    await unit_of_work(work)
    await tell_half_complete()


async def tell_half_complete() -> list[int]:
    """Alarm about filings whose decision or numbers have been alone for over three working days; gives their numbers."""
    halves = await Report.filter(filing__status=FilingStatus.AT_AUTHORITY, decided_at__isnull=False).filter(
        Q(decision=True) | Q(record__isnull=False)
    )
    late = [
        half.filing_id for half in halves if half.decided_at and due_after(half.decided_at, HALF_DAYS) < now()
    ]
    for filing_id in late:
        _log.error("answer_half_complete", filing=filing_id)
    return late


async def _erase(filing: Filing) -> None:
    websites = [row[0] for row in await Website.filter(subject_id=filing.subject_id).values_list("id")]
    accesses = (
        [row[0] for row in await Access.filter(website_id__in=websites).values_list("id")] if websites else []
    )
    if accesses:
        await IpRange.filter(access_id__in=accesses).delete()
        await Access.filter(id__in=accesses).delete()
    if websites:
        await WebsiteDomain.filter(website_id__in=websites).delete()
        await PreApproval.filter(website_id__in=websites).delete()
        await Website.filter(id__in=websites).delete()
    await FilingEvent.filter(subject_id=filing.subject_id).delete()
    await Filing.filter(id=filing.id).delete()
    await Subject.filter(id=filing.subject_id).delete()
