"""The records a caller may see, as he must see them: living rows, or to other staff the last revision of a draft."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from strawberry.dataloader import DataLoader
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.access import Access, IpRange
from models.filing import Filing
from models.node_ids import node_id, number_of
from models.states import RecordStatus, Role
from models.subject import Subject
from models.website import OtherAccess, PreApproval, Website, WebsiteDomain
from rules.codes import CodeBook
from rules.form import AccessForm, PreApprovalForm, SubjectForm, WebsiteForm
from rules.masks import mask_email
from schema.sources import (
    AccessSource,
    DomainSource,
    PreApprovalSource,
    SubjectSource,
    WebsiteProposalSource,
    WebsiteSource,
)
from schema.statements import with_ranges
from workflow.actors import Actor, sees_filing, visible_accesses, visible_subjects, visible_websites
from workflow.codes import code_book
from workflow.forms import access_form, subject_form, website_form
from workflow.proposed import Proposed, proposed_for
from workflow.surroundings import Surroundings, load_surroundings
from workflow.views import Kept, kept_forms

C = TypeVar("C", WebsiteDomain, PreApproval, OtherAccess)
F = TypeVar("F", SubjectForm, WebsiteForm)


class Records:
    """Subjects, websites and accesses of one operation, read in batches."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.subjects: DataLoader[int, SubjectSource | None] = DataLoader(self._subjects)
        self.websites: DataLoader[int, WebsiteSource | None] = DataLoader(self._websites)
        self.accesses: DataLoader[int, AccessSource | None] = DataLoader(self._accesses)
        self.open_filings: DataLoader[int, list[Filing]] = DataLoader(self._open_filings)
        self.kept: DataLoader[int, Kept] = DataLoader(self._kept)
        self.around: DataLoader[int, Surroundings] = DataLoader(self._around)
        self.proposed: DataLoader[str, Proposed | None] = DataLoader(self._proposed)
        self.other_accesses: DataLoader[int, list[OtherAccess]] = DataLoader(self._other_accesses)
        self.domains: DataLoader[WebsiteSource, list[DomainSource]] = DataLoader(
            self._domains, cache_key_fn=_website_key
        )
        self.pre_approvals: DataLoader[WebsiteSource, list[PreApprovalSource]] = DataLoader(
            self._pre_approvals, cache_key_fn=_website_key
        )
        self.access_of: DataLoader[WebsiteSource, AccessSource | None] = DataLoader(
            self._access_of, cache_key_fn=_website_key
        )

    async def present_subjects(self, rows: Sequence[Subject]) -> list[SubjectSource]:
        """The sources of rows that were read as visible ones, remembered for the rest of the operation."""
        kept, book = await self.kept.load_many([row.id for row in rows]), await code_book()
        sources = [
            SubjectSource(row, self._told(last.subject or subject_form(row)), book)
            for row, last in zip(rows, kept, strict=True)
        ]
        for source in sources:
            self.subjects.prime(source.row.id, source)
        return sources

    async def present_websites(self, rows: Sequence[Website]) -> list[WebsiteSource]:
        """The sources of rows that were read as visible ones, remembered for the rest of the operation."""
        kept, book = await self.kept.load_many([row.subject_id for row in rows]), await code_book()
        sources = [
            self._website_source(row, group, node_id(Website, row.id), book)
            for row, group in zip(rows, kept, strict=True)
        ]
        for source in sources:
            self.websites.prime(source.row.id, source)
        return sources

    def _website_source(self, row: Website, kept: Kept, name: str, book: CodeBook) -> WebsiteSource:
        form = kept.website(name)
        shown = self._told(form or website_form(row, (), (), None))
        return WebsiteSource(row, shown, form, kept.access(name), book)

    async def present_accesses(self, rows: Sequence[Access]) -> list[AccessSource]:
        """The sources of rows that were read as visible ones."""
        return [
            source for source in await self.accesses.load_many([row.id for row in rows]) if source is not None
        ]

    async def shown_websites(self, subject_ids: Sequence[int]) -> QuerySet[Website]:
        """The visible websites of these subjects that are not archived, or still are in the revision that is shown."""
        kept = await self.kept.load_many(subject_ids)
        numbers = [number_of(Website, form.id or "") for last in kept for form in last.websites]
        shown = Q(archived=False) | Q(id__in=[number for number in numbers if number is not None])
        return visible_websites(self.actor).filter(shown)

    async def touching(self, subject_id: int, record: str, website: str | None = None) -> list[Filing]:
        """The open filings of a subject that the caller sees and that touch this record; a first filing touches all."""
        visible = {filing.id: filing for filing in await self.open_filings.load(subject_id)}
        around = (await self.around.load(subject_id)).open
        return [
            visible[other.filing.id]
            for other in around
            if other.filing.id in visible and other.touches(record, website)
        ]

    async def proposed_domains(self, proposal: WebsiteProposalSource) -> list[DomainSource]:
        """The domains of a website as an open change would have them."""
        rows = await WebsiteDomain.filter(website_id=proposal.row.id)
        return _shown_domains(proposal, rows)

    def _told(self, form: F) -> F:
        """The form as this caller is told it: an auditor reads no address of e-mail."""
        principal = form.principal
        if self.actor.role is not Role.AUDITOR or principal is None or principal.email is None:
            return form
        return replace(form, principal=replace(principal, email=mask_email(principal.email)))

    async def _subjects(self, ids: list[int]) -> list[SubjectSource | None]:
        rows = await visible_subjects(self.actor).filter(id__in=ids)
        found = {source.row.id: source for source in await self.present_subjects(rows)}
        return [found.get(number) for number in ids]

    async def _websites(self, ids: list[int]) -> list[WebsiteSource | None]:
        rows = await visible_websites(self.actor).filter(id__in=ids)
        found = {source.row.id: source for source in await self.present_websites(rows)}
        return [found.get(number) for number in ids]

    async def _accesses(self, ids: list[int]) -> list[AccessSource | None]:
        read = await with_ranges(visible_accesses(self.actor).filter(id__in=ids))
        websites = await self.websites.load_many([access.website_id for access, _ in read])
        found = dict(
            zip(
                [access.id for access, _ in read],
                await self._access_sources(read, [website for website in websites if website]),
                strict=True,
            )
        )
        return [found.get(number) for number in ids]

    async def _access_of(self, websites: list[WebsiteSource]) -> list[AccessSource | None]:
        kept = [number_of(Access, site.kept_access.id or "") for site in websites if site.kept_access]
        shown = Q(archived=False) | Q(id__in=[number for number in kept if number is not None])
        read = await with_ranges(
            visible_accesses(self.actor).filter(
                shown, website_id__in=[website.row.id for website in websites]
            )
        )
        found = {source.row.website_id: source for source in await self._access_sources(read, websites)}
        return [found.get(website.row.id) for website in websites]

    async def _access_sources(
        self, read: Sequence[tuple[Access, list[IpRange]]], websites: Sequence[WebsiteSource]
    ) -> list[AccessSource]:
        book = await code_book()
        kept = {site.row.id: site.kept_access for site in websites}
        return [
            AccessSource(access, kept.get(access.website_id) or access_form(access, ranges), book)
            for access, ranges in read
        ]

    async def _open_filings(self, subject_ids: list[int]) -> list[list[Filing]]:
        around = await self.around.load_many(subject_ids)
        return [
            [other.filing for other in group.open if sees_filing(self.actor, other.filing)]
            for group in around
        ]

    async def _kept(self, subject_ids: list[int]) -> list[Kept]:
        forms = await kept_forms(self.actor, subject_ids)
        return [forms.get(number, Kept()) for number in subject_ids]

    async def _around(self, subject_ids: list[int]) -> list[Surroundings]:
        found = await load_surroundings(subject_ids)
        return [found[number] for number in subject_ids]

    async def _proposed(self, records: list[str]) -> list[Proposed | None]:
        found = await proposed_for(self.actor, records)
        return [self._told_of(found[record]) if record in found else None for record in records]

    def _told_of(self, proposed: Proposed) -> Proposed:
        match proposed.form:
            case AccessForm():
                return proposed
            case SubjectForm() as subject:
                return replace(proposed, form=self._told(subject))
            case WebsiteForm() as website:
                return replace(proposed, form=self._told(website))

    async def _other_accesses(self, website_ids: list[int]) -> list[list[OtherAccess]]:
        groups = _grouped(await OtherAccess.filter(website_id__in=website_ids).order_by("id"))
        return [groups[number] for number in website_ids]

    async def _domains(self, websites: list[WebsiteSource]) -> list[list[DomainSource]]:
        groups = _grouped(await _children(WebsiteDomain.all(), websites))
        return [_shown_domains(website, groups[website.row.id]) for website in websites]

    async def _pre_approvals(self, websites: list[WebsiteSource]) -> list[list[PreApprovalSource]]:
        groups, book = _grouped(await _children(PreApproval.all(), websites)), await code_book()
        living = {
            number: [PreApprovalForm(row.type, row.number) for row in rows] for number, rows in groups.items()
        }
        return [
            [
                PreApprovalSource(form, book, site.id)
                for form in (site.kept.pre_approvals if site.kept else living.get(site.row.id, []))
            ]
            for site in websites
        ]


def _website_key(website: WebsiteSource) -> int:
    number: int = website.row.id
    return number


async def _children(rows: QuerySet[C], websites: Sequence[WebsiteSource]) -> list[C]:
    return await rows.filter(website_id__in=[website.row.id for website in websites]).order_by("position")


def _grouped(rows: Sequence[C]) -> dict[int, list[C]]:
    groups: dict[int, list[C]] = defaultdict(list)
    for row in rows:
        groups[row.website_id].append(row)
    return groups


def _shown_domains(website: WebsiteSource, rows: Sequence[WebsiteDomain]) -> list[DomainSource]:
    living = {
        row.name: DomainSource(node_id(WebsiteDomain, row.id), row.name, row.status.value) for row in rows
    }
    if website.kept is None:
        return list(living.values())
    gone = node_id(Website, website.row.id)
    return [
        living.get(name) or DomainSource(f"{gone}.{name}", name, RecordStatus.DRAFT.value)
        for name in website.kept.domains
    ]
