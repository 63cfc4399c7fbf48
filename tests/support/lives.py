"""Lives: accounts and filings made by the commands themselves, and driven to any state that a filing can be in."""

import dataclasses
import itertools
from collections.abc import Mapping
from functools import partial
from typing import Any

from authority import messages
from demo.forms import filing_form
from models.account import Account
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.report import Report
from models.states import OutboxKind, OutboxState, Role, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.form import FilingForm
from workflow import drafts, reviews, steps
from workflow.actors import Actor
from workflow.answers import take_next
from workflow.command import Outcome
from workflow.filed import Filed
from workflow.outbox import Delivered
from workflow.reports import deliver_report

_numbers = itertools.count(1)


async def make_account(role: Role, name: str | None = None) -> Account:
    """An account that never signs in: only its row matters to the workflow."""
    name = name or f"{role.value.lower()}{next(_numbers)}"

    async def work() -> Account:
        return await Account.create(
            username=name,
            username_key=name,
            email=f"{name}@example.com",
            email_key=f"{name}@example.com",
            password_hash="-",
            role=role,
        )

    return await unit_of_work(work)


def actor_of(account: Account, scopes: frozenset[TokenScope] | None = None) -> Actor:
    """The account acting in its role."""
    return Actor(account.id, account.role, scopes, account.username, None)


async def make_actor(role: Role) -> Actor:
    """A new account's actor."""
    return actor_of(await make_account(role))


def plain(value: Any) -> Any:
    """A form as the commands take it: mappings and lists, without ids."""
    if dataclasses.is_dataclass(value):
        return {
            f.name: plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if f.name not in ("id", "kind")
        }
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def typed(form: FilingForm) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """What an applicant types for this form: the subject's fields, and the websites'."""
    return plain(form.subject), [plain(website) for website in form.websites]


async def draft(owner: Actor, index: int = 0, on_behalf_of: Actor | None = None) -> Filing:
    """A complete draft made from the demonstration's form number `index`."""
    fields, websites = typed(filing_form(index))
    outcome = await drafts.create_subject(
        owner,
        owner_id=node_id(Account, on_behalf_of.account_id or 0) if on_behalf_of else None,
        fields=fields,
        websites=websites,
        key=None,
    )
    assert not outcome.problems, outcome.problems
    return await Filing.get(id=outcome.ids["filing"])


async def done(outcome: Outcome) -> Filing:
    """The filing that a command moved; fails where it was refused."""
    assert not outcome.problems, outcome.problems
    return await Filing.get(id=outcome.ids["filing"])


def named(filing: Filing) -> dict[str, Any]:
    """How a command names a filing: id and version, without a key."""
    return {"id": node_id(Filing, filing.id), "version": filing.version, "key": None}


async def submit(owner: Actor, filing: Filing) -> Filing:
    """DRAFT, RETURNED, REFUSED -> SUBMITTED."""
    return await done(await steps.submit_filing(owner, **named(filing), filing_password=None))


async def approve(reviewer: Actor, filing: Filing) -> Filing:
    """SUBMITTED -> ACCEPTED."""
    return await done(
        await reviews.approve_filing(reviewer, **named(filing), revision=filing.revision, note=None)
    )


async def give_back(reviewer: Actor, filing: Filing, *notes: Mapping[str, Any]) -> Filing:
    """SUBMITTED -> RETURNED."""
    return await done(
        await reviews.return_filing(
            reviewer, **named(filing), revision=filing.revision, message="请修改", notes=notes
        )
    )


async def carry_reports(desk: Any) -> None:
    """Carry every waiting report to the desk, as the courier does."""
    for message in await OutboxMessage.filter(kind=OutboxKind.REPORT, state=OutboxState.WAITING).order_by(
        "id"
    ):
        if isinstance(await deliver_report(desk, message), Delivered):
            carried = OutboxMessage.filter(id=message.id)
            await unit_of_work(partial(carried.update, state=OutboxState.DONE))


async def take_answers(desk: Any) -> int:
    """Take every file that waits; how many there were."""
    taken = 0
    while await take_next(desk):
        taken += 1
    return taken


__all__ = ["Filed", "Report", "Subject", "Website", "messages", "now"]
