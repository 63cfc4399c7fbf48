"""Erasure: a dropped addition or change that was never submitted goes with what it brought, and nothing else does."""

from datetime import timedelta

import pytest

from demo.forms import filing_form
from models.access import Access
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing, FilingProof, Target
from models.states import RecordOrigin
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.support.filed import (
    ACCESS,
    PASSWORD,
    access_of,
    add_site,
    end_access,
    filed_subject,
    opened,
    site,
    start_access,
    start_add_website,
    start_change,
    websites_of,
)
from tests.support.lives import named, plain
from workflow import steps
from workflow.access_openings import Typed, start_add_access
from workflow.actors import Actor
from workflow.housekeeping import tidy


async def drop_long_ago(owner: Actor, filing: Filing) -> None:
    filing = await Filing.get(id=filing.id)
    assert not (await steps.drop_filing(owner, **named(filing))).problems
    old = now() - timedelta(days=31)
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(updated_at=old))


async def nothing_left_of(filing: Filing) -> bool:
    rows = (Target, FilingProof, FilingEvent)
    left = [await kind.filter(filing_id=filing.id).exists() for kind in rows]
    return not any(left) and not await Filing.filter(id=filing.id).exists()


@pytest.mark.shows("C44", "C60")
async def test_added_websites_go_and_those_in_force_stay(owner: Actor) -> None:
    subject = await filed_subject(owner, websites=1)
    filing = await opened(await start_add_website(owner, subject))
    added = await add_site(owner, subject, site(0, 3))
    await drop_long_ago(owner, filing)
    await tidy()
    assert await nothing_left_of(filing)
    assert not await Website.filter(id=added.id).exists()
    assert not await WebsiteDomain.filter(website_id=added.id).exists()
    [kept] = await websites_of(subject)
    assert (await access_of(kept)).status.value == "FILED"


@pytest.mark.shows("C44", "C55")
async def test_a_change_goes_and_what_is_in_force_stays_as_it_was(owner: Actor) -> None:
    subject = await filed_subject(owner)
    before = await Subject.get(id=subject.id)
    filing = await opened(await start_change(owner, subject, subject))
    await drop_long_ago(owner, filing)
    await tidy()
    assert await nothing_left_of(filing)
    after = await Subject.get(id=subject.id)
    assert (after.name, after.status, after.version) == (before.name, before.status, before.version)


@pytest.mark.shows("C44", "C61")
async def test_an_added_access_goes_and_its_website_stays(owner: Actor) -> None:
    subject = await filed_subject(owner)
    [website] = await websites_of(subject)
    cancelled = await access_of(website)
    await end_access(cancelled)
    filing = await opened(await start_access(owner, website))
    await drop_long_ago(owner, filing)
    await tidy()
    assert await nothing_left_of(filing)
    assert [row.id for row in await Access.filter(website_id=website.id)] == [cancelled.id]


@pytest.mark.shows("C44", "C61")
async def test_what_was_typed_of_another_providers_records_goes_with_it(owner: Actor) -> None:
    form = filing_form(0)
    typed = Typed(plain(form.subject), {**plain(form.websites[0]), "access": None}, ACCESS)
    outcome = await start_add_access(
        owner, website_id=None, website_filing_number="沪ICP备10900096号-2", filing_password=PASSWORD,
        typed=typed, key=None,
    )  # fmt: skip
    filing = await opened(outcome)
    assert (await Subject.get(id=filing.subject_id)).origin is RecordOrigin.ELSEWHERE
    await drop_long_ago(owner, filing)
    await tidy()
    assert await nothing_left_of(filing)
    assert [await rows.all().count() for rows in (Subject, Website, Access)] == [0, 0, 0]
