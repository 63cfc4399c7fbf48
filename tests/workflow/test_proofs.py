"""Proofs: the filing password counted before it is verified, bound to account and generation, and found nowhere."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from models.clock import now
from models.credential import Throttle
from models.event import AuditEntry
from models.filing import Filing, FilingPassword, FilingProof
from models.refusal import Problem
from models.states import FilingAction, FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import give_back, make_actor, submit
from tests.workflow.doings import edit_subject, said
from tests.workflow.everything import everything
from workflow import openings, password_resets, steps
from workflow.access_openings import Typed, start_add_access
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.filing_passwords import replace_password
from workflow.permissions import filing_permissions
from workflow.proofs import verify

A = FilingAction
WRONG = [("WRONG_FILING_PASSWORD", "MIIT-1018", ("filingPassword",))]
REQUIRED = [("FILING_PASSWORD_REQUIRED", "BEIAN-PROOF", ("filingPassword",))]
LOCKED = [("THROTTLED", "MIIT-22", ("filingPassword",))]


async def blocked(actor: Actor, filing: Filing, action: FilingAction) -> tuple[Problem, ...]:
    """What `permittedActions` says stands in the way."""
    filing = await Filing.get(id=filing.id)
    [row] = [row for row in (await filing_permissions(actor, [filing]))[0] if row.action is action]
    return row.blocked_by


async def hand_in(actor: Actor, filing: Filing, password: str | None = None) -> Outcome:
    """Submit it as it stands."""
    version = (await Filing.get(id=filing.id)).version
    return await steps.submit_filing(
        actor, id=name(filing), version=version, filing_password=password, key=None
    )


async def bring_back(actor: Actor, filing: Filing, password: str | None = None) -> Outcome:
    """Restore it as it stands."""
    version = (await Filing.get(id=filing.id)).version
    return await steps.restore_filing(
        actor, id=name(filing), version=version, filing_password=password, key=None
    )


async def changing(owner: Actor, index: int = 0) -> tuple[Subject, Filing]:
    """A change of a subject with something proposed, which could be submitted."""
    subject = await filed.filed_subject(owner, index)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    assert not (await edit_subject(owner, filing, remark="搬迁")).problems
    return subject, await Filing.get(id=filing.id)


async def renew(subject: Subject) -> None:
    """The password is replaced; the new one is PASSWORD too, of the next generation."""
    secret = await filed.known_hash(PASSWORD)
    await unit_of_work(lambda: replace_password(subject.id, secret, now(), restricted=False))


@pytest.mark.shows("C53")
async def test_a_wrong_password_is_counted_and_put_on_record_and_opens_nothing(owner: Actor) -> None:
    owner = dataclasses.replace(owner, address="192.0.2.9", credential="ses_7")
    subject = await filed.filed_subject(owner)
    before = await everything()
    assert said(await filed.start_change(owner, subject, subject, password="WRONG2PASS3")) == WRONG
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {"throttle", "audit_entry"}
    assert [row.tries for row in await Throttle.all()] == [
        1,
        1,
    ]  # for the account and number, for the network
    entry = await AuditEntry.get(action="WRONG_FILING_PASSWORD")
    assert (entry.account_id, entry.credential, entry.record, entry.detail) == (
        owner.account_id, "ses_7", name(subject), {"action": "START_CHANGE"},
    )  # fmt: skip


@pytest.mark.shows("C52")
@pytest.mark.parametrize(
    "password", ["", " ", PASSWORD.lower(), PASSWORD + " ", "密码", "\ud800", "x" * 5000]
)
async def test_nothing_but_the_password_itself_is_right(owner: Actor, password: str) -> None:
    subject = await filed.filed_subject(owner)
    assert said(await filed.start_add_website(owner, subject, password)) == WRONG
    assert not await Filing.filter(kind="ADD_WEBSITE").exists()


@pytest.mark.shows("C52")
async def test_without_a_password_nothing_is_opened_and_nothing_counted(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, bare] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(bare))
    before = await everything()
    for asked in (
        filed.start_change(owner, subject, subject, password=None),
        filed.start_add_website(owner, subject, None),
        filed.start_access(owner, bare, None),
        filed.cancel(owner, await filed.access_of(website), None),
        filed.cancel(owner, website, None),
        filed.cancel(owner, subject, None),
    ):
        assert said(await asked) == REQUIRED
    assert await everything() == before


@pytest.mark.shows("C52", "C53")
async def test_each_of_the_operations_refuses_a_wrong_password(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, bare] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(bare))
    for asked in (
        filed.start_change(owner, subject, subject, password="A"),
        filed.start_add_website(owner, subject, "A"),
        filed.start_access(owner, bare, "A"),
        filed.cancel(owner, await filed.access_of(website), "A"),
        filed.cancel(owner, website, "A"),
    ):
        assert said(await asked) == WRONG
    assert await Filing.all().count() == 1
    assert said(await filed.cancel(owner, subject, "A")) == LOCKED  # it was the sixth


@pytest.mark.shows("C53")
async def test_five_wrong_ones_in_an_hour_lock_every_way_in_for_the_right_one_too(owner: Actor) -> None:
    subject, filing = await changing(owner)
    other, dropped = await changing(owner, 1)
    dropped = await filed.give_up(owner, dropped)
    [website] = await filed.websites_of(subject)
    number = subject.filing_number
    await unit_of_work(lambda: FilingProof.all().delete())
    wrong = [
        await hand_in(owner, filing, "WRONG1"),
        await hand_in(owner, filing, "WRONG2"),
        await hand_in(owner, filing, "WRONG3"),
    ]
    await filed.give_up(owner, filing)
    wrong += [
        await filed.start_change(owner, subject, subject, password="WRONG4"),
        await filed.cancel(owner, website, "WRONG5"),
    ]
    assert [said(outcome) for outcome in wrong] == [WRONG] * 5
    before = await everything()
    for outcome in (
        await filed.start_change(owner, subject, subject),
        await filed.start_add_website(owner, subject),
        await filed.cancel(owner, website),
        await filed.cancel(owner, await Subject.get(id=subject.id)),
        await bring_back(owner, filing, PASSWORD),
    ):
        assert said(outcome) == LOCKED
        assert 0 < (outcome.problems[0].retry_after or 0) <= 3600
    assert await everything() == before
    assert number != other.filing_number  # another subject of his is not locked
    assert not (await bring_back(owner, dropped, PASSWORD)).problems


@pytest.mark.shows("C53")
async def test_the_lock_ends_with_its_hour(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    for _ in range(5):
        await filed.start_add_website(owner, subject, "WRONG")
    assert said(await filed.start_add_website(owner, subject)) == LOCKED
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: Throttle.all().update(window_ends_at=past))
    await filed.opened(await filed.start_add_website(owner, subject))


@pytest.mark.shows("C53")
async def test_right_ones_are_given_back(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    for _ in range(4):
        await filed.start_add_website(owner, subject, "WRONG")
    for _ in range(3):
        filing = await filed.opened(await filed.start_add_website(owner, subject))
        await filed.give_up(owner, filing)
    assert [row.tries for row in await Throttle.all()] == [4]
    assert said(await filed.start_add_website(owner, subject, "WRONG")) == WRONG
    assert said(await filed.start_add_website(owner, subject)) == LOCKED


@pytest.mark.shows("C53")
async def test_a_strangers_tries_never_lock_the_owner(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    stranger = await make_actor(Role.APPLICANT)
    for number in range(7):
        outcome = await by_number(stranger, website.filing_number, f"GUESS{number}")
        assert said(outcome) == (WRONG if number < 5 else LOCKED)
    await filed.opened(await filed.start_change(owner, subject, subject))


async def by_number(actor: Actor, number: str | None, password: str) -> Outcome:
    """An access of a website that is filed elsewhere, or said to be."""
    return await start_add_access(
        actor, website_id=None, website_filing_number=number, filing_password=password,
        typed=Typed({"name": "某某公司"}, {"name": "某某网"}, filed.ACCESS), key=None,
    )  # fmt: skip


@pytest.mark.shows("C23", "C53")
async def test_anothers_number_and_a_wrong_password_get_one_answer_and_leave_one_trace(owner: Actor) -> None:
    mine = await filed.filed_subject(owner, 1)
    [website] = await filed.websites_of(mine)
    await filed.end_access(await filed.access_of(website))
    foreign = await filed.filed_subject(await make_actor(Role.APPLICANT), 2)
    [site] = await filed.websites_of(foreign)
    records, answers = [], []
    for number in (site.filing_number, website.filing_number):
        before = await everything()
        answers.append(await by_number(owner, number, "GUESS"))
        after = await everything()
        records.append({table: len(after[table]) - len(before[table]) for table in after})
    assert answers[0] == answers[1]
    assert said(answers[0]) == WRONG
    assert records[0] == records[1]
    # of the other account's, even the right password opens nothing
    assert said(await by_number(owner, site.filing_number, PASSWORD)) == WRONG
    assert await Filing.all().count() == 2


@pytest.mark.shows("C53")
async def test_a_network_that_guesses_at_strangers_numbers_is_stopped_and_its_owners_are_not(
    owner: Actor,
) -> None:
    thief = dataclasses.replace(await make_actor(Role.APPLICANT), address="198.51.100.20")
    numbers = []
    for index in range(10, 21):
        [website] = await filed.websites_of(await filed.filed_subject(owner, index))
        numbers.append(website.filing_number or "")
    for number in numbers[:10]:
        for _ in range(5):
            assert said(await guess(thief, number)) == WRONG
    assert said(await guess(thief, numbers[10])) == LOCKED
    neighbour = dataclasses.replace(owner, address="198.51.100.77")
    subject = await filed.filed_subject(owner, 30)
    await filed.opened(await filed.start_add_website(neighbour, subject))


async def guess(actor: Actor, number: str) -> Outcome:
    """A try at the password of a number that somebody else filed here."""
    typed = Typed({"name": "甲"}, {"name": "乙"}, filed.ACCESS)
    return await start_add_access(
        actor, website_id=None, website_filing_number=number, filing_password="GUESS", typed=typed, key=None
    )


@pytest.mark.shows("C53", "C70")
async def test_where_the_state_forbids_the_step_no_password_is_looked_at(
    owner: Actor, reviewer: Actor
) -> None:
    subject, filing = await changing(owner)
    submitted = await submit(owner, filing)
    [website] = await filed.websites_of(subject)
    before = await everything()
    for outcome, code in (
        (await filed.start_add_website(owner, subject, "WRONG"), "COEXISTENCE"),
        (await filed.cancel(owner, website, "WRONG"), "COEXISTENCE"),
        (await filed.cancel(owner, website, "WRONG", version=9), "STALE_VERSION"),
        (await hand_in(owner, submitted, "WRONG"), "WRONG_STATE"),
        (await bring_back(owner, submitted, "WRONG"), "WRONG_STATE"),
        (await hand_in(reviewer, submitted, "WRONG"), "NOT_PERMITTED"),
    ):
        assert [problem.code for problem in outcome.problems] == [code]
    assert await everything() == before


@pytest.mark.shows("C52", "N6")
async def test_the_owners_proof_is_not_the_typists(owner: Actor, reviewer: Actor) -> None:
    subject = await filed.filed_subject(owner, typist=reviewer)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    filing = await filed.opened(await edit_subject(owner, filing, remark="搬迁"))
    await unit_of_work(lambda: Filing.filter(id=filing.id).update(filed_by_id=reviewer.account_id))
    assert await blocked(owner, filing, A.SUBMIT_FILING) == ()
    assert [row.code for row in await blocked(reviewer, filing, A.SUBMIT_FILING)] == [
        "FILING_PASSWORD_REQUIRED"
    ]
    assert said(await hand_in(reviewer, filing)) == REQUIRED
    assert not (await hand_in(reviewer, filing, PASSWORD)).problems
    assert {row.account_id for row in await FilingProof.all()} == {owner.account_id, reviewer.account_id}


@pytest.mark.shows("C52", "N6", "N9")
async def test_a_password_that_was_replaced_voids_the_proofs_given_with_it(
    owner: Actor, reviewer: Actor
) -> None:
    subject, filing = await changing(owner)
    filing = await give_back(reviewer, await submit(owner, filing))
    assert await blocked(owner, filing, A.SUBMIT_FILING) == ()
    await renew(subject)
    assert [row.code for row in await blocked(owner, filing, A.SUBMIT_FILING)] == ["FILING_PASSWORD_REQUIRED"]
    before = await everything()
    assert said(await hand_in(owner, filing)) == REQUIRED
    assert await everything() == before
    assert not (await hand_in(owner, filing, PASSWORD)).problems
    assert [row.generation for row in await FilingProof.all()] == [2]


@pytest.mark.shows("C49", "N6")
async def test_a_reset_by_staff_kills_the_proof_of_an_open_filing(owner: Actor, reviewer: Actor) -> None:
    subject, filing = await changing(owner)
    outcome = await password_resets.reset_filing_password(
        reviewer,
        subject_id=name(subject),
        reason="主办者遗失密码",
        deliver_to=None,
        document_ids=[],
        key=None,
    )
    assert not outcome.problems
    assert said(await hand_in(owner, filing)) == REQUIRED
    assert said(await hand_in(owner, filing, PASSWORD)) == WRONG
    assert not (await hand_in(owner, filing, await filed.told_password(subject))).problems


@pytest.mark.shows("C52", "N6")
async def test_what_was_dropped_wants_the_password_anew(owner: Actor) -> None:
    _, filing = await changing(owner)
    filing = await filed.give_up(owner, filing)
    assert not await FilingProof.all().exists()
    assert [row.code for row in await blocked(owner, filing, A.RESTORE_FILING)] == [
        "FILING_PASSWORD_REQUIRED"
    ]
    before = await everything()
    assert said(await bring_back(owner, filing)) == REQUIRED
    assert await everything() == before
    assert said(await bring_back(owner, filing, "WRONG")) == WRONG
    restored = await filed.opened(await bring_back(owner, filing, PASSWORD))
    assert restored.status is FilingStatus.DRAFT
    assert not (await hand_in(owner, restored)).problems


async def test_a_proof_is_given_for_one_filing_alone(owner: Actor) -> None:
    subject, filing = await changing(owner)
    await filed.give_up(owner, filing)
    again = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, again, remark="又搬迁")
    await unit_of_work(lambda: FilingProof.all().update(filing_id=filing.id))
    assert said(await hand_in(owner, again)) == REQUIRED


async def test_a_subject_whose_password_nobody_made_yet_opens_to_none(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    await unit_of_work(lambda: FilingPassword.all().delete())
    assert said(await filed.start_change(owner, subject, subject)) == WRONG


@pytest.mark.shows("N9")
async def test_verifying_gives_the_generation_in_force(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    assert await verify(owner, subject, PASSWORD, A.START_CHANGE) == 1
    await renew(subject)
    assert await verify(owner, subject, PASSWORD, A.START_CHANGE) == 2


@pytest.mark.shows("C48")
async def test_neither_the_password_nor_its_hash_stands_anywhere_but_in_its_own_row(
    owner: Actor, reviewer: Actor
) -> None:
    subject, filing = await changing(owner)
    secret = (await FilingPassword.get(subject_id=subject.id)).password_hash
    asked: dict[str, Any] = {"subject_id": name(subject), "target_ids": [name(subject)]}
    await openings.start_change(owner, filing_password=PASSWORD, key="a", **asked)
    assert said(await hand_in(owner, filing, "CANARY1WRONG")) == WRONG  # though it was proven before
    kept = await give_back(reviewer, await submit(owner, filing))
    await steps.submit_filing(
        owner,
        id=name(kept),
        version=(await Filing.get(id=kept.id)).version,
        filing_password=PASSWORD,
        key="b",
    )
    await by_number(owner, "京ICP备20261234号-1", "CANARY2WRONG")
    tables = await everything(memory=True)
    rows = [(table, row) for table, found in tables.items() for row in found]
    for word in (PASSWORD, "CANARY1WRONG", "CANARY2WRONG"):
        assert [table for table, row in rows if word in row] == []
    assert [table for table, row in rows if secret in row] == ["filing_password"]
