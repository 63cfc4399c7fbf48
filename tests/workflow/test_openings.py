"""Openings: a change or further websites of what is filed, opened with the filing password, or refused without a trace."""

import asyncio
from typing import Any

import pytest

from models.access import Access
from models.event import AuditEntry, FilingEvent
from models.filing import Filing, FilingProof, Target
from models.states import FilingKind, FilingMode, FilingStatus, RecordStatus, Role, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import actor_of, approve, draft, make_account, make_actor, submit
from tests.workflow.doings import edit_website, said
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import in_mode
from workflow import openings, website_drafts
from workflow.actors import Actor

K = FilingKind


async def change(actor: Actor, subject_id: str, *targets: str, password: str | None = PASSWORD) -> Any:
    return await openings.start_change(
        actor, subject_id=subject_id, target_ids=targets, filing_password=password, key=None
    )


@pytest.mark.shows("C52", "C54")
async def test_a_change_takes_up_the_records_that_are_named_with_what_is_in_force_of_them(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [_, website] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    outcome = await filed.start_change(owner, subject, subject, website, access, website)
    filing = await filed.opened(outcome)
    assert (filing.kind, filing.status, filing.revision, filing.version) == (
        K.CHANGE,
        FilingStatus.DRAFT,
        0,
        1,
    )
    assert (filing.owner_id, filing.filed_by_id, filing.mode) == (
        owner.account_id, owner.account_id, FilingMode.SELF,
    )  # fmt: skip
    targets = await Target.filter(filing_id=filing.id).order_by("id")
    assert [(row.record, row.base_version) for row in targets] == [
        (name(subject), 1), (name(website), 1), (name(access), 1),
    ]  # fmt: skip
    assert [row.proposal for row in targets] == [None] * 3
    assert website.name in (targets[1].base or "")
    [event] = await FilingEvent.filter(filing_id=filing.id)
    assert (event.action.value, event.after, event.account_id) == (
        "START_CHANGE", FilingStatus.DRAFT, owner.account_id,
    )  # fmt: skip
    assert event.before is None
    assert await AuditEntry.filter(action="START_CHANGE", record=name(filing)).count() == 1


@pytest.mark.shows("C52")
async def test_the_right_password_in_the_request_lays_a_proof_of_its_account_and_generation(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner)
    filing = await filed.opened(await filed.start_add_website(owner, subject))
    proof = await FilingProof.get()
    assert (proof.filing_id, proof.account_id, proof.generation) == (filing.id, owner.account_id, 1)
    assert proof.travelling is None
    assert (filing.kind, await Target.all().count()) == (K.ADD_WEBSITE, 0)


async def test_a_change_by_who_typed_the_subject_is_on_behalf_of_its_owner(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner, typist=reviewer)
    filing = await filed.opened(await filed.start_change(reviewer, subject, subject))
    assert (filing.owner_id, filing.filed_by_id, filing.mode) == (
        owner.account_id, reviewer.account_id, FilingMode.ON_BEHALF,
    )  # fmt: skip


@pytest.mark.shows("C58", "C70")
async def test_what_is_not_filed_yet_is_neither_changed_nor_extended(owner: Actor) -> None:
    filing = await draft(owner)
    subject = await Subject.get(id=filing.subject_id)
    before = await everything()
    for outcome in (
        await filed.start_change(owner, subject, subject),
        await filed.start_add_website(owner, subject),
        await filed.cancel(owner, subject),
    ):
        assert [(problem.code, problem.rule) for problem in outcome.problems] == [
            ("WRONG_STATE", "BEIAN-NOT-FILED"), ("COEXISTENCE", "BEIAN-COEXISTENCE"),
        ]  # fmt: skip
        assert outcome.problems[0].blocking_id == name(subject)
    assert await everything() == before


@pytest.mark.shows("C62", "C66", "C70")
async def test_a_cancelled_object_refuses_everything_by_the_regulators_code(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, other] = await filed.websites_of(subject)
    access, third = await filed.access_of(website), await filed.access_of(other)

    async def cancel_rows(model: Any, number: int, status: RecordStatus = RecordStatus.CANCELLED) -> None:
        await unit_of_work(lambda: model.filter(id=number).update(status=status))

    async def answers(*asked: tuple[Any, str, str]) -> None:
        before = await everything()
        for outcome, rule, about in [(await ask, rule, about) for ask, rule, about in asked]:
            assert [(row.code, row.rule, row.blocking_id) for row in outcome.problems] == [
                ("WRONG_STATE", rule, about)
            ]
        assert await everything() == before

    await cancel_rows(Access, access.id)
    await answers(
        (filed.start_change(owner, subject, access), "MIIT-1032", name(access)),
        (filed.cancel(owner, access), "MIIT-1032", name(access)),
    )
    await cancel_rows(Access, access.id, RecordStatus.DRAFT)
    await answers(
        (filed.start_change(owner, subject, access), "MIIT-1047", name(access)),
        (filed.cancel(owner, access), "MIIT-1047", name(access)),
    )
    await cancel_rows(Access, access.id, RecordStatus.CANCELLED)
    await cancel_rows(Website, website.id)
    await answers(
        (filed.start_change(owner, subject, website), "MIIT-1050", name(website)),
        (filed.cancel(owner, website), "MIIT-1050", name(website)),
        (filed.start_access(owner, website), "MIIT-1050", name(website)),
    )
    await cancel_rows(Subject, subject.id)
    await answers(
        (filed.start_change(owner, subject, subject), "MIIT-1049", name(subject)),
        (filed.start_change(owner, subject, other), "MIIT-1049", name(subject)),
        (filed.start_add_website(owner, subject), "MIIT-1049", name(subject)),
        (filed.start_access(owner, other), "MIIT-1049", name(subject)),
        (filed.cancel(owner, third), "MIIT-1049", name(subject)),
        (filed.cancel(owner, other), "MIIT-1049", name(subject)),
        (filed.cancel(owner, subject), "MIIT-1049", name(subject)),
    )


@pytest.mark.shows("C23")
async def test_foreign_unknown_and_malformed_ids_are_not_found_alike(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, 1)
    foreign = await filed.filed_subject(await make_actor(Role.APPLICANT), 2)
    [site] = await filed.websites_of(foreign)
    reach = await filed.access_of(site)
    before = await everything()
    for wrong in (name(foreign), "sub_999999", "sub_x", "web_1", "", "网站", "sub_" + "9" * 40):
        assert said(await change(owner, wrong, name(subject))) == [("NOT_FOUND", None, ("subjectId",))]
        added = await openings.start_add_website(owner, subject_id=wrong, filing_password=PASSWORD, key=None)
        assert said(added) == [("NOT_FOUND", None, ("subjectId",))]
    for wrong in (name(foreign), name(site), name(reach), "web_999999", "fil_1", "x", ""):
        outcome = await change(owner, name(subject), name(subject), wrong)
        assert said(outcome) == [("NOT_FOUND", None, ("targetIds", "1"))]
    assert await everything() == before


@pytest.mark.shows("C54")
async def test_a_change_names_records_of_its_own_subject_alone_and_at_least_one(owner: Actor) -> None:
    subject, another = await filed.filed_subject(owner, 1), await filed.filed_subject(owner, 2)
    [site] = await filed.websites_of(another)
    before = await everything()
    for row in (another, site, await filed.access_of(site)):
        outcome = await filed.start_change(owner, subject, row)
        assert said(outcome) == [("NOT_FOUND", None, ("targetIds", "0"))]
    assert said(await filed.start_change(owner, subject)) == [("INVALID", None, ("targetIds",))]
    too_many = await change(owner, name(subject), *[f"web_{number}" for number in range(101)])
    assert said(too_many) == [("INVALID", None, ("targetIds",))]
    assert await everything() == before


@pytest.mark.shows("C41")
async def test_nobody_but_owner_and_typist_opens_anything_and_no_token_that_may_not_file(
    owner: Actor, reviewer: Actor
) -> None:
    account = await make_account(Role.APPLICANT)
    subject = await filed.filed_subject(actor_of(account))
    [website] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    strangers = [owner, await make_actor(Role.ADMIN)]
    seeing = [
        reviewer, await make_actor(Role.AUDITOR), actor_of(account, frozenset({TokenScope.READ})),
    ]  # fmt: skip
    before = await everything()
    for actor, code in [
        *((who, "NOT_FOUND") for who in strangers),
        *((who, "NOT_PERMITTED") for who in seeing),
    ]:
        for asked in (
            filed.start_change(actor, subject, website),
            filed.start_add_website(actor, subject),
            filed.start_access(actor, website),
            filed.cancel(actor, access),
            filed.cancel(actor, website),
            filed.cancel(actor, subject),
        ):
            outcome = await asked
            assert [problem.code for problem in outcome.problems] == [code], (actor, outcome)
    assert await everything() == before
    filing = actor_of(account, frozenset({TokenScope.READ, TokenScope.FILE}))
    await filed.opened(await filed.start_change(filing, subject, website))


@pytest.mark.shows("N5")
async def test_the_same_key_again_opens_nothing_twice_and_another_password_is_another_request(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner)
    asked: dict[str, Any] = {"subject_id": name(subject), "target_ids": [name(subject)], "key": "once"}
    first = await openings.start_change(owner, filing_password=PASSWORD, **asked)
    before = await everything(memory=True)
    again = await openings.start_change(owner, filing_password=PASSWORD, **asked)
    assert (again.ids, again.problems, again.replayed) == (first.ids, (), True)
    for password in (None, "wrong"):
        other = await openings.start_change(owner, filing_password=password, **asked)
        assert [problem.code for problem in other.problems] == ["IDEMPOTENCY_KEY_REUSED"]
    other = await openings.start_change(
        owner,
        filing_password=PASSWORD,
        **{**asked, "target_ids": [name((await filed.websites_of(subject))[0])]},
    )
    assert [problem.code for problem in other.problems] == ["IDEMPOTENCY_KEY_REUSED"]
    assert await everything(memory=True) == before
    assert await Filing.filter(kind=K.CHANGE).count() == 1


async def test_a_wrong_password_is_no_answer_that_a_key_remembers(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    asked = {"subject_id": name(subject), "key": "k"}
    wrong = await openings.start_add_website(owner, filing_password="WRONG", **asked)
    assert [problem.code for problem in wrong.problems] == ["WRONG_FILING_PASSWORD"]
    missing = await openings.start_add_website(owner, filing_password=None, **asked)
    assert [problem.code for problem in missing.problems] == ["FILING_PASSWORD_REQUIRED"]
    await filed.opened(await openings.start_add_website(owner, filing_password=PASSWORD, **asked))


@pytest.mark.shows("C83")
async def test_with_a_password_that_went_elsewhere_only_a_change_may_be_opened(owner: Actor) -> None:
    in_mode(coexistence="loose")
    subject = await filed.filed_subject(owner, websites=2)
    [website, bare] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(bare))
    access = await filed.access_of(website)
    await unit_of_work(lambda: Subject.filter(id=subject.id).update(password_restricted=True))
    before = await everything()
    for asked in (
        filed.start_add_website(owner, subject),
        filed.start_access(owner, bare),
        filed.cancel(owner, access),
        filed.cancel(owner, website),
        filed.cancel(owner, subject),
    ):
        outcome = await asked
        assert [(row.code, row.rule) for row in outcome.problems] == [
            ("WRONG_STATE", "BEIAN-PASSWORD-RESTRICTED")
        ]
    assert await everything() == before
    await filed.opened(await filed.start_change(owner, subject, subject))


async def add_target(actor: Actor, filing: Filing, target: str, version: int | None = None) -> Any:
    return await openings.add_change_target(
        actor,
        id=name(filing),
        version=filing.version if version is None else version,
        target_id=target,
        key=None,
    )


@pytest.mark.shows("C54", "C55")
async def test_a_further_record_is_taken_into_an_open_change_and_raises_its_version(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, _] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    outcome = await add_target(owner, filing, name(website))
    after = await filed.opened(outcome)
    assert (after.version, after.status) == (2, FilingStatus.DRAFT)
    assert [row.record for row in await Target.filter(filing_id=filing.id).order_by("id")] == [
        name(subject), name(website),
    ]  # fmt: skip
    event = await FilingEvent.filter(filing_id=filing.id).order_by("-id").first()
    assert event is not None
    assert (event.action.value, event.record, event.version) == ("ADD_CHANGE_TARGET", name(website), 2)
    assert website.name in ((await Target.get(record=name(website))).base or "")


async def test_what_cannot_be_taken_into_a_change_is_refused_and_changes_nothing(owner: Actor) -> None:
    subject, another = await filed.filed_subject(owner, 1, websites=2), await filed.filed_subject(owner, 2)
    [website, gone] = await filed.websites_of(subject)
    [foreign] = await filed.websites_of(another)
    access = await filed.access_of(gone)
    await filed.end_access(access)
    filing = await filed.opened(await filed.start_change(owner, subject, website))
    adding = await filed.opened(await filed.start_add_website(owner, another))
    stranger = await make_actor(Role.APPLICANT)
    before = await everything()
    for target, code in (
        (name(website), "INVALID"),  # it is in it already
        (name(access), "INVALID"),  # it is not in force any more
        (name(foreign), "NOT_FOUND"),
        ("web_999999", "NOT_FOUND"),
        ("", "NOT_FOUND"),
    ):
        assert said(await add_target(owner, filing, target)) == [(code, None, ("targetId",))]
    assert [p.code for p in (await add_target(owner, filing, name(gone), 7)).problems] == ["STALE_VERSION"]
    other_kind = await add_target(owner, adding, name(foreign))
    assert [(p.code, p.rule) for p in other_kind.problems] == [("WRONG_STATE", "BEIAN-KIND")]
    assert said(await add_target(stranger, filing, name(gone))) == [("NOT_FOUND", None, ("id",))]
    assert await everything() == before


@pytest.mark.shows("C66")
async def test_under_the_loose_matrix_no_record_is_taken_into_a_change_beside_what_is_open_on_it(
    owner: Actor,
) -> None:
    in_mode(coexistence="loose")
    subject = await filed.filed_subject(owner, websites=2)
    [website, other] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    ending = await filed.opened(await filed.cancel(owner, website))
    before = await everything()
    outcome = await add_target(owner, filing, name(website))
    assert [(p.code, p.blocking_id) for p in outcome.problems] == [("COEXISTENCE", name(ending))]
    assert await everything() == before
    await filed.opened(await add_target(owner, filing, name(other)))


@pytest.mark.shows("C59", "C60")
async def test_a_new_website_is_edited_and_removed_until_it_is_submitted(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner)
    [old] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_add_website(owner, subject))
    first = await filed.add_site(owner, subject, filed.site(0, 3))
    second = await filed.add_site(owner, subject, filed.site(0, 4))
    assert [row.record for row in await Target.filter(filing_id=filing.id).order_by("id")] == [
        name(first), name(second),
    ]  # fmt: skip
    assert not (await edit_website(owner, first, name="潮汐资料站")).problems
    removed = await website_drafts.remove_website(owner, id=name(second), version=1, key=None)
    assert not removed.problems
    assert not await Website.filter(id=second.id).exists()
    filing = await Filing.get(id=filing.id)
    filing = await submit(owner, filing)
    before = await everything()
    locked = [
        await edit_website(owner, first, name="又一个名字"),
        await website_drafts.remove_website(
            owner, id=name(first), version=(await Website.get(id=first.id)).version, key=None
        ),
        await website_drafts.add_website(
            owner, subject_id=name(subject), version=1, filing_id=None, fields={"name": "再一个"}, key=None
        ),
        await edit_website(owner, old, name="旧站新名"),
    ]
    assert [[problem.code for problem in outcome.problems] for outcome in locked] == [["WRONG_STATE"]] * 4
    assert await everything() == before
    assert (await approve(reviewer, filing)).status is FilingStatus.ACCEPTED


@pytest.mark.shows("C42", "C58")
async def test_of_openings_at_one_moment_exactly_one_wins(owner: Actor) -> None:
    for index in range(1, 4):
        subject = await filed.filed_subject(owner, index)
        [website] = await filed.websites_of(subject)
        outcomes = await asyncio.gather(
            filed.start_change(owner, subject, subject),
            filed.start_add_website(owner, subject),
            filed.cancel(owner, website),
            filed.start_change(owner, subject, website),
        )
        won = [outcome for outcome in outcomes if not outcome.problems]
        assert len(won) == 1, outcomes
        assert await Filing.filter(subject_id=subject.id).exclude(kind="NEW_FILING").count() == 1
        [lost] = {problem.code for outcome in outcomes for problem in outcome.problems}
        assert lost == "COEXISTENCE"
