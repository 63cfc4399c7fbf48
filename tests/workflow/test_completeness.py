"""Completeness: of each kind, what of decision and record makes the answer whole, and which record answers it at all."""

import dataclasses

import pytest

from authority.simulator.counter import Simulator
from models.filing import Filing
from models.subject import Subject
from models.website import Website
from tests.support import filed
from tests.workflow.doings import edit_subject
from tests.workflow.filed_subjects import in_mode
from workflow.actors import Actor
from workflow.completeness import is_complete, shows
from workflow.filed import Filed, FiledWebsite
from workflow.forms import load_forms


async def whole(filing: Filing) -> Filed:
    """What the authority holds once this filing is carried out, with a number and an id for everything."""
    form = (await load_forms([filing]))[filing.id]
    websites = {}
    for serial, site in enumerate(form.websites, 1):
        number = int((site.id or "").partition("_")[2])
        accesses = {int((site.access.id or "").partition("_")[2]): 900 + serial} if site.access else {}
        websites[number] = FiledWebsite(f"京ICP备2026000001号-{serial}", 800 + serial, accesses=accesses)
    return Filed("京ICP备2026000001号", 700, websites, form)


async def complete(filing: Filing, filed_: Filed | None, *, decided: bool) -> bool:
    return await is_complete(await Filing.get(id=filing.id), 1, filed_, decided=decided)


@pytest.mark.shows("C37", "C38", "C59")
async def test_an_added_website_wants_the_decision_and_every_number(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await filed.opened(await filed.start_add_website(owner, subject))
    first = await filed.add_site(owner, subject, filed.site(0, 3))
    second = await filed.add_site(owner, subject, filed.site(0, 4))
    filing = await filed.sent(desk, owner, reviewer, filing)
    told = await whole(filing)
    nameless = {**told.websites, second.id: dataclasses.replace(told.websites[second.id], number=None)}
    part = dataclasses.replace(told, websites=nameless)
    assert await complete(filing, told, decided=True)
    assert not await complete(filing, told, decided=False)
    assert not await complete(filing, None, decided=True)
    assert not await complete(filing, part, decided=True)
    assert await shows(filing, told)
    assert await shows(filing, part)  # half of the answer, but one
    [old] = [site for site in await filed.websites_of(subject) if site.id not in (first.id, second.id)]
    assert not await shows(filing, dataclasses.replace(told, websites={old.id: FiledWebsite("x-1")}))


@pytest.mark.shows("C37", "C61")
async def test_an_added_access_wants_the_decision_and_its_id(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(website))
    filing = await filed.opened(await filed.start_access(owner, website))
    filing = await filed.sent(desk, owner, reviewer, filing)
    told = await whole(filing)
    bare = dataclasses.replace(told, websites={website.id: FiledWebsite(website.filing_number, 1)})
    assert [await complete(filing, told, decided=yes) for yes in (True, False)] == [True, False]
    assert [await complete(filing, bare, decided=yes) for yes in (True, False)] == [False, False]
    assert not await complete(filing, None, decided=True)
    assert [await shows(filing, record) for record in (told, bare)] == [True, False]


@pytest.mark.shows("C37", "C54")
async def test_a_change_wants_the_decision_or_a_record_with_what_was_reported(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, filing, remark="搬迁")
    filing = await filed.sent(desk, owner, reviewer, await Filing.get(id=filing.id))
    told = await whole(filing)
    assert told.form is not None
    subject_before = dataclasses.replace(told.form.subject, remark=None)
    old = dataclasses.replace(told, form=dataclasses.replace(told.form, subject=subject_before))
    assert await complete(filing, None, decided=True)
    assert await complete(filing, told, decided=False)
    assert not await complete(filing, old, decided=False)
    assert not await complete(filing, None, decided=False)
    assert [await shows(filing, record) for record in (told, old)] == [True, False]


@pytest.mark.shows("C37", "C62", "C64", "C65")
async def test_an_end_wants_the_decision_and_that_of_an_access_a_record_without_it_does_too(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    in_mode(coexistence="loose")
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [first, second] = await filed.websites_of(subject)
    of_access = await filed.opened(await filed.cancel(owner, await filed.access_of(first)))
    of_website = await filed.opened(await filed.cancel(owner, second))
    for filing in (of_access, of_website):
        filing = await filed.sent(desk, owner, reviewer, filing)
        assert await complete(filing, None, decided=True)
        assert not await complete(filing, None, decided=False)
    told = await whole(of_access)
    without = dataclasses.replace(told, websites={first.id: FiledWebsite(first.filing_number, 1)})
    assert [await shows(of_access, record) for record in (told, without)] == [False, True]
    assert await complete(of_access, without, decided=False)
    assert not await shows(of_website, told)
    assert await Subject.filter(id=subject.id).exists()
    assert await Website.all().count() == 2
