"""The working calendar (工作日历): the shipped days, what administrators edited on top, and the clocks that follow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from models.clock import now
from models.code import CodeStamp
from models.desk import CalendarDay
from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.refusal import Invalid, NotPermitted
from models.report import Report
from models.states import FilingStatus, Role, TokenScope
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.deadlines import (
    AUTHORITY_DAYS,
    BEIJING,
    PROVIDER_DAYS,
    day_of,
    due_after,
    is_working_day,
    shipped_days,
)
from workflow.wording import is_writable

DAYS_BACK = 366
DAYS_AHEAD = 5 * 366
ASKED_AT_MOST = 366
LONGEST_REMARK = 100
SEEN_AGAIN = timedelta(hours=1)
_CLOCKS = {FilingStatus.SUBMITTED: PROVIDER_DAYS, FilingStatus.AT_AUTHORITY: AUTHORITY_DAYS}
_BATCH = 500
_ONLY = "calendar"  # the row of the stamps that editors hold against each other


class DaySource(StrEnum):
    """Where it stands that a day is worked, or not."""

    SHIPPED = "SHIPPED"
    EDITED = "EDITED"
    WEEKDAY = "WEEKDAY"


@dataclass(frozen=True)
class Day:
    """One day of the calendar in force."""

    day: date
    working: bool
    source: DaySource
    remark: str | None


async def edited_days(first: date) -> dict[date, bool]:
    """What is edited from `first` on, as `due_after` takes it."""
    rows = CalendarDay.filter(day__gte=first, working__isnull=False)
    return dict(await rows.values_list("day", "working"))


async def due(start: datetime, working_days: int) -> datetime:
    """The last moment of the `working_days`-th working day after `start`'s day, by the calendar in force, in UTC.

    It reads the edited days anew, so that a step inside a unit of work never counts by an older calendar.
    """
    return due_after(start, working_days, await edited_days(day_of(start)))


async def calendar_days(first: date, last: date) -> list[Day]:
    """Every day of the stretch, in order."""
    edited = {row.day: row for row in await CalendarDay.filter(day__gte=first, day__lte=last)}
    count = (last - first).days + 1
    return [_day(first + timedelta(days=step), edited) for step in range(count)]


async def find_day(day: date) -> Day:
    """One day of the calendar in force."""
    return (await calendar_days(day, day))[0]


def _day(day: date, edited: Mapping[date, CalendarDay]) -> Day:
    row = edited.get(day)
    if row is not None and row.working is not None:
        return Day(day, row.working, DaySource.EDITED, row.remark)
    source = DaySource.SHIPPED if day in shipped_days() else DaySource.WEEKDAY
    return Day(day, is_working_day(day), source, row.remark if row is not None else None)


async def set_calendar_day(
    actor: Actor, *, day: date, working: bool | None, remark: str | None, key: str | None
) -> Outcome:
    """Say that a day is worked, or not; None: as shipped again. Open clocks follow in the same unit of work.

    For administrators. A day is refused as INVALID that lies over 366 days back or over five years ahead.
    """

    async def work() -> Outcome:
        _require_administrator(actor)
        said = _check(day, remark)
        await _hold_the_calendar()
        moment = now()
        if not await CalendarDay.filter(day=day).update(working=working, remark=said, changed_at=moment):
            await CalendarDay.create(day=day, working=working, remark=said, changed_at=moment)
        moved = await _recalculate(day)
        await AuditEntry.create(
            at=moment,
            account_id=actor.account_id,
            credential=actor.credential,
            action="SET_CALENDAR_DAY",
            record=f"day:{day.isoformat()}",
            detail={"working": working, "remark": said, "moved": moved},
        )
        return Outcome(ids={"moved": moved})

    request = {"day": day, "working": working, "remark": remark}
    return await carry_out(actor, "setCalendarDay", request, key, work)


async def recalculate_clocks() -> int:
    """Bring due dates up to the calendar where it was edited within the hour; inside a unit of work.

    A step that was being taken while the calendar was edited may have counted by the older one. Gives how many moved.
    """
    changed = await CalendarDay.filter(changed_at__gt=now() - SEEN_AGAIN).order_by("day").first()
    return 0 if changed is None else await _recalculate(changed.day)


def _require_administrator(actor: Actor) -> None:
    reaches = actor.scopes is None or TokenScope.ADMIN in actor.scopes
    if actor.role is not Role.ADMIN or not reaches:
        raise NotPermitted


def _check(day: date, remark: str | None) -> str | None:
    today = day_of(now())
    if not today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD):
        raise Invalid(
            ("day",), "日期应在过去一年至未来五年之内", "a day from a year back to five years ahead"
        )
    said = (remark or "").strip()
    if len(said) > LONGEST_REMARK or not is_writable(said):
        raise Invalid(("remark",), "备注不超过100字", "a remark has at most 100 characters")
    return said or None


async def _hold_the_calendar() -> None:
    """Until the unit of work ends nobody else edits: two recalculations never wait for each other's filings."""
    await CodeStamp.bulk_create([CodeStamp(name=_ONLY, stamp="")], ignore_conflicts=True)
    await CodeStamp.filter(name=_ONLY).update(stamp="")


async def _recalculate(first: date) -> int:
    """Set the due dates of open filings whose clocks may cover `first` or a later day; gives how many moved."""
    since = datetime.combine(first, time(0), BEIJING)
    moved, last_id = 0, 0
    while (
        batch := await Filing.filter(id__gt=last_id, due_at__gte=since, status__in=list(_CLOCKS))
        .select_for_update()
        .order_by("id")
        .limit(_BATCH)
        .only("id", "status", "due_at")
    ):
        moved += await _wind(batch)
        last_id = batch[-1].id
    return moved


async def _wind(filings: Sequence[Filing]) -> int:
    """Count these held filings' due dates anew, from when their clocks started."""
    starts = await _starts(filings)
    if not starts:
        return 0
    edited = await edited_days(day_of(min(starts.values())))
    fresh: dict[datetime, list[int]] = defaultdict(list)
    for filing in filings:
        if filing.id in starts:
            moment = due_after(starts[filing.id], _CLOCKS[filing.status], edited)
            if moment != filing.due_at:
                fresh[moment].append(filing.id)
    for moment, ids in fresh.items():
        await Filing.filter(id__in=ids).update(due_at=moment)
    return sum(map(len, fresh.values()))


async def _starts(filings: Sequence[Filing]) -> dict[int, datetime]:
    """When each filing's clock started: with its last move to where it stands, at the authority with its report."""
    status_of = {filing.id: filing.status for filing in filings}
    events = FilingEvent.filter(filing_id__in=list(status_of), after__in=list(_CLOCKS)).order_by("id")
    starts: dict[int, datetime] = {}
    for number, after, at in await events.values_list("filing_id", "after", "at"):
        if after == status_of[number]:
            starts[number] = at
    out = [number for number, status in status_of.items() if status is FilingStatus.AT_AUTHORITY]
    reports = Report.filter(filing_id__in=out, sent_at__isnull=False).order_by("number")
    return starts | dict(await reports.values_list("filing_id", "sent_at"))
