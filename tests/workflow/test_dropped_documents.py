"""Dropped documents: what came with a filing that was given up counts for nothing, until the filing is restored."""

from collections.abc import Awaitable, Callable

import pytest

from models.attachment import Attachment, StoredFile
from models.clock import now
from models.filing import Filing
from models.node_ids import number_of
from models.states import FilingKind, FilingStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.form import PreApprovalForm
from tests.support.filed import (
    PASSWORD,
    access_of,
    add_site,
    end_access,
    filed_subject,
    give_up,
    name,
    opened,
    site,
    start_access,
    start_add_website,
    start_change,
    websites_of,
)
from tests.support.lives import named
from tests.workflow.doings import said
from tests.workflow.filed_subjects import in_mode
from tests.workflow.test_attachments import attach, kept
from workflow import attachments, clones, steps
from workflow.actors import SYSTEM, Actor
from workflow.document_forms import attachments_of
from workflow.edits import find_website
from workflow.forms import load_forms

SHEET = "1"  # the verification sheet of a website (核验单)
CERTIFICATE = "2"


async def ask_for_access(owner: Actor, subject: Subject) -> tuple[Filing, Website]:
    """An access for the subject's one website, whose own was cancelled."""
    [website] = await websites_of(subject)
    await end_access(await access_of(website))
    return await opened(await start_access(owner, website)), website


async def ask_for_website(owner: Actor, subject: Subject) -> tuple[Filing, Website]:
    """A further website."""
    filing = await opened(await start_add_website(owner, subject))
    return filing, await add_site(owner, subject, site(0, 3))


async def ask_for_change(owner: Actor, subject: Subject) -> tuple[Filing, Website]:
    """A change of the subject's one website."""
    [website] = await websites_of(subject)
    return await opened(await start_change(owner, subject, website)), website


async def attached(owner: Actor, website: Website) -> int:
    """The number of the file that now is the website's sheet."""
    file = await kept(owner)
    row = await Website.get(id=website.id)
    outcome = await attach(owner, row, file, SHEET)
    assert not outcome.problems, outcome.problems
    return number_of(StoredFile, file) or 0


async def shown(actor: Actor, record: Subject | Website) -> list[int]:
    """The files that the actor is shown of a record."""
    return [row.file_id for row in (await attachments_of(actor, [name(record)]))[name(record)]]


@pytest.mark.shows("C44", "C55", "C60", "C61", "C78")
@pytest.mark.parametrize("ask", [ask_for_access, ask_for_website, ask_for_change])
async def test_documents_of_what_was_dropped_are_hidden_until_it_is_restored(
    owner: Actor, reviewer: Actor, ask: Callable[[Actor, Subject], Awaitable[tuple[Filing, Website]]]
) -> None:
    filing, website = await ask(owner, await filed_subject(owner))
    file = await attached(owner, website)
    assert await shown(owner, website) == await shown(SYSTEM, website) == [file]
    filing = await give_up(owner, await Filing.get(id=filing.id))
    assert filing.status is FilingStatus.ABANDONED
    for anybody in (owner, reviewer, SYSTEM):
        assert await shown(anybody, website) == []
    await opened(await steps.restore_filing(owner, **named(filing), filing_password=PASSWORD))
    assert await shown(owner, website) == await shown(SYSTEM, website) == [file]


@pytest.mark.parametrize(
    "kind", [kind for kind in FilingKind if kind is not FilingKind.NEW_FILING], ids=lambda kind: kind.value
)
@pytest.mark.parametrize("status", [FilingStatus.ABANDONED, FilingStatus.VOIDED])
async def test_an_ended_filing_of_every_kind_but_the_first_hides_what_came_with_it(
    owner: Actor, reviewer: Actor, kind: FilingKind, status: FilingStatus
) -> None:
    filing, website = await ask_for_change(owner, await filed_subject(owner))
    await attached(owner, website)
    ended = {"kind": kind, "status": status, "submitted_at": now(), "revision": 1}
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(**ended))
    for anybody in (owner, reviewer, SYSTEM):
        assert await shown(anybody, website) == []


@pytest.mark.shows("C44", "C78")
async def test_a_dropped_first_filing_keeps_its_documents_in_sight(owner: Actor) -> None:
    subject = await filed_subject(owner)
    first = await Filing.get(subject_id=subject.id)
    _, website = await ask_for_change(owner, subject)
    file = await attached(owner, website)

    async def come_with_the_first() -> None:
        await Attachment.filter(file_id=file).update(filing_id=first.id)
        await Filing.filter(id=first.id).update(status=FilingStatus.ABANDONED)

    await unit_of_work(come_with_the_first)
    assert await shown(owner, website) == [file]


@pytest.mark.shows("C61", "C78")
async def test_a_dropped_filings_sheet_does_not_stand_in_for_the_next_ones(owner: Actor) -> None:
    in_mode(documents="required")
    filing, website = await ask_for_access(owner, await filed_subject(owner))
    await attached(owner, website)
    assert (await load_forms([filing]))[filing.id].documents != ()
    await give_up(owner, await Filing.get(id=filing.id))
    filing = await opened(await start_access(owner, website))
    assert (await load_forms([filing]))[filing.id].documents == ()
    refused = await steps.submit_filing(owner, **named(filing), filing_password=None)
    assert [(problem.code, problem.rule) for problem in refused.problems] == [
        ("FINDINGS", "BEIAN-DOCUMENT")
    ], said(refused)
    assert (await Filing.get(id=filing.id)).status is FilingStatus.DRAFT


@pytest.mark.shows("N8", "C78")
async def test_a_clone_leaves_the_documents_of_a_dropped_change_behind(owner: Actor) -> None:
    subject = await filed_subject(owner)
    first = await Filing.get(subject_id=subject.id)
    change = await opened(await start_change(owner, subject, subject))
    row = await Subject.get(id=subject.id)
    assert not (await attach(owner, row, await kept(owner), CERTIFICATE)).problems
    await give_up(owner, await Filing.get(id=change.id))
    outcome = await clones.clone_filing(owner, **named(first))
    assert not outcome.problems, outcome.problems
    assert await Attachment.filter(filing_id=outcome.ids["filing"]).count() == 0


@pytest.mark.shows("C55", "C78")
async def test_a_paper_of_a_dropped_change_may_come_again_with_the_next_one(owner: Actor) -> None:
    subject = await filed_subject(owner)
    paper, file = PreApprovalForm("1", "辽新闻2026-1"), await kept(owner)

    async def hand_in() -> tuple[Filing, Website, bool]:
        change, website = await ask_for_change(owner, subject)
        place = await find_website(owner, name(website))
        changed = await unit_of_work(lambda: attachments.attach_papers(owner, place, [(paper, [file])]))
        return change, website, changed

    change, _, changed = await hand_in()
    assert changed
    await give_up(owner, await Filing.get(id=change.id))
    change, website, changed = await hand_in()
    assert changed
    assert await shown(owner, website) == [number_of(StoredFile, file)]
