"""Resets of the filing password: at once to the approved address, elsewhere by documents and two people."""

from datetime import timedelta

import pytest

from models.attachment import Attachment
from models.clock import now
from models.event import AuditEntry, FilingEvent
from models.filing import FilingPassword, PasswordGrant
from models.hashing import verify_secret
from models.joint_act import JointAct
from models.outbox import OutboxMessage
from models.states import FilingAction, OutboxState, RecordStatus, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.workflow.doings import said
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import (
    Cast,
    Life,
    confirm,
    file_one,
    gather_cast,
    in_mode,
    mails,
    name_of,
    password_of,
    reject,
    subject_in,
    uploaded_by,
)
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.password_resets import reset_filing_password

ELSEWHERE = "legal@example.org"


async def is_restricted(kept: FilingPassword) -> bool:
    return bool((await Subject.get(id=kept.subject_id)).password_restricted)


@pytest.fixture
async def cast(lawful: str) -> Cast:
    """Everybody."""
    return await gather_cast()


@pytest.fixture
async def life(cast: Cast) -> Life:
    """A subject in force, whose first password is in the outbox."""
    return await file_one(cast)


async def reset(
    actor: Actor,
    life: Life,
    *documents: str,
    to: str | None = None,
    reason: str = "邮件未送达",
    key: str | None = None,
) -> Outcome:
    return await reset_filing_password(
        actor, subject_id=await name_of(life), reason=reason, deliver_to=to, document_ids=documents, key=key
    )


async def approved_address(life: Life) -> str:
    return (await subject_in(life)).principal_email or ""


@pytest.mark.shows("C49", "C84")
async def test_one_reviewer_mails_a_new_password_to_the_approved_address(life: Life) -> None:
    old = await password_of(life)
    before = await FilingPassword.get()
    outcome = await reset(life.cast.reviewer, life)
    assert (outcome.problems, outcome.ids) == ((), {"subject": life.filing.subject_id})
    [mail] = await mails("filing_password_reset")
    subject = await subject_in(life)
    assert (mail["to"], mail["data"]["number"]) == (subject.principal_email, subject.filing_number)
    new, kept = mail["data"]["password"], await FilingPassword.get()
    assert (kept.generation, await is_restricted(kept)) == (before.generation + 1, False)
    assert await verify_secret(kept.password_hash, new)
    assert not await verify_secret(kept.password_hash, old)


@pytest.mark.shows("C48", "C49")
async def test_a_reset_is_on_record_with_its_reason_and_the_secret_lies_open_nowhere(life: Life) -> None:
    await reset(life.cast.reviewer, life, key="k")
    event = await FilingEvent.get(action=FilingAction.RESET_PASSWORD)
    assert (event.actor, event.note, event.record) == (
        life.cast.reviewer.name,
        "邮件未送达",
        await name_of(life),
    )
    entry = await AuditEntry.get(action="RESET_PASSWORD")
    assert entry.detail == {"generation": 2, "reason": "邮件未送达"}
    password = await password_of(life)
    assert not any(password in row for rows in (await everything(memory=True)).values() for row in rows)


@pytest.mark.shows("C49")
async def test_a_mail_with_the_older_password_is_not_sent_any_more(life: Life) -> None:
    await reset(life.cast.reviewer, life)
    older, newer = await OutboxMessage.filter(key__startswith="filing_password:").order_by("id")
    assert [older.state, older.payload] == [OutboxState.PARKED, None]
    assert newer.state is OutboxState.WAITING
    assert older.lane != newer.lane
    [failed] = await FilingEvent.filter(action=FilingAction.MAIL_FAILED)
    assert failed.note == "failed: filing_password: replaced by a newer password before it was sent"


async def test_grants_end_with_the_password(life: Life) -> None:
    def grant() -> PasswordGrant:
        return PasswordGrant(
            public_id="a", secret_hash="b", subject_id=life.filing.subject_id, generation=1, actions=[],
            account_id=life.cast.owner.account_id, expires_at=now() + timedelta(hours=1), created_at=now(),
        )  # fmt: skip

    await unit_of_work(lambda: grant().save())
    await reset(life.cast.reviewer, life)
    assert await PasswordGrant.filter(revoked_at=None).count() == 0


async def test_a_reset_under_a_key_makes_one_password(life: Life) -> None:
    first = await reset(life.cast.reviewer, life, key="k")
    again = await reset(life.cast.reviewer, life, key="k")
    assert (again.ids, again.replayed) == (first.ids, True)
    assert (await FilingPassword.get()).generation == 2
    assert len(await mails("filing_password_reset")) == 1


async def test_the_approved_address_written_otherwise_is_still_the_approved_one(life: Life) -> None:
    address = await approved_address(life)
    outcome = await reset(life.cast.reviewer, life, to=f" {address.upper()} ")
    assert outcome.problems == ()
    assert "joint_act" not in outcome.ids


@pytest.mark.shows("C83")
async def test_another_address_takes_documents_and_a_second_reviewer(life: Life) -> None:
    cast, file = life.cast, await uploaded_by(life.cast.reviewer)
    known = await FilingPassword.get()
    outcome = await reset(cast.reviewer, life, file, to=ELSEWHERE)
    assert (await FilingPassword.get()).password_hash == known.password_hash
    assert await mails("filing_password_reset") == []
    attachment = await Attachment.get()
    assert attachment.record == f"act_{outcome.ids['joint_act']}"
    assert (await confirm(cast.colleague, outcome)).problems == ()
    [mail] = await mails("filing_password_reset")
    kept = await FilingPassword.get()
    assert mail["to"] == ELSEWHERE
    assert (kept.generation, await is_restricted(kept)) == (2, True)
    assert await verify_secret(kept.password_hash, mail["data"]["password"])


