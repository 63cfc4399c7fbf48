"""Erasure: a dropped addition or change that was never submitted goes with what it brought, and nothing else does."""

from datetime import timedelta

import pytest

from demo.forms import filing_form
from models.access import Access
from models.attachment import Attachment, StoredFile
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing, FilingProof, Target
from models.node_ids import node_id, number_of
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
    name,
    opened,
    site,
    start_access,
    start_add_website,
    start_change,
    websites_of,
)
from tests.support.lives import named, plain
from tests.workflow.test_attachments import attach, kept
from workflow import file_vault, steps
from workflow.access_openings import Typed, start_add_access
from workflow.actors import SYSTEM, Actor
from workflow.document_forms import attachments_of
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


async def file_at_hand(owner: Actor) -> StoredFile:
    """A file of the owner's that lies in the vault."""
    return await StoredFile.get(id=number_of(StoredFile, await kept(owner)))


async def lay_on(owner: Actor, record: Subject | Website, file: StoredFile) -> None:
    """Attach the file to what is in force, with the filing that is open for it."""
    row, use = await type(record).get(id=record.id), "2" if isinstance(record, Subject) else "1"
    outcome = await attach(owner, row, node_id(StoredFile, file.id), use)
    assert not outcome.problems, outcome.problems


@pytest.mark.shows("C44", "C55", "C61", "C78")
@pytest.mark.parametrize("kind", ["CHANGE", "ADD_ACCESS"])
async def test_documents_that_came_to_records_in_force_go_with_the_filing_and_their_files_a_day_later(
    owner: Actor, kind: str
) -> None:
    subject = await filed_subject(owner)
    [website] = await websites_of(subject)
    if kind == "ADD_ACCESS":
        await end_access(await access_of(website))
        filing = await opened(await start_access(owner, website))
    else:
        filing = await opened(await start_change(owner, subject, website))
    assert filing.kind.value == kind
    file = await file_at_hand(owner)
    await lay_on(owner, website, file)
    await drop_long_ago(owner, filing)
    await tidy()
    assert await nothing_left_of(filing)
    assert await Attachment.all().count() == 0
    assert (await attachments_of(owner, [name(website)]))[name(website)] == []
    assert await Website.filter(id=website.id).exists()
    waits = (await StoredFile.get(id=file.id)).unattached_since
    assert waits is not None
    assert (file_vault.folder() / file.place).exists()
    await unit_of_work(
        lambda: StoredFile.filter(id=file.id).update(unattached_since=waits - timedelta(hours=25))
    )
    await tidy()
    assert not await StoredFile.filter(id=file.id).exists()
    assert not (file_vault.folder() / file.place).exists()


@pytest.mark.shows("C44", "C55", "C78")
async def test_a_file_that_another_filing_brought_too_stays_with_that_one(owner: Actor) -> None:
    one, other = await filed_subject(owner), await filed_subject(owner, 1)
    file = await file_at_hand(owner)
    kept_filing = await opened(await start_change(owner, other, other))
    await lay_on(owner, other, file)
    filing = await opened(await start_change(owner, one, one))
    await lay_on(owner, one, file)
    await drop_long_ago(owner, filing)
    await tidy()
    assert await nothing_left_of(filing)
    [left] = await Attachment.all()
    assert (left.record, left.filing_id, left.file_id) == (name(other), kept_filing.id, file.id)
    assert (await StoredFile.get(id=file.id)).unattached_since is None


@pytest.mark.shows("C78")
async def test_a_document_whose_filing_is_gone_is_shown_to_nobody_and_one_without_a_filing_is(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed_subject(owner)
    filing = await opened(await start_change(owner, subject, subject))
    await lay_on(owner, subject, await file_at_hand(owner))

    async def sight(filing_id: int | None) -> list[int]:
        await unit_of_work(lambda: Attachment.all().update(filing_id=filing_id))
        found = [await attachments_of(anybody, [name(subject)]) for anybody in (owner, reviewer, SYSTEM)]
        return [len(group[name(subject)]) for group in found]

    assert await sight(filing.id + 1000) == [0, 0, 0]
    assert await sight(None) == [1, 1, 1]
