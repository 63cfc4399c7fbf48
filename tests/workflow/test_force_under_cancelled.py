"""Coming into force under what is cancelled: a late yes revives nothing, it is kept as cancelled with its numbers."""

from collections.abc import Iterable

import pytest

from authority.messages import Decision, FiledRecord, ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.access import Access
from models.filing import Filing
from models.states import FilingStatus, RecordStatus, Role
from models.subject import Subject
from models.website import Website, WebsiteDomain
from tests.support import filed
from tests.support.lives import make_actor, named, take_answers
from tests.workflow import desks
from tests.workflow.answering import told
from tests.workflow.doings import edit_website
from tests.workflow.test_access_openings import CLASSROOM, NUMBER, SECRET, SHOP, adopt
from tests.workflow.test_force import held
from workflow import steps
from workflow.actors import Actor
from workflow.gate import decide

GONE, FILED = RecordStatus.CANCELLED, RecordStatus.FILED
OTHER_PROVIDER = 310000000023
NEW_WEBSITES, NEW_ACCESS, CHANGE = 2, 3, 4


async def drop(owner: Actor, filing: Filing, operation: int, record: int | None) -> None:
    """The authority could not process the report, so it is back and its owner drops it."""
    error = ProcessingResult(operation, str(record), (ResultCode(1009, None),), None)
    await told(error, name="error")
    filing = await Filing.get(id=filing.id)
    assert filing.status is FilingStatus.SUBMITTED
    assert (await filed.give_up(owner, filing)).status is FilingStatus.ABANDONED


async def end(
    desk: Simulator,
    owner: Actor,
    reviewer: Actor,
    row: Subject | Website,
    second: Actor | None = None,
    password: str = filed.PASSWORD,
) -> None:
    """The record is cancelled, at the authority too."""
    fresh = await type(row).get(id=row.id)
    filing = await filed.opened(await filed.cancel(owner, fresh, password))
    filing = await filed.through(desk, owner, reviewer, filing, second)
    assert filing.status is FilingStatus.APPROVED


async def standing(website: Website) -> tuple[RecordStatus, dict[str, RecordStatus], list[RecordStatus]]:
    """The website itself, its domains by name, and its accesses that are not archived."""
    domains = await WebsiteDomain.filter(website_id=website.id)
    accesses = await Access.filter(website_id=website.id, archived=False)
    own = (await Website.get(id=website.id)).status
    return own, {row.name: row.status for row in domains}, [row.status for row in accesses]


async def gate(domain: str) -> str:
    """What the gate says of a domain."""
    decision = await decide(domain, None)
    return f"{decision.decision} {decision.reason}"


async def late(desk: Simulator, wanted: Iterable[type]) -> list[desks.Says]:
    """The answers that wait at the authority, held back to be said later in this order."""
    answers = await held(desk)
    return [desks.Says(answers[kind]) for kind in wanted]


@pytest.mark.shows("C51", "C67", "C79")
@pytest.mark.parametrize("order", [(FiledRecord, Decision), (Decision, FiledRecord)])
async def test_websites_brought_late_to_a_cancelled_subject_are_cancelled_and_keep_their_number(
    owner: Actor, reviewer: Actor, desk: Simulator, order: tuple[type, ...]
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, 1)
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    site = await filed.add_site(owner, subject, filed.site(2, 5))
    await filed.sent(desk, owner, reviewer, adding)
    answers = await late(desk, order)
    await drop(owner, adding, NEW_WEBSITES, subject.authority_id)
    await end(desk, owner, reviewer, subject, await make_actor(Role.REVIEWER))
    for answer in answers:
        await take_answers(answer)
    assert (await Filing.get(id=adding.id)).status is FilingStatus.APPROVED
    assert (await Subject.get(id=subject.id)).status is GONE
    assert await standing(site) == (GONE, {"site-2-5.example": GONE}, [GONE])
    after, access = await Website.get(id=site.id), await filed.access_of(site)
    [domain] = await WebsiteDomain.filter(website_id=site.id)
    assert (after.filing_number, after.archived) == (f"{subject.filing_number}-2", False)
    assert None not in (after.authority_id, access.authority_id, domain.authority_id)
    assert await gate("site-2-5.example") == "DENY CANCELLED"


