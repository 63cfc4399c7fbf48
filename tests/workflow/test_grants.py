"""Grants of a filing password: for its owner to give, short, narrow, shown once, and ended by whatever ends their ground."""

from datetime import timedelta

import pytest

from models.account import Account
from models.clock import now
from models.credential import Throttle
from models.event import AuditEntry, FilingEvent
from models.filing import PasswordGrant
from models.node_ids import node_id
from models.refusal import Refused
from models.states import FilingAction, RecordStatus, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.workflow.doings import codes, said
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import (
    Cast,
    Life,
    confirm,
    file_one,
    gather_cast,
    in_mode,
    name_of,
    password_of,
    subject_in,
)
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.granted import grant_holds
from workflow.grants import create_password_grant, password_grants, revoke_password_grant
from workflow.password_resets import reset_filing_password
from workflow.proofs import verify
from workflow.transfers import transfer_subject

CHANGE = FilingAction.START_CHANGE


@pytest.fixture
async def cast(lawful: str) -> Cast:
    """Everybody."""
    return await gather_cast()


@pytest.fixture
async def life(cast: Cast) -> Life:
    """A subject in force, whose password is in the outbox."""
    return await file_one(cast)


async def create(
    actor: Actor,
    life: Life,
    *actions: FilingAction,
    password: str | None = None,
    minutes: int = 60,
    key: str | None = None,
) -> tuple[Outcome, str | None]:
    return await create_password_grant(
        actor, subject_id=await name_of(life), filing_password=password or await password_of(life),
        actions=actions, minutes=minutes, key=key,
    )  # fmt: skip


async def granted(life: Life, *actions: FilingAction) -> str:
    """The text of a grant that the owner made."""
    outcome, text = await create(life.cast.owner, life, *(actions or (CHANGE,)))
    assert outcome.problems == ()
    assert text is not None
    return text


async def opens(life: Life, text: str, action: FilingAction = CHANGE) -> int | None:
    return await grant_holds(text, life.filing.subject_id, action)


@pytest.mark.shows("N9")
async def test_a_grant_opens_what_it_names_and_nothing_else(life: Life) -> None:
    outcome, text = await create(life.cast.owner, life, CHANGE, FilingAction.SUBMIT_FILING, minutes=30)
    assert outcome.problems == ()
    assert text is not None
    assert text.startswith("bgr_")
    grant = await PasswordGrant.get(id=outcome.ids["password_grant"])
    assert grant.actions == ["START_CHANGE", "SUBMIT_FILING"]
    assert grant.expires_at - grant.created_at == timedelta(minutes=30)
    assert await opens(life, text) == 1
    assert await opens(life, text, FilingAction.SUBMIT_FILING) == 1
    assert await opens(life, text, FilingAction.CANCEL_SUBJECT) is None
    assert await grant_holds(text, life.filing.subject_id + 1, CHANGE) is None


@pytest.mark.shows("N9")
async def test_an_agent_gives_it_in_the_passwords_place(life: Life) -> None:
    text, subject = await granted(life), await subject_in(life)
    assert await verify(life.cast.owner, subject, text, CHANGE) == 1
    with pytest.raises(Refused):
        await verify(life.cast.owner, subject, text, FilingAction.CANCEL_SUBJECT)


@pytest.mark.shows("N9", "C48")
async def test_what_is_kept_of_it_opens_nothing_and_the_record_tells_what_it_opens(life: Life) -> None:
    password = await password_of(life)
    outcome, text = await create(life.cast.owner, life, CHANGE, key="k")
    assert text is not None
    secret = text.removeprefix("bgr_").partition("_")[2]
    rows = [row for rows in (await everything(memory=True)).values() for row in rows]
    assert not any(part in row for part in (secret, password) for row in rows)
    event = await FilingEvent.get(action=FilingAction.CREATE_PASSWORD_GRANT)
    assert (event.actor, event.note, event.record) == (
        life.cast.owner.name,
        "START_CHANGE: 60 min",
        await name_of(life),
    )
    entry = await AuditEntry.get(action="CREATE_PASSWORD_GRANT")
    assert entry.record == f"grant_{outcome.ids['password_grant']}"
    assert entry.detail == {"actions": ["START_CHANGE"], "generation": 1}


async def test_it_is_shown_once_and_a_repeated_request_costs_no_try(life: Life) -> None:
    first, text = await create(life.cast.owner, life, CHANGE, key="k")
    again, nothing = await create(life.cast.owner, life, CHANGE, key="k")
    assert text is not None
    assert (again.ids, again.replayed, nothing) == (first.ids, True, None)
    other, _ = await create(life.cast.owner, life, CHANGE, password="WRONG", key="k")
    assert codes(other) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await PasswordGrant.all().count() == 1
    assert await Throttle.filter(key__startswith="filing-password", tries__gt=0).count() == 0


