"""Transfers: a subject goes to another customer by two people, whole, and nothing of it stays with the old one."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models.account import Account
from models.clock import now
from models.event import AuditEntry, FilingEvent
from models.filing import Filing, FilingProof, PasswordGrant
from models.joint_act import JointAct
from models.node_ids import node_id
from models.states import FilingAction, JointState, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.lives import actor_of
from tests.support.places import Lives
from tests.workflow.doings import fresh, said
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import (
    Cast,
    Life,
    confirm,
    file_one,
    gather_cast,
    mails,
    name_of,
    provide,
    reject,
    subject_in,
)
from workflow.actors import Actor, visible_events, visible_filings, visible_subjects, visible_websites
from workflow.command import Outcome
from workflow.housekeeping import tidy
from workflow.transfers import transfer_subject


@pytest.fixture
async def cast(lawful: str) -> Cast:
    """Everybody."""
    return await gather_cast()


async def ask(
    actor: Actor,
    life: Life,
    to: Actor,
    version: int | None = None,
    reason: str = "公司合并",
    key: str | None = None,
) -> Outcome:
    subject = await subject_in(life)
    return await transfer_subject(
        actor, subject_id=await name_of(life), version=version or subject.version,
        owner_id=node_id(Account, to.account_id or 0), reason=reason, key=key,
    )  # fmt: skip


async def leave_proof_and_grant(life: Life) -> None:
    """A proof on its filing, and a grant on the subject, of the old owner."""

    async def work() -> None:
        people: dict[str, Any] = {
            "account_id": life.cast.owner.account_id,
            "generation": 1,
            "created_at": now(),
        }
        await FilingProof.create(filing_id=life.filing.id, **people)
        await PasswordGrant.create(
            public_id="a", secret_hash="b", subject_id=life.filing.subject_id, actions=[],
            expires_at=now() + timedelta(hours=1), **people,
        )  # fmt: skip

    await unit_of_work(work)


async def seen_by(actor: Actor) -> list[int]:
    """How many subjects, filings, websites and events the actor sees."""
    rows = (visible_subjects, visible_filings, visible_websites, visible_events)
    return [await seen(actor).count() for seen in rows]


@pytest.mark.shows("C82")
async def test_nothing_moves_before_a_second_reviewer_confirms(cast: Cast) -> None:
    life = await file_one(cast)
    before = await everything()
    outcome = await ask(cast.reviewer, life, cast.other)
    after = await everything()
    assert {name for name in after if after[name] != before[name]} == {"audit_entry", "joint_act"}
    act = await JointAct.get(id=outcome.ids["joint_act"])
    assert (act.state, act.asked_by_id) == (JointState.WAITING, cast.reviewer.account_id)
    assert act.expires_at - act.created_at == timedelta(days=7)


@pytest.mark.shows("C82")
async def test_a_confirmed_transfer_moves_the_subject_with_all_its_filings(cast: Cast) -> None:
    life = await file_one(cast)
    await leave_proof_and_grant(life)
    version, filing_version = (await subject_in(life)).version, (await fresh(life.filing)).version
    had = await seen_by(cast.owner)
    outcome = await ask(cast.reviewer, life, cast.other)
    assert (await confirm(cast.colleague, outcome)).problems == ()
    subject = await subject_in(life)
    assert (subject.owner_id, subject.version) == (cast.other.account_id, version + 1)
    filing = await fresh(life.filing)
    assert (filing.owner_id, filing.version) == (cast.other.account_id, filing_version)
    assert await FilingProof.all().count() == 0
    assert await PasswordGrant.filter(revoked_at=None).count() == 0
    assert await seen_by(cast.owner) == [0, 0, 0, 0]
    assert await seen_by(cast.other) == [*had[:3], had[3] + 1]
    act = await JointAct.get()
    assert [act.state, act.detail, act.decided_by_id] == ["CONFIRMED", None, cast.colleague.account_id]


@pytest.mark.shows("C82")
async def test_the_timeline_and_the_audit_name_both_and_both_owners_are_told(cast: Cast) -> None:
    life = await file_one(cast)
    await confirm(cast.colleague, await ask(cast.reviewer, life, cast.other))
    event = await FilingEvent.get(action=FilingAction.TRANSFER)
    assert (event.record, event.filing_id, event.actor) == (await name_of(life), None, cast.colleague.name)
    assert event.note == f"{cast.reviewer.name} + {cast.colleague.name}: 公司合并"
    entry = await AuditEntry.get(action="TRANSFER")
    assert entry.detail == {
        "from": f"acc_{cast.owner.account_id}",
        "to": f"acc_{cast.other.account_id}",
        "asked_by": f"acc_{cast.reviewer.account_id}",
        "reason": "公司合并",
    }
    told = {mail["template"]: mail["to"] for mail in await mails() if mail["template"].startswith("subject")}
    assert told == {
        "subject_taken_over": f"{cast.other.name}@example.com",
        "subject_given_away": f"{cast.owner.name}@example.com",
    }
    # the new owner reads the timeline, which says nothing of whose it was
    notes = [event.note or "" for event in await FilingEvent.filter(id__gt=event.id)]
    assert not any("example.com" in note for note in notes)


async def test_an_open_filing_goes_along_and_rises_by_one_version(cast: Cast) -> None:
    life = await Lives(cast).reach("RETURNED", on_behalf=False)
    version = life.filing.version
    await confirm(cast.colleague, await ask(cast.reviewer, life, cast.other))
    filing = await fresh(life.filing)
    assert (filing.owner_id, filing.version, filing.status) == (
        cast.other.account_id,
        version + 1,
        life.filing.status,
    )
    event = await FilingEvent.get(action=FilingAction.TRANSFER, filing_id=filing.id)
    assert [event.version, event.before, event.after] == [version + 1, None, None]


async def test_a_disabled_owners_subject_can_be_moved(cast: Cast) -> None:
    life = await file_one(cast)
    await unit_of_work(lambda: Account.filter(id=cast.owner.account_id).update(disabled=True))
    assert (await confirm(cast.colleague, await ask(cast.reviewer, life, cast.other))).problems == ()
    assert (await subject_in(life)).owner_id == cast.other.account_id


async def test_what_may_not_be_asked_for_is_refused_and_changes_nothing(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    disabled = cast.other
    await unit_of_work(lambda: Account.filter(id=disabled.account_id).update(disabled=True))
    read_only = Actor(
        cast.reviewer.account_id, cast.reviewer.role, frozenset({TokenScope.READ}), cast.reviewer.name, None
    )
    before = await everything()
    not_permitted = ("NOT_PERMITTED", None, None)
    for actor, to, changes, answer in (
        (cast.owner, cast.owner, {}, ("NOT_FOUND", None, ("subjectId",))),
        (cast.admin, cast.owner, {}, ("NOT_FOUND", None, ("subjectId",))),
        (cast.customer, cast.owner, {}, not_permitted),
        (cast.auditor, cast.owner, {}, not_permitted),
        (read_only, cast.owner, {}, not_permitted),
        (cast.typist, cast.owner, {}, ("NOT_PERMITTED", "BEIAN-SELF-REVIEW", None)),
        (cast.reviewer, disabled, {}, ("NOT_FOUND", None, ("ownerId",))),
        (cast.reviewer, cast.colleague, {}, ("NOT_FOUND", None, ("ownerId",))),
        (cast.reviewer, cast.customer, {}, ("INVALID", None, ("ownerId",))),
        (cast.reviewer, cast.owner, {"reason": " "}, ("INVALID", None, ("reason",))),
        (cast.reviewer, cast.owner, {"reason": "长" * 501}, ("INVALID", None, ("reason",))),
        (cast.reviewer, cast.owner, {"version": 999}, ("STALE_VERSION", None, ("version",))),
    ):
        outcome = await ask(actor, life, to, **changes)
        assert said(outcome) == [answer]
    assert await everything() == before


async def test_the_same_is_asked_for_once_at_a_time(cast: Cast) -> None:
    life = await file_one(cast)
    first = await ask(cast.reviewer, life, cast.other)
    second = await ask(cast.colleague, life, cast.customer)
    assert said(second) == [("WRONG_STATE", "BEIAN-FOUR-EYES", None)]
    assert second.problems[0].blocking_id == f"act_{first.ids['joint_act']}"
    await reject(cast.reviewer, first)
    assert (await ask(cast.colleague, life, cast.customer)).problems == ()


@pytest.mark.shows("C82")
async def test_who_may_not_confirm_is_refused_and_changes_nothing(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    outcome = await ask(cast.reviewer, life, cast.owner)
    before = await everything()
    for actor, answer in (
        (cast.reviewer, ("NOT_PERMITTED", "BEIAN-FOUR-EYES", None)),
        (cast.typist, ("NOT_PERMITTED", "BEIAN-SELF-REVIEW", None)),
        (cast.auditor, ("NOT_PERMITTED", None, None)),
        (cast.customer, ("NOT_FOUND", None, ("id",))),
        (cast.owner, ("NOT_FOUND", None, ("id",))),
        (cast.admin, ("NOT_FOUND", None, ("id",))),
    ):
        assert said(await confirm(actor, outcome)) == [answer]
    assert await everything() == before


async def test_one_who_typed_may_not_reject_and_the_asker_may_take_it_back(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    outcome = await ask(cast.reviewer, life, cast.owner)
    before = await everything()
    assert said(await reject(cast.typist, outcome)) == [("NOT_PERMITTED", "BEIAN-SELF-REVIEW", None)]
    assert said(await reject(cast.auditor, outcome)) == [("NOT_PERMITTED", None, None)]
    assert said(await reject(cast.customer, outcome)) == [("NOT_FOUND", None, ("id",))]
    assert said(await reject(cast.colleague, outcome, reason="")) == [("INVALID", None, ("reason",))]
    assert await everything() == before
    assert (await reject(cast.reviewer, outcome, reason="填错")).problems == ()
    act = await JointAct.get()
    assert [act.state, act.answer, act.detail] == ["REJECTED", "填错", None]
    assert (await subject_in(life)).owner_id == cast.customer.account_id
    assert await FilingEvent.filter(action=FilingAction.TRANSFER).count() == 0


async def test_what_was_decided_or_is_over_cannot_be_decided_again(cast: Cast) -> None:
    life = await file_one(cast)
    outcome = await ask(cast.reviewer, life, cast.other)
    await confirm(cast.colleague, outcome)
    before = await everything()
    for again in (await confirm(cast.colleague, outcome), await reject(cast.colleague, outcome)):
        assert said(again) == [("WRONG_STATE", None, None)]
    assert await everything() == before


async def test_nobody_decides_after_seven_days_and_what_was_asked_is_forgotten(cast: Cast) -> None:
    life = await file_one(cast)
    outcome = await ask(cast.reviewer, life, cast.other)
    await unit_of_work(lambda: JointAct.all().update(expires_at=now() - timedelta(seconds=1)))
    before = await everything()
    assert said(await confirm(cast.colleague, outcome)) == [("WRONG_STATE", None, None)]
    assert await everything() == before
    await tidy()
    act = await JointAct.get()
    assert [act.state, act.detail] == ["EXPIRED", None]
    assert (await ask(cast.reviewer, life, cast.other)).problems == ()


async def test_a_transfer_to_an_account_that_was_disabled_meanwhile_is_refused(cast: Cast) -> None:
    life = await file_one(cast)
    outcome = await ask(cast.reviewer, life, cast.other)
    await unit_of_work(lambda: Account.filter(id=cast.other.account_id).update(disabled=True))
    before = await everything()
    assert said(await confirm(cast.colleague, outcome)) == [("WRONG_STATE", None, None)]
    assert await everything() == before


async def test_what_a_former_reviewer_asked_for_takes_no_second_person_alone(cast: Cast) -> None:
    life = await file_one(cast)
    outcome = await ask(cast.reviewer, life, cast.other)
    await unit_of_work(lambda: Account.filter(id=cast.reviewer.account_id).update(disabled=True))
    before = await everything()
    assert said(await confirm(cast.colleague, outcome)) == [("WRONG_STATE", "BEIAN-FOUR-EYES", None)]
    assert await everything() == before


async def test_a_house_of_one_person_may_ask_on_what_he_typed_but_still_needs_two(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    provide(self_review="allow")
    outcome = await ask(cast.typist, life, cast.owner)
    assert said(await confirm(cast.typist, outcome)) == [("NOT_PERMITTED", "BEIAN-FOUR-EYES", None)]
    assert (await confirm(cast.reviewer, outcome)).problems == ()


async def test_a_repeated_request_is_answered_from_memory(cast: Cast) -> None:
    life = await file_one(cast)
    subject = await subject_in(life)
    first = await ask(cast.reviewer, life, cast.other, version=subject.version, key="k")
    again = await ask(cast.reviewer, life, cast.other, version=subject.version, key="k")
    assert (again.ids, again.replayed) == (first.ids, True)
    done = await confirm(cast.colleague, first, key="c")
    assert (await confirm(cast.colleague, first, key="c")).ids == done.ids
    assert (await Subject.get()).version == subject.version + 1


async def test_two_confirmations_at_once_do_it_once(cast: Cast) -> None:
    life = await file_one(cast)
    outcome = await ask(cast.reviewer, life, cast.other)
    version = (await subject_in(life)).version
    third = actor_of(await Account.get(id=cast.typist.account_id))
    answers = await asyncio.gather(confirm(cast.colleague, outcome), confirm(third, outcome))
    assert sorted(len(answer.problems) for answer in answers) == [0, 1]
    assert (await subject_in(life)).version == version + 1
    assert await Filing.filter(owner_id=cast.other.account_id).count() == 1
    assert await FilingEvent.filter(action=FilingAction.TRANSFER).count() == 1
