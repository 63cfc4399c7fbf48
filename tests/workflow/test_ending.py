"""Ending: what hangs on a cancelled record ends with it, and so does whatever else is open on it."""

import pytest

from authority.messages import Cancelled, Decision, ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing, FilingProof
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, FilingStatus, RecordStatus, Role
from models.subject import Subject
from models.website import Website, WebsiteDomain
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import approve, make_actor, named, submit
from tests.workflow.answering import moves, told
from tests.workflow.doings import edit_subject, edit_website
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import in_mode
from workflow import steps
from workflow.actors import Actor
from workflow.gate import decide

GONE, FILED = RecordStatus.CANCELLED, RecordStatus.FILED


async def state_of(
    subject: Subject,
) -> tuple[RecordStatus, list[tuple[RecordStatus, RecordStatus, RecordStatus]]]:
    """The subject, and of each website itself, its access and its domains."""
    sites = []
    for website in await Website.filter(subject_id=subject.id).order_by("serial"):
        [domain, *_] = await WebsiteDomain.filter(website_id=website.id)
        sites.append((website.status, (await filed.access_of(website)).status, domain.status))
    return (await Subject.get(id=subject.id)).status, sites


async def gate(website: Website) -> str:
    """What the gate says of the website's first domain."""
    [domain, *_] = await WebsiteDomain.filter(website_id=website.id)
    decision = await decide(domain.name, None)
    return f"{decision.decision} {decision.reason}"


