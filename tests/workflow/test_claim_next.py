"""Claiming the next filing: found behind whatever is one's own, and behind claims that ended with their reviewer."""

from datetime import timedelta

import pytest

import settings as settings_module
from accounts.administration import disable_account
from models.clock import now
from models.filing import Filing
from models.states import Role
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.support.counting import counting
from tests.support.lives import draft, make_actor, named, submit
from workflow import reviews
from workflow.actors import Actor


@pytest.mark.shows("N12", "C41")
async def test_the_next_filing_is_found_behind_any_number_of_ones_own(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    theirs = await submit(owner, await draft(owner))
    own = [await submit(reviewer, await draft(reviewer, 1 + n, on_behalf_of=owner)) for n in range(52)]
    own_ids, due = [filing.id for filing in own], now() - timedelta(days=1)
    await unit_of_work(lambda: Filing.filter(id__in=own_ids).update(due_at=due))
    async with counting() as statements:
        outcome = await reviews.claim_next_filing(reviewer, key=None)
    assert outcome.ids.get("filing") == theirs.id
    assert len(statements) <= 20, statements
    assert (await reviews.claim_next_filing(reviewer, key=None)).ids == {}
    settings_module.use(settings.model_copy(update={"self_review": "allow"}))
    alone = await reviews.claim_next_filing(reviewer, key=None)
    assert alone.ids.get("filing") == own[0].id


async def test_what_its_reviewer_held_when_he_was_disabled_is_given_to_the_next(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))
    assert (await reviews.claim_filing(reviewer, **named(filing))).problems == ()
    await disable_account(reviewer.name)
    outcome = await reviews.claim_next_filing(await make_actor(Role.REVIEWER), key=None)
    assert outcome.ids.get("filing") == filing.id
