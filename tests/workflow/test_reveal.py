"""Revealing a masked value: to whom, and what it leaves on record."""

import pytest

from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingAction, Role, TokenScope
from models.subject import Subject
from models.website import Website
from tests.support.lives import actor_of, draft, give_back, make_account, make_actor, submit
from tests.workflow.doings import edit_subject, last_event, said, websites_of
from tests.workflow.everything import everything
from workflow.actors import Actor
from workflow.reveal import reveal_field

NUMBER = ["subject", "certificateNumber"]


async def test_an_owner_reveals_his_own_and_only_the_audit_knows(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    events = await FilingEvent.all().count()
    for target, path, value in (
        (node_id(Filing, filing.id), NUMBER, "91110101Y00000008F"),
        (node_id(Subject, filing.subject_id), ["certificateNumber"], "91110101Y00000008F"),
        (node_id(Subject, filing.subject_id), ["subject", "principal", "mobile"], "13800009358"),
        (node_id(Website, website.id), ["principal", "officePhone"], "086-010-00009581"),
    ):
        outcome, found = await reveal_field(owner, id=target, path=path, reason="核对")
        assert (outcome.problems, found) == ((), value)
        assert outcome.ids["subject"] == filing.subject_id
    entries = await AuditEntry.filter(action="REVEAL_FIELD").order_by("id")
    assert [entry.account_id for entry in entries] == [owner.account_id] * 4
    assert entries[0].detail == {"path": ["subject", "certificateNumber"], "reason": "核对"}
    assert await FilingEvent.all().count() == events
    assert not any("91110101Y00000008F" in row for row in (await everything())["audit_entry"])


@pytest.mark.shows("C24")
async def test_a_reviewer_reveals_with_a_reason_that_the_owner_can_read(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))
    outcome, value = await reveal_field(
        reviewer, id=node_id(Filing, filing.id), path=NUMBER, reason="与证件比对"
    )
    assert (outcome.problems, value) == ((), "91110101Y00000008F")
    event = await last_event(filing)
    assert (event.action, event.actor, event.version) == (FilingAction.REVEAL_FIELD, reviewer.name, None)
    assert event.note == "subject/certificateNumber: 与证件比对"


async def test_staff_reveal_what_was_submitted_not_the_draft(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    await edit_subject(owner, filing, certificate_number="12345678")
    for actor, value in ((reviewer, "91110101Y00000008F"), (owner, "12345678")):
        _, found = await reveal_field(actor, id=node_id(Filing, filing.id), path=NUMBER, reason="核对")
        assert found == value


async def test_a_value_that_is_not_there_is_revealed_as_none(owner: Actor) -> None:
    filing = await draft(owner, 5)  # a person without an office phone
    path = ["subject", "principal", "officePhone"]
    outcome, value = await reveal_field(owner, id=node_id(Filing, filing.id), path=path, reason="核对")
    assert (outcome.problems, value) == ((), None)


async def test_what_may_not_be_revealed_is_refused_and_leaves_no_trace(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    account = await make_account(Role.APPLICANT)
    token = actor_of(account, frozenset(TokenScope))
    auditor, admin = await make_actor(Role.AUDITOR), await make_actor(Role.ADMIN)
    mine, theirs = await draft(actor_of(account), 1), node_id(Filing, filing.id)
    unknown = ("NOT_FOUND", None, ("id",))
    before = await everything()
    for actor, target, path, reason, answer in (
        (actor_of(account), theirs, NUMBER, "核对", unknown),
        (admin, theirs, NUMBER, "核对", unknown),
        (owner, "sub_999999", NUMBER, "核对", unknown),
        (owner, "", NUMBER, "核对", unknown),
        (auditor, theirs, NUMBER, "核对", ("NOT_PERMITTED", None, None)),
        (token, node_id(Filing, mine.id), NUMBER, "核对", ("NOT_PERMITTED", None, None)),
        (reviewer, theirs, NUMBER, " ", ("INVALID", None, ("reason",))),
        (reviewer, theirs, NUMBER, "长" * 501, ("INVALID", None, ("reason",))),
        (reviewer, theirs, NUMBER, "\x00", ("INVALID", None, ("reason",))),
        (reviewer, theirs, ["subject", "name"], "核对", ("INVALID", None, ("path",))),
        (reviewer, theirs, [], "核对", ("INVALID", None, ("path",))),
    ):
        outcome, value = await reveal_field(actor, id=target, path=path, reason=reason)
        assert (said(outcome), value) == ([answer], None)
    assert await everything() == before