@pytest.mark.shows("C51", "C62", "C67", "C85")
async def test_a_cancelled_access_closes_its_website_alone(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [first, second] = await filed.websites_of(subject)
    await desk.add_foreign_access(first.filing_number or "", 310000000023)
    access = await filed.access_of(first)
    filing = await filed.sent(desk, owner, reviewer, await filed.opened(await filed.cancel(owner, access)))
    assert [await gate(site) for site in (first, second)] == ["ALLOW FILED"] * 2
    await told(decision(5, access.authority_id))
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED
    assert await state_of(subject) == (FILED, [(FILED, GONE, FILED), (FILED, FILED, FILED)])
    assert [await gate(site) for site in (first, second)] == ["DENY NO_ACCESS", "ALLOW FILED"]
    assert (await filed.access_of(first)).version == access.version + 1


def decision(operation: int, record_id: int | None, *, approved: bool = True) -> Decision:
    """The authority's yes or no, said by a test."""
    return Decision(operation, record_id or 0, approved, None, "王", now())


@pytest.mark.shows("C64", "C67", "C85")
async def test_a_cancelled_website_ends_with_its_access_and_domains(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [first, second] = await filed.websites_of(subject)
    filing = await filed.through(desk, owner, reviewer, await filed.opened(await filed.cancel(owner, first)))
    assert filing.status is FilingStatus.APPROVED
    assert await state_of(subject) == (FILED, [(GONE, GONE, GONE), (FILED, FILED, FILED)])
    assert [await gate(site) for site in (first, second)] == ["DENY CANCELLED", "ALLOW FILED"]
    assert (await Website.get(id=first.id)).filing_number == first.filing_number


@pytest.mark.shows("C65", "C67", "C85", "N12")
async def test_a_cancelled_subject_ends_with_everything(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    colleague = await make_actor(Role.REVIEWER)
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    websites = await filed.websites_of(subject)
    filing = await filed.opened(await filed.cancel(owner, subject))
    filing = await filed.through(desk, owner, reviewer, filing, colleague)
    assert filing.status is FilingStatus.APPROVED
    assert await state_of(subject) == (GONE, [(GONE, GONE, GONE)] * 2)
    assert [await gate(site) for site in websites] == ["DENY CANCELLED"] * 2
    assert not await FilingProof.filter(filing_id=filing.id, travelling__isnull=False).exists()
    [letter] = await OutboxMessage.filter(kind="MAIL", filing_id=filing.id)
    assert "filing_done" in (letter.payload or "")


@pytest.mark.shows("C38", "C66")
@pytest.mark.parametrize("by", ["decision", "cancellation data"])
async def test_decision_or_cancellation_data_complete_it_and_the_other_one_is_quiet(
    owner: Actor, reviewer: Actor, desk: Simulator, by: str
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, _] = await filed.websites_of(subject)
    filing = await filed.sent(desk, owner, reviewer, await filed.opened(await filed.cancel(owner, website)))
    yes, data = decision(7, website.authority_id), Cancelled(1, website.authority_id or 0, None)
    await told(yes if by == "decision" else data)
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED
    steps_taken, before = await moves(filing), await everything()
    await told(yes, data, yes, data, name="again")
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {"received_answer"}
    assert await moves(filing) == steps_taken


async def reported_and_dropped(
    desk: Simulator, owner: Actor, reviewer: Actor, row: Subject | Website, second: Actor | None = None
) -> Filing:
    """A cancellation that is at the authority for all we know, and that its owner has dropped since."""
    filing = await filed.sent(
        desk, owner, reviewer, await filed.opened(await filed.cancel(owner, row)), second
    )
    operation = 6 if isinstance(row, Subject) else 7
    await told(
        ProcessingResult(operation, str(row.authority_id), (ResultCode(1016, None),), None), name="error"
    )
    filing = await Filing.get(id=filing.id)
    assert filing.status is FilingStatus.SUBMITTED
    return await filed.give_up(owner, filing)


@pytest.mark.shows("C66", "C79")
@pytest.mark.parametrize("status", [FilingStatus.DRAFT, FilingStatus.SUBMITTED, FilingStatus.ACCEPTED])
async def test_a_late_end_of_a_website_voids_what_else_is_open_on_it(
    owner: Actor, reviewer: Actor, desk: Simulator, status: FilingStatus
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, _] = await filed.websites_of(subject)
    ending = await reported_and_dropped(desk, owner, reviewer, website)
    change = await filed.opened(await filed.start_change(owner, subject, website))
    await edit_website(owner, website, remark="换机房")
    if status is not FilingStatus.DRAFT:
        change = await submit(owner, await Filing.get(id=change.id))
    if status is FilingStatus.ACCEPTED:
        change = await approve(reviewer, change)
    before = await Filing.get(id=change.id)
    await told(Cancelled(1, website.authority_id or 0, None))
    assert (await Filing.get(id=ending.id)).status is FilingStatus.APPROVED
    assert await state_of(subject) == (FILED, [(GONE, GONE, GONE), (FILED, FILED, FILED)])
    voided = await Filing.get(id=change.id)
    assert (voided.status, voided.version, voided.due_at) == (FilingStatus.VOIDED, before.version + 1, None)
    event = await FilingEvent.filter(filing_id=change.id, action=FilingAction.VOID).get()
    assert (event.before, event.after, event.note, event.actor) == (
        status, FilingStatus.VOIDED, "MIIT-1050", "authority",
    )  # fmt: skip
    assert not await FilingProof.filter(filing_id=change.id).exists()
    assert not await Report.filter(filing_id=change.id).exists()
    assert not await OutboxMessage.filter(filing_id=change.id, kind="REPORT").exists()
    refused = await edit_website(owner, website, remark="再换")
    assert [problem.code for problem in refused.problems] == ["WRONG_STATE"]
    restored = await steps.restore_filing(owner, **named(voided), filing_password=PASSWORD)
    assert [problem.code for problem in restored.problems] == ["WRONG_STATE"]


@pytest.mark.shows("C66", "C79")
async def test_a_late_end_of_a_subject_voids_everything_and_puts_its_drafts_away(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    colleague = await make_actor(Role.REVIEWER)
    subject = await filed.file_at(desk, owner, reviewer)
    ending = await reported_and_dropped(desk, owner, reviewer, subject, colleague)
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    draft = await filed.add_site(owner, subject, filed.site(0, 5))
    await told(Cancelled(0, subject.authority_id or 0, None))
    assert (await Filing.get(id=ending.id)).status is FilingStatus.APPROVED
    assert (await Filing.get(id=adding.id)).status is FilingStatus.VOIDED
    event = await FilingEvent.filter(filing_id=adding.id, action=FilingAction.VOID).get()
    assert event.note == "MIIT-1049"
    assert (await Subject.get(id=subject.id)).status is GONE
    left = await Website.get(id=draft.id)
    assert (left.status, left.archived) == (RecordStatus.DRAFT, True)


@pytest.mark.shows("C66")
async def test_under_the_loose_matrix_what_is_open_on_other_records_goes_on(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    in_mode(coexistence="loose")
    subject = await filed.file_at(desk, owner, reviewer, websites=3)
    [first, second, third] = await filed.websites_of(subject)
    ending = await filed.opened(await filed.cancel(owner, first))
    change = await filed.opened(await filed.start_change(owner, subject, second))
    another = await filed.opened(await filed.cancel(owner, third))
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    assert (await filed.through(desk, owner, reviewer, ending)).status is FilingStatus.APPROVED
    left = [(await Filing.get(id=row.id)).status for row in (change, another, adding)]
    assert left == [FilingStatus.DRAFT, FilingStatus.SUBMITTED, FilingStatus.DRAFT]


@pytest.mark.shows("C66", "C79")
async def test_a_draft_of_an_access_ends_with_its_website(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, _] = await filed.websites_of(subject)
    ending = await reported_and_dropped(desk, owner, reviewer, website)
    await filed.end_access(await filed.access_of(website))
    adding = await filed.opened(await filed.start_access(owner, website))
    drafted = await filed.access_of(website)
    await told(Cancelled(1, website.authority_id or 0, None))
    assert (await Filing.get(id=ending.id)).status is FilingStatus.APPROVED
    assert (await Filing.get(id=adding.id)).status is FilingStatus.VOIDED
    after = await type(drafted).get(id=drafted.id)
    assert (after.status, after.archived) == (RecordStatus.DRAFT, True)


@pytest.mark.shows("C66")
async def test_what_was_abandoned_stays_so_and_cannot_be_brought_back_to_what_has_ended(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, _] = await filed.websites_of(subject)
    change = await filed.opened(await filed.start_change(owner, subject, website))
    await edit_website(owner, website, remark="换机房")
    change = await filed.give_up(owner, await Filing.get(id=change.id))
    ending = await filed.opened(await filed.cancel(owner, await Website.get(id=website.id)))
    assert (await filed.through(desk, owner, reviewer, ending)).status is FilingStatus.APPROVED
    assert (await Filing.get(id=change.id)).status is FilingStatus.ABANDONED
    before = await everything()
    restored = await steps.restore_filing(owner, **named(change), filing_password=PASSWORD)
    assert [(p.code, p.rule, p.blocking_id) for p in restored.problems] == [
        ("WRONG_STATE", "MIIT-1050", name(website))
    ]
    # the try was right, and given back
    after = await everything()
    assert {table for table in after if after[table] != before[table]} <= {"throttle"}
    assert (await edit_subject(owner, change, remark="x")).problems
