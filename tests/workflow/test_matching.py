"""Matching: which filing an answer is about, by the id or number that its operation goes by, and by nothing else."""

import pytest

from authority.messages import Cancelled, Decision, ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.clock import now
from models.filing import Filing
from models.report import Report
from models.states import FilingStatus
from models.subject import Subject
from models.website import Website
from tests.support import filed
from tests.workflow.doings import edit_subject
from tests.workflow.filed_subjects import in_mode
from workflow.actors import Actor
from workflow.matching import (
    filing_cancelled,
    filing_decided,
    filing_processed,
    reported_filings,
    subject_of,
)
from workflow.messages import OWN_IDS


def yes(operation: int, record_id: int | None) -> Decision:
    return Decision(operation, record_id or 0, True, None, None, now())


def found_fault(operation: int, reference: object) -> ProcessingResult:
    return ProcessingResult(
        operation, None if reference is None else str(reference), (ResultCode(1009, None),), None
    )


async def one_of_each(
    desk: Simulator, owner: Actor, reviewer: Actor
) -> tuple[Subject, list[Website], dict[str, Filing]]:
    """A subject filed at the desk with a change, a further website, an added access and two ends, all reported."""
    in_mode(coexistence="loose")
    subject = await filed.file_at(desk, owner, reviewer, websites=4)
    [first, second, third, bare] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(bare))
    change = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, change, remark="搬迁")
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    await filed.add_site(owner, await Subject.get(id=subject.id), filed.site(0, 5))
    filings = {
        "change": change,
        "adding": adding,
        "serving": await filed.opened(await filed.start_access(owner, bare)),
        "access": await filed.opened(await filed.cancel(owner, await filed.access_of(second))),
        "website": await filed.opened(await filed.cancel(owner, third)),
    }
    for filing in filings.values():
        await filed.sent(desk, owner, reviewer, filing)
    return subject, [first, second, third, bare], filings


@pytest.mark.shows("C37", "N11")
async def test_a_review_and_a_processing_result_find_their_filing_among_all_that_are_under_way(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject, [_, second, third, bare], filings = await one_of_each(desk, owner, reviewer)
    new = await Website.get(subject_id=subject.id, serial=5)
    access, report = await filed.access_of(second), await Report.get(filing_id=filings["serving"].id)
    ours = OWN_IDS + report.id
    [first_filing] = await Filing.filter(kind="NEW_FILING")
    for answer, wanted in (
        (yes(1, subject.id), first_filing),
        (yes(2, new.id), filings["adding"]),
        (yes(3, ours), filings["serving"]),
        (yes(4, subject.authority_id), filings["change"]),
        (yes(5, access.authority_id), filings["access"]),
        (yes(7, third.authority_id), filings["website"]),
    ):
        found = await filing_decided(answer)
        assert found is not None, answer
        assert found.id == wanted.id, answer
        assert await subject_of(answer) == subject.id
    for fault, wanted in (
        (found_fault(1, subject.id), first_filing),
        (found_fault(1, subject.filing_number), first_filing),
        (found_fault(2, subject.filing_number), filings["adding"]),
        (found_fault(2, subject.authority_id), filings["adding"]),
        (found_fault(3, ours), filings["serving"]),
        (found_fault(3, bare.filing_number), filings["serving"]),
        (found_fault(4, subject.filing_number), filings["change"]),
        (found_fault(4, subject.authority_id), filings["change"]),
        (found_fault(5, access.authority_id), filings["access"]),
        (found_fault(7, third.filing_number), filings["website"]),
        (found_fault(7, third.authority_id), filings["website"]),
    ):
        found = await filing_processed(fault)
        assert found is not None, fault
        assert found.id == wanted.id, fault
    cancelled = await filing_cancelled(Cancelled(1, third.authority_id or 0, None))
    assert cancelled is not None
    assert cancelled.id == filings["website"].id
    assert [row.id for row in await reported_filings(subject.id)] == [row.id for row in filings.values()]


@pytest.mark.shows("N11")
async def test_what_names_nothing_of_ours_finds_nothing(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    for operation in (0, 1, 2, 3, 4, 5, 6, 7, 35, 99):
        for reference in (None, "", "0", "-1", "999999999", "辽ICP备09999999号", "x" * 300, str(2**70)):
            assert await filing_processed(found_fault(operation, reference)) is None
        for number in (0, -1, 999_999_999, 2**62):
            assert await filing_decided(yes(operation, number)) is None
    for category in (0, 1, 2, 9):
        for number in (0, -1, 999_999_999):
            assert await filing_cancelled(Cancelled(category, number, None)) is None
    # of what is filed here and asked for by nobody, nothing either
    assert await filing_decided(yes(7, website.authority_id)) is None
    assert await filing_decided(yes(4, subject.authority_id)) is None
    assert await filing_cancelled(Cancelled(1, website.authority_id or 0, None)) is None


@pytest.mark.shows("C38")
async def test_of_two_filings_about_one_thing_the_one_that_was_reported_is_answered(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    first = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, first, remark="一")
    first = await filed.through(desk, owner, reviewer, await Filing.get(id=first.id))
    assert first.status is FilingStatus.APPROVED
    second = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, second, remark="二")
    found = await filing_decided(yes(4, subject.authority_id))
    assert found is not None
    assert found.id == first.id
    await filed.sent(desk, owner, reviewer, await Filing.get(id=second.id))
    found = await filing_decided(yes(4, subject.authority_id))
    assert found is not None
    assert found.id == second.id
