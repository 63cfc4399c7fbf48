"""The calendar that ships is what the package says today."""

import json

from scripts.write_calendar import TARGET, calendar


def test_the_calendar_that_ships_is_current() -> None:
    assert json.loads(TARGET.read_text(encoding="utf-8")) == calendar()
