"""Backdating: what happened since a moment moves into the past, what was put there before stays."""

from datetime import UTC, datetime, timedelta

import pytest

from demo.backdate import backdate
from models.clock import now
from models.event import AuditEntry, FilingEvent
from models.filing import Filing, Revision
from models.states import Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support.lives import draft, make_actor, submit
from workflow.codes import load_shipped_codes

LONG_AGO = datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
async def submitted(db: str) -> Filing:
    """A filing that was just submitted."""
    await load_shipped_codes()
    owner = await make_actor(Role.APPLICANT)
    return await submit(owner, await draft(owner))


async def test_every_moment_since_then_moves_by_the_same_time(submitted: Filing) -> None:
    since = now() - timedelta(minutes=5)
    await unit_of_work(lambda: backdate(submitted.subject_id, since, timedelta(days=9)))
    after = await Filing.get(id=submitted.id)
    assert (after.created_at, after.updated_at) == (
        submitted.created_at - timedelta(days=9),
        submitted.updated_at - timedelta(days=9),
    )
    assert submitted.due_at is not None
    assert after.due_at == submitted.due_at - timedelta(days=9)
    for moment in (
        (await Subject.get(id=submitted.subject_id)).created_at,
        (await Website.get(subject_id=submitted.subject_id)).created_at,
        (await Revision.get(filing_id=submitted.id)).submitted_at,
        (await FilingEvent.get(filing_id=submitted.id, action="SUBMIT_FILING")).at,
        (await AuditEntry.get(action="SUBMIT_FILING")).at,
    ):
        assert timedelta(days=9) <= now() - moment < timedelta(days=9, minutes=5)


async def test_what_happened_before_stays_where_it_is(submitted: Filing) -> None:
    await unit_of_work(lambda: Filing.filter(id=submitted.id).update(created_at=LONG_AGO))
    since = now() + timedelta(seconds=1)
    events = await FilingEvent.all().order_by("id").values_list("at", flat=True)
    await unit_of_work(lambda: backdate(submitted.subject_id, since, timedelta(days=9)))
    after = await Filing.get(id=submitted.id)
    assert (after.created_at, after.submitted_at) == (LONG_AGO, submitted.submitted_at)
    assert await FilingEvent.all().order_by("id").values_list("at", flat=True) == events


async def test_another_subject_stays_where_it_is(submitted: Filing) -> None:
    other = await draft(await make_actor(Role.APPLICANT), index=1)
    since = now() - timedelta(minutes=5)
    await unit_of_work(lambda: backdate(submitted.subject_id, since, timedelta(days=9)))
    assert (await Filing.get(id=other.id)).created_at == other.created_at
