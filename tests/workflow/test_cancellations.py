"""Cancellations: opened and submitted in one step, edited when they come back, and never half of one."""

from typing import Any

import pytest

from authority.simulator.counter import Simulator
from models.credential import Throttle
from models.event import FilingEvent
from models.filing import Filing, Revision, Target
from models.refusal import Problem
from models.report import Report
from models.states import FilingKind, FilingStatus, RecordStatus, ReportState, Role
from models.subject import Subject
from models.website import Website
from tests.support import filed
from tests.support.filed import name
from tests.support.lives import approve, give_back, make_actor, named, submit, take_answers
from tests.workflow.answering import moves
from tests.workflow.doings import codes, said
from tests.workflow.everything import everything
from workflow import cancellations, steps
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.findings import findings_of
from workflow.permissions import filing_permissions
from workflow.revisions import form_of

K = FilingKind


async def update(actor: Actor, filing: Filing, version: int | None = None, **fields: Any) -> Outcome:
    """Edit reason and remark at the version that the filing has."""
    now = (await Filing.get(id=filing.id)).version
    return await cancellations.update_cancellation(
        actor, id=name(filing), version=now if version is None else version, fields=fields, key=None
    )


async def rows_of(subject: Subject) -> tuple[Website, Any]:
    [website, *_] = await filed.websites_of(subject)
    return website, await filed.access_of(website)


@pytest.mark.shows("C62", "C64", "C65", "C69")
@pytest.mark.parametrize("kind", [K.CANCEL_ACCESS, K.CANCEL_WEBSITE, K.CANCEL_SUBJECT])
async def test_a_cancellation_is_opened_and_submitted_in_one_step_with_its_reason(
    owner: Actor, kind: FilingKind
) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await rows_of(subject)
    row = {K.CANCEL_ACCESS: access, K.CANCEL_WEBSITE: website, K.CANCEL_SUBJECT: subject}[kind]
    filing = await filed.opened(await filed.cancel(owner, row, reason="2", remark="网站停办"))
    assert (filing.kind, filing.status, filing.revision, filing.version) == (
        kind,
        FilingStatus.SUBMITTED,
        1,
        2,
    )
    assert (filing.cancellation_reason, filing.cancellation_remark) == ("2", "网站停办")
    assert filing.due_at is not None
    assert await moves(filing) == [(kind.value, "DRAFT"), ("SUBMIT_FILING", "SUBMITTED")]
    assert [target.record for target in await Target.all()] == [name(row)]
    form = form_of(await Revision.get(filing_id=filing.id))
    assert form.cancellation is not None
    assert (form.cancellation.target, form.cancellation.reason, form.cancellation.remark) == (
        name(row), "2", "网站停办",
    )  # fmt: skip
    assert [site.id for site in form.websites] == [name(website)]
    status = [(await type(one).get(id=one.id)).status for one in (subject, website, access)]
    assert status == [RecordStatus.FILED] * 3


