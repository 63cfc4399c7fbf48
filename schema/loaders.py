"""What one operation reads by ids and by parents: each question asked once, for all who ask it at the same moment."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from strawberry.dataloader import DataLoader
from tortoise.functions import Count
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.account import Account
from models.attachment import Attachment
from models.filing import Approval, Filing, Note, Revision, Target
from models.report import Report
from models.subject import Subject
from rules.form import FilingForm
from schema.paging import Order, Page, Slice, fetch_pages
from schema.records import Records
from schema.sources import SubjectSource
from workflow.actors import Actor, visible_events, visible_filings
from workflow.document_forms import attachments_of
from workflow.joint_acts import waiting_acts
from workflow.permissions import Permission, filing_permissions
from workflow.presence import visible_presence
from workflow.undelivered import masked_addresses
from workflow.views import shown_forms

M = TypeVar("M", bound=Model)

# of a revision all but the form, which is long and encrypted
_BARE = ("id", "filing_id", "number", "rules_version", "submitted_by_id", "submitted_at")

BY_ID = Order("id")
NEWEST_ID = Order("id", descending=True)
BY_SERIAL = Order("serial")


def by_ids(rows: Callable[[], QuerySet[M]]) -> DataLoader[int, M | None]:
    """A loader of rows by their numbers; None for what is not among `rows`."""

    async def load(ids: list[int]) -> list[M | None]:
        found = {row.pk: row for row in await rows().filter(id__in=ids)}
        return [found.get(number) for number in ids]

    return DataLoader(load)


def by_parents(rows: Callable[[], QuerySet[M]], parent: str, *order: str) -> DataLoader[int, list[M]]:
    """A loader of all rows of a parent, in order; for lists that rules bound."""

    async def load(parents: list[int]) -> list[list[M]]:
        groups: dict[int, list[M]] = defaultdict(list)
        for row in await rows().filter(**{f"{parent}__in": parents}).order_by(*order):
            groups[getattr(row, parent)].append(row)
        return [groups[number] for number in parents]

    return DataLoader(load)


def of_any(rows: Callable[[], QuerySet[M]]) -> Callable[[Sequence[int]], Awaitable[QuerySet[M]]]:
    """The same rows whatever the parents are."""

    async def choose(_: Sequence[int]) -> QuerySet[M]:
        return rows()

    return choose


class NestedPages(Generic[M]):
    """The pages of connections that hang on a parent, with how many rows each parent has."""

    def __init__(
        self, rows: Callable[[Sequence[int]], Awaitable[QuerySet[M]]], parent: str, order: Order
    ) -> None:
        self.rows = rows
        self.parent = parent
        self.order = order
        self.pages: DataLoader[tuple[int, Page], Slice[M]] = DataLoader(self._load)
        self.counts: DataLoader[int, int] = DataLoader(self._count)

    async def _load(self, keys: list[tuple[int, Page]]) -> list[Slice[M]]:
        parents: dict[Page, list[int]] = defaultdict(list)
        for number, page in keys:
            parents[page].append(number)
        found = {
            page: await fetch_pages(await self.rows(numbers), self.parent, numbers, self.order, page)
            for page, numbers in parents.items()
        }
        return [found[page][number] for number, page in keys]

    async def _count(self, parents: list[int]) -> list[int]:
        rows = (await self.rows(parents)).filter(**{f"{self.parent}__in": parents})
        grouped = rows.annotate(counted=Count("id")).group_by(self.parent).values(self.parent, "counted")
        counts = {group[self.parent]: int(group["counted"]) for group in await grouped}
        return [counts.get(number, 0) for number in parents]


class Loaders:
    """All loaders of one operation for one actor; every one begins at what the actor may see."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.records = Records(actor)
        self.filings = by_ids(lambda: visible_filings(actor))
        self.accounts = by_ids(Account.all)
        self.websites_of = NestedPages(self.records.shown_websites, "subject_id", BY_SERIAL)
        self.filings_of = NestedPages(of_any(lambda: visible_filings(actor)), "subject_id", NEWEST_ID)
        self.events_of_subject = NestedPages(of_any(lambda: visible_events(actor)), "subject_id", BY_ID)
        self.events_of_filing = NestedPages(of_any(lambda: visible_events(actor)), "filing_id", BY_ID)
        self.targets = by_parents(Target.all, "filing_id", "id")
        self.shown: DataLoader[Filing, FilingForm | None] = DataLoader(
            lambda filings: shown_forms(actor, filings), cache_key_fn=lambda filing: filing.id
        )
        self.notes = by_parents(Note.all, "filing_id", "id")
        self.revisions = by_parents(lambda: Revision.all().only(*_BARE), "filing_id", "number")
        self.whole_revisions = by_ids(Revision.all)
        self.reports = by_parents(Report.all, "filing_id", "number")
        self.attachments: DataLoader[str, list[Attachment]] = DataLoader(self._attachments)
        self.password_addresses: DataLoader[int, str | None] = DataLoader(masked_addresses)
        self.waiting_acts = by_parents(lambda: waiting_acts(actor), "subject_id", "id")
        self.presence = by_parents(lambda: visible_presence(actor), "filing_id", "id")
        self.approvals = by_parents(Approval.all, "filing_id", "id")
        self.permissions: DataLoader[Filing, tuple[Permission, ...]] = DataLoader(
            lambda filings: filing_permissions(actor, filings), cache_key_fn=lambda filing: filing.id
        )

    async def _attachments(self, records: list[str]) -> list[list[Attachment]]:
        groups = await attachments_of(self.actor, records)
        return [groups.get(record, []) for record in records]

    async def present_owned(self, rows: Sequence[Subject]) -> list[SubjectSource]:
        """The sources of subjects that were read with their owners, who need not be asked for again."""
        for row in rows:
            self.accounts.prime(row.owner_id, row.owner)
        return await self.records.present_subjects(rows)
