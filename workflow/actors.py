"""The first gate: who acts, and which rows there are for him at all. All reading and acting begins here."""

from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.access import Access
from models.event import FilingEvent
from models.filing import Filing
from models.states import Role, TokenScope
from models.subject import Subject
from models.website import Website


@dataclass(frozen=True)
class Actor:
    """Who acts: an account in its role, or the house itself (no account, no role).

    `scopes` is None for a browser session, `credential` names the session or token for the audit, `address` is where
    the request came from, empty inside the house.
    """

    account_id: int | None
    role: Role | None
    scopes: frozenset[TokenScope] | None
    name: str
    credential: str | None
    address: str = ""


SYSTEM = Actor(None, None, None, "system", None)
AUTHORITY = Actor(None, None, None, "authority", None)


def _sight(actor: Actor, prefix: str) -> Q | None:
    """The condition on a row whose subject is reached by `prefix`; None where the actor sees nothing."""

    def where(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    match actor.role:
        case Role.APPLICANT:
            return where(owner_id=actor.account_id)
        case Role.REVIEWER:
            return where(submitted=True) | where(filed_by_id=actor.account_id)
        case Role.AUDITOR:
            return where(submitted=True)
        case None if actor.account_id is None:
            return Q()
        case _:
            return None


def visible_subjects(actor: Actor) -> QuerySet[Subject]:
    """The subjects the actor may see: his own, or for staff what was once submitted and what he typed."""
    sight = _sight(actor, "")
    return Subject.filter(id__in=[]) if sight is None else Subject.filter(sight)


def visible_websites(actor: Actor) -> QuerySet[Website]:
    """The websites of visible subjects; to staff only those that were submitted, or that they typed."""
    sight = _sight(actor, "subject__")
    if sight is None:
        return Website.filter(id__in=[])
    websites = Website.filter(sight)
    if actor.role in (Role.REVIEWER, Role.AUDITOR):
        return websites.filter(Q(submitted=True) | Q(subject__filed_by_id=actor.account_id))
    return websites


def visible_accesses(actor: Actor) -> QuerySet[Access]:
    """The accesses of visible websites; to staff only those that were submitted, or that they typed."""
    sight = _sight(actor, "website__subject__")
    if sight is None:
        return Access.filter(id__in=[])
    accesses = Access.filter(sight)
    if actor.role in (Role.REVIEWER, Role.AUDITOR):
        return accesses.filter(Q(submitted=True) | Q(website__subject__filed_by_id=actor.account_id))
    return accesses


def visible_filings(actor: Actor) -> QuerySet[Filing]:
    """The filings the actor may see: his own, or for staff those once submitted and those he typed."""
    if actor.role is None and actor.account_id is None:
        return Filing.all()
    match actor.role:
        case Role.APPLICANT:
            return Filing.filter(owner_id=actor.account_id)
        case Role.REVIEWER:
            return Filing.filter(Q(revision__gt=0) | Q(filed_by_id=actor.account_id))
        case Role.AUDITOR:
            return Filing.filter(revision__gt=0)
        case _:
            return Filing.filter(id__in=[])


def sees_filing(actor: Actor, filing: Filing) -> bool:
    """Whether a filing that is at hand already is one of `visible_filings`."""
    match actor.role:
        case Role.APPLICANT:
            return filing.owner_id == actor.account_id
        case Role.REVIEWER:
            return filing.revision > 0 or filing.filed_by_id == actor.account_id
        case Role.AUDITOR:
            return filing.revision > 0
        case None:
            return actor.account_id is None
        case _:
            return False


def visible_events(actor: Actor) -> QuerySet[FilingEvent]:
    """The events of visible filings, and those of visible subjects that belong to no filing."""
    if actor.role is None and actor.account_id is None:
        return FilingEvent.all()
    match actor.role:
        case Role.APPLICANT:
            return FilingEvent.filter(subject__owner_id=actor.account_id)
        case Role.REVIEWER:
            return FilingEvent.filter(
                Q(filing__revision__gt=0)
                | Q(subject__filed_by_id=actor.account_id)
                | Q(filing_id=None, subject__submitted=True)
            )
        case Role.AUDITOR:
            return FilingEvent.filter(Q(filing__revision__gt=0) | Q(filing_id=None, subject__submitted=True))
        case _:
            return FilingEvent.filter(id__in=[])