@pytest.mark.shows("C69")
async def test_a_cancellation_with_a_wrong_reason_or_remark_leaves_nothing_behind(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await rows_of(subject)
    before = await everything()
    for row in (subject, website, access):
        for words, code, rule in (
            ({"reason": None}, "FINDINGS", "BEIAN-REQUIRED"),
            ({"reason": "777"}, "INVALID", "MIIT-1026"),
            ({"reason": "一"}, "INVALID", "MIIT-1026"),
            ({"remark": "停办🛑"}, "INVALID", "MIIT-5008"),
            ({"remark": "停" * 1001}, "INVALID", None),
            ({"remark": "停\x00"}, "INVALID", None),
        ):
            problems: tuple[Problem, ...] = (await filed.cancel(owner, row, **words)).problems
            assert [problem.code for problem in problems] == [code], (words, problems)
            if rule is not None:
                assert problems[0].rule == rule
            assert (problems[0].path or ())[0] == "cancellation"
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {
        "throttle"
    }  # counted, and given back
    assert [row.tries for row in await Throttle.all()] == [0]


@pytest.mark.shows("C70", "N8")
async def test_a_cancellation_names_the_version_of_what_it_ends(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await rows_of(subject)
    before = await everything()
    for row in (subject, website, access):
        for version in (0, 2, -1):
            outcome = await filed.cancel(owner, row, version=version)
            assert [(p.code, p.current_version, p.path) for p in outcome.problems] == [
                ("STALE_VERSION", 1, ("version",))
            ]
    assert await everything() == before


@pytest.mark.shows("C23")
async def test_what_is_not_his_or_is_no_such_record_is_not_found(owner: Actor) -> None:
    mine = await filed.filed_subject(owner, 1)
    subject = await filed.filed_subject(await make_actor(Role.APPLICANT), 2)
    website, access = await rows_of(subject)
    words: dict[str, Any] = {
        "version": 1, "reason": "1", "remark": None, "filing_password": filed.PASSWORD, "key": None,
    }  # fmt: skip
    before = await everything()
    for command, ids in (
        (cancellations.cancel_subject, (name(subject), name(website), "sub_99999", "", "x")),
        (cancellations.cancel_website, (name(website), name(mine), "web_99999", "")),
        (cancellations.cancel_access, (name(access), name(mine), "axs_99999", "")),
    ):
        for wrong in ids:
            assert said(await command(owner, id=wrong, **words)) == [("NOT_FOUND", None, ("id",))]
    assert await everything() == before


@pytest.mark.shows("N5")
async def test_the_same_key_cancels_once(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, _ = await rows_of(subject)
    first = await filed.cancel(owner, website, key="once")
    again = await filed.cancel(owner, website, key="once")
    assert (again.ids, again.problems, again.replayed) == (first.ids, (), True)
    other = await filed.cancel(owner, website, key="once", reason="2")
    assert codes(other) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await Filing.filter(kind=K.CANCEL_WEBSITE).count() == 1


@pytest.mark.shows("C69", "C34", "C43")
@pytest.mark.parametrize("back", [FilingStatus.DRAFT, FilingStatus.RETURNED])
async def test_a_cancellation_that_came_back_is_edited_and_submitted_again(
    owner: Actor, reviewer: Actor, back: FilingStatus
) -> None:
    subject = await filed.filed_subject(owner)
    website, _ = await rows_of(subject)
    filing = await filed.opened(await filed.cancel(owner, website))
    if back is FilingStatus.DRAFT:
        filing = await filed.opened(await steps.withdraw_filing(owner, **named(filing)))
    else:
        filing = await give_back(reviewer, filing)
    outcome = await update(owner, filing, remark="改用新站")
    assert (outcome.problems, outcome.ids["filing"]) == ((), filing.id)
    after = await Filing.get(id=filing.id)
    assert (after.cancellation_reason, after.cancellation_remark, after.version) == (
        "1", "改用新站", filing.version + 1,
    )  # fmt: skip
    event = await FilingEvent.filter(filing_id=filing.id).order_by("-id").first()
    assert event is not None
    assert event.action.value == "UPDATE_CANCELLATION"
    await update(owner, filing, reason="3", remark=None)
    again = await submit(owner, await Filing.get(id=filing.id))
    assert (again.status, again.revision) == (FilingStatus.SUBMITTED, 2)
    assert (again.cancellation_reason, again.cancellation_remark) == ("3", None)


@pytest.mark.shows("C31", "C41", "C70")
async def test_a_cancellation_is_edited_in_its_owners_turn_alone_and_by_nobody_else(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner)
    website, _ = await rows_of(subject)
    filing = await filed.opened(await filed.cancel(owner, website))
    stranger = await make_actor(Role.APPLICANT)
    before = await everything()
    assert codes(await update(owner, filing, reason="2")) == ["WRONG_STATE"]
    assert codes(await update(reviewer, filing, reason="2")) == ["NOT_PERMITTED"]
    assert said(await update(stranger, filing, reason="2")) == [("NOT_FOUND", None, ("id",))]
    assert await everything() == before
    filing = await give_back(reviewer, filing)
    before = await everything()
    assert codes(await update(owner, filing, filing.version - 1, reason="2")) == ["STALE_VERSION"]
    assert said(await update(owner, filing, reason="777")) == [
        ("INVALID", "MIIT-1026", ("cancellation", "reason"))
    ]
    assert codes(await update(reviewer, filing, reason="2")) == ["NOT_PERMITTED"]
    assert await everything() == before


async def test_a_change_has_no_reason_to_edit(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    before = await everything()
    outcome = await update(owner, filing, reason="2")
    assert [(p.code, p.rule) for p in outcome.problems] == [("WRONG_STATE", "BEIAN-KIND")]
    assert await everything() == before


@pytest.mark.shows("C39", "C64")
async def test_the_authoritys_no_opens_it_to_its_owner_and_it_can_be_mended(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    website, _ = await rows_of(subject)
    filing = await filed.opened(await filed.cancel(owner, website, remark="请拒绝"))
    filing = await filed.through(desk, owner, reviewer, filing)
    assert filing.status is FilingStatus.REFUSED
    assert (await Website.get(id=website.id)).status is RecordStatus.FILED
    await update(owner, filing, remark="停办")
    filing = await filed.through(desk, owner, reviewer, filing)
    assert filing.status is FilingStatus.APPROVED
    assert (await Website.get(id=website.id)).status is RecordStatus.CANCELLED
    reports = await Report.filter(filing_id=filing.id).order_by("number")
    assert [(row.state, row.decision) for row in reports] == [
        (ReportState.COMPLETE, False), (ReportState.COMPLETE, True),
    ]  # fmt: skip


@pytest.mark.shows("C62", "C63")
async def test_the_only_access_is_refused_with_the_advice_to_cancel_the_website_until_there_is_another(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    website, access = await rows_of(subject)
    filing = await filed.opened(await filed.cancel(owner, access))
    assert "BEIAN-EMPTY-SHELL" in [row.rule for row in await findings_of(owner, filing)]
    filing = await filed.through(desk, owner, reviewer, filing)
    assert filing.status is FilingStatus.REFUSED
    report = await Report.filter(filing_id=filing.id).get()
    assert (report.state, report.result_codes) == (ReportState.REJECTED, [1025])
    assert "注销网站" in (report.opinion or "")
    assert ("RECEIVE_ERROR", "REFUSED") in await moves(filing)
    await desk.add_foreign_access(website.filing_number or "", 310000000023)
    await take_answers(desk)
    filing = await filed.through(desk, owner, reviewer, filing)
    access = await filed.access_of(website)
    assert (filing.status, access.status) == (FilingStatus.APPROVED, RecordStatus.CANCELLED)
    assert (await Website.get(id=website.id)).status is RecordStatus.FILED


@pytest.mark.shows("N12", "C41", "C65")
async def test_a_subject_is_ended_by_two_reviewers_and_a_new_revision_wants_both_again(
    owner: Actor, reviewer: Actor
) -> None:
    colleague = await make_actor(Role.REVIEWER)
    subject = await filed.filed_subject(owner)
    filing = await filed.opened(await filed.cancel(owner, subject))
    assert filing.approvals_needed == 2
    first = await approve(reviewer, filing)
    assert (first.status, first.version) == (FilingStatus.SUBMITTED, filing.version)
    said_now = {row.action.value: row.blocked_by for row in (await filing_permissions(reviewer, [first]))[0]}
    assert [problem.rule for problem in said_now["APPROVE_FILING"]] == ["BEIAN-FOUR-EYES"]
    filing = await filed.opened(await steps.withdraw_filing(owner, **named(first)))
    filing = await submit(owner, filing)
    filing = await approve(colleague, filing)
    assert filing.status is FilingStatus.SUBMITTED
    assert (await approve(reviewer, filing)).status is FilingStatus.ACCEPTED


@pytest.mark.shows("C44")
async def test_a_dropped_cancellation_leaves_everything_in_force(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await rows_of(subject)
    filing = await filed.opened(await filed.cancel(owner, website))
    await filed.give_up(owner, filing)
    assert (await Website.get(id=website.id)).status is RecordStatus.FILED
    assert (await filed.access_of(website)).status is RecordStatus.FILED
    assert await filed.opened(await filed.cancel(owner, access))
