"""Housekeeping: what was never submitted goes after thirty days, and nothing else does."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
import structlog

from authority.simulator.counter import Simulator
from models.access import Access
from models.clock import now
from models.database import is_sqlite
from models.event import FilingEvent
from models.filing import Filing
from models.outbox import OutboxMessage
from models.report import ReceivedAnswer, Report
from models.states import FilingStatus, OutboxKind, OutboxState
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.support.lives import draft, named, submit, take_answers
from tests.workflow import desks
from tests.workflow.answering import error, held_back, reported, told
from tests.workflow.doings import fresh
from tests.workflow.everything import everything
from workflow import steps
from workflow.actors import Actor
from workflow.housekeeping import erase_if_forgotten, tell_half_complete, tidy


async def dropped(owner: Actor, filing: Filing, days: int) -> Filing:
    """Dropped so many days ago."""
    await steps.drop_filing(owner, **named(filing))
    moment = now() - timedelta(days=days)
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(updated_at=moment))
    return await fresh(filing)


@pytest.mark.shows("C44")
async def test_a_dropped_draft_is_erased_whole_after_thirty_days(owner: Actor) -> None:
    gone = await dropped(owner, await draft(owner, 2), days=31)
    stays = await dropped(owner, await draft(owner, 1), days=29)
    await tidy()
    assert [filing.id for filing in await Filing.all()] == [stays.id]
    assert [subject.id for subject in await Subject.all()] == [stays.subject_id]
    assert await Website.all().count() == 1
    assert await Access.all().count() == 1
    assert await WebsiteDomain.all().count() == 1
    assert not await FilingEvent.filter(subject_id=gone.subject_id).exists()
    assert (await steps.restore_filing(owner, **named(stays), filing_password=None)).problems == ()


@pytest.mark.shows("C44", "C25")
async def test_what_was_submitted_once_or_is_still_open_is_never_erased(owner: Actor) -> None:
    once = await submit(owner, await draft(owner))
    await steps.withdraw_filing(owner, **named(once))
    once = await dropped(owner, await fresh(once), days=400)
    still = await draft(owner, 1)
    old = now() - timedelta(days=400)
    await unit_of_work(lambda: Filing.filter(id=still.id).update(updated_at=old))
    events = await FilingEvent.all().count()
    await tidy()
    assert {filing.id: filing.status for filing in await Filing.all()} == {
        once.id: FilingStatus.ABANDONED,
        still.id: FilingStatus.DRAFT,
    }
    assert await FilingEvent.all().count() == events


async def test_what_was_carried_is_forgotten_after_three_months(owner: Actor) -> None:
    async def work() -> None:
        for key, state, days in (
            ("old", OutboxState.DONE, 93),
            ("young", OutboxState.DONE, 91),
            ("waiting", OutboxState.WAITING, 400),
            ("parked", OutboxState.PARKED, 400),
        ):
            moment = now() - timedelta(days=days)
            await OutboxMessage.create(
                key=key,
                kind=OutboxKind.MAIL,
                lane="x",
                state=state,
                due_at=moment,
                created_at=moment,
                done_at=moment if state is OutboxState.DONE else None,
            )
            await ReceivedAnswer.create(file=key, position=0, tag="GJSHS", state=state, received_at=moment)

    await unit_of_work(work)
    await tidy()
    assert {message.key for message in await OutboxMessage.all()} == {"young", "waiting", "parked"}
    assert {answer.file for answer in await ReceivedAnswer.all()} == {"young", "waiting", "parked"}


@pytest.mark.shows("C44")
async def test_a_filing_that_its_owner_restored_meanwhile_is_not_erased(owner: Actor) -> None:
    filing = await dropped(owner, await draft(owner), days=31)
    seen = now()
    assert (await steps.restore_filing(owner, **named(filing), filing_password=None)).problems == ()
    before = await everything()
    await unit_of_work(partial(erase_if_forgotten, filing.id, seen))
    assert await everything() == before


@pytest.mark.shows("C44")
async def test_a_filing_that_its_owner_has_in_hand_is_left_for_the_next_time(owner: Actor) -> None:
    gone, held = [await dropped(owner, await draft(owner, number), days=31) for number in (1, 2)]
    if not is_sqlite():  # which has one writer: nobody has anything in hand while it tidies
        taken, go = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            await Filing.filter(id=held.id).select_for_update().get()
            taken.set()
            await go.wait()

        holding = asyncio.create_task(unit_of_work(hold))
        await taken.wait()
        await asyncio.wait_for(tidy(), 4)
        assert [filing.id for filing in await Filing.all()] == [held.id]
        go.set()
        await holding
    await tidy()
    assert not await Filing.filter(id__in=(gone.id, held.id)).exists()


async def half(owner: Actor, reviewer: Actor, desk: Simulator, number: int, days: int) -> Filing:
    """A filing whose decision came so many days ago, and whose numbers did not."""
    filing = await reported(owner, reviewer, desk, number)
    decision, _ = await held_back(desk)
    await take_answers(desks.Says(decision))
    moment = now() - timedelta(days=days)
    await unit_of_work(lambda: Report.filter(filing_id=filing.id).update(decided_at=moment))
    return filing


@pytest.mark.shows("C45")
async def test_staff_hear_once_a_day_of_an_answer_that_stays_half(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    late = await half(owner, reviewer, desk, 1, days=20)
    await half(owner, reviewer, desk, 2, days=1)
    with structlog.testing.capture_logs() as lines:
        assert await tell_half_complete() == [late.id]
        assert await tell_half_complete() == []
    assert [(line["event"], line["filing_id"]) for line in lines] == [
        ("answer_half_complete", f"fil_{late.id}")
    ]
    yesterday = now() - timedelta(hours=25)
    await unit_of_work(lambda: Report.filter(filing_id=late.id).update(alarmed_at=yesterday))
    assert await tell_half_complete() == [late.id]


async def test_an_answer_that_stays_half_is_told_of_in_whatever_status_the_filing_is(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await half(owner, reviewer, desk, 1, days=20)
    await told(error(filing, 1009))
    assert (await fresh(filing)).status is FilingStatus.SUBMITTED
    assert await tell_half_complete() == [filing.id]
