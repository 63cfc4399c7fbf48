"""Transfers of proofs: a password on its way to the authority arrives, and the proofs of the old owner end."""

import pytest

from authority.simulator.counter import Simulator
from models.account import Account
from models.filing import Filing, FilingPassword, FilingProof
from models.node_ids import node_id
from models.states import FilingStatus, Role
from models.subject import Subject
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import approve, carry_reports, give_back, make_actor, named, submit, take_answers
from tests.workflow.filed_subjects import confirm
from tests.workflow.test_access_openings import SECRET, SHOP, adopt
from workflow import steps
from workflow.actors import Actor
from workflow.proofs import check_kept, travelling_of
from workflow.transfers import transfer_subject


async def hand_over(reviewer: Actor, filing: Filing) -> Actor:
    """The filing's subject goes to another customer, whom it gives."""
    colleague, taker = await make_actor(Role.REVIEWER), await make_actor(Role.APPLICANT)
    subject = await Subject.get(id=filing.subject_id)
    asked = await transfer_subject(
        reviewer, subject_id=name(subject), version=subject.version,
        owner_id=node_id(Account, taker.account_id or 0), reason="公司合并", key=None,
    )  # fmt: skip
    assert (await confirm(colleague, asked)).problems == ()
    assert (await Filing.get(id=filing.id)).owner_id == taker.account_id
    return taker


@pytest.mark.shows("C61", "C82")
@pytest.mark.parametrize("status", [FilingStatus.SUBMITTED, FilingStatus.ACCEPTED, FilingStatus.AT_AUTHORITY])
async def test_a_transfer_leaves_the_password_that_travels_to_the_authority_and_it_is_known_here_afterwards(
    owner: Actor, reviewer: Actor, desk: Simulator, status: FilingStatus
) -> None:
    filing = await submit(owner, await filed.opened(await adopt(owner, SHOP)))
    if status is not FilingStatus.SUBMITTED:
        filing = await approve(reviewer, filing)
    if status is FilingStatus.AT_AUTHORITY:
        await carry_reports(desk)
    filing = await Filing.get(id=filing.id)
    assert filing.status is status
    await hand_over(reviewer, filing)
    assert (await travelling_of(filing.id)).keys() == {"md5", "hash"}
    if status is FilingStatus.SUBMITTED:
        await approve(reviewer, await Filing.get(id=filing.id))
    await carry_reports(desk)
    await take_answers(desk)
    filing = await Filing.get(id=filing.id)
    assert (filing.status, filing.error_codes) == (FilingStatus.APPROVED, [])
    assert await FilingPassword.filter(subject_id=filing.subject_id).count() == 1
    subject = await Subject.get(id=filing.subject_id)
    assert await check_kept(owner, subject, SECRET) is not None
    assert not await FilingProof.filter(filing_id=filing.id).exists()


@pytest.mark.shows("C82")
async def test_the_new_owner_of_what_comes_back_to_him_must_show_the_password_himself(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await submit(owner, await filed.opened(await adopt(owner, SHOP)))
    taker = await hand_over(reviewer, filing)
    await give_back(reviewer, await Filing.get(id=filing.id))
    filing = await Filing.get(id=filing.id)
    refused = await steps.submit_filing(taker, **named(filing), filing_password=None)
    assert "FILING_PASSWORD_REQUIRED" in [problem.code for problem in refused.problems]
    assert await Filing.get(id=filing.id).values("status", "version") == {
        "status": FilingStatus.RETURNED,
        "version": filing.version,
    }


@pytest.mark.shows("C82")
@pytest.mark.parametrize("status", [FilingStatus.DRAFT, FilingStatus.RETURNED])
async def test_a_transfer_ends_the_proofs_of_what_is_in_its_owners_hands_even_one_that_would_travel(
    owner: Actor, reviewer: Actor, status: FilingStatus
) -> None:
    filing = await submit(owner, await filed.opened(await adopt(owner, SHOP)))
    if status is FilingStatus.RETURNED:
        await give_back(reviewer, filing)
    else:
        await filed.opened(await steps.withdraw_filing(owner, **named(filing)))
    filing = await Filing.get(id=filing.id)
    assert filing.status is status
    assert await FilingProof.filter(filing_id=filing.id, travelling__isnull=False).exists()
    await hand_over(reviewer, filing)
    assert not await FilingProof.filter(filing_id=filing.id).exists()


@pytest.mark.shows("C82")
async def test_a_transfer_ends_the_proofs_of_a_password_that_is_kept_here_wherever_the_filing_is(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner)
    filing = await filed.opened(await filed.cancel(owner, subject, PASSWORD))
    assert filing.status is FilingStatus.SUBMITTED
    assert await FilingProof.filter(filing_id=filing.id, travelling__isnull=True).exists()
    await hand_over(reviewer, filing)
    assert not await FilingProof.filter(filing_id=filing.id).exists()
