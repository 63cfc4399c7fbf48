"""Opening an access (新增接入): for a website filed here that lost its own, and for one filed through another provider."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.access import Access
from models.clock import now
from models.filing import Filing, Target
from models.node_ids import node_id
from models.refusal import Invalid
from models.states import FilingAction, FilingMode, RecordOrigin, RecordStatus
from models.subject import Subject
from models.website import Website
from rules.filing_number import website_number
from rules.form import AccessForm, SubjectForm, WebsiteForm
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.drafts import owner_for
from workflow.edits import find_website, place_of
from workflow.entry import Given, access_entry, refuse_unstorable, subject_entry, website_entry
from workflow.opening import opening_of, standing_of
from workflow.openings import open_filing
from workflow.proofs import Proof
from workflow.rows import create_access, create_website, refresh_grams, subject_columns
from workflow.standing import Standing
from workflow.surroundings import Surroundings
from workflow.targets import record_of

OPENING = opening_of(FilingAction.START_ADD_ACCESS)


@dataclass(frozen=True)
class Typed:
    """What the caller typed: the access, and as it stands at the authority the subject and website of another provider."""

    subject: Given
    website: Given
    access: Given


async def start_add_access(
    actor: Actor,
    *,
    website_id: str | None,
    website_filing_number: str | None,
    filing_password: str | None,
    typed: Typed,
    owner_id: str | None = None,
    key: str | None,
) -> Outcome:
    """Open a filing for an access, of the website `website_id` or of the one filed under `website_filing_number` (C61).

    What another provider filed becomes draft records of origin ELSEWHERE, of the caller or of the customer `owner_id`.
    """
    request = {
        "website_id": website_id, "number": website_filing_number, "subject": typed.subject,
        "website": typed.website, "access": typed.access, "owner_id": owner_id,
    }  # fmt: skip
    if (website_id is None) == (website_filing_number is None):
        fault = Invalid(("websiteId",), "请填写网站或网站备案号之一", "give the website or its filing number")
        return Outcome(problems=fault.problems)
    number = website_number(website_filing_number or "")
    if website_filing_number is not None and number is None:
        fault = Invalid(
            ("websiteFilingNumber",), "网站备案号格式不正确", "not the filing number of a website"
        )
        return Outcome(problems=fault.problems)
    opener = _Opener(actor, website_id, number, owner_id, typed)
    return await open_filing(
        actor, OPENING, asked=opener.ask, begin=opener.begin, fill=opener.fill, version=None,
        filing_password=filing_password, request=request, key=key,
    )  # fmt: skip


class _Opener:
    """One opening: what it is about, found anew at each look, and what is laid for it."""

    def __init__(
        self, actor: Actor, website_id: str | None, number: str | None, owner_id: str | None, typed: Typed
    ) -> None:
        self.actor, self.website_id, self.number, self.owner_id = actor, website_id, number, owner_id
        self.typed = typed
        self.website: Website | None = None
        self.new_records: list[str] = []

    async def ask(self) -> Standing:
        """How it stands now."""
        if self.website_id is not None:
            place = await find_website(self.actor, self.website_id, "websiteId")
            assert isinstance(place.record, Website)
            return await self._ours(place.record)
        own, owner_id = await self._filed_here(), await owner_for(self.actor, self.owner_id)
        if own is not None and own.subject.owner_id == owner_id:
            return await self._ours(own)
        if own is not None:  # somebody else's: like a number that nobody knows, no password opens it
            return self._nothing(owner_id, RecordOrigin.HERE, RecordStatus.FILED)
        known = await self._known_subject(owner_id)
        if known is None and await Subject.filter(filing_number=self._subject_number).exists():
            return self._nothing(owner_id, RecordOrigin.HERE, RecordStatus.FILED)
        if known is None:
            return self._nothing(owner_id, RecordOrigin.ELSEWHERE, RecordStatus.DRAFT)
        return standing_of(OPENING, known, (await place_of(known)).around, [])

    async def _ours(self, website: Website) -> Standing:
        self.website = website
        place = await place_of(website)
        living = Access.filter(website_id=website.id, archived=False)
        served = await living.exclude(status=RecordStatus.CANCELLED).exists()
        return standing_of(OPENING, place.subject, place.around, [website], served=served)

    async def _filed_here(self) -> Website | None:
        return await Website.get_or_none(filing_number=self.number).prefetch_related("subject")

    async def _known_subject(self, owner_id: int) -> Subject | None:
        """The owner's subject of that number: filed here, or drafted for another of its websites."""
        own = Subject.filter(owner_id=owner_id, archived=False)
        return (
            await own.get_or_none(filing_number=self._subject_number)
            or await own.filter(claimed_number=self._subject_number, status=RecordStatus.DRAFT).first()
        )

    @property
    def _subject_number(self) -> str:
        return (self.number or "").rpartition("-")[0]

    def _nothing(self, owner_id: int, origin: RecordOrigin, status: RecordStatus) -> Standing:
        people = {"owner_id": owner_id, "filed_by_id": self.actor.account_id}
        subject = Subject(origin=origin, status=status, claimed_number=self._subject_number, **people)
        return standing_of(OPENING, subject, Surroundings(), [])

    async def begin(self, standing: Standing) -> Standing:
        """Write the subject and the website that another provider filed, as they were typed."""
        if self.website is not None:
            return standing
        subject, number = standing.subject, self.number or ""
        site = website_entry(WebsiteForm(id="0"), {**self.typed.website, "access": None})
        if subject.id is None:
            subject = await self._subject(subject)
        await refuse_unstorable(None, [site])
        self.website = await create_website(subject.id, site)
        columns = {"origin": RecordOrigin.ELSEWHERE, "claimed_number": number}
        await Website.filter(id=self.website.id).update(**columns)
        self.new_records.append(record_of(self.website))
        return replace(standing, subject=subject)

    async def _subject(self, unsaved: Subject) -> Subject:
        form = subject_entry(SubjectForm(), self.typed.subject)
        await refuse_unstorable(form)
        own = unsaved.owner_id == self.actor.account_id
        subject = await Subject.create(
            created_at=now(),
            origin=RecordOrigin.ELSEWHERE,
            claimed_number=unsaved.claimed_number,
            owner_id=unsaved.owner_id,
            filed_by_id=unsaved.filed_by_id,
            mode=FilingMode.SELF if own else FilingMode.ON_BEHALF,
            **subject_columns(form),
        )
        self.new_records.append(record_of(subject))
        return subject

    async def fill(self, filing: Filing, _: Proof) -> Mapping[str, int]:
        """The draft of the access, in the place of one that was cancelled; it is the first of the targets."""
        assert self.website is not None
        website_id = self.website.id
        form = access_entry(AccessForm(), self.typed.access)
        await refuse_unstorable(None, [WebsiteForm(id=node_id(Website, website_id), access=form)])
        gone = Access.filter(website_id=website_id, archived=False, status=RecordStatus.CANCELLED)
        await gone.update(archived=True)
        access = await create_access(website_id, form)
        for name in (record_of(access), *self.new_records):
            await Target.create(filing_id=filing.id, record=name)
        await refresh_grams(filing.subject_id)
        return {"access": access.id, "website": website_id}
