"""Deadlines (期限): working days of mainland China, counted from the day after, ending with that day in Beijing time."""

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
PROVIDER_DAYS = 1
AUTHORITY_DAYS = 20  # 信息产业部令第33号, Article 12
CALENDAR = Path(__file__).parent / "data" / "calendar.json"


@cache
def _exceptions() -> tuple[frozenset[date], frozenset[date]]:
    """The weekdays that are holidays, and the weekend days that are worked, as `scripts/write_calendar.py` wrote them."""
    data = json.loads(CALENDAR.read_text(encoding="utf-8"))
    closed, opened = ({date.fromisoformat(day) for day in data[name]} for name in ("closed", "open"))
    return frozenset(closed), frozenset(opened)


def is_working_day(day: date) -> bool:
    """Whether offices work on that day; in years that are not known yet, Monday to Friday."""
    closed, opened = _exceptions()
    return day in opened or (day.weekday() < 5 and day not in closed)


def due_after(start: datetime, working_days: int) -> datetime:
    """The last moment of the `working_days`-th working day after `start`'s day, in UTC."""
    day = start.astimezone(BEIJING).date()
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return datetime.combine(day, time(23, 59, 59), BEIJING).astimezone(UTC)
