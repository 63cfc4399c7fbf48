"""Clones: an earlier filing as a new draft, its young documents with it; what was edited too late as a change."""

from datetime import timedelta
from typing import Any

import pytest

from models.attachment import Attachment, StoredFile
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingKind, FilingStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support.filed import PASSWORD, filed_subject, know_password, sent
from tests.support.lives import draft, named, take_answers
from workflow import clones, drafts, steps
from workflow.actors import Actor
from workflow.command import Outcome


async def lay_document(owner: Actor, record: str, filing: Filing, days: int) -> int:
    """A document of that record, uploaded so many days ago."""
    at = now() - timedelta(days=days)

    async def work() -> int:
        file = await StoredFile.create(
            account_id=owner.account_id, place=f"{record}-{days}", sha256="0" * 64, media_type="image/jpeg",
            size_bytes=1, width=1, height=1, created_at=at,
        )  # fmt: skip
        await Attachment.create(file_id=file.id, record=record, filing_id=filing.id, use="2", created_at=at)
        return int(file.id)

    return await unit_of_work(work)


@pytest.mark.shows("N8", "C78")
async def test_documents_younger_than_ninety_days_come_along_and_older_ones_do_not(owner: Actor) -> None:
    filing = await draft(owner, 2)
    site = await Website.filter(subject_id=filing.subject_id).get(serial=1)
    young = await lay_document(owner, node_id(Subject, filing.subject_id), filing, 89)
    await lay_document(owner, node_id(Subject, filing.subject_id), filing, 91)
    of_site = await lay_document(owner, node_id(Website, site.id), filing, 1)
    outcome = await clones.clone_filing(owner, **named(filing))
    new_site = await Website.get(subject_id=outcome.ids["subject"], serial=1)
    copied = (
        await Attachment.filter(filing_id=outcome.ids["filing"])
        .order_by("id")
        .values_list("file_id", "record")
    )
    assert copied == [
        (young, node_id(Subject, outcome.ids["subject"])),
        (of_site, node_id(Website, new_site.id)),
    ]


async def late_approval(desk: Any, owner: Actor, reviewer: Actor) -> Filing:
    """A first filing whose authority refused it, that was edited, and whose approval arrived in spite of that."""
    filing = await sent(desk, owner, reviewer, await draft(owner))
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(status=FilingStatus.RETURNED))
    subject = await Subject.get(id=filing.subject_id)
    edited = await drafts.update_subject(
        owner,
        id=node_id(Subject, subject.id),
        version=subject.version,
        fields={"address": "滨海路99号"},
        key=None,
    )
    assert not edited.problems, edited.problems
    await take_answers(desk)
    return await Filing.get(id=filing.id)


@pytest.mark.shows("N8", "C56")
async def test_what_was_edited_too_late_is_cloned_into_a_change(
    desk: Any, owner: Actor, reviewer: Actor
) -> None:
    filing = await late_approval(desk, owner, reviewer)
    assert filing.status is FilingStatus.APPROVED
    in_force = await Subject.get(id=filing.subject_id)
    assert in_force.address != "滨海路99号"
    outcome = await clones.clone_filing(owner, **named(filing))
    change = await Filing.get(id=outcome.ids["filing"])
    assert (change.kind, change.status, change.subject_id) == (
        FilingKind.CHANGE, FilingStatus.DRAFT, filing.subject_id,
    )  # fmt: skip
    unproven = await steps.submit_filing(owner, **named(change), filing_password=None)
    assert [problem.code for problem in unproven.problems] == ["FILING_PASSWORD_REQUIRED"]
    await know_password(filing.subject_id)
    done = await steps.submit_filing(owner, **named(change), filing_password=PASSWORD)
    assert not done.problems, done.problems
    again: Outcome = await clones.clone_filing(owner, **named(filing))
    assert [problem.code for problem in again.problems] == ["COEXISTENCE"]


@pytest.mark.shows("N8")
async def test_an_approved_filing_that_nobody_edited_later_is_cloned_into_a_new_draft(owner: Actor) -> None:
    subject = await filed_subject(owner)
    filing = await Filing.get(subject_id=subject.id)
    outcome = await clones.clone_filing(owner, **named(filing))
    clone = await Filing.get(id=outcome.ids["filing"])
    assert (clone.kind, clone.status) == (FilingKind.NEW_FILING, FilingStatus.DRAFT)
    assert clone.subject_id != subject.id


@pytest.mark.shows("N8")
async def test_what_was_submitted_is_cloned_and_not_what_came_into_force_since(owner: Actor) -> None:
    subject = await filed_subject(owner)
    filing = await Filing.get(subject_id=subject.id)
    await unit_of_work(lambda: Subject.filter(id=subject.id).update(address="后来变更的地址"))
    outcome = await clones.clone_filing(owner, **named(filing))
    clone = await Subject.get(id=outcome.ids["subject"])
    assert clone.address == subject.address != "后来变更的地址"