@pytest.mark.shows("C83")
async def test_both_names_are_recorded_and_the_old_address_is_told_without_the_password(life: Life) -> None:
    cast, file = life.cast, await uploaded_by(life.cast.reviewer)
    outcome = await reset(cast.reviewer, life, file, to=ELSEWHERE)
    await confirm(cast.colleague, outcome)
    event = await FilingEvent.get(action=FilingAction.RESET_PASSWORD)
    assert event.note == f"{cast.reviewer.name} + {cast.colleague.name}: 邮件未送达 → l***@example.org"
    entry = await AuditEntry.get(action="RESET_PASSWORD")
    assert (entry.account_id, entry.detail["asked_by"], entry.detail["documents"]) == (
        cast.colleague.account_id,
        f"acc_{cast.reviewer.account_id}",
        [file],
    )
    [told] = await mails("filing_password_elsewhere")
    subject = await subject_in(life)
    assert told["to"] == subject.principal_email
    assert told["data"] == {
        "subject": subject.name,
        "number": subject.filing_number,
        "to": "l***@example.org",
    }
    password = await password_of(life)
    rows = [row for rows in (await everything(memory=True)).values() for row in rows]
    assert not any(password in row or ELSEWHERE in row for row in rows)
    assert (await JointAct.get()).detail is None


@pytest.mark.shows("C83")
async def test_who_asked_or_typed_may_not_confirm(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    outcome = await reset(cast.reviewer, life, await uploaded_by(cast.reviewer), to=ELSEWHERE)
    before = await everything()
    for actor, answer in (
        (cast.reviewer, ("NOT_PERMITTED", "BEIAN-FOUR-EYES", None)),
        (cast.typist, ("NOT_PERMITTED", "BEIAN-SELF-REVIEW", None)),
        (cast.auditor, ("NOT_PERMITTED", None, None)),
        (cast.admin, ("NOT_FOUND", None, ("id",))),
        (cast.customer, ("NOT_FOUND", None, ("id",))),
    ):
        assert said(await confirm(actor, outcome)) == [answer]
    assert await everything() == before
    assert (await reject(cast.colleague, outcome)).problems == ()
    assert (await FilingPassword.get()).generation == 1


async def test_what_may_not_be_reset_is_refused_and_changes_nothing(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    mine, theirs = await uploaded_by(cast.reviewer), await uploaded_by(cast.colleague)
    read_only = Actor(cast.reviewer.account_id, cast.reviewer.role, frozenset({TokenScope.READ}), "r", None)
    before = await everything()
    not_permitted, invalid = ("NOT_PERMITTED", None, None), "INVALID"
    for actor, to, files, reason, answer in (
        (cast.owner, None, (), "x", ("NOT_FOUND", None, ("subjectId",))),
        (cast.admin, None, (), "x", ("NOT_FOUND", None, ("subjectId",))),
        (cast.customer, None, (), "x", not_permitted),
        (cast.auditor, None, (), "x", not_permitted),
        (read_only, None, (), "x", not_permitted),
        (cast.typist, None, (), "x", ("NOT_PERMITTED", "BEIAN-SELF-REVIEW", None)),
        (cast.reviewer, None, (), "  ", (invalid, None, ("reason",))),
        (cast.reviewer, None, (), "长" * 501, (invalid, None, ("reason",))),
        (cast.reviewer, "nobody", (mine,), "x", (invalid, None, ("deliverTo",))),
        (cast.reviewer, "a@example.org;b@example.org", (mine,), "x", (invalid, None, ("deliverTo",))),
        (cast.reviewer, ELSEWHERE, (), "x", (invalid, None, ("documentIds",))),
        (cast.reviewer, ELSEWHERE, (mine,) * 21, "x", (invalid, None, ("documentIds",))),
        (cast.reviewer, ELSEWHERE, (mine, theirs), "x", (invalid, None, ("documentIds", "1"))),
        (cast.reviewer, ELSEWHERE, ("file_999999",), "x", (invalid, None, ("documentIds", "0"))),
    ):
        outcome = await reset(actor, life, *files, to=to, reason=reason)
        assert said(outcome) == [answer]
    assert await everything() == before


async def test_only_a_filed_subject_has_a_password_that_is_kept_here(life: Life) -> None:
    subject_id = life.filing.subject_id
    in_mode(filing_password="authority")
    before = await everything()
    assert said(await reset(life.cast.reviewer, life)) == [("WRONG_STATE", None, None)]
    assert await everything() == before
    in_mode(filing_password="local")
    await unit_of_work(lambda: Subject.filter(id=subject_id).update(status=RecordStatus.CANCELLED))
    before = await everything()
    assert said(await reset(life.cast.reviewer, life)) == [("WRONG_STATE", None, None)]
    assert await everything() == before
    await unit_of_work(
        lambda: Subject.filter(id=subject_id).update(status=RecordStatus.FILED, principal_email=None)
    )
    before = await everything()
    assert said(await reset(life.cast.reviewer, life)) == [("WRONG_STATE", None, None)]
    assert await everything() == before


async def test_a_reset_by_the_only_person_of_the_house_is_marked(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    in_mode(self_review="allow")
    assert (await reset(cast.typist, life)).problems == ()
    event = await FilingEvent.get(action=FilingAction.RESET_PASSWORD)
    assert event.note == "[本人核实 self-reviewed] 邮件未送达"
