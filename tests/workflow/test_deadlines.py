"""Deadlines: Chinese working days, Beijing days, the day after counts first."""

from datetime import UTC, datetime

import pytest

from workflow.deadlines import due_after

CASES = [
    ("a Monday is due on Tuesday's last moment", datetime(2025, 3, 3, 2, tzinfo=UTC), 1, (2025, 3, 4)),
    ("a Friday is due on Monday", datetime(2025, 3, 7, 2, tzinfo=UTC), 1, (2025, 3, 10)),
    ("late on Friday in UTC is Saturday in Beijing", datetime(2025, 3, 7, 16, tzinfo=UTC), 1, (2025, 3, 10)),
    ("late on Monday in UTC is Tuesday in Beijing", datetime(2025, 3, 3, 16, tzinfo=UTC), 1, (2025, 3, 5)),
    ("the week of the National Day is off", datetime(2025, 9, 30, 2, tzinfo=UTC), 1, (2025, 10, 9)),
    ("a Saturday is worked after it", datetime(2025, 10, 10, 2, tzinfo=UTC), 1, (2025, 10, 11)),
    ("a Sunday is worked before it", datetime(2025, 9, 27, 2, tzinfo=UTC), 1, (2025, 9, 28)),
    ("twenty working days over a holiday", datetime(2025, 9, 30, 2, tzinfo=UTC), 20, (2025, 11, 4)),
    ("twenty working days without one", datetime(2025, 3, 3, 2, tzinfo=UTC), 20, (2025, 3, 31)),
]


@pytest.mark.parametrize(
    ("start", "days", "day"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_deadline_ends_with_its_working_day_in_beijing(
    start: datetime, days: int, day: tuple[int, int, int]
) -> None:
    assert due_after(start, days) == datetime(*day, 15, 59, 59, tzinfo=UTC)
