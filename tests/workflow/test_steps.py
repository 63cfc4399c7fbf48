"""The owner's steps: submit, withdraw, drop, restore, clone, and an answer to a note."""

from typing import Any

import pytest

from models.filing import Filing, Note, Revision
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, FilingMode, FilingStatus, NoteState, RecordStatus, Role
from models.subject import Subject
from models.website import Website
from tests.support.lives import approve, draft, give_back, make_actor, named, submit
from tests.workflow.doings import (
    access_of,
    codes,
    edit_subject,
    fresh,
    last_event,
    said,
    subject_of,
    websites_of,
)
from tests.workflow.everything import everything
from workflow import clones, drafts, steps, website_drafts
from workflow.actors import Actor
from workflow.command import Outcome

NOTE: dict[str, Any] = {"path": ["subject", "remark"], "text": "请说明"}


async def submitted(actor: Actor, filing: Filing) -> Outcome:
    return await steps.submit_filing(actor, **named(filing), filing_password=None)


async def restored(actor: Actor, filing: Filing) -> Outcome:
    return await steps.restore_filing(actor, **named(filing), filing_password=None)


@pytest.mark.shows("C28", "C32", "C24")
async def test_a_submission_is_kept_and_waits_for_the_provider(owner: Actor) -> None:
    before = await draft(owner)
    outcome = await submitted(owner, before)
    assert outcome.problems == ()
    assert outcome.ids == {"filing": before.id, "subject": before.subject_id}
    filing = await fresh(before)
    assert (filing.status, filing.version, filing.revision) == (FilingStatus.SUBMITTED, 2, 1)
    assert filing.submitted_at is not None
    assert filing.due_at is not None
    assert filing.due_at > filing.submitted_at
    revision = await Revision.get(filing_id=filing.id)
    assert (revision.number, revision.submitted_by_id) == (1, owner.account_id)
    event = await last_event(filing)
    assert (event.action, event.before, event.after) == (
        FilingAction.SUBMIT_FILING,
        FilingStatus.DRAFT,
        FilingStatus.SUBMITTED,
    )
    assert (event.version, event.revision, event.actor) == (2, 1, owner.name)
    assert (await subject_of(filing)).version == 1


@pytest.mark.shows("C30")
async def test_what_is_missing_is_named_all_at_once_and_nothing_is_submitted(owner: Actor) -> None:
    bare = await drafts.create_subject(
        owner, owner_id=None, fields={"name": "大连听涛科技有限公司"}, websites=[], key=None
    )
    filing = await Filing.get(id=bare.ids["filing"])
    before = await everything()
    outcome = await submitted(owner, filing)
    assert said(outcome) == [
        ("FINDINGS", "BEIAN-REQUIRED", path)
        for path in (
            ("subject", "unitNature"),
            ("subject", "certificateType"),
            ("subject", "certificateNumber"),
            ("subject", "certificateAddress"),
            ("subject", "division"),
            ("subject", "principal", "mobile"),
            ("subject", "principal", "email"),
            ("websites",),
        )
    ]
    assert await everything() == before


@pytest.mark.shows("C30")
async def test_a_website_without_its_access_keeps_the_filing_back(owner: Actor) -> None:
    filing = await draft(owner, 2)
    _, second = await websites_of(filing)
    access = await access_of(second)
    await website_drafts.remove_access(owner, id=f"axs_{access.id}", version=1, key=None)
    filing = await fresh(filing)
    [problem] = (await submitted(owner, filing)).problems
    assert (problem.code, problem.path) == ("FINDINGS", ("websites", node_id(Website, second.id), "access"))


@pytest.mark.shows("N8", "C31")
async def test_what_another_tab_changed_is_not_submitted_unseen(owner: Actor) -> None:
    seen = await draft(owner)
    await edit_subject(owner, seen, remark="另一个窗口")
    before = await everything()
    [problem] = (await submitted(owner, seen)).problems
    assert (problem.code, problem.current_version) == ("STALE_VERSION", 2)
    assert await everything() == before


@pytest.mark.shows("C43")
async def test_a_withdrawal_makes_a_draft_of_it_and_takes_the_waiting_report_away(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))
    outcome = await steps.withdraw_filing(owner, **named(filing))
    filing = await fresh(filing)
    assert (outcome.problems, filing.status, filing.version) == ((), FilingStatus.DRAFT, 3)
    assert (filing.due_at, filing.reviewer_id, filing.revision) == (None, None, 1)
    filing = await approve(reviewer, await submit(owner, filing))
    assert (await Report.filter(filing_id=filing.id).count(), await OutboxMessage.all().count()) == (1, 1)
    await steps.withdraw_filing(owner, **named(filing))
    filing = await fresh(filing)
    assert (filing.status, filing.revision) == (FilingStatus.DRAFT, 2)
    assert (await Report.filter(filing_id=filing.id).count(), await OutboxMessage.all().count()) == (0, 0)
    assert codes(await edit_subject(owner, filing, remark="一")) == []


@pytest.mark.shows("C44", "N8")
async def test_a_dropped_filing_is_archived_and_comes_back_whole(owner: Actor) -> None:
    filing = await draft(owner, 2)
    assert (await steps.drop_filing(owner, **named(filing))).problems == ()
    filing, subject = await fresh(filing), await subject_of(filing)
    assert (filing.status, filing.version) == (FilingStatus.ABANDONED, 2)
    assert (subject.status, subject.archived, subject.version) == (RecordStatus.DRAFT, True, 1)
    assert codes(await edit_subject(owner, filing, remark="一")) == ["WRONG_STATE"]
    assert (await restored(owner, filing)).problems == ()
    filing = await fresh(filing)
    assert (filing.status, filing.version) == (FilingStatus.DRAFT, 3)
    assert (await subject_of(filing)).archived is False
    assert len(await websites_of(filing)) == 2
    assert (await submitted(owner, filing)).problems == ()


