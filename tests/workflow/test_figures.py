"""The figures, counted by hand from a small ledger."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.account import Account
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing, Note
from models.states import FilingAction, FilingKind, FilingMode, FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.counting import counting
from tests.support.lives import make_account
from workflow import figures
from workflow.deadlines import BEIJING
from workflow.figures import DayFigures, PersonFigures, ReasonFigures, StageFigures, Stretch

A, K, S = FilingAction, FilingKind, FilingStatus
MARCH_2, MARCH_3 = date(2026, 3, 2), date(2026, 3, 3)
BOTH_DAYS = Stretch(MARCH_2, MARCH_3)
QUIET = Stretch(date(2026, 3, 10), date(2026, 3, 10))


@dataclass(frozen=True)
class Step:
    """One line of a filing's story: when, what, from where, to where, and by whom."""

    at: datetime
    action: FilingAction
    before: FilingStatus | None
    after: FilingStatus | None
    by: Account | None = None


def at(day: int, clock: str, month: int = 3) -> datetime:
    """A moment of 2026 by the clock in Beijing."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


async def tell(
    owner: Account, kind: FilingKind, *steps: Step, revision: int = 1, due_at: datetime | None = None
) -> Filing:
    """A filing with this story, standing where the story leaves it."""
    people: dict[str, Any] = {"owner_id": owner.id, "filed_by_id": owner.id}
    times: dict[str, Any] = {"created_at": steps[0].at, "updated_at": steps[-1].at}
    status = [step.after for step in steps if step.after is not None][-1]

    async def work() -> Filing:
        subject = await Subject.create(name="主体", mode=FilingMode.SELF, submitted=True, **people, **times)
        filing = await Filing.create(
            kind=kind, status=status, mode=FilingMode.SELF, subject_id=subject.id, due_at=due_at,
            last_editor_id=owner.id, revision=revision, **people, **times,
        )  # fmt: skip
        for step in steps:
            await FilingEvent.create(
                subject_id=subject.id, filing_id=filing.id, action=step.action, before=step.before,
                after=step.after, at=step.at, actor="x", account_id=step.by.id if step.by else None,
            )  # fmt: skip
        return filing

    return await unit_of_work(work)


@dataclass(frozen=True)
class Desk:
    """Two reviewers who decided, and the filing that was returned once."""

    li: Account
    wang: Account
    returned: Filing


@pytest.fixture
async def desk(db: str) -> Desk:
    """Seven filings around two days of March, told in Beijing time."""
    owner, li, wang = [await make_account(role) for role in (Role.APPLICANT, Role.REVIEWER, Role.REVIEWER)]
    await tell(
        owner, K.NEW_FILING,
        Step(at(2, "08:00"), A.CREATE_SUBJECT, None, S.DRAFT),
        Step(at(2, "09:00"), A.UPDATE_SUBJECT, None, None),
        Step(at(2, "10:00"), A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
        Step(at(2, "11:00"), A.CLAIM_FILING, None, None, li),
        Step(at(2, "12:00"), A.APPROVE_FILING, S.SUBMITTED, S.ACCEPTED, li),
        Step(at(2, "13:00"), A.REPORT, S.ACCEPTED, S.AT_AUTHORITY),
        Step(at(3, "09:00"), A.RECEIVE_NUMBERS, S.AT_AUTHORITY, S.APPROVED),
    )  # fmt: skip
    returned = await tell(
        owner, K.NEW_FILING,
        Step(at(2, "09:00"), A.CREATE_SUBJECT, None, S.DRAFT),
        Step(at(2, "11:00"), A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
        Step(at(2, "15:00"), A.RETURN_FILING, S.SUBMITTED, S.RETURNED, wang),
        Step(at(3, "09:00"), A.SUBMIT_FILING, S.RETURNED, S.SUBMITTED),
        Step(at(3, "10:00"), A.APPROVE_FILING, S.SUBMITTED, S.ACCEPTED, li),
        Step(at(3, "11:00"), A.REPORT, S.ACCEPTED, S.AT_AUTHORITY),
        revision=2,
    )  # fmt: skip
    await tell(  # it is still the first of March in UTC when this one is submitted
        owner, K.CHANGE,
        Step(at(1, "23:00"), A.START_CHANGE, None, S.DRAFT),
        Step(at(2, "00:30"), A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
        Step(at(2, "08:30"), A.APPROVE_FILING, S.SUBMITTED, S.ACCEPTED, wang),
        Step(at(2, "09:00"), A.REPORT, S.ACCEPTED, S.AT_AUTHORITY),
        Step(at(3, "10:00"), A.RECEIVE_DECISION, S.AT_AUTHORITY, S.REFUSED),
    )  # fmt: skip
    await tell(  # first submitted in February
        owner, K.CHANGE,
        Step(at(20, "09:00", 2), A.START_CHANGE, None, S.DRAFT),
        Step(at(20, "10:00", 2), A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
        Step(at(21, "09:00", 2), A.RETURN_FILING, S.SUBMITTED, S.RETURNED, li),
        Step(at(2, "09:00"), A.SUBMIT_FILING, S.RETURNED, S.SUBMITTED),
        Step(at(3, "09:00"), A.RETURN_FILING, S.SUBMITTED, S.RETURNED, li),
        Step(at(3, "23:30"), A.DROP_FILING, S.RETURNED, S.ABANDONED),
        revision=2,
    )  # fmt: skip
    await tell(  # opened and submitted in one step, approved by two, and pulled back
        owner, K.CANCEL_SUBJECT,
        Step(at(3, "12:00"), A.CANCEL_SUBJECT, None, S.SUBMITTED),
        Step(at(3, "13:00"), A.APPROVE_FILING, S.SUBMITTED, S.SUBMITTED, li),
        Step(at(3, "14:00"), A.APPROVE_FILING, S.SUBMITTED, S.ACCEPTED, wang),
        Step(at(3, "15:00"), A.PULL_BACK_FILING, S.ACCEPTED, S.SUBMITTED, wang),
    )  # fmt: skip
    await tell(  # never submitted: nobody's business
        owner, K.NEW_FILING,
        Step(at(2, "09:00"), A.CREATE_SUBJECT, None, S.DRAFT),
        Step(at(3, "09:00"), A.DROP_FILING, S.DRAFT, S.ABANDONED),
        revision=0,
    )  # fmt: skip
    await tell(  # the fourth of March in Beijing, the third in UTC
        owner, K.NEW_FILING,
        Step(at(3, "09:00"), A.CREATE_SUBJECT, None, S.DRAFT),
        Step(at(4, "00:10"), A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
    )  # fmt: skip
    return Desk(li, wang, returned)


@pytest.mark.shows("N12")
async def test_each_day_in_beijing_counts_its_own_steps(desk: Desk) -> None:
    assert await figures.throughput(BOTH_DAYS) == [
        DayFigures(MARCH_2, submitted=4, returned=1, accepted=2),
        DayFigures(MARCH_3, submitted=2, returned=1, accepted=2, approved=1, refused=1, abandoned=1),
    ]
    assert await figures.throughput(Stretch(MARCH_2, MARCH_3, K.CHANGE)) == [
        DayFigures(MARCH_2, submitted=2, accepted=1),
        DayFigures(MARCH_3, returned=1, refused=1, abandoned=1),
    ]


async def test_a_day_on_which_nothing_happened_stands_there_with_noughts(desk: Desk) -> None:
    assert await figures.throughput(QUIET) == [DayFigures(date(2026, 3, 10))]
    assert await figures.stages(QUIET) == []
    assert await figures.people(QUIET) == []
    nothing = await figures.first_pass(QUIET)
    assert (nothing.submitted, nothing.rate, nothing.authority_rate) == (0, None, None)


@pytest.mark.shows("N12")
async def test_time_in_each_stage_is_measured_from_move_to_move(desk: Desk) -> None:
    assert await figures.stages(BOTH_DAYS) == [
        StageFigures(S.DRAFT, 3, 2.0, 2.0),  # 1.5, 2, 2
        StageFigures(S.SUBMITTED, 6, 2.0, 24.0),  # 1, 2, 2, 4, 8, 24
        StageFigures(S.RETURNED, 3, 18.0, 216.0),  # 14.5, 18, and nine days
        StageFigures(S.ACCEPTED, 4, 1.0, 1.0),  # 0.5, 1, 1, 1
        StageFigures(S.AT_AUTHORITY, 2, 20.0, 25.0),
    ]
    assert await figures.stages(Stretch(MARCH_2, MARCH_3, K.CANCEL_SUBJECT)) == [
        StageFigures(S.SUBMITTED, 1, 2.0, 2.0),
        StageFigures(S.ACCEPTED, 1, 1.0, 1.0),
    ]


@pytest.mark.shows("N12")
async def test_first_pass_counts_what_was_first_submitted_in_these_days(desk: Desk) -> None:
    found = await figures.first_pass(BOTH_DAYS)
    assert (found.submitted, found.decided, found.passed, found.rate) == (4, 4, 3, 0.75)
    assert (found.authority_decided, found.authority_passed, found.authority_rate) == (2, 1, 0.5)


@pytest.mark.shows("N12")
async def test_each_reviewer_has_decisions_and_the_time_they_took(desk: Desk) -> None:
    assert await figures.people(BOTH_DAYS) == [
        PersonFigures(desk.li.id, approved=3, returned=1, median_hours=1.0),  # 1, 1, 2, 24
        PersonFigures(desk.wang.id, approved=2, returned=1, median_hours=4.0),  # 2, 4, 8
    ]
    assert await figures.people(Stretch(MARCH_2, MARCH_2)) == [
        PersonFigures(desk.wang.id, approved=1, returned=1, median_hours=4.0),
        PersonFigures(desk.li.id, approved=1, returned=0, median_hours=2.0),
    ]


async def note(filing: Filing, author: Account, moment: datetime, rule: str | None, *path: str) -> None:
    async def work() -> None:
        await Note.create(
            filing_id=filing.id, revision=1, path=list(path), rule=rule, text="x", author_id=author.id,
            created_at=moment,
        )  # fmt: skip

    await unit_of_work(work)


@pytest.mark.shows("N12")
async def test_reasons_are_counted_by_rule_and_without_one_by_part_of_the_form(desk: Desk) -> None:
    for minute in ("15:00", "15:01", "15:02"):
        await note(desk.returned, desk.wang, at(2, minute), "1003", "subject", "certificateNumber")
    await note(desk.returned, desk.wang, at(2, "15:00"), None, "subject", "remark")
    await note(desk.returned, desk.wang, at(2, "15:00"), None, "subject", "principal", "email")
    await note(desk.returned, desk.wang, at(3, "23:59"), None, "websites", "web_1", "name")
    await note(desk.returned, desk.wang, at(4, "00:00"), "1005", "websites", "web_1", "domains")
    assert await figures.return_reasons(BOTH_DAYS) == [
        ReasonFigures("1003", None, 3),
        ReasonFigures(None, "subject", 2),
        ReasonFigures(None, "websites", 1),
    ]
    assert await figures.return_reasons(Stretch(MARCH_2, MARCH_3, K.CHANGE)) == []


@pytest.mark.shows("N12")
async def test_what_is_open_has_the_age_since_it_came_to_stand_there(db: str) -> None:
    owner, hour = await make_account(Role.APPLICANT), timedelta(hours=1)
    moment = now()
    for age, due in ((3, -2), (10, -1), (4, 5), (9, None)):
        await tell(
            owner, K.NEW_FILING,
            Step(moment - 100 * hour, A.CREATE_SUBJECT, None, S.DRAFT),
            Step(moment - age * hour, A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
            Step(moment - hour, A.APPROVE_FILING, S.SUBMITTED, S.SUBMITTED),
            Step(moment - hour, A.CLAIM_FILING, None, None),
            due_at=None if due is None else moment + due * hour,
        )  # fmt: skip
    await tell(
        owner, K.CHANGE,
        Step(moment - 9 * hour, A.SUBMIT_FILING, S.DRAFT, S.SUBMITTED),
        Step(moment - 7 * hour, A.RETURN_FILING, S.SUBMITTED, S.RETURNED),
    )  # fmt: skip
    await tell(owner, K.CHANGE, Step(moment - hour, A.RECEIVE_NUMBERS, S.AT_AUTHORITY, S.APPROVED))
    waiting, returned = await figures.open_now(QUIET)
    assert (waiting.status, waiting.count, waiting.overdue) == (S.SUBMITTED, 4, 2)
    hours = (waiting.median_hours, waiting.p90_hours, waiting.oldest_hours)
    assert hours == pytest.approx((4.0, 10.0, 10.0), abs=0.05)
    assert (returned.status, returned.count, returned.overdue) == (S.RETURNED, 1, 0)
    assert returned.oldest_hours == pytest.approx(7.0, abs=0.05)
    assert [one.status for one in await figures.open_now(Stretch(MARCH_2, MARCH_2, K.CHANGE))] == [S.RETURNED]


@pytest.mark.parametrize(
    ("first", "last", "good"),
    [
        ((2026, 3, 2), (2026, 3, 2), True),
        ((2026, 3, 3), (2026, 3, 2), False),
        ((2025, 1, 1), (2026, 1, 1), True),  # 366 days
        ((2025, 1, 1), (2026, 1, 2), False),
        ((1, 1, 1), (1, 1, 2), False),
        ((9999, 12, 31), (9999, 12, 31), False),
    ],
)
def test_a_stretch_is_one_to_366_days_of_this_millennium(
    first: tuple[int, int, int], last: tuple[int, int, int], good: bool
) -> None:
    assert Stretch(date(*first), date(*last)).is_good is good


async def test_each_part_is_one_statement_however_much_there_is(desk: Desk) -> None:
    for part in (
        figures.throughput,
        figures.open_now,
        figures.stages,
        figures.return_reasons,
        figures.people,
    ):
        async with counting() as statements:
            await part(BOTH_DAYS)
        assert len(statements) == 1
    async with counting() as statements:
        await figures.first_pass(BOTH_DAYS)
    assert len(statements) == 1
