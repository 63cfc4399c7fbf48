"""Ending of an access: what else is open on it comes to its end too, and what is open on other records goes on."""

import pytest

from authority.messages import ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.access import Access
from models.event import FilingEvent
from models.filing import Filing, FilingProof
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, FilingStatus, RecordStatus
from models.website import Website
from tests.support import filed
from tests.support.lives import approve, submit, take_answers
from tests.workflow.answering import told
from tests.workflow.doings import edit_access
from tests.workflow.filed_subjects import in_mode
from tests.workflow.test_ending import decision
from workflow.actors import Actor

OTHER_PROVIDER = 310000000023
CANCEL_ACCESS = 5


async def with_another_provider(desk: Simulator, website: Website) -> Access:
    """The website is served by another provider too, so that its access here may end; gives that access."""
    await desk.add_foreign_access(website.filing_number or "", OTHER_PROVIDER)
    await take_answers(desk)
    return await filed.access_of(website)


@pytest.mark.shows("C62", "C66", "C79")
@pytest.mark.parametrize("status", [FilingStatus.DRAFT, FilingStatus.SUBMITTED, FilingStatus.ACCEPTED])
async def test_a_late_end_of_an_access_voids_an_open_change_of_it(
    owner: Actor, reviewer: Actor, desk: Simulator, status: FilingStatus
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, _] = await filed.websites_of(subject)
    access = await with_another_provider(desk, website)
    ending = await filed.sent(desk, owner, reviewer, await filed.opened(await filed.cancel(owner, access)))
    error = ProcessingResult(CANCEL_ACCESS, str(access.authority_id), (ResultCode(1009, None),), None)
    await told(error, name="error")
    await filed.give_up(owner, await Filing.get(id=ending.id))
    change = await filed.opened(await filed.start_change(owner, subject, access))
    access = await Access.get(id=access.id)
    assert not (await edit_access(owner, access, access.version, methods=["5"])).problems
    if status is not FilingStatus.DRAFT:
        change = await submit(owner, await Filing.get(id=change.id))
    if status is FilingStatus.ACCEPTED:
        change = await approve(reviewer, change)
    await told(decision(CANCEL_ACCESS, access.authority_id))
    assert (await Filing.get(id=ending.id)).status is FilingStatus.APPROVED
    gone = await Access.get(id=access.id)
    assert (gone.status, gone.methods) == (RecordStatus.CANCELLED, ["3"])
    voided = await Filing.get(id=change.id)
    assert (voided.status, voided.due_at) == (FilingStatus.VOIDED, None)
    event = await FilingEvent.filter(filing_id=change.id, action=FilingAction.VOID).get()
    assert (event.before, event.after, event.note, event.actor) == (
        status, FilingStatus.VOIDED, "MIIT-1032", "authority",
    )  # fmt: skip
    assert not await FilingProof.filter(filing_id=change.id).exists()
    assert not await Report.filter(filing_id=change.id).exists()
    assert not await OutboxMessage.filter(filing_id=change.id, kind="REPORT").exists()


@pytest.mark.shows("C62", "C66")
async def test_an_ended_access_leaves_open_what_is_about_other_records(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    in_mode(coexistence="loose")
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, other] = await filed.websites_of(subject)
    access = await with_another_provider(desk, website)
    ending = await filed.opened(await filed.cancel(owner, access))
    open_still = [
        await filed.opened(await filed.start_change(owner, subject, await filed.access_of(other))),
        await filed.opened(await filed.start_add_website(owner, subject)),
    ]
    assert (await filed.through(desk, owner, reviewer, ending)).status is FilingStatus.APPROVED
    left = [(await Filing.get(id=row.id)).status for row in open_still]
    assert left == [FilingStatus.DRAFT, FilingStatus.DRAFT]
    assert not await FilingEvent.filter(action=FilingAction.VOID).exists()
