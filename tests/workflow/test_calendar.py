"""The calendar: what administrators say of a day counts for new clocks and for those that run."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from models.clock import now
from models.desk import CalendarDay
from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.report import Report
from models.states import FilingStatus, ReportState, Role, TokenScope
from models.unit_of_work import unit_of_work
from tests.support.lives import actor_of, draft, make_account, make_actor, submit
from workflow.actors import Actor
from workflow.calendar import Day, DaySource, calendar_days, due, recalculate_clocks, set_calendar_day

MONDAY = datetime(2028, 3, 6, 2, tzinfo=UTC)  # of a year in which every week is an ordinary one
TUESDAY = date(2028, 3, 7)
SPRING_FESTIVAL = date(2027, 2, 8)  # a Monday that is a holiday


def end_of(year: int, month: int, day: int) -> datetime:
    """The last moment of a day in Beijing."""
    return datetime(year, month, day, 15, 59, 59, tzinfo=UTC)


@pytest.fixture
async def admin(lawful: str) -> Actor:
    """An administrator."""
    return await make_actor(Role.ADMIN)


async def submitted_at(owner: Actor, start: datetime, due_at: datetime, index: int = 0) -> Filing:
    """A submitted filing whose clock started then."""
    filing = await submit(owner, await draft(owner, index))

    async def move() -> None:
        await FilingEvent.filter(filing_id=filing.id, after=FilingStatus.SUBMITTED).update(at=start)
        await Filing.filter(id=filing.id).update(due_at=due_at)

    await unit_of_work(move)
    return await Filing.get(id=filing.id)


async def put_at_authority(filing: Filing, sent_at: datetime, due_at: datetime) -> None:
    """The same filing, reported then."""

    async def move() -> None:
        await Filing.filter(id=filing.id).update(status=FilingStatus.AT_AUTHORITY, due_at=due_at)
        # the receipt was read a day later than the report was taken: the clock runs from the report
        await FilingEvent.filter(filing_id=filing.id, after=FilingStatus.SUBMITTED).update(
            after=FilingStatus.AT_AUTHORITY, at=sent_at + timedelta(days=1)
        )
        await Report.create(
            filing_id=filing.id,
            number=1,
            revision=1,
            key=f"f{filing.id}-r1",
            state=ReportState.ACCEPTED,
            sent_at=sent_at,
        )

    await unit_of_work(move)


async def set_day(admin: Actor, day: date, working: bool | None, remark: str | None = None) -> int:
    """Edit a day; how many due dates moved."""
    outcome = await set_calendar_day(admin, day=day, working=working, remark=remark, key=None)
    assert outcome.problems == ()
    return outcome.ids["moved"]


@pytest.mark.shows("N12")
async def test_the_calendar_tells_of_each_day_where_it_stands(admin: Actor) -> None:
    await set_day(admin, TUESDAY, False, "台风停工")
    assert await calendar_days(date(2027, 2, 7), date(2027, 2, 8)) == [
        Day(date(2027, 2, 7), False, DaySource.WEEKDAY, None),
        Day(SPRING_FESTIVAL, False, DaySource.SHIPPED, None),
    ]
    assert await calendar_days(date(2028, 3, 6), TUESDAY) == [
        Day(date(2028, 3, 6), True, DaySource.WEEKDAY, None),
        Day(TUESDAY, False, DaySource.EDITED, "台风停工"),
    ]


@pytest.mark.shows("N12")
async def test_a_new_clock_counts_by_the_edited_days(admin: Actor) -> None:
    assert await due(MONDAY, 1) == end_of(2028, 3, 7)
    await set_day(admin, TUESDAY, False)
    assert await due(MONDAY, 1) == end_of(2028, 3, 8)
    await set_day(admin, TUESDAY, None)
    assert await due(MONDAY, 1) == end_of(2028, 3, 7)
    await set_day(admin, date(2028, 3, 11), True)
    assert await due(MONDAY + timedelta(days=4), 1) == end_of(2028, 3, 11)


@pytest.mark.shows("N12")
async def test_a_running_clock_of_the_provider_follows_and_comes_back(owner: Actor, admin: Actor) -> None:
    filing = await submitted_at(owner, MONDAY, end_of(2028, 3, 7))
    assert await set_day(admin, TUESDAY, False) == 1
    moved = await Filing.get(id=filing.id)
    assert moved.due_at == end_of(2028, 3, 8)
    assert moved.version == filing.version
    assert await set_day(admin, TUESDAY, None) == 1
    assert (await Filing.get(id=filing.id)).due_at == end_of(2028, 3, 7)


@pytest.mark.shows("N12")
async def test_a_running_clock_of_the_authority_follows(owner: Actor, admin: Actor) -> None:
    filing = await submitted_at(owner, MONDAY, end_of(2028, 3, 7))
    await put_at_authority(filing, MONDAY, end_of(2028, 4, 3))  # four weeks of five days
    assert await set_day(admin, date(2028, 3, 25), True) == 1  # a Saturday
    assert (await Filing.get(id=filing.id)).due_at == end_of(2028, 3, 31)


async def test_a_clock_that_does_not_cover_the_day_stays(owner: Actor, admin: Actor) -> None:
    filing = await submitted_at(owner, MONDAY, end_of(2028, 3, 7))
    assert await set_day(admin, date(2028, 3, 6), False) == 0
    assert await set_day(admin, date(2028, 3, 8), False) == 0
    assert (await Filing.get(id=filing.id)).due_at == end_of(2028, 3, 7)


async def test_a_clock_set_by_an_older_calendar_is_brought_up_to_date_by_the_house(
    owner: Actor, admin: Actor
) -> None:
    await set_day(admin, TUESDAY, False)
    filing = await submitted_at(owner, MONDAY, end_of(2028, 3, 7))
    assert await unit_of_work(recalculate_clocks) == 1
    assert (await Filing.get(id=filing.id)).due_at == end_of(2028, 3, 8)
    assert await unit_of_work(recalculate_clocks) == 0


async def test_the_house_looks_only_where_the_calendar_was_edited_lately(owner: Actor, admin: Actor) -> None:
    await set_day(admin, TUESDAY, False)
    await unit_of_work(
        lambda: CalendarDay.filter(day=TUESDAY).update(changed_at=now() - timedelta(minutes=61))
    )
    await submitted_at(owner, MONDAY, end_of(2028, 3, 7))
    assert await unit_of_work(recalculate_clocks) == 0


async def test_an_edit_is_audited(admin: Actor) -> None:
    await set_day(admin, TUESDAY, False, "停电")
    entry = await AuditEntry.get(action="SET_CALENDAR_DAY")
    assert (entry.account_id, entry.record) == (admin.account_id, "day:2028-03-07")
    assert entry.detail == {"working": False, "remark": "停电", "moved": 0}


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER, Role.AUDITOR])
async def test_nobody_but_an_administrator_edits(lawful: str, role: Role) -> None:
    actor = await make_actor(role)
    outcome = await set_calendar_day(actor, day=TUESDAY, working=False, remark=None, key=None)
    assert [problem.code for problem in outcome.problems] == ["NOT_PERMITTED"]
    assert not await CalendarDay.exists()


async def test_a_token_of_an_administrator_needs_the_scope(lawful: str) -> None:
    account = await make_account(Role.ADMIN)
    change = partial(set_calendar_day, day=TUESDAY, working=False, remark=None, key=None)
    refused = await change(actor_of(account, frozenset({TokenScope.READ, TokenScope.FILE})))
    assert [problem.code for problem in refused.problems] == ["NOT_PERMITTED"]
    assert not await CalendarDay.exists()
    assert (await change(actor_of(account, frozenset({TokenScope.ADMIN})))).problems == ()


@pytest.mark.parametrize(
    ("day", "remark", "path"),
    [
        (date(2019, 1, 1), None, ("day",)),
        (date(2090, 1, 1), None, ("day",)),
        (TUESDAY, "x" * 101, ("remark",)),
        (TUESDAY, "\0", ("remark",)),
    ],
)
async def test_what_no_calendar_takes_is_invalid(
    admin: Actor, day: date, remark: str | None, path: tuple[str, ...]
) -> None:
    outcome = await set_calendar_day(admin, day=day, working=False, remark=remark, key=None)
    assert [(problem.code, problem.path) for problem in outcome.problems] == [("INVALID", path)]
    assert not await CalendarDay.exists()


async def test_one_key_edits_once(admin: Actor) -> None:
    first = await set_calendar_day(admin, day=TUESDAY, working=False, remark=None, key="k")
    again = await set_calendar_day(admin, day=TUESDAY, working=False, remark=None, key="k")
    assert (first.replayed, again.replayed) == (False, True)
    assert await AuditEntry.filter(action="SET_CALENDAR_DAY").count() == 1