@pytest.mark.shows("C67", "C79")
async def test_the_domain_of_a_website_brought_late_to_a_cancelled_subject_is_free_for_others(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, 1)
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    await filed.add_site(owner, subject, filed.site(2, 5))
    await filed.sent(desk, owner, reviewer, adding)
    answers = await late(desk, (FiledRecord, Decision))
    await drop(owner, adding, NEW_WEBSITES, subject.authority_id)
    await end(desk, owner, reviewer, subject, await make_actor(Role.REVIEWER))
    for answer in answers:
        await take_answers(answer)
    stranger = await make_actor(Role.APPLICANT)
    theirs = await filed.filed_subject(stranger, 4)
    [website] = await filed.websites_of(theirs)
    change = await filed.opened(await filed.start_change(stranger, theirs, website))
    await edit_website(stranger, website, domains=["site-2-5.example"], home_url="www.site-2-5.example")
    submitted = await steps.submit_filing(
        stranger, **named(await Filing.get(id=change.id)), filing_password=None
    )
    assert submitted.problems == ()


@pytest.mark.shows("C51", "C56", "C79")
@pytest.mark.parametrize("answer", [Decision, FiledRecord])
async def test_a_late_yes_to_a_change_of_a_cancelled_website_leaves_its_domains_cancelled(
    owner: Actor, reviewer: Actor, desk: Simulator, answer: type
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, other] = await filed.websites_of(subject)
    change = await filed.opened(await filed.start_change(owner, subject, website))
    domains = ["site-0-0.example", "spaet.example"]
    assert not (await edit_website(owner, website, domains=domains, remark="新")).problems
    await filed.sent(desk, owner, reviewer, await Filing.get(id=change.id))
    [yes] = await late(desk, [answer])
    await drop(owner, change, CHANGE, subject.authority_id)
    await end(desk, owner, reviewer, website)
    await take_answers(yes)
    assert (await Filing.get(id=change.id)).status is FilingStatus.APPROVED
    assert await standing(website) == (GONE, dict.fromkeys(domains, GONE), [GONE])
    assert await standing(other) == (FILED, {"site-0-1.example": FILED}, [FILED])
    assert [await gate(name) for name in domains] == ["DENY CANCELLED"] * 2
    assert (await Website.get(id=website.id)).remark == "新"


@pytest.mark.shows("C61", "C67", "C79")
async def test_an_access_brought_late_to_a_cancelled_website_is_cancelled_and_keeps_its_id(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, 1, websites=2)
    [website, _] = await filed.websites_of(subject)
    await desk.add_foreign_access(website.filing_number or "", OTHER_PROVIDER)
    await take_answers(desk)
    ending = await filed.opened(await filed.cancel(owner, await filed.access_of(website)))
    assert (await filed.through(desk, owner, reviewer, ending)).status is FilingStatus.APPROVED
    adding = await filed.opened(await filed.start_access(owner, website))
    await filed.sent(desk, owner, reviewer, adding)
    answers = await late(desk, (FiledRecord, Decision))
    drafted = await filed.access_of(website)
    await drop(owner, adding, NEW_ACCESS, drafted.provider_id)
    await end(desk, owner, reviewer, website)
    for answer in answers:
        await take_answers(answer)
    assert (await Filing.get(id=adding.id)).status is FilingStatus.APPROVED
    assert await standing(website) == (GONE, {"site-1-0.example": GONE}, [GONE])
    access = await filed.access_of(website)
    assert access.id == drafted.id
    assert access.authority_id is not None
    assert (await Subject.get(id=subject.id)).status is FILED


@pytest.mark.shows("C61", "C65", "C79")
async def test_another_providers_website_taken_over_late_under_a_cancelled_subject_is_cancelled(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    first = await filed.opened(await adopt(owner, SHOP))
    first = await filed.through(desk, owner, reviewer, first)
    assert first.status is FilingStatus.APPROVED
    subject = await Subject.get(id=first.subject_id)
    adding = await filed.opened(await adopt(owner, CLASSROOM, website_filing_number=f"{NUMBER}-2"))
    await filed.sent(desk, owner, reviewer, adding)
    answers = await late(desk, (FiledRecord, Decision))
    site = await Website.get(subject_id=subject.id, home_url="www.tingtao-ketang.com")
    await drop(owner, adding, NEW_ACCESS, (await filed.access_of(site)).provider_id)
    await end(desk, owner, reviewer, subject, await make_actor(Role.REVIEWER), SECRET)
    for answer in answers:
        await take_answers(answer)
    assert (await Filing.get(id=adding.id)).status is FilingStatus.APPROVED
    assert await standing(site) == (GONE, {"tingtao-ketang.com": GONE}, [GONE])
    assert (await Website.get(id=site.id)).filing_number == f"{NUMBER}-2"
    assert await gate("tingtao-ketang.com") == "DENY CANCELLED"
