"""Housekeeping: what was never submitted goes after thirty days, and nothing else does."""

from datetime import timedelta

import pytest

from models.access import Access
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing
from models.outbox import OutboxMessage
from models.report import ReceivedFile
from models.states import FilingStatus, OutboxKind, OutboxState
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.support.lives import draft, named, submit
from tests.workflow.doings import fresh
from workflow import steps
from workflow.actors import Actor
from workflow.housekeeping import tidy


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
            await ReceivedFile.create(name=key, received_at=moment)

    await unit_of_work(work)
    await tidy()
    assert {message.key for message in await OutboxMessage.all()} == {"young", "waiting", "parked"}
    assert {file.name for file in await ReceivedFile.all()} == {"young"}
