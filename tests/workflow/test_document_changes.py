"""Documents as changes: what was attached since is told, settles a note, and is something to ask a change for."""

import pytest

from models.filing import Filing
from models.subject import Subject
from tests.support.filed import PASSWORD, filed_subject, opened, start_change
from tests.support.lives import draft, give_back, named, submit
from tests.workflow.test_attachments import attach, kept, subject_of
from workflow import steps
from workflow.actors import Actor
from workflow.changes import changes
from workflow.findings import check

NOTE = {"path": ["subject", "attachments"], "text": "请补负责人证件"}


@pytest.mark.shows("N3", "C78")
async def test_a_note_on_documents_is_met_by_attaching_one(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)), NOTE)
    unmet = await steps.submit_filing(owner, **named(filing), filing_password=None)
    assert [problem.rule for problem in unmet.problems] == ["BEIAN-NOTE-OPEN"]
    assert not (await attach(owner, await subject_of(filing), await kept(owner), "2")).problems
    [change] = await changes(owner, await Filing.get(id=filing.id), None, None)
    assert (change.path, change.before) == (("subject", "attachments"), None)
    assert [document["use"] for document in change.after] == ["2"]
    filing = await submit(owner, await Filing.get(id=filing.id))
    seen = await changes(reviewer, filing, 1, 2)
    assert [found.path for found in seen] == [("subject", "attachments")]


@pytest.mark.shows("C54", "C78")
async def test_a_change_may_ask_for_nothing_but_a_document(owner: Actor) -> None:
    subject = await filed_subject(owner)
    filing = await opened(await start_change(owner, subject, subject))
    assert "BEIAN-NOTHING-CHANGED" in {found.rule for found in (await check(owner, filing)).findings}
    row = await Subject.get(id=subject.id)
    assert not (await attach(owner, row, await kept(owner), "2")).problems
    filing = await Filing.get(id=filing.id)
    assert "BEIAN-NOTHING-CHANGED" not in {found.rule for found in (await check(owner, filing)).findings}
    done = await steps.submit_filing(owner, **named(filing), filing_password=PASSWORD)
    assert not done.problems, done.problems
