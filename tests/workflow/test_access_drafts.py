"""Drafts of accesses: one a website, ranges that keep their identity, and what no access may hold."""

import asyncio

import pytest

from models.access import Access, IpRange
from models.node_ids import node_id
from models.website import Website
from tests.support.lives import draft
from tests.workflow.doings import (
    ACCESS,
    access_of,
    add_access,
    add_website,
    codes,
    edit_access,
    fresh,
    remove_access,
    websites_of,
)
from tests.workflow.everything import everything
from workflow.actors import Actor


async def test_an_ip_range_keeps_its_row_by_its_ends(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    access = await access_of(website)
    first = {"start": "192.0.2.1", "end": "192.0.2.9"}
    second = {"start": "192.0.2.20"}
    await edit_access(owner, access, 1, ip_ranges=[first, second])
    rows = {row.start: row.id for row in await IpRange.filter(access_id=access.id)}
    shorter = {"start": "192.0.2.1", "end": "192.0.2.8"}
    outcome = await edit_access(owner, access, 2, ip_ranges=[second, shorter])
    assert outcome.problems == ()
    after = await IpRange.filter(access_id=access.id).order_by("position")
    assert [(row.start, row.end) for row in after] == [
        ("192.0.2.20", "192.0.2.20"),
        ("192.0.2.1", "192.0.2.8"),
    ]
    assert after[0].id == rows["192.0.2.20"]
    assert after[1].id != rows["192.0.2.1"]
    access = await Access.get(id=access.id)
    assert (access.version, access.methods, access.server_locations) == (3, ["3"], ["2"])
    assert ((await Website.get(id=website.id)).version, (await fresh(filing)).version) == (1, 3)


@pytest.mark.shows("C15", "C16")
async def test_a_second_access_is_refused_and_the_first_stays(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    before = await everything()
    outcome = await add_access(owner, website, **ACCESS)
    assert [(p.code, p.path) for p in outcome.problems] == [
        ("INVALID", ("websites", node_id(Website, website.id), "access"))
    ]
    assert await everything() == before


@pytest.mark.shows("C15")
async def test_of_many_accesses_added_at_once_one_is_kept(owner: Actor) -> None:
    filing = await draft(owner)
    await add_website(owner, filing, name="海岸论坛")
    _, website = await websites_of(filing)
    outcomes = await asyncio.gather(*(add_access(owner, website, **ACCESS) for _ in range(6)))
    assert sorted(codes(outcome) for outcome in outcomes) == [[], *[["INVALID"]] * 5]
    assert await Access.filter(website_id=website.id).count() == 1


async def test_an_access_taken_out_makes_room_for_another(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    first = await access_of(website)
    assert (await remove_access(owner, first)).problems == ()
    assert not await IpRange.filter(access_id=first.id).exists()
    outcome = await add_access(owner, website, **ACCESS)
    assert outcome.problems == ()
    assert (await access_of(website)).id == outcome.ids["access"] != first.id
    assert ((await Website.get(id=website.id)).version, (await fresh(filing)).version) == (1, 3)


async def test_what_no_access_may_hold_is_refused_at_save(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    access, before = await access_of(website), await everything()
    path = ("websites", node_id(Website, website.id), "access")
    for fields, place in (
        ({"methods": ["9999"]}, ("methods", "9999")),
        ({"server_locations": ["9999"]}, ("serverLocations", "9999")),
        ({"ip_ranges": [{"start": "192.0.2.1"}, {"start": "1" * 65}]}, ("ipRanges", "1")),
        ({"ip_ranges": [{"start": f"10.0.0.{number}"} for number in range(101)]}, ("ipRanges",)),
    ):
        outcome = await edit_access(owner, access, 1, **fields)
        assert [(p.code, p.path) for p in outcome.problems] == [("INVALID", (*path, *place))]
    assert await everything() == before
