"""The first gate: each role's own rows, and nothing of anybody else's."""

import pytest

from models.filing import Filing
from models.states import Role
from tests.support.lives import draft, give_back, make_actor, submit
from tests.workflow.doings import add_website, websites_of
from workflow.actors import (
    AUTHORITY,
    SYSTEM,
    Actor,
    sees_filing,
    visible_accesses,
    visible_events,
    visible_filings,
    visible_subjects,
    visible_websites,
)


async def seen(actor: Actor) -> tuple[set[int], set[int], int, int, set[int]]:
    """The subjects and filings in sight, how many websites and accesses, and whose filings the events tell of."""
    return (
        {row.id for row in await visible_subjects(actor)},
        {row.id for row in await visible_filings(actor)},
        await visible_websites(actor).count(),
        await visible_accesses(actor).count(),
        {row.filing_id or 0 for row in await visible_events(actor)},
    )


@pytest.mark.shows("C22", "C23", "C05")
async def test_each_role_sees_what_is_its_to_see(owner: Actor, reviewer: Actor) -> None:
    drafted = await draft(owner)
    sent = await submit(owner, await draft(owner, 1))
    other = await make_actor(Role.APPLICANT)
    typed = await draft(reviewer, 3, on_behalf_of=other)
    colleague, auditor = await make_actor(Role.REVIEWER), await make_actor(Role.AUDITOR)
    admin = await make_actor(Role.ADMIN)

    def sight(*filings: Filing) -> tuple[set[int], set[int], int, int, set[int]]:
        ids = {filing.id for filing in filings}
        return {filing.subject_id for filing in filings}, ids, len(ids), len(ids), ids

    assert await seen(owner) == sight(drafted, sent)
    assert await seen(other) == sight(typed)
    assert await seen(reviewer) == sight(sent, typed)
    assert await seen(colleague) == sight(sent)
    assert await seen(auditor) == sight(sent)
    assert await seen(admin) == sight()
    assert await seen(await make_actor(Role.APPLICANT)) == sight()
    for house in (SYSTEM, AUTHORITY):
        assert await seen(house) == sight(drafted, sent, typed)


async def test_a_filing_at_hand_is_seen_by_whom_the_query_shows_it_to(owner: Actor, reviewer: Actor) -> None:
    await draft(owner)
    await submit(owner, await draft(owner, 1))
    other = await make_actor(Role.APPLICANT)
    await draft(reviewer, 3, on_behalf_of=other)
    strangers = [await make_actor(role) for role in Role]
    for actor in (owner, reviewer, other, *strangers, SYSTEM, AUTHORITY):
        shown = {row.id for row in await visible_filings(actor)}
        assert {row.id for row in await Filing.all() if sees_filing(actor, row)} == shown


async def test_staff_do_not_see_a_website_before_it_was_submitted(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    access = {"methods": ["2"], "server_locations": ["19"], "ip_ranges": [{"start": "192.0.2.1"}]}
    await add_website(owner, filing, name="海岸论坛", access=access)
    old, new = await websites_of(filing)
    assert [row.id for row in await visible_websites(reviewer)] == [old.id]
    assert [row.website_id for row in await visible_accesses(reviewer)] == [old.id]
    assert {row.id for row in await visible_websites(owner)} == {old.id, new.id}


async def test_an_account_without_a_role_sees_nothing(owner: Actor) -> None:
    await submit(owner, await draft(owner))
    assert await seen(Actor(owner.account_id, None, None, "nobody", None)) == (set(), set(), 0, 0, set())
