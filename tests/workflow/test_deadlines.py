"""Deadlines: Chinese working days, Beijing days, the day after counts first."""

from datetime import UTC, date, datetime

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
    ("2026: the Saturday before the Spring Festival is worked", datetime(2026, 2, 13, 2, tzinfo=UTC), 1, (2026, 2, 14)),
    ("2026: the Spring Festival is off until the 24th", datetime(2026, 2, 14, 2, tzinfo=UTC), 1, (2026, 2, 24)),
    ("2026: the Saturday after it is worked", datetime(2026, 2, 27, 2, tzinfo=UTC), 1, (2026, 2, 28)),
    ("2026: twenty working days over the Spring Festival", datetime(2026, 2, 11, 2, tzinfo=UTC), 20, (2026, 3, 17)),
    ("2026: the Sunday before the National Day is worked", datetime(2026, 9, 19, 2, tzinfo=UTC), 1, (2026, 9, 20)),
    ("2026: the National Day is off until the 8th", datetime(2026, 9, 30, 2, tzinfo=UTC), 1, (2026, 10, 8)),
    ("2026: the Saturday after it is worked", datetime(2026, 10, 9, 2, tzinfo=UTC), 1, (2026, 10, 10)),
    ("2026: twenty working days over the National Day", datetime(2026, 9, 28, 2, tzinfo=UTC), 20, (2026, 10, 30)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "days", "day"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_deadline_ends_with_its_working_day_in_beijing(
    start: datetime, days: int, day: tuple[int, int, int]
) -> None:
    assert due_after(start, days) == datetime(*day, 15, 59, 59, tzinfo=UTC)


EDITED = [
    ("a working day taken off", date(2026, 3, 10), False, datetime(2026, 3, 9, 2, tzinfo=UTC), 1, (2026, 3, 11)),
    ("a Sunday worked", date(2026, 3, 15), True, datetime(2026, 3, 13, 2, tzinfo=UTC), 1, (2026, 3, 15)),
    ("a holiday worked", date(2026, 2, 18), True, datetime(2026, 2, 14, 2, tzinfo=UTC), 1, (2026, 2, 18)),
    ("a make-up day taken off", date(2026, 2, 28), False, datetime(2026, 2, 27, 2, tzinfo=UTC), 1, (2026, 3, 2)),
    ("the day it starts on counts for nothing", date(2026, 3, 9), False, datetime(2026, 3, 9, 2, tzinfo=UTC), 1, (2026, 3, 10)),
]  # fmt: skip


@pytest.mark.shows("N12")
@pytest.mark.parametrize(
    ("edited", "working", "start", "days", "day"),
    [case[1:] for case in EDITED],
    ids=[case[0] for case in EDITED],
)
def test_an_edited_day_overrules_the_shipped_one(
    edited: date, working: bool, start: datetime, days: int, day: tuple[int, int, int]
) -> None:
    assert due_after(start, days, {edited: working}) == datetime(*day, 15, 59, 59, tzinfo=UTC)
