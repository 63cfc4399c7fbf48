"""What the gate tells of itself: each change of a decision, noted where it is made, watched, and summed up as a list."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.clock import now
from models.database import UNREACHABLE
from models.faults import StoreAway
from models.gate import GateChange, GateHost, GateReason, GateVerdict
from models.states import RecordStatus
from models.website import WebsiteDomain
from rules.keys import domain_key
from workflow.events import BadCursor, parse_cursor
from workflow.gate import Record, grace, look_up
from workflow.ledger import BEGINNING, GATE_CHANGES, Place
from workflow.watch import IDLE_SECONDS, heard, watching

PAGE = 100
LISTED_AT_MOST = 1000
_PREFIX = "gate-"
_BEGINNING = f"{_PREFIX}0"
_CHANGING = ("subject_id", "decision", "reason", "filing_number", "changed_at", "denied_at")


@dataclass(frozen=True)
class ToldHost:
    """What an edge keeps of one registrable domain; in GRACE until `grace_until`, from then on DENY without a word."""

    host: str
    decision: GateVerdict
    reason: GateReason
    filing_number: str | None
    at: datetime
    grace_until: datetime | None


@dataclass(frozen=True)
class ToldChange(ToldHost):
    """The same as news; `cursor` is the place right behind it."""

    cursor: str


@dataclass(frozen=True)
class AllowedHosts:
    """A page of the list. `cursor`: from where to watch, so that what changes while the list is read is not missed.

    `next_after` continues the list behind this page, None at its end.
    """

    hosts: tuple[ToldHost, ...]
    next_after: str | None
    cursor: str


async def note_gate_changes(subject_id: int) -> None:
    """Note what the gate says otherwise from now on of the subject's domains, those it has lost included.

    Call it last in every unit of work that changes what is in force of a subject: it compares the rows as they stand
    with what was told last, so once too often does no harm. The unit of work must write an event of its own, which
    wakes those who watch. A line is written where decision, reason or number differ; a domain never told of is DENY.
    """
    keys = sorted(await _keys_of(subject_id))
    if not keys:
        return
    at = now()
    await GateHost.bulk_create(
        [GateHost(key=key, subject_id=subject_id, changed_at=at) for key in keys], ignore_conflicts=True
    )
    # locked in one order before the decisions are read: of two who change one domain the later sees the earlier
    hosts = await GateHost.filter(key__in=keys).order_by("key").select_for_update()
    records = await look_up(set(keys))
    changed = [host for host in hosts if _change(host, records[host.key], at)]
    await GateHost.bulk_create(changed, on_conflict=["key"], update_fields=_CHANGING)
    await GateChange.bulk_create([_line(host) for host in changed])


async def _keys_of(subject_id: int) -> set[str]:
    filed = WebsiteDomain.filter(website__subject_id=subject_id, key__isnull=False).exclude(
        website__status=RecordStatus.DRAFT
    )
    told = GateHost.filter(subject_id=subject_id)
    return {row[0] for row in [*await filed.values_list("key"), *await told.values_list("key")]}


def _change(host: GateHost, record: Record, at: datetime) -> bool:
    """Let the host say what the record says; whether that is anything new."""
    news = (record.verdict, record.reason, record.filing_number)
    if news == (host.decision, host.reason, host.filing_number):
        return False
    host.changed_at = at
    if record.basis is not None:
        host.subject_id = record.basis.subject_id
    if record.verdict is GateVerdict.ALLOW:
        host.denied_at = None
    elif host.decision is GateVerdict.ALLOW:
        host.denied_at = at
    host.decision, host.reason, host.filing_number = news
    return True


def _line(host: GateHost) -> GateChange:
    return GateChange(
        key=host.key,
        decision=host.decision,
        reason=host.reason,
        filing_number=host.filing_number,
        at=host.changed_at,
        denied_at=host.denied_at,
    )


async def watch_gate(
    reader: Callable[[], Awaitable[object | None]], *, after: str | None
) -> AsyncIterator[ToldChange]:
    """Give each change once and in order, without an end; behind the cursor `after`, or from now on.

    `reader` says who is listening now, for every change anew; when it gives None the session has ended, and so does
    this. Raises BadCursor at the first step, StoreAway where the database is away.
    """
    with watching(None, None) as bell:
        place = await GATE_CHANGES.present() if after is None else await _behind(after)
        while await reader() is not None:
            bell.clear()
            while page := [line for line in await GATE_CHANGES.read(place, PAGE) if line["settled"]]:
                for change in await _changes([line["id"] for line in page if line["id"] not in place.known]):
                    if await reader() is None:
                        return
                    yield change
                place = Place(int(page[-1]["number"]), page[-1]["id"], place.known)
            await heard(bell, IDLE_SECONDS)


async def _changes(numbers: Sequence[int]) -> list[ToldChange]:
    """The changes of these ids in that order, as they are told now."""
    try:
        rows = {row.id: row for row in await GateChange.filter(id__in=list(numbers))}
    except UNREACHABLE as error:
        raise StoreAway from error
    return [_told_change(rows[number]) for number in numbers]


def _told_change(row: GateChange) -> ToldChange:
    host = _told(row, row.at)
    return ToldChange(**dataclasses.asdict(host), cursor=f"{_PREFIX}{row.id}")


def _told(row: GateHost | GateChange, at: datetime) -> ToldHost:
    grace_until = None if row.denied_at is None else row.denied_at + grace()
    if grace_until is None or grace_until <= now() or row.reason is GateReason.BLACKLISTED:
        return ToldHost(row.key, row.decision, row.reason, row.filing_number, at, None)
    return ToldHost(row.key, GateVerdict.GRACE, row.reason, row.filing_number, at, grace_until)


def _served() -> QuerySet[GateHost]:
    allowed = Q(decision=GateVerdict.ALLOW)
    if not grace():
        return GateHost.filter(allowed)
    in_grace = Q(denied_at__gt=now() - grace()) & ~Q(reason=GateReason.BLACKLISTED)
    return GateHost.filter(allowed | in_grace)


async def _last_cursor() -> str:
    number = await GATE_CHANGES.last_settled()
    return _BEGINNING if number is None else f"{_PREFIX}{number}"


async def _behind(cursor: str) -> Place:
    if cursor == _BEGINNING:
        return BEGINNING
    if not cursor.startswith(_PREFIX):
        raise BadCursor
    return await GATE_CHANGES.behind(parse_cursor(f"1.{cursor.removeprefix(_PREFIX)}"))


async def list_allowed(first: int, after: str | None) -> AllowedHosts:
    """A page of the domains that are served now, those in grace with them, by name, at most `first` of them.

    Watch from the cursor of the first page on: what changed while the list was read comes again as a change, and
    the last word counts. Raises BadCursor for an `after` that is no domain, StoreAway.
    """
    if after is not None and domain_key(after) != after:
        raise BadCursor
    cursor = await _last_cursor()  # before the list is read, so that nothing falls between the two
    try:
        rows = await _served().filter(key__gt=after or "").order_by("key").limit(first + 1)
    except UNREACHABLE as error:
        raise StoreAway from error
    hosts = tuple(_told(row, row.changed_at) for row in rows[:first])
    return AllowedHosts(hosts, rows[first - 1].key if len(rows) > first else None, cursor)
