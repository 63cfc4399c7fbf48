"""Presence (在看): which reviewers have a filing open, so that two of them do not read the same one unawares."""

from datetime import timedelta

from tortoise.queryset import QuerySet

from models.clock import now
from models.desk import Presence
from models.filing import Filing
from models.node_ids import number_of
from models.refusal import NotFound
from models.states import Role
from workflow.actors import Actor, visible_filings
from workflow.command import Outcome, carry_out
from workflow.joint_acts import require_reviewer

LASTS = timedelta(seconds=60)


def visible_presence(actor: Actor) -> QuerySet[Presence]:
    """Who looks at filings now besides the actor; only reviewers see it."""
    if actor.role is not Role.REVIEWER:
        return Presence.filter(id__in=[])
    return Presence.filter(until__gt=now()).exclude(account_id=actor.account_id)


async def look_at_filing(actor: Actor, *, id: str, key: str | None) -> Outcome:
    """Note for a minute that a reviewer has the filing open; saying it again renews that.

    It is no step of the filing: no version, event or audit entry comes of it. A request that is repeated under its key
    renews nothing.
    """

    async def work() -> Outcome:
        filing_id = await _find(actor, id)
        row = Presence(account_id=actor.account_id, filing_id=filing_id, until=now() + LASTS)
        await Presence.bulk_create([row], on_conflict=["account_id", "filing_id"], update_fields=["until"])
        return Outcome(ids={"filing": filing_id})

    return await carry_out(actor, "lookAtFiling", {"id": id}, key, work)


async def stop_looking(actor: Actor, *, id: str, key: str | None) -> Outcome:
    """Note that the reviewer has closed the filing."""

    async def work() -> Outcome:
        filing_id = await _find(actor, id)
        await Presence.filter(account_id=actor.account_id, filing_id=filing_id).delete()
        return Outcome(ids={"filing": filing_id})

    return await carry_out(actor, "stopLooking", {"id": id}, key, work)


async def forget_presence() -> None:
    """Delete what is over; inside a unit of work."""
    await Presence.filter(until__lte=now()).delete()


async def _find(actor: Actor, id: str) -> int:
    """The number of a filing that the reviewer sees; NotPermitted for others, NotFound where there is none."""
    number = number_of(Filing, id)
    if number is None or not await visible_filings(actor).filter(id=number).exists():
        raise NotFound(("id",))
    require_reviewer(actor)
    return number