@pytest.mark.shows("N9")
async def test_who_may_not_give_one_or_asks_too_much_is_refused_and_changes_nothing(cast: Cast) -> None:
    life = await file_one(cast, on_behalf=True)
    token = Actor(cast.customer.account_id, cast.customer.role, frozenset(TokenScope), "t", None)
    before = await everything()
    not_permitted = ("NOT_PERMITTED", None, None)
    for actor, actions, minutes, answer in (
        (cast.other, (CHANGE,), 60, ("NOT_FOUND", None, ("subjectId",))),
        (cast.admin, (CHANGE,), 60, ("NOT_FOUND", None, ("subjectId",))),
        (cast.reviewer, (CHANGE,), 60, not_permitted),
        (cast.auditor, (CHANGE,), 60, not_permitted),
        (cast.typist, (CHANGE,), 60, not_permitted),
        (token, (CHANGE,), 60, not_permitted),
        (cast.customer, (), 60, ("INVALID", None, ("actions",))),
        (cast.customer, (CHANGE, FilingAction.APPROVE_FILING), 60, ("INVALID", None, ("actions", "1"))),
        (cast.customer, (FilingAction.CREATE_PASSWORD_GRANT,), 60, ("INVALID", None, ("actions", "0"))),
        (cast.customer, (CHANGE,), 0, ("INVALID", None, ("minutes",))),
        (cast.customer, (CHANGE,), 1441, ("INVALID", None, ("minutes",))),
    ):
        outcome, text = await create(actor, life, *actions, minutes=minutes)
        assert (said(outcome), text) == ([answer], None)
    assert await everything() == before


@pytest.mark.shows("N9")
async def test_a_wrong_password_makes_none_and_counts_until_it_is_throttled(life: Life) -> None:
    owner = life.cast.owner
    for _ in range(5):
        outcome, text = await create(owner, life, CHANGE, password="WRONG", key="k")
        assert (codes(outcome), text) == (["WRONG_FILING_PASSWORD"], None)
    outcome, _ = await create(owner, life, CHANGE)
    assert codes(outcome) == ["THROTTLED"]
    assert outcome.problems[0].retry_after
    assert await PasswordGrant.all().count() == 0
    assert await FilingEvent.filter(action=FilingAction.CREATE_PASSWORD_GRANT).count() == 0


async def test_a_grant_makes_no_grant(life: Life) -> None:
    text = await granted(life)
    outcome, none = await create(life.cast.owner, life, CHANGE, password=text)
    assert (codes(outcome), none) == (["WRONG_FILING_PASSWORD"], None)
    assert await PasswordGrant.all().count() == 1


async def test_there_is_nothing_to_grant_where_no_password_is_kept_here(life: Life) -> None:
    in_mode(filing_password="authority")
    before = await everything()
    assert codes((await create(life.cast.owner, life, CHANGE))[0]) == ["WRONG_STATE"]
    in_mode(filing_password="local")
    assert await everything() == before
    await unit_of_work(lambda: Subject.all().update(status=RecordStatus.CANCELLED))
    before = await everything()
    assert codes((await create(life.cast.owner, life, CHANGE))[0]) == ["WRONG_STATE"]
    assert await everything() == before


async def test_a_subject_has_at_most_twenty_living_grants(life: Life) -> None:
    for _ in range(20):
        await granted(life)
    outcome, text = await create(life.cast.owner, life, CHANGE)
    assert (said(outcome), text) == ([("INVALID", None, ())], None)
    assert await PasswordGrant.all().count() == 20


@pytest.mark.shows("N9")
async def test_a_grant_is_taken_back_at_once_and_listed_no_more(life: Life) -> None:
    text = await granted(life)
    [listed] = await password_grants(life.cast.owner, await name_of(life))
    named = node_id(PasswordGrant, listed.id)
    for stranger in (life.cast.other, life.cast.reviewer, life.cast.admin):
        assert await password_grants(stranger, await name_of(life)) == []
        outcome = await revoke_password_grant(stranger, id=named, key=None)
        assert said(outcome) == [("NOT_FOUND", None, ("id",))]
    token = Actor(life.cast.owner.account_id, life.cast.owner.role, frozenset(TokenScope), "t", None)
    assert codes(await revoke_password_grant(token, id=named, key=None)) == ["NOT_PERMITTED"]
    assert await opens(life, text) == 1
    assert (await revoke_password_grant(life.cast.owner, id=named, key=None)).problems == ()
    assert (await revoke_password_grant(life.cast.owner, id=named, key=None)).problems == ()
    assert await opens(life, text) is None
    assert await password_grants(life.cast.owner, await name_of(life)) == []
    assert await FilingEvent.filter(action=FilingAction.REVOKE_PASSWORD_GRANT).count() == 1


@pytest.mark.shows("N9")
async def test_a_grant_ends_with_its_time_its_password_and_its_giver(life: Life) -> None:
    cast, text = life.cast, await granted(life)
    await unit_of_work(lambda: PasswordGrant.all().update(expires_at=now()))
    assert await opens(life, text) is None
    text = await granted(life)
    await unit_of_work(lambda: Account.filter(id=cast.owner.account_id).update(disabled=True))
    assert await opens(life, text) is None
    await unit_of_work(lambda: Account.filter(id=cast.owner.account_id).update(disabled=False))
    assert await opens(life, text) == 1
    reset = await reset_filing_password(
        cast.reviewer,
        subject_id=await name_of(life),
        reason="邮件未送达",
        deliver_to=None,
        document_ids=(),
        key=None,
    )
    assert reset.problems == ()
    assert await opens(life, text) is None
    text = await granted(life)
    assert await opens(life, text) == 2
    outcome = await transfer_subject(
        cast.reviewer, subject_id=await name_of(life), version=(await subject_in(life)).version,
        owner_id=node_id(Account, cast.other.account_id or 0), reason="公司合并", key=None,
    )  # fmt: skip
    await confirm(cast.colleague, outcome)
    assert await opens(life, text) is None


@pytest.mark.parametrize("text", ["", "bgr_", "bgr__", "bgr_abc", "bgr_" + "a" * 400, "bgr_备案_密码"])
async def test_what_is_no_grant_opens_nothing(life: Life, text: str) -> None:
    await granted(life)
    assert await opens(life, text) is None
