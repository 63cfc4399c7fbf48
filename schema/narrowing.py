"""From a filter to conditions: each narrows a query that already holds only what the caller may see."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from accounts.names import fold_username
from models.access import Access
from models.account import Account
from models.cipher import cipher
from models.clock import now
from models.filing import Filing
from models.node_ids import number_of
from models.search import matching_ids
from models.states import Role
from models.subject import Subject
from models.website import Website, WebsiteDomain
from rules.keys import certificate_key, domain_key
from schema.absent import plain
from schema.inputs.filters import AccessFilter, AccountFilter, FilingFilter, SubjectFilter, WebsiteFilter
from workflow.actors import Actor, visible_filings, visible_websites

M = TypeVar("M", bound=Model)
Condition = Callable[[Actor, Any], Awaitable[Q]]


def _q(**conditions: Any) -> Q:
    return Q(**conditions)


def _is(column: str) -> Condition:
    async def condition(_: Actor, value: Any) -> Q:
        return _q(**{column: value})

    return condition


def _node(column: str, model: type[Model]) -> Condition:
    """The row that an opaque id names; a malformed one names none."""

    async def condition(_: Actor, value: Any) -> Q:
        return _q(**{column: number_of(model, value) or 0})

    return condition


def _archived(*parents: str) -> Condition:
    """A record is archived by itself or with what it hangs on."""

    async def condition(_: Actor, value: Any) -> Q:
        flags = [_q(**{column: True}) for column in ("archived", *parents)]
        gone = Q(*flags, join_type="OR")
        return gone if value else ~gone

    return condition


def _words(table: str, column: str = "id") -> Condition:
    """What the search finds; a text without a letter or digit narrows nothing."""

    async def condition(actor: Actor, value: Any) -> Q:
        owner_id = actor.account_id if actor.role is Role.APPLICANT else None
        ids = await matching_ids(table, value, owner_id=owner_id)
        return Q() if ids is None else _q(**{f"{column}__in": ids})

    return condition


async def _with_filing_status(actor: Actor, value: Any) -> Q:
    return Q(id__in=Subquery(visible_filings(actor).filter(status__in=value).values("subject_id")))


async def _in_division(_: Actor, value: Any) -> Q:
    """A code ends in zeros where it names a province or a city, and is the beginning of what lies in it."""
    significant = value[:6].rstrip("0") if value.isascii() and value.isdigit() else value
    head = significant + "0" * (len(significant) % 2)
    return Q(division__startswith=head)


async def _with_number(actor: Actor, value: Any) -> Q:
    bears = Q(filing_number=value) | Q(claimed_number=value)
    of_website = visible_websites(actor).filter(bears).values("subject_id")
    return bears | Q(id__in=Subquery(of_website))


async def _bears_number(_: Actor, value: Any) -> Q:
    return Q(filing_number=value) | Q(claimed_number=value)


async def _with_certificate(_: Actor, value: Any) -> Q:
    return Q(certificate_number_index=cipher().index(certificate_key(value)))


async def _with_domain(actor: Actor, value: Any) -> Q:
    websites = visible_websites(actor).filter(id__in=Subquery(_holders(value)))
    return Q(id__in=Subquery(websites.values("subject_id")))


async def _of_domain(_: Actor, value: Any) -> Q:
    return Q(id__in=Subquery(_holders(value)))


def _holders(domain: str) -> Any:
    return WebsiteDomain.filter(key=domain_key(domain) or "").values("website_id")


async def _overdue(_: Actor, value: Any) -> Q:
    moment = now()
    return Q(due_at__lt=moment) if value else Q(due_at=None) | Q(due_at__gte=moment)


async def _named_like(_: Actor, value: Any) -> Q:
    return Q(username_key__startswith=fold_username(value))


SUBJECT: dict[str, Condition] = {
    "search": _words("subject"),
    "status": _is("status__in"),
    "filing_status": _with_filing_status,
    "mode": _is("mode"),
    "owner_id": _node("owner_id", Account),
    "division": _in_division,
    "filing_number": _with_number,
    "certificate_number": _with_certificate,
    "domain": _with_domain,
    "archived": _is("archived"),
}
WEBSITE: dict[str, Condition] = {
    "search": _words("website"),
    "status": _is("status__in"),
    "subject_id": _node("subject_id", Subject),
    "filing_number": _bears_number,
    "domain": _of_domain,
    "archived": _archived("subject__archived"),
}
ACCESS: dict[str, Condition] = {
    "status": _is("status__in"),
    "website_id": _node("website_id", Website),
    "archived": _archived("website__archived", "website__subject__archived"),
}
FILING: dict[str, Condition] = {
    "status": _is("status__in"),
    "kind": _is("kind__in"),
    "mode": _is("mode"),
    "owner_id": _node("owner_id", Account),
    "reviewer_id": _node("reviewer_id", Account),
    "subject_id": _node("subject_id", Subject),
    "overdue": _overdue,
    "submitted_after": _is("submitted_at__gte"),
    "submitted_before": _is("submitted_at__lt"),
    "search": _words("subject", "subject_id"),
}
ACCOUNT: dict[str, Condition] = {
    "role": _is("role"),
    "disabled": _is("disabled"),
    "search": _named_like,
}


async def _narrow(
    rows: QuerySet[M], conditions: dict[str, Condition], actor: Actor, given: dict[str, Any]
) -> QuerySet[M]:
    for name, value in given.items():
        if value is not None:
            rows = rows.filter(await conditions[name](actor, value))
    return rows


def _given(asked: Any, **defaults: Any) -> dict[str, Any]:
    said = {name: value for name, value in (plain(asked) or {}).items() if value is not None}
    return {**defaults, **said}


async def narrow_subjects(
    rows: QuerySet[Subject], actor: Actor, asked: SubjectFilter | None
) -> QuerySet[Subject]:
    """The subjects that the filter leaves; archived ones only where they are asked for."""
    return await _narrow(rows, SUBJECT, actor, _given(asked, archived=False))


async def narrow_websites(
    rows: QuerySet[Website], actor: Actor, asked: WebsiteFilter | None
) -> QuerySet[Website]:
    """The websites that the filter leaves; archived ones only where they are asked for."""
    return await _narrow(rows, WEBSITE, actor, _given(asked, archived=False))


async def narrow_accesses(
    rows: QuerySet[Access], actor: Actor, asked: AccessFilter | None
) -> QuerySet[Access]:
    """The accesses that the filter leaves; archived ones only where they are asked for."""
    return await _narrow(rows, ACCESS, actor, _given(asked, archived=False))


async def narrow_filings(
    rows: QuerySet[Filing], actor: Actor, asked: FilingFilter | None
) -> QuerySet[Filing]:
    """The filings that the filter leaves."""
    return await _narrow(rows, FILING, actor, _given(asked))


async def narrow_accounts(
    rows: QuerySet[Account], actor: Actor, asked: AccountFilter | None
) -> QuerySet[Account]:
    """The accounts that the filter leaves."""
    return await _narrow(rows, ACCOUNT, actor, _given(asked))
