"""Unread: what is counted for whom, and that marking it as seen counts from there on."""

import pytest

from models.account import Account
from models.event import FilingEvent
from models.refusal import Problem
from models.states import FilingAction, FilingStatus, Role
from models.unit_of_work import unit_of_work
from tests.support.lives import actor_of, draft, give_back, make_account, make_actor, submit
from tests.support.places import Life, Lives, gather_cast
from workflow.actors import Actor
from workflow.events import cursor_of, write_event
from workflow.unread import mark_seen, unread_count


@pytest.fixture
async def lives(lawful: str) -> Lives:
    """Everybody, and filings on their way."""
    return Lives(await gather_cast())


async def last_event() -> FilingEvent:
    event = await FilingEvent.all().order_by("-id").first()
    assert event is not None
    return event


async def moves_of(life: Life) -> list[tuple[FilingAction, str]]:
    events = FilingEvent.filter(filing_id=life.filing.id, after__isnull=False).order_by("id")
    return [(event.action, event.actor) for event in await events]


async def test_an_owner_is_told_of_the_steps_of_others_and_not_of_his_own(lives: Lives) -> None:
    owner = lives.cast.owner
    await submit(owner, await draft(owner))
    assert await unread_count(owner) == 0
    life = await lives.reach("RETURNED", on_behalf=False)
    assert [action for action, actor in await moves_of(life) if actor != owner.name] == [
        FilingAction.RETURN_FILING,
        FilingAction.RETURN_FILING,
    ]
    assert await unread_count(owner) == 2
    assert await unread_count(await make_actor(Role.APPLICANT)) == 0


async def test_an_owner_is_told_of_what_the_authority_does(lives: Lives) -> None:
    life = await lives.reach("REFUSED", on_behalf=False)
    assert (await mark_seen(lives.cast.owner, cursor=cursor_of(await last_event()), key=None)).problems == ()
    again = await lives.reach("REFUSED", on_behalf=False)
    strangers = [actor for _, actor in await moves_of(again) if actor != life.filer.name]
    assert "authority" in strangers
    assert await unread_count(lives.cast.owner) == len(strangers)


async def test_marking_the_last_event_seen_leaves_what_comes_after_it(lives: Lives) -> None:
    owner = lives.cast.owner
    await lives.reach("RETURNED", on_behalf=False)
    outcome = await mark_seen(owner, cursor=cursor_of(await last_event()), key=None)
    assert (outcome.problems, await unread_count(owner)) == ((), 0)
    await lives.reach("RETURNED", on_behalf=False)
    assert await unread_count(owner) == 2


async def test_a_mark_is_never_taken_back(lives: Lives) -> None:
    owner = lives.cast.owner
    life = await lives.reach("RETURNED", on_behalf=False)
    first = await FilingEvent.filter(filing_id=life.filing.id).order_by("id").first()
    assert first is not None
    last = await last_event()
    await mark_seen(owner, cursor=cursor_of(last), key=None)
    outcome = await mark_seen(owner, cursor=cursor_of(first), key=None)
    assert (outcome.problems, await unread_count(owner)) == ((), 0)
    assert (await Account.get(id=owner.account_id)).seen_event == last.id


async def test_a_reviewer_is_told_of_what_comes_into_the_queue(lives: Lives) -> None:
    owner, reviewer = lives.cast.owner, lives.cast.reviewer
    filing = await draft(owner)
    assert await unread_count(reviewer) == 0
    filing = await submit(owner, filing)
    assert await unread_count(reviewer) == 1
    await give_back(reviewer, filing)
    assert await unread_count(reviewer) == 1


async def test_a_reviewer_is_told_what_became_of_filings_he_typed_himself(lives: Lives) -> None:
    life = await lives.reach("RETURNED", on_behalf=True)
    others = [actor for _, actor in await moves_of(life) if actor != life.filer.name]
    assert (await unread_count(life.filer), others) == (2, [lives.cast.reviewer.name] * 2)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_nothing_waits_for_those_who_only_watch(lives: Lives, role: Role) -> None:
    await lives.reach("RETURNED", on_behalf=False)
    assert await unread_count(actor_of(await make_account(role))) == 0


async def test_no_more_than_a_hundred_are_counted(lives: Lives) -> None:
    life = await lives.reach("RETURNED", on_behalf=False)

    async def work() -> None:
        for _ in range(120):
            await write_event(
                subject_id=life.filing.subject_id,
                filing_id=life.filing.id,
                action=FilingAction.RETURN_FILING,
                actor_name="reviewer",
                account_id=lives.cast.reviewer.account_id,
                after=FilingStatus.RETURNED,
            )

    await unit_of_work(work)
    assert await unread_count(lives.cast.owner) == 100


@pytest.mark.parametrize("cursor", ["", "x", "1.0", "1.999999", "2.1"])
async def test_a_cursor_of_no_event_is_not_found_and_marks_nothing(lives: Lives, cursor: str) -> None:
    await lives.reach("RETURNED", on_behalf=False)
    await assert_not_found(lives.cast.owner, cursor)


async def test_a_cursor_of_a_strangers_event_is_not_found_and_marks_nothing(lives: Lives) -> None:
    life = await lives.reach("SUBMITTED", on_behalf=False)
    event = await FilingEvent.filter(filing_id=life.filing.id, after=FilingStatus.SUBMITTED).first()
    assert event is not None
    await assert_not_found(await make_actor(Role.APPLICANT), cursor_of(event))


async def assert_not_found(actor: Actor, cursor: str) -> None:
    before = await unread_count(actor)
    outcome = await mark_seen(actor, cursor=cursor, key=None)
    [problem] = outcome.problems
    assert isinstance(problem, Problem)
    assert (problem.code, problem.path) == ("NOT_FOUND", ("cursor",))
    assert (await Account.get(id=actor.account_id)).seen_event is None
    assert await unread_count(actor) == before
