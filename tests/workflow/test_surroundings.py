"""Surroundings: which open filing holds a record, takes a website, or stands beside another one."""

from functools import partial

from models.filing import Filing
from models.states import FilingKind, FilingStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support import filed
from tests.support.filed import name
from tests.support.lives import draft
from tests.workflow.filed_subjects import in_mode
from workflow.actors import Actor
from workflow.surroundings import load_surroundings

K = FilingKind


async def test_a_record_is_held_by_the_filing_that_drafts_it_or_proposes_its_change(owner: Actor) -> None:
    in_mode(coexistence="loose")
    subject = await filed.filed_subject(owner, websites=3)
    [first, second, bare] = await filed.websites_of(subject)
    access = await filed.access_of(first)
    await filed.end_access(await filed.access_of(bare))
    change = await filed.opened(await filed.start_change(owner, subject, subject, first))
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    site = await filed.add_site(owner, subject, filed.site(0, 5))
    serving = await filed.opened(await filed.start_access(owner, bare))
    new = await filed.access_of(bare)
    around = (await load_surroundings([subject.id]))[subject.id]
    assert [other.filing.id for other in around.open] == [change.id, adding.id, serving.id]
    held = {
        name(row): (filing.id if (filing := around.holder(row)) else None)
        for row in (subject, first, second, access, site, await filed.access_of(site), new, bare)
    }
    assert held == {
        name(subject): change.id, name(first): change.id, name(second): None, name(access): None,
        name(site): adding.id, name(await filed.access_of(site)): adding.id, name(new): serving.id, name(bare): None,
    }  # fmt: skip
    assert [(row.filing.id, sorted(row.records)) for row in around.rivals(adding)] == [
        (change.id, sorted([name(subject), name(first)])), (serving.id, sorted([name(new), name(bare)])),
    ]  # fmt: skip
    taker = around.adder(subject)
    assert taker is not None
    assert taker.id == adding.id
    assert around.adder(subject, name(change)) is None


async def test_a_first_filing_holds_all_its_drafts_and_takes_websites(owner: Actor) -> None:
    filing = await draft(owner, 2)
    subject = await Subject.get(id=filing.subject_id)
    [website, *_] = await filed.websites_of(subject)
    around = (await load_surroundings([subject.id]))[subject.id]
    for row in (subject, website, await filed.access_of(website)):
        holder = around.holder(row)
        assert holder is not None
        assert holder.id == filing.id
    taker = around.adder(subject)
    assert taker is not None
    assert taker.kind is K.NEW_FILING


async def _end(number: int, status: FilingStatus) -> None:
    await Filing.filter(id=number).update(status=status)


async def test_what_is_over_is_around_nothing(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    for status in (FilingStatus.ABANDONED, FilingStatus.VOIDED, FilingStatus.APPROVED):
        filing = await filed.opened(await filed.start_change(owner, subject, subject))
        await unit_of_work(partial(_end, filing.id, status))
        around = (await load_surroundings([subject.id]))[subject.id]
        assert (around.open, around.holder(subject)) == ([], None)
    assert await load_surroundings([]) == {}
