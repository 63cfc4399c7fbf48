"""Leases: which carrier holds which message of the outbox, and whose turn it is in a lane."""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.connection import get_connection
from tortoise.expressions import Q, Subquery
from tortoise.functions import Min
from tortoise.queryset import QuerySet, ValuesQuery

from models.clock import now
from models.database import READER, UNREACHABLE, is_sqlite
from models.faults import StoreAway
from models.outbox import OutboxMessage
from models.states import OutboxKind, OutboxState
from models.unit_of_work import unit_of_work

LEASE = timedelta(seconds=60)
SLOTS = 8
UNLEASED = {"leased_until": None, "leased_by": None}


@dataclass(frozen=True)
class Lease:
    """A claim of one message; `attempts` fences it off from an earlier claim by the same owner."""

    message_id: int
    owner: str
    attempts: int


def name_owner() -> str:
    """A name that no other carrier has, in this process or another."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


async def claim(kind: OutboxKind, owner: str, limit: int = SLOTS) -> list[Lease]:
    """Lease to `owner` up to `limit` due messages of `kind`, the oldest first, each the one whose turn it is in its lane.

    Raises StoreAway where the database is away.
    """
    try:
        if not await _claimable(kind, await database_time()).exists():
            return []
    except UNREACHABLE as error:
        raise StoreAway from error

    async def work() -> list[Lease]:
        await _take_turns(kind)
        moment = await database_time()
        free = _claimable(kind, moment).order_by("id").limit(limit).values_list("id", "attempts")
        leases = [Lease(number, owner, attempts + 1) for number, attempts in await free]
        return [lease for lease in leases if await _take(lease, moment)]

    return await unit_of_work(work)


async def _take_turns(kind: OutboxKind) -> None:
    """Until the unit of work ends no other carrier of `kind` claims; SQLite has one writer anyway."""
    if is_sqlite():
        return
    await get_connection(READER).execute_query_dict(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) IS NULL AS held", [f"outbox:{kind.value}"]
    )


def _claimable(kind: OutboxKind, moment: datetime) -> QuerySet[OutboxMessage]:
    """The due and free messages whose turn it is: who holds the lane goes first, and whoever is leased holds it."""
    waiting = OutboxMessage.filter(state=OutboxState.WAITING)
    holders = waiting.filter(holds_lane=True)
    held = Q(lane__in=Subquery(holders.values("lane")))
    others = waiting.filter(~held, due_at__lte=moment)
    return waiting.filter(
        Q(id__in=Subquery(_oldest(holders))) | Q(id__in=Subquery(_oldest(others))),
        Q(leased_until=None) | Q(leased_until__lt=moment),
        kind=kind,
        due_at__lte=moment,
    )


def _oldest(messages: QuerySet[OutboxMessage]) -> ValuesQuery[Any]:
    return messages.annotate(head=Min("id")).group_by("lane").values("head")


async def _take(lease: Lease, moment: datetime) -> bool:
    """Take it by compare-and-set: of two carriers that saw the message free, one gets it."""
    free = OutboxMessage.filter(
        Q(leased_until=None) | Q(leased_until__lt=moment),
        id=lease.message_id,
        state=OutboxState.WAITING,
        attempts=lease.attempts - 1,
    )
    taken = await free.update(
        leased_until=moment + LEASE, leased_by=lease.owner, attempts=lease.attempts, holds_lane=True
    )
    return bool(taken)


async def database_time() -> datetime:
    """The present moment, by one clock for all carriers: the server's, or this machine's where the database is a file of it."""
    if is_sqlite():
        return now()
    rows = await get_connection(READER).execute_query_dict("SELECT clock_timestamp() AS moment")
    moment: datetime = rows[0]["moment"]
    return moment
