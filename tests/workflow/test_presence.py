"""Presence: who has a filing open, for a minute, seen by other reviewers alone."""

from datetime import timedelta
from functools import partial

import pytest

from models.clock import now
from models.desk import Presence
from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingStatus, Role, TokenScope
from models.unit_of_work import unit_of_work
from tests.support.lives import actor_of, draft, make_account, make_actor, submit
from workflow import presence
from workflow.actors import Actor
from workflow.housekeeping import tidy
from workflow.presence import visible_presence

look_at_filing = partial(presence.look_at_filing, key=None)
stop_looking = partial(presence.stop_looking, key=None)


@pytest.fixture
async def filing(owner: Actor) -> Filing:
    """A submitted filing."""
    return await submit(owner, await draft(owner))


async def seen_by(actor: Actor) -> list[int | None]:
    """Whom he sees looking."""
    return [row.account_id for row in await visible_presence(actor)]


@pytest.mark.shows("N12")
async def test_other_reviewers_see_who_looks_and_he_himself_does_not(filing: Filing, reviewer: Actor) -> None:
    other = await make_actor(Role.REVIEWER)
    assert (await look_at_filing(reviewer, id=node_id(Filing, filing.id))).problems == ()
    assert await seen_by(other) == [reviewer.account_id]
    assert await seen_by(reviewer) == []
    for role in (Role.APPLICANT, Role.AUDITOR, Role.ADMIN):
        assert await seen_by(await make_actor(role)) == []


@pytest.mark.shows("N12")
async def test_looking_again_renews_one_row_and_leaves_no_trace(filing: Filing, reviewer: Actor) -> None:
    events, entries = await FilingEvent.all().count(), await AuditEntry.all().count()
    await look_at_filing(reviewer, id=node_id(Filing, filing.id))
    first = await Presence.get()
    await look_at_filing(reviewer, id=node_id(Filing, filing.id))
    again = await Presence.get()
    assert again.id == first.id
    assert again.until > first.until
    assert timedelta(seconds=50) < again.until - now() <= timedelta(seconds=60)
    assert (await Filing.get(id=filing.id)).version == filing.version
    assert (await FilingEvent.all().count(), await AuditEntry.all().count()) == (events, entries)


async def test_who_stopped_or_was_silent_for_a_minute_is_seen_no_more(
    filing: Filing, reviewer: Actor
) -> None:
    other, name = await make_actor(Role.REVIEWER), node_id(Filing, filing.id)
    await look_at_filing(reviewer, id=name)
    await stop_looking(reviewer, id=name)
    assert await seen_by(other) == []
    assert (await stop_looking(reviewer, id=name)).problems == ()
    await look_at_filing(reviewer, id=name)
    await unit_of_work(lambda: Presence.all().update(until=now() - timedelta(seconds=1)))
    assert await seen_by(other) == []


async def test_the_house_forgets_what_is_over(filing: Filing, reviewer: Actor) -> None:
    other, name = await make_actor(Role.REVIEWER), node_id(Filing, filing.id)
    await look_at_filing(reviewer, id=name)
    await look_at_filing(other, id=name)
    over = Presence.filter(account_id=reviewer.account_id)
    await unit_of_work(lambda: over.update(until=now() - timedelta(seconds=1)))
    await tidy()
    assert [row.account_id for row in await Presence.all()] == [other.account_id]


@pytest.mark.parametrize(
    ("role", "code"),
    [(Role.APPLICANT, "NOT_FOUND"), (Role.AUDITOR, "NOT_PERMITTED"), (Role.ADMIN, "NOT_FOUND")],
)
async def test_only_reviewers_look(filing: Filing, role: Role, code: str) -> None:
    actor, name = await make_actor(role), node_id(Filing, filing.id)
    for outcome in (await look_at_filing(actor, id=name), await stop_looking(actor, id=name)):
        assert [problem.code for problem in outcome.problems] == [code]
    assert not await Presence.exists()


async def test_the_owner_is_told_that_looking_is_not_his(filing: Filing, owner: Actor) -> None:
    outcome = await look_at_filing(owner, id=node_id(Filing, filing.id))
    assert [problem.code for problem in outcome.problems] == ["NOT_PERMITTED"]
    assert not await Presence.exists()


async def test_a_token_needs_the_scope_of_review(filing: Filing) -> None:
    account, name = await make_account(Role.REVIEWER), node_id(Filing, filing.id)
    refused = await look_at_filing(actor_of(account, frozenset({TokenScope.READ})), id=name)
    assert [problem.code for problem in refused.problems] == ["NOT_PERMITTED"]
    assert not await Presence.exists()
    done = await look_at_filing(actor_of(account, frozenset({TokenScope.REVIEW})), id=name)
    assert done.problems == ()


async def test_a_draft_of_a_customer_is_not_found(owner: Actor, reviewer: Actor) -> None:
    filing = await draft(owner)
    for name in (node_id(Filing, filing.id), "fil_999999", "x"):
        outcome = await look_at_filing(reviewer, id=name)
        assert [problem.code for problem in outcome.problems] == ["NOT_FOUND"]
    assert not await Presence.exists()


async def test_a_forgotten_draft_is_erased_though_its_reviewer_still_looks_at_it(reviewer: Actor) -> None:
    filing = await draft(reviewer, on_behalf_of=await make_actor(Role.APPLICANT))
    await look_at_filing(reviewer, id=node_id(Filing, filing.id))
    long_ago = now() - timedelta(days=31)
    await unit_of_work(
        lambda: Filing.filter(id=filing.id).update(status=FilingStatus.ABANDONED, updated_at=long_ago)
    )
    await tidy()
    assert not await Filing.exists(id=filing.id)
    assert not await Presence.exists()


async def test_a_repeated_key_renews_nothing(filing: Filing, reviewer: Actor) -> None:
    name = node_id(Filing, filing.id)
    await presence.look_at_filing(reviewer, id=name, key="k")
    first = await Presence.get()
    assert (await presence.look_at_filing(reviewer, id=name, key="k")).replayed
    assert (await Presence.get()).until == first.until
