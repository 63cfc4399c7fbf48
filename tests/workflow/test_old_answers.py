"""Old answers: what the authority said before a report was sent says nothing of it, however often it is told again."""

import dataclasses
from typing import Any

import pytest

from authority.messages import Decision, Delivery, FiledRecord
from authority.simulator.counter import Simulator
from models.filing import Filing
from models.states import FilingStatus
from models.subject import Subject
from tests.support import filed
from tests.support.lives import take_answers
from tests.workflow.desks import Says
from tests.workflow.test_force import changed, held
from workflow.actors import Actor

APPROVED, AT_AUTHORITY = FilingStatus.APPROVED, FilingStatus.AT_AUTHORITY


async def reported_change(
    desk: Simulator, owner: Actor, reviewer: Actor, subject: Subject, remark: str
) -> Filing:
    """A change of the subject's remark that lies at the authority."""
    filing = await changed(owner, await Subject.get(id=subject.id), remark=remark)
    return await filed.sent(desk, owner, reviewer, filing)


async def tell(delivery: Delivery, name: str | None = None) -> None:
    """Let the authority say it, under another file name where one is given."""
    await take_answers(Says(dataclasses.replace(delivery, file_name=name or delivery.file_name)))


async def stands(filing: Filing) -> FilingStatus:
    return (await Filing.get(id=filing.id)).status


@pytest.mark.shows("C55", "C56")
async def test_the_second_half_of_an_earlier_yes_does_not_approve_the_next_change(
    desk: Simulator, owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, 1)
    first = await reported_change(desk, owner, reviewer, subject, "第一次")
    answers = await held(desk)
    await tell(answers[FiledRecord])
    assert await stands(first) is APPROVED
    second = await reported_change(desk, owner, reviewer, subject, "第二次")
    await tell(answers[Decision])
    await tell(answers[Decision], "again.xml")
    assert await stands(second) is AT_AUTHORITY
    assert (await Subject.get(id=subject.id)).remark == "第一次"
    await take_answers(desk)
    assert await stands(second) is APPROVED


@pytest.mark.shows("C56")
async def test_an_old_record_does_not_complete_a_change_back_to_what_it_holds(
    desk: Simulator, owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, 1)
    await reported_change(desk, owner, reviewer, subject, "一")
    old = await held(desk)
    for delivery in old.values():
        await tell(delivery)
    second = await reported_change(desk, owner, reviewer, subject, "二")
    await take_answers(desk)
    assert await stands(second) is APPROVED
    third = await reported_change(desk, owner, reviewer, subject, "一")
    await tell(old[FiledRecord], "again.xml")
    assert await stands(third) is AT_AUTHORITY


@pytest.mark.shows("C62")
async def test_an_old_record_without_the_access_does_not_end_the_one_that_was_added_since(
    desk: Simulator, owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, 1)
    [website] = await filed.websites_of(subject)
    await desk.add_foreign_access(website.filing_number or "", 310000000023)
    await take_answers(desk)

    async def cancelled() -> Filing:
        asked = await filed.cancel(owner, await filed.access_of(website))
        return await filed.sent(desk, owner, reviewer, await filed.opened(asked))

    await cancelled()
    old: Any = await held(desk)
    for delivery in old.values():
        await tell(delivery)
    again = await filed.opened(await filed.start_access(owner, website))
    assert (await filed.through(desk, owner, reviewer, again)).status is APPROVED
    second = await cancelled()
    await tell(old[FiledRecord], "again.xml")
    assert await stands(second) is AT_AUTHORITY
    assert (await filed.access_of(website)).status.value == "FILED"
