"""Corrections of a mistyped filing number: by two people, in manual mode alone, and told everywhere at once."""

import pytest

from models.event import AuditEntry, FilingEvent
from models.gate import GateHost
from models.joint_act import JointAct
from models.node_ids import node_id
from models.search import matching_ids
from models.states import FilingAction, RecordStatus, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support.places import Lives
from tests.workflow.doings import said
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import (
    Cast,
    Life,
    confirm,
    file_by_hand,
    file_one,
    gather_cast,
    name_of,
    provide,
    subject_in,
)
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.number_corrections import correct_filing_number

WRONG, RIGHT = "辽ICP备2026000001号", "辽ICP备2026000777号"


@pytest.fixture
async def cast(lawful: str) -> Cast:
    """Everybody."""
    return await gather_cast()


@pytest.fixture
def lives(cast: Cast) -> Lives:
    """Lives of these people."""
    return Lives(cast)


@pytest.fixture
async def life(lives: Lives) -> Life:
    """A subject in force whose number was typed by hand."""
    return await file_by_hand(lives)


async def site_of(life: Life) -> Website:
    return await Website.get(subject_id=life.filing.subject_id)


async def correct(actor: Actor, life: Life, number: str, **changes: object) -> Outcome:
    """Ask for the subject's number, or with `website` for that of its website."""
    record = await site_of(life) if changes.pop("website", False) else await subject_in(life)
    given = {"version": record.version, "reason": "录入错误", "key": None, **changes}
    return await correct_filing_number(
        actor,
        id=node_id(type(record), record.id),
        number=number,
        **given,  # type: ignore[arg-type]
    )


async def test_a_subjects_number_is_mended_with_those_of_its_websites(life: Life) -> None:
    cast, site, subject = life.cast, await site_of(life), await subject_in(life)
    assert (subject.filing_number, site.filing_number) == (WRONG, f"{WRONG}-1")
    outcome = await correct(cast.reviewer, life, " 辽icp备2026000777号 ")
    assert (await subject_in(life)).filing_number == WRONG
    assert (await confirm(cast.colleague, outcome)).problems == ()
    after, renamed = await subject_in(life), await site_of(life)
    assert (after.filing_number, after.version) == (RIGHT, subject.version + 1)
    assert (renamed.filing_number, renamed.version) == (f"{RIGHT}-1", site.version + 1)
    assert await GateHost.all().values_list("filing_number", flat=True) == [f"{RIGHT}-1"]
    assert await matching_ids("subject", "2026000777") == [subject.id]
    assert await matching_ids("subject", "2026000001") == []
    event = await FilingEvent.get(action=FilingAction.CORRECT_FILING_NUMBER)
    assert event.record == await name_of(life)
    assert event.note == f"{WRONG} → {RIGHT}; {cast.reviewer.name} + {cast.colleague.name}: 录入错误"
    assert (await AuditEntry.get(action="CORRECT_FILING_NUMBER")).detail["change"] == f"{WRONG} → {RIGHT}"


async def test_a_websites_number_is_mended_alone(life: Life) -> None:
    cast, version = life.cast, (await subject_in(life)).version
    outcome = await correct(cast.reviewer, life, f"{WRONG}-7", website=True)
    assert outcome.ids["website"] == (await site_of(life)).id
    assert (await confirm(cast.colleague, outcome)).problems == ()
    assert (await site_of(life)).filing_number == f"{WRONG}-7"
    subject = await subject_in(life)
    assert (subject.filing_number, subject.version) == (WRONG, version)
    event = await FilingEvent.get(action=FilingAction.CORRECT_FILING_NUMBER)
    assert event.record == node_id(Website, (await site_of(life)).id)


async def test_what_cannot_be_the_number_is_refused_and_changes_nothing(life: Life, lives: Lives) -> None:
    cast, path = life.cast, ("number",)
    taken = (await file_by_hand(lives)).filing_number
    read_only = Actor(cast.reviewer.account_id, cast.reviewer.role, frozenset({TokenScope.READ}), "r", None)
    before = await everything()
    for actor, number, changes, answer in (
        (cast.other, RIGHT, {}, ("NOT_FOUND", None, ("id",))),
        (cast.other, f"{WRONG}-7", {"website": True}, ("NOT_FOUND", None, ("id",))),
        (cast.admin, RIGHT, {}, ("NOT_FOUND", None, ("id",))),
        (cast.owner, RIGHT, {}, ("NOT_PERMITTED", None, None)),
        (cast.auditor, RIGHT, {}, ("NOT_PERMITTED", None, None)),
        (read_only, RIGHT, {}, ("NOT_PERMITTED", None, None)),
        (cast.reviewer, RIGHT, {"reason": ""}, ("INVALID", None, ("reason",))),
        (cast.reviewer, "42", {}, ("INVALID", None, path)),
        (cast.reviewer, WRONG, {}, ("INVALID", None, path)),
        (cast.reviewer, f"{RIGHT}-1", {}, ("INVALID", None, path)),
        (cast.reviewer, f"{RIGHT}-1", {"website": True}, ("INVALID", None, path)),
        (cast.reviewer, WRONG, {"website": True}, ("INVALID", None, path)),
        (cast.reviewer, RIGHT, {"version": 99}, ("STALE_VERSION", None, ("version",))),
        (cast.reviewer, taken, {}, ("DUPLICATE", None, path)),
    ):
        assert said(await correct(actor, life, number, **changes)) == [answer], (actor.role, number)
    assert await everything() == before


async def test_only_numbers_typed_by_hand_are_mended(cast: Cast) -> None:
    life = await file_one(cast)
    before = await everything()
    assert said(await correct(cast.reviewer, life, RIGHT)) == [("WRONG_STATE", None, None)]
    assert await everything() == before


async def test_what_is_not_in_force_has_no_number_to_mend(life: Life) -> None:
    await unit_of_work(lambda: Website.all().update(status=RecordStatus.CANCELLED))
    before = await everything()
    outcome = await correct(life.cast.reviewer, life, f"{WRONG}-7", website=True)
    assert said(outcome) == [("WRONG_STATE", None, None)]
    assert await everything() == before


async def test_who_asked_may_not_confirm(life: Life) -> None:
    outcome = await correct(life.cast.reviewer, life, RIGHT)
    before = await everything()
    assert said(await confirm(life.cast.reviewer, outcome)) == [("NOT_PERMITTED", "BEIAN-FOUR-EYES", None)]
    assert await everything() == before


async def test_a_number_that_changed_or_was_taken_meanwhile_is_asked_for_anew(life: Life) -> None:
    outcome = await correct(life.cast.reviewer, life, RIGHT)
    for update in (
        lambda: Subject.all().update(filing_number="辽ICP备2026000555号"),
        lambda: Subject.all().update(filing_number=WRONG),
    ):
        await unit_of_work(update)
        if (await subject_in(life)).filing_number != WRONG:
            before = await everything()
            assert said(await confirm(life.cast.colleague, outcome)) == [("WRONG_STATE", None, None)]
            assert await everything() == before
    provide(authority="simulator")
    assert said(await confirm(life.cast.colleague, outcome)) == [("WRONG_STATE", None, None)]
    assert (await JointAct.get()).state == "WAITING"
