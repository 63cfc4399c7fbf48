"""The figures (统计) of the desk: throughput, age, time in each stage, reasons of returns, first pass, and per person."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tortoise.connection import get_connection

from models.clock import now
from models.database import READER, UNREACHABLE
from models.event import FilingEvent
from models.faults import StoreAway
from models.states import FilingKind, FilingStatus
from workflow import figures_sql
from workflow.deadlines import BEIJING

MOST_DAYS = 366
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
_STATUSES = tuple(FilingStatus)  # in the order of a life


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first to the last day in Beijing time, both included, of one kind of filing or of all."""

    first: date
    last: date
    kind: FilingKind | None = None

    @property
    def is_good(self) -> bool:
        """Whether it has a day, no more than 366 of them, and lies in this millennium."""
        ordered = EARLIEST <= self.first <= self.last <= LATEST
        return ordered and (self.last - self.first).days < MOST_DAYS


@dataclass(frozen=True, slots=True)
class DayFigures:
    """How many steps of each sort one day in Beijing saw."""

    day: date
    submitted: int = 0
    returned: int = 0
    accepted: int = 0
    approved: int = 0
    refused: int = 0
    abandoned: int = 0


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """The filings that stand in one status now, and for how many hours they have."""

    status: FilingStatus
    count: int
    overdue: int
    median_hours: float
    p90_hours: float
    oldest_hours: float


@dataclass(frozen=True, slots=True)
class StageFigures:
    """The stays in one status that ended in the stretch, in hours."""

    status: FilingStatus
    count: int
    median_hours: float
    p90_hours: float


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """How many notes name a rule, or where they name none a part of the form."""

    rule: str | None
    part: str | None
    count: int


@dataclass(frozen=True, slots=True)
class FirstPass:
    """Of the filings first submitted in the stretch: decided since by provider and authority, and at the first try."""

    submitted: int
    decided: int
    passed: int
    authority_decided: int
    authority_passed: int

    @property
    def rate(self) -> float | None:
        """The share that the provider accepted without any return; None before anything was decided."""
        return _share(self.passed, self.decided)

    @property
    def authority_rate(self) -> float | None:
        """The share that the authority approved without any refusal; None before anything was decided."""
        return _share(self.authority_passed, self.authority_decided)


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """What one reviewer decided in the stretch, and how many hours after the submission."""

    account_id: int
    approved: int
    returned: int
    median_hours: float


async def throughput(stretch: Stretch) -> list[DayFigures]:
    """Every day of the stretch in order, also one on which nothing happened. Raises StoreAway."""
    found = {row.pop("day"): row for row in await _ask(figures_sql.THROUGHPUT, stretch)}
    days = (stretch.first + timedelta(days=number) for number in range(_length(stretch)))
    return [DayFigures(day, **found.get(day.isoformat(), {})) for day in days]


async def open_now(stretch: Stretch) -> list[OpenFigures]:
    """Each status in which filings stand at this moment, whatever the stretch; its kind counts. Raises StoreAway."""
    marks = {"now": _bound(now())}
    found = [
        OpenFigures(
            FilingStatus(row["status"]),
            row["count"],
            row["overdue"],
            *_hours(row, "median", "p90", "oldest"),
        )
        for row in await _read(figures_sql.OPEN_NOW, marks, stretch.kind)
    ]
    return sorted(found, key=lambda figures: _STATUSES.index(figures.status))


async def stages(stretch: Stretch) -> list[StageFigures]:
    """Each status that was left in the stretch. Raises StoreAway."""
    found = [
        StageFigures(FilingStatus(row["status"]), row["count"], *_hours(row, "median", "p90"))
        for row in await _ask(figures_sql.STAGES, stretch)
    ]
    return sorted(found, key=lambda figures: _STATUSES.index(figures.status))


async def return_reasons(stretch: Stretch) -> list[ReasonFigures]:
    """The twenty most frequent reasons of the notes written in the stretch. Raises StoreAway."""
    return [ReasonFigures(**row) for row in await _ask(figures_sql.REASONS, stretch)]


async def first_pass(stretch: Stretch) -> FirstPass:
    """How many got through at the first try. Raises StoreAway."""
    return FirstPass(**(await _ask(figures_sql.FIRST_TRY, stretch))[0])


async def people(stretch: Stretch) -> list[PersonFigures]:
    """Everyone who decided in the stretch, who decided most first. Raises StoreAway."""
    return [
        PersonFigures(row["account_id"], row["approved"], row["returned"], *_hours(row, "median"))
        for row in await _ask(figures_sql.PEOPLE, stretch)
    ]


def _length(stretch: Stretch) -> int:
    return (stretch.last - stretch.first).days + 1


def _hours(row: dict[str, Any], *names: str) -> list[float]:
    return [round(row[name], 2) for name in names]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


async def _ask(statement: str, stretch: Stretch) -> list[dict[str, Any]]:
    days = {"since": stretch.first, "until": stretch.last + timedelta(days=1)}
    marks = {name: _bound(datetime.combine(day, time(), BEIJING)) for name, day in days.items()}
    return await _read(statement, marks, stretch.kind)


def _bound(moment: datetime) -> Any:
    """The moment as the column of a ledger's row holds it."""
    return FilingEvent._meta.fields_map["at"].to_db_value(moment, FilingEvent)


async def _read(statement: str, marks: dict[str, Any], kind: FilingKind | None) -> list[dict[str, Any]]:
    values = marks if kind is None else {**marks, "kind": kind.value}
    text = figures_sql.written_out(statement, names=tuple(values))
    try:
        rows = await get_connection(READER).execute_query_dict(text, list(values.values()))
    except UNREACHABLE as error:
        raise StoreAway from error
    return [dict(row) for row in rows]
