"""Unread (未读): the steps of others that concern an account and came behind the last event it says it has seen."""

from typing import Any

from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from models.account import Account
from models.database import is_sqlite
from models.event import FilingEvent
from models.refusal import NotFound
from models.states import FilingStatus, Role
from workflow.actors import Actor, visible_events
from workflow.command import Outcome, carry_out
from workflow.events import BadCursor, parse_cursor

COUNTED_AT_MOST = 100


async def unread_count(actor: Actor) -> int:
    """How many steps the account has not seen yet, at most a hundred."""
    account, steps = await Account.get(id=actor.account_id), _concerning(actor)
    if account.seen_event is not None:
        steps = _behind(steps, account.seen_event)
    return len(await steps.limit(COUNTED_AT_MOST).values_list("id"))


async def mark_seen(actor: Actor, *, cursor: str, key: str | None) -> Outcome:
    """Note that the account has seen everything up to an event, by its cursor; never takes the mark back.

    NotFound for a cursor of no event that the actor sees.
    """

    async def work() -> Outcome:
        try:
            number = parse_cursor(cursor)
        except BadCursor as error:
            raise NotFound(("cursor",)) from error
        if not await visible_events(actor).filter(id=number).exists():
            raise NotFound(("cursor",))
        earlier = Q(seen_event=None) | Q(seen_event__lt=number)
        await Account.filter(earlier, id=actor.account_id).update(seen_event=number)
        return Outcome()

    return await carry_out(actor, "markSeen", {"cursor": cursor}, key, work)


def _concerning(actor: Actor) -> QuerySet[FilingEvent]:
    """The moves by others that the actor waits for: of his own filings, and for reviewers into their queue."""
    by_others = Q(account_id=None) | ~Q(account_id=actor.account_id)
    moves = visible_events(actor).filter(by_others, after__isnull=False)
    match actor.role:
        case Role.APPLICANT:
            return moves
        case Role.REVIEWER:
            typed: Any = {"filing__filed_by_id": actor.account_id}
            return moves.filter(Q(after=FilingStatus.SUBMITTED) | Q(**typed))
        case _:
            return moves.filter(id__in=[])


def _behind(events: QuerySet[FilingEvent], number: int) -> QuerySet[FilingEvent]:
    """Those behind an event in the ledger's order, which on PostgreSQL is not that of their ids."""
    if is_sqlite():
        return events.filter(id__gt=number)
    beyond = '(("filing_event"."xid", "filing_event"."id") > (SELECT e.xid, e.id FROM "filing_event" AS e WHERE e.id = '
    return events.annotate(beyond=RawSQL(f"{beyond}{number}))")).filter(beyond=True)
