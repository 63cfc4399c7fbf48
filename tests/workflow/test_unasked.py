"""What the authority tells unasked: ids and other providers' accesses are kept, data that differ are set aside for staff."""

import dataclasses

import pytest

from authority.messages import FiledRecord
from authority.simulator.counter import Simulator
from models.event import FilingEvent
from models.states import FilingAction
from models.subject import Subject
from models.website import OtherAccess, Website
from tests.support import filed
from tests.support.lives import take_answers
from tests.workflow.answering import parked, told
from tests.workflow.everything import everything
from workflow.actors import Actor

OTHER = 310000000023


async def news(desk: Simulator, website: Website) -> FiledRecord:
    """The record of the website's subject as the authority holds it after another provider serves it too."""
    await desk.add_foreign_access(website.filing_number or "", OTHER)
    delivery = await desk.download()
    assert delivery is not None
    await desk.acknowledge(delivery.file_name)
    [record] = delivery.answers
    assert isinstance(record, FiledRecord)
    return record


@pytest.mark.shows("C63", "C81")
async def test_another_providers_access_is_kept_and_told_once(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, _] = await filed.websites_of(subject)
    record = await news(desk, website)
    before = await everything()
    await told(record)
    other = await OtherAccess.get()
    assert (other.website_id, other.provider, other.methods) == (website.id, str(OTHER), ["2"])
    assert other.ip_ranges == [["198.51.100.1", "198.51.100.1"]]
    [event] = await FilingEvent.filter(action=FilingAction.RECEIVE_DATA)
    assert (event.subject_id, event.actor, event.record) == (subject.id, "authority", filed.name(website))
    assert event.filing_id is None
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {
        "other_access", "filing_event", "received_answer", "website",
    }  # fmt: skip
    await told(record, record, name="again")
    last = await everything()
    assert {table for table in last if last[table] != after[table]} == {"received_answer"}
    gone = dataclasses.replace(
        record,
        websites=tuple(
            dataclasses.replace(
                site, accesses=tuple(access for access in site.accesses if access.provider != OTHER)
            )
            for site in record.websites
        ),
    )
    await told(gone, name="gone")
    assert not await OtherAccess.all().exists()


@pytest.mark.shows("C81")
@pytest.mark.parametrize("what", ["address", "website", "domain"])
async def test_data_that_differ_from_what_is_in_force_are_set_aside_and_change_nothing(
    owner: Actor, reviewer: Actor, desk: Simulator, what: str
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    record = await news(desk, website)
    [site] = record.websites
    if what == "address":
        address = dataclasses.replace(record.subject.address, detail="管局改的地址")
        record = dataclasses.replace(record, subject=dataclasses.replace(record.subject, address=address))
    if what == "website":
        record = dataclasses.replace(record, websites=(dataclasses.replace(site, name="管局改的名字"),))
    if what == "domain":
        domain = dataclasses.replace(site.domains[0], name="else.example")
        record = dataclasses.replace(record, websites=(dataclasses.replace(site, domains=(domain,)),))
    before = await everything()
    await told(record)
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {"received_answer"}
    assert [(fault, kept) for _, fault, kept in await parked()] == [("AboutNothing", True)]


@pytest.mark.shows("C81")
async def test_what_is_about_nobody_here_is_set_aside(owner: Actor, reviewer: Actor, desk: Simulator) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    record = await news(desk, website)
    stranger = dataclasses.replace(
        record.subject, provider_id=None, authority_id=1, number="沪ICP备10900096号", name="别人"
    )
    sites = tuple(dataclasses.replace(site, accesses=()) for site in record.websites)
    before = await everything()
    await told(dataclasses.replace(record, subject=stranger, websites=sites))
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {"received_answer"}


async def test_while_a_cancelled_access_is_gone_here_too_the_record_without_it_agrees(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [first, second] = await filed.websites_of(subject)
    await desk.add_foreign_access(first.filing_number or "", OTHER)
    await take_answers(desk)
    ending = await filed.opened(await filed.cancel(owner, await filed.access_of(first)))
    await filed.through(desk, owner, reviewer, ending)
    record = await news(desk, second)
    await told(record)
    assert await parked() == []
    assert await OtherAccess.all().count() == 2
    assert await Subject.filter(id=subject.id, status="FILED").exists()
