"""Deadlines (期限): working days of mainland China, counted from the day after, ending with that day in Beijing time."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
PROVIDER_DAYS = 1
AUTHORITY_DAYS = 20  # 信息产业部令第33号, Article 12


@lru_cache(maxsize=1)
def _calendar() -> Any:
    import holidays  # heavy, and only needed when something is submitted

    return holidays.country_holidays("CN")


def due_after(start: datetime, working_days: int) -> datetime:
    """The last moment of the `working_days`-th working day after `start`'s day, in UTC.

    Announced make-up days are known for announced years; later years are counted without them.
    """
    day = start.astimezone(BEIJING).date()
    for _ in range(working_days):
        day += timedelta(days=1)
        while not _calendar().is_working_day(day):
            day += timedelta(days=1)
    return datetime.combine(day, time(23, 59, 59), BEIJING).astimezone(UTC)
