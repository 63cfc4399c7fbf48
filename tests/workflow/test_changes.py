"""The field diff: what the owner changed since a submission, and no more of it than the asker may see."""

from typing import Any

import pytest

from models.filing import Note
from models.node_ids import node_id
from models.states import NoteState, Role
from models.website import Website
from tests.support.lives import draft, give_back, make_actor, named, submit
from tests.workflow.doings import codes, edit_subject, edit_website, fresh, websites_of
from tests.workflow.everything import everything
from workflow import steps
from workflow.actors import Actor
from workflow.changes import changes
from workflow.revisions import FieldChange

NOTE: dict[str, Any] = {"path": ["subject", "principal", "email"], "text": "邮箱无法送达"}


@pytest.mark.shows("N3")
async def test_the_diff_shows_exactly_the_edited_fields(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    [website] = await websites_of(filing)
    assert await changes(owner, filing, None, None) == []
    await edit_subject(owner, filing, remark="补充", principal={"mobile": "13800009359"})
    await edit_website(owner, website, domains=["haian-0.example", "haian.example"], languages=["1"])
    place = ("websites", node_id(Website, website.id))
    edited = [
        FieldChange(("subject", "principal", "mobile"), "138****9358", "138****9359"),
        FieldChange((*place, "languages"), ["1", "12"], ["1"]),
        FieldChange(("subject", "remark"), None, "补充"),
        FieldChange((*place, "domains", "haian.example"), None, "haian.example"),
    ]
    filing = await fresh(filing)
    assert await changes(owner, filing, None, None) == edited
    filing = await submit(owner, filing)
    for asker in (owner, reviewer):
        assert await changes(asker, filing, 1, 2) == edited
        assert await changes(asker, filing, None, 2) == edited
        assert await changes(asker, filing, 2, None) == []
        assert await changes(asker, filing, 1, 3) == []
        assert await changes(asker, filing, 0, 1) == []


@pytest.mark.shows("N3")
async def test_staff_see_no_edit_before_it_is_submitted(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    await edit_subject(owner, filing, remark="草稿中的话")
    filing = await fresh(filing)
    assert len(await changes(owner, filing, 1, None)) == 1
    for asker in (reviewer, await make_actor(Role.AUDITOR)):
        assert await changes(asker, filing, 1, None) == []
        assert await changes(asker, filing, None, None) == []


@pytest.mark.shows("N3", "C34")
async def test_a_blocking_note_keeps_the_filing_back_until_its_field_changed(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)), NOTE)
    await edit_subject(owner, filing, remark="别处")
    filing = await fresh(filing)
    before = await everything()
    [problem] = (await steps.submit_filing(owner, **named(filing), filing_password=None)).problems
    note = await Note.get(filing_id=filing.id)
    assert (problem.code, problem.path) == ("FINDINGS", ("subject", "principal", "email"))
    assert problem.blocking_id == node_id(Note, note.id)
    assert await everything() == before
    await edit_subject(owner, filing, principal={"email": "neu@example.net"})
    filing = await submit(owner, await fresh(filing))
    assert (await Note.get(id=note.id)).state is NoteState.CHANGED


@pytest.mark.shows("N3")
async def test_a_change_that_is_taken_back_leaves_the_note_unmet(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)), NOTE)
    await edit_subject(owner, filing, principal={"email": "neu@example.net"})
    await edit_subject(owner, filing, principal={"email": "xingye.xu34@example.net"})
    filing = await fresh(filing)
    assert codes(await steps.submit_filing(owner, **named(filing), filing_password=None)) == ["FINDINGS"]


@pytest.mark.shows("N3")
async def test_a_note_that_does_not_block_lets_the_filing_through(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)), {**NOTE, "blocking": False})
    filing = await submit(owner, filing)
    assert filing.revision == 2


@pytest.mark.shows("N3")
async def test_every_unmet_note_is_told_with_the_findings_at_once(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(
        reviewer, await submit(owner, await draft(owner)), NOTE, {"path": ["websites"], "text": "网站"}
    )
    await edit_subject(owner, filing, certificate_number="12")
    outcome = await steps.submit_filing(owner, **named(await fresh(filing)), filing_password=None)
    assert {(problem.rule, problem.path) for problem in outcome.problems} == {
        ("MIIT-1008", ("subject", "certificateNumber")),
        ("BEIAN-NOTE-OPEN", ("subject", "principal", "email")),
        ("BEIAN-NOTE-OPEN", ("websites",)),
    }
