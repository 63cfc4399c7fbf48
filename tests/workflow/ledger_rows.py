"""Rows that the tests of ledger, post and gate stand on: an account with a subject and an open filing."""

from dataclasses import dataclass

from models.account import Account
from models.clock import now
from models.filing import Filing
from models.states import FilingAction, FilingKind, FilingMode, FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from workflow.actors import Actor
from workflow.events import write_event


@dataclass(frozen=True)
class Rows:
    """The row numbers of one applicant's world, and the applicant as an actor."""

    account: int
    subject: int
    filing: int
    actor: Actor


async def make_rows(name: str = "zhang", *, submitted: bool = True) -> Rows:
    """One applicant with one subject and one filing, submitted once unless said otherwise."""

    async def work() -> Rows:
        account = await Account.create(
            username=name,
            username_key=name,
            email=f"{name}@example.com",
            email_key=f"{name}@example.com",
            password_hash="-",
            role=Role.APPLICANT,
        )
        people = {"owner_id": account.id, "filed_by_id": account.id}
        times = {"created_at": now(), "updated_at": now()}
        subject = await Subject.create(
            name="大连示例科技有限公司", mode=FilingMode.SELF, submitted=submitted, **people, **times
        )
        filing = await Filing.create(
            kind=FilingKind.NEW_FILING,
            mode=FilingMode.SELF,
            subject_id=subject.id,
            last_editor_id=account.id,
            revision=1 if submitted else 0,
            **people,
            **times,
        )
        actor = Actor(account.id, Role.APPLICANT, None, name, "ses_1")
        return Rows(account.id, subject.id, filing.id, actor)

    return await unit_of_work(work)


async def add_event(rows: Rows, note: str, *, filing: bool = True) -> int:
    """One event of these rows, in a unit of work of its own; gives its id."""

    async def work() -> int:
        return await lay_event(rows, note, filing=filing)

    return await unit_of_work(work)


async def lay_event(rows: Rows, note: str, *, filing: bool = True) -> int:
    """One event of these rows, in the unit of work under way."""
    event = await write_event(
        subject_id=rows.subject,
        filing_id=rows.filing if filing else None,
        action=FilingAction.UPDATE_SUBJECT,
        actor_name=rows.actor.name,
        account_id=rows.account,
        before=FilingStatus.DRAFT,
        note=note,
    )
    return int(event.id)
