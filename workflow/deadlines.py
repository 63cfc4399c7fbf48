"""Deadlines (期限): working days of mainland China, counted from the day after, ending with that day in Beijing time."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
PROVIDER_DAYS = 1
AUTHORITY_DAYS = 20  # 信息产业部令第33号, Article 12
CALENDAR = Path(__file__).parent / "data" / "calendar.json"
NOTHING_EDITED: Mapping[date, bool] = MappingProxyType({})


@cache
def _exceptions() -> tuple[frozenset[date], frozenset[date]]:
    """The weekdays that are holidays, and the weekend days that are worked, as `scripts/write_calendar.py` wrote them."""
    data = json.loads(CALENDAR.read_text(encoding="utf-8"))
    closed, opened = ({date.fromisoformat(day) for day in data[name]} for name in ("closed", "open"))
    return frozenset(closed), frozenset(opened)


def shipped_days() -> frozenset[date]:
    """The days that the shipped calendar names, because they are worked otherwise than their weekday."""
    closed, opened = _exceptions()
    return closed | opened


def is_working_day(day: date, edited: Mapping[date, bool] = NOTHING_EDITED) -> bool:
    """Whether offices work on that day: as `edited` says, else as shipped; in unknown years, Monday to Friday."""
    if day in edited:
        return edited[day]
    closed, opened = _exceptions()
    return day in opened or (day.weekday() < 5 and day not in closed)


def day_of(moment: datetime) -> date:
    """The day in Beijing."""
    return moment.astimezone(BEIJING).date()


def due_after(start: datetime, working_days: int, edited: Mapping[date, bool] = NOTHING_EDITED) -> datetime:
    """The last moment of the `working_days`-th working day after `start`'s day, in UTC.

    `edited` holds the days on which people overruled the shipped calendar: True where the day is worked.
    """
    day = day_of(start)
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day, edited):
            day += timedelta(days=1)
    return datetime.combine(day, time(23, 59, 59), BEIJING).astimezone(UTC)