@pytest.mark.shows("C70")
async def test_each_step_in_a_wrong_state_is_refused_by_the_filing_and_changes_nothing(
    owner: Actor, reviewer: Actor
) -> None:
    fresh_draft = await draft(owner)
    sent = await submit(owner, await draft(owner, 1))
    before = await everything()
    outcomes = [
        await steps.withdraw_filing(owner, **named(fresh_draft)),
        await restored(owner, fresh_draft),
        await submitted(owner, sent),
        await steps.drop_filing(owner, **named(sent)),
        await restored(owner, sent),
    ]
    assert [(o.problems[0].code, o.problems[0].blocking_id) for o in outcomes] == [
        ("WRONG_STATE", node_id(Filing, fresh_draft.id)),
        ("WRONG_STATE", node_id(Filing, fresh_draft.id)),
        ("WRONG_STATE", node_id(Filing, sent.id)),
        ("WRONG_STATE", node_id(Filing, sent.id)),
        ("WRONG_STATE", node_id(Filing, sent.id)),
    ]
    assert await everything() == before


@pytest.mark.shows("C41", "C23")
async def test_the_owners_steps_are_no_reviewers_and_unknown_to_strangers(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))
    stranger = await make_actor(Role.APPLICANT)
    auditor = await make_actor(Role.AUDITOR)
    before = await everything()
    for actor, code in ((reviewer, "NOT_PERMITTED"), (auditor, "NOT_PERMITTED"), (stranger, "NOT_FOUND")):
        outcomes = [
            await submitted(actor, filing),
            await steps.withdraw_filing(actor, **named(filing)),
            await steps.drop_filing(actor, **named(filing)),
            await restored(actor, filing),
            await clones.clone_filing(actor, **named(filing)),
        ]
        assert [codes(outcome) for outcome in outcomes] == [[code]] * 5
    assert await everything() == before


@pytest.mark.shows("N8")
async def test_a_clone_is_a_new_draft_of_its_owner_and_leaves_the_old_one_alone(owner: Actor) -> None:
    filing = await submit(owner, await draft(owner, 5))
    outcome = await clones.clone_filing(owner, **named(filing))
    clone = await Filing.get(id=outcome.ids["filing"])
    assert clone.id != filing.id
    assert clone.subject_id == outcome.ids["subject"] != filing.subject_id
    assert (clone.status, clone.version, clone.revision) == (FilingStatus.DRAFT, 1, 0)
    assert (clone.owner_id, clone.mode) == (owner.account_id, FilingMode.SELF)
    subject = await subject_of(clone)
    assert (subject.name, subject.certificate_number) == ("司徒怀瑾", "210102195501010005")
    [website] = await websites_of(clone)
    assert (website.name, website.home_url) == ("拾光相册", "www.shiguang-f.example")
    assert (await access_of(website)).server_locations == ["19"]
    old = await fresh(filing)
    assert (old.status, old.version) == (FilingStatus.SUBMITTED, filing.version)
    assert (await last_event(clone)).record == node_id(Filing, filing.id)
    before = await everything()
    stale = await clones.clone_filing(owner, id=node_id(Filing, filing.id), version=1, key=None)
    assert [(p.code, p.current_version) for p in stale.problems] == [("STALE_VERSION", 2)]
    assert await everything() == before


@pytest.mark.shows("N3", "C35")
async def test_a_note_is_answered_in_words_and_raises_no_version(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)), NOTE)
    note = await Note.get(filing_id=filing.id)
    outcome = await steps.reply_to_note(owner, id=node_id(Note, note.id), text=" 没有备注 ", key=None)
    assert outcome.problems == ()
    assert outcome.ids == {"filing": filing.id, "subject": filing.subject_id, "note": note.id}
    note = await Note.get(id=note.id)
    assert (note.state, note.reply) == (NoteState.ANSWERED, "没有备注")
    assert (await fresh(filing)).version == filing.version
    event = await last_event(filing)
    assert (event.action, event.note, event.version) == (FilingAction.REPLY_TO_NOTE, "没有备注", None)
    assert (await submitted(owner, filing)).problems == ()


async def test_an_answer_is_refused_when_it_is_none_or_nobodys_business(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)), NOTE)
    stranger = await make_actor(Role.APPLICANT)
    named_note = node_id(Note, (await Note.get(filing_id=filing.id)).id)
    before = await everything()

    async def reply(actor: Actor, text: str = "好", note: str = named_note) -> Outcome:
        return await steps.reply_to_note(actor, id=note, text=text, key=None)

    for text in (" ", "", "长" * 2001, "a\x00b", "\ud800"):
        assert said(await reply(owner, text)) == [("INVALID", None, ("text",))]
    assert codes(await reply(reviewer)) == ["NOT_PERMITTED"]
    assert said(await reply(stranger)) == [("NOT_FOUND", None, ("id",))]
    assert said(await reply(owner, note="note_999999")) == [("NOT_FOUND", None, ("id",))]
    assert await everything() == before
    assert (await submitted(owner, filing)).problems[0].code == "FINDINGS"
    assert await Subject.filter(id=filing.subject_id).exists()
