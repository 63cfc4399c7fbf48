"""What a grant opens in the place of the filing password: what it names, until it ends, in every way in."""

from datetime import timedelta

import pytest

from models.account import Account
from models.clock import now
from models.filing import Filing, FilingPassword, FilingProof, PasswordGrant
from models.node_ids import node_id
from models.states import FilingAction, FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import make_actor
from tests.workflow.doings import edit_subject, said
from tests.workflow.everything import everything
from workflow import steps
from workflow.actors import Actor
from workflow.filing_passwords import replace_password
from workflow.granted import grant_holds
from workflow.grants import create_password_grant, revoke_password_grant

A = FilingAction
WRONG = [("WRONG_FILING_PASSWORD", "MIIT-1018", ("filingPassword",))]


async def granted(owner: Actor, subject: Subject, *actions: FilingAction) -> str:
    """A grant of the subject's password for these steps, as its holder was told it."""
    outcome, text = await create_password_grant(
        owner, subject_id=name(subject), filing_password=PASSWORD, actions=actions, minutes=30, key=None
    )
    assert outcome.problems == ()
    assert text is not None
    return text


@pytest.mark.shows("N9")
async def test_a_grant_opens_submits_and_restores_what_it_names(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    grant = await granted(owner, subject, A.START_CHANGE, A.RESTORE_FILING)
    filing = await filed.opened(await filed.start_change(owner, subject, subject, password=grant))
    assert [(row.account_id, row.generation) for row in await FilingProof.all()] == [(owner.account_id, 1)]
    await edit_subject(owner, filing, remark="搬迁")
    dropped = await filed.give_up(owner, await Filing.get(id=filing.id))
    restored = await steps.restore_filing(
        owner, id=name(dropped), version=dropped.version, filing_password=grant, key=None
    )
    back = await filed.opened(restored)
    await unit_of_work(lambda: FilingProof.all().delete())
    submitted = await steps.submit_filing(
        owner, id=name(back), version=back.version, filing_password=grant, key=None
    )
    assert said(submitted) == WRONG  # submitting is not among what it opens
    other = await granted(owner, subject, A.SUBMIT_FILING)
    assert (
        await filed.opened(
            await steps.submit_filing(
                owner, id=name(back), version=back.version, filing_password=other, key=None
            )
        )
    ).status is FilingStatus.SUBMITTED


@pytest.mark.shows("C53", "N9")
async def test_what_a_grant_does_not_open_is_a_wrong_password_and_counts_as_one(owner: Actor) -> None:
    subject, another = await filed.filed_subject(owner, 1), await filed.filed_subject(owner, 2)
    grant = await granted(owner, subject, A.START_CHANGE)
    assert said(await filed.start_add_website(owner, subject, grant)) == WRONG
    assert said(await filed.cancel(owner, subject, grant)) == WRONG
    assert said(await filed.start_change(owner, another, another, password=grant)) == WRONG
    assert not await Filing.exclude(kind="NEW_FILING").exists()
    for _ in range(3):
        await filed.start_add_website(owner, subject, grant)
    locked = await filed.start_add_website(owner, subject)
    assert said(locked) == [("THROTTLED", "MIIT-22", ("filingPassword",))]


@pytest.mark.shows("N9")
@pytest.mark.parametrize(
    "ending", ["time", "revoked", "generation", "disabled", "owner", "secret", "password gone"]
)
async def test_a_grant_ends_in_each_of_its_ways(owner: Actor, ending: str) -> None:
    subject = await filed.filed_subject(owner)
    grant = await granted(owner, subject, A.START_CHANGE)
    row = await PasswordGrant.get()
    other = await make_actor(Role.APPLICANT)
    assert await grant_holds(grant, subject.id, A.START_CHANGE) == 1

    async def end() -> None:
        match ending:
            case "time":
                await PasswordGrant.all().update(expires_at=now() - timedelta(seconds=1))
            case "generation":
                await replace_password(subject.id, secret, now(), restricted=False)
            case "disabled":
                await Account.filter(id=owner.account_id).update(disabled=True)
            case "owner":
                people = {"owner_id": other.account_id, "filed_by_id": other.account_id}
                await Subject.filter(id=subject.id).update(**people)
            case "password gone":
                await FilingPassword.all().delete()

    secret = await filed.known_hash(PASSWORD)
    if ending == "revoked":
        outcome = await revoke_password_grant(owner, id=node_id(PasswordGrant, row.id), key=None)
        assert outcome.problems == ()
    await unit_of_work(end)
    text = grant[:-1] + ("A" if grant[-1] != "A" else "B") if ending == "secret" else grant
    assert await grant_holds(text, subject.id, A.START_CHANGE) is None


@pytest.mark.shows("C48", "N9")
async def test_a_grant_that_was_used_stands_nowhere_in_clear(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    grant = await granted(owner, subject, A.START_CHANGE)
    await filed.opened(await filed.start_change(owner, subject, subject, password=grant))
    secret = grant.rpartition("_")[2]
    rows = [row for found in (await everything(memory=True)).values() for row in found]
    assert not any(grant in row or secret in row for row in rows)
