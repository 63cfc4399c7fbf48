"""Writes `workflow/data/calendar.json`: the days on which mainland China works otherwise than Monday to Friday.

Run it when the next year's make-up days have been announced and the `holidays` package knows them:
    uv run python -m scripts.write_calendar
"""

import datetime
import json
from pathlib import Path
from typing import Any

import holidays

FIRST_YEAR, LAST_YEAR = 2024, 2027
TARGET = Path(__file__).resolve().parents[1] / "workflow" / "data" / "calendar.json"


def calendar() -> dict[str, Any]:
    """The file's content, as the package has it."""
    known = holidays.country_holidays("CN", years=range(FIRST_YEAR, LAST_YEAR + 1))
    day, end = datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)
    closed, opened = [], []
    while day <= end:
        works, weekday = known.is_working_day(day), day.weekday() < 5
        if weekday and not works:
            closed.append(day.isoformat())
        if works and not weekday:
            opened.append(day.isoformat())
        day += datetime.timedelta(days=1)
    return {
        "source": "the package holidays, country CN: State Council notices on public holidays; the last year without "
        "make-up days, which are announced each November",
        "first": str(FIRST_YEAR),
        "last": str(LAST_YEAR),
        "closed": closed,
        "open": opened,
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(calendar(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
