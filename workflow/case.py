"""A case: one filing with all that its transitions ask about, loaded before anything is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.access import Access
from models.clock import now
from models.filing import Approval, Filing, FilingProof, Note, Revision, Target
from models.report import Report
from models.states import FilingKind, NoteState, RecordStatus, ReportState
from models.subject import Subject
from models.website import Website
from rules.findings import Finding
from rules.form import FilingForm
from settings import current
from workflow.actors import Actor
from workflow.forms import load_forms
from workflow.judgement import Judged, judge_many
from workflow.proofs import generations
from workflow.revisions import FieldChange, difference, form_of, last_revisions
from workflow.standing import Standing
from workflow.surroundings import Surroundings, load_surroundings
from workflow.targets import numbers_among, targets_of


@dataclass(frozen=True)
class House:
    """What the provider has set and the table asks about."""

    self_review: bool
    manual: bool

    @classmethod
    def as_set(cls) -> "House":
        """From the settings in use."""
        given = current()
        return cls(self_review=given.self_review == "allow", manual=given.authority == "manual")


@dataclass
class Case:
    """Everything a guard may look at. `request` holds what the caller said: version, revision, notes and so on."""

    actor: Actor
    filing: Filing
    subject: Subject
    house: House
    at: datetime
    request: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None
    notes: Sequence[Note] = ()
    open_notes: Sequence[Note] = ()
    approvals: Sequence[Approval] = ()
    revision: Revision | None = None
    targets: Sequence[Target] = ()
    standing: Standing | None = None
    generation: int = 0
    proven: bool = False
    form: FilingForm | None = None
    judged: Judged | None = None
    # columns of the filing that effects want written along with the status
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def findings(self) -> Sequence[Finding]:
        """What the rules say of the form, as far as it was judged."""
        return self.judged.findings if self.judged else ()

    @property
    def changes(self) -> list[FieldChange]:
        """What differs between the last revision and the form as it stands."""
        if self.revision is None or self.form is None:
            return []
        return difference(form_of(self.revision), self.form)

    @property
    def report_is_out(self) -> bool:
        """Whether the last report is with the courier or the authority and cannot be called back."""
        return self.report is not None and self.report.state in (ReportState.SENDING, ReportState.UNKNOWN)


def wants_another_approval(case: Case) -> bool:
    """Whether a yes would not be the last that the revision needs."""
    return len(case.approvals) + 1 < case.filing.approvals_needed


def completes_the_approvals(case: Case) -> bool:
    """Whether a yes would be the last that the revision needs."""
    return not wants_another_approval(case)


def _blocks(note: Note) -> bool:
    return note.blocking and note.state is NoteState.OPEN


async def load_cases(
    actor: Actor, filings: Sequence[Filing], request: Mapping[str, Any] | None = None, *, judge: bool
) -> list[Case]:
    """The cases of `filings` in their order, in a bounded number of statements; `judge` also runs the rules."""
    ids = [filing.id for filing in filings]
    if not ids:
        return []
    subject_ids = [filing.subject_id for filing in filings]
    subjects = {row.id: row for row in await Subject.filter(id__in=subject_ids)}
    reports = {row.filing_id: row for row in await Report.filter(filing_id__in=ids).order_by("number")}
    notes = await Note.filter(filing_id__in=ids).order_by("id")
    approvals = await Approval.filter(filing_id__in=ids).order_by("id")
    revisions = await last_revisions(filings)
    targets = await targets_of([filing.id for filing in filings if filing.kind is not FilingKind.NEW_FILING])
    standings = await _standings(filings, subjects, targets)
    living = await generations([row.subject_id for row in filings if row.kind is not FilingKind.NEW_FILING])
    proven = await _proven(actor, filings, living)
    forms = await load_forms(filings) if judge else {}
    judged = await judge_many([(filing, forms[filing.id]) for filing in filings]) if judge else {}
    house, moment = House.as_set(), now()
    return [
        Case(
            actor=actor,
            filing=filing,
            subject=subjects[filing.subject_id],
            house=house,
            at=moment,
            request=request or {},
            report=reports.get(filing.id),
            notes=[note for note in notes if note.filing_id == filing.id],
            open_notes=[note for note in notes if note.filing_id == filing.id and _blocks(note)],
            approvals=[
                yes for yes in approvals if (yes.filing_id, yes.revision) == (filing.id, filing.revision)
            ],
            revision=revisions.get(filing.id),
            targets=targets.get(filing.id, ()),
            standing=standings[filing.id],
            generation=living.get(filing.subject_id, 0),
            proven=filing.id in proven,
            form=forms.get(filing.id),
            judged=judged.get(filing.id),
        )
        for filing in filings
    ]


async def _standings(
    filings: Sequence[Filing], subjects: Mapping[int, Subject], targets: Mapping[int, Sequence[Target]]
) -> dict[int, Standing]:
    """How each filing stands among what is in force and what else is open."""
    around = await load_surroundings([filing.subject_id for filing in filings])
    named = [target.record for group in targets.values() for target in group]
    access_ids = numbers_among(Access, named)
    accesses = {row.id: row for row in await Access.filter(id__in=access_ids)} if access_ids else {}
    website_ids = {*numbers_among(Website, named), *(access.website_id for access in accesses.values())}
    websites = {row.id: row for row in await Website.filter(id__in=website_ids)} if website_ids else {}
    adding = [filing.id for filing in filings if filing.kind is FilingKind.ADD_ACCESS]
    served = await _served(website_ids, access_ids) if adding else set()
    known = await _known_here(list(subjects.values())) if adding else set()
    found = {}
    for filing in filings:
        records = [target.record for target in targets.get(filing.id, ())]
        own = [accesses[number] for number in numbers_among(Access, records) if number in accesses]
        sites = {*numbers_among(Website, records), *(access.website_id for access in own)}
        found[filing.id] = Standing(
            kind=filing.kind,
            subject=subjects[filing.subject_id],
            around=around.get(filing.subject_id, Surroundings()),
            websites=[websites[number] for number in sorted(sites) if number in websites],
            accesses=own,
            served=bool(sites & served),
            known_here=filing.subject_id in known,
            filing=filing,
        )
    return found


async def _known_here(subjects: Sequence[Subject]) -> set[int]:
    """Those of the subjects that are drafts of another provider's, whose number is by now filed here as another row."""
    drafts = [row for row in subjects if row.status is RecordStatus.DRAFT and row.claimed_number]
    numbers = [row.claimed_number for row in drafts]
    rows = await Subject.filter(filing_number__in=numbers).values_list("filing_number") if drafts else []
    filed = {number for (number,) in rows}
    return {row.id for row in drafts if row.claimed_number in filed}


async def _served(website_ids: set[int], own: Sequence[int]) -> set[int]:
    """Those of the websites that have a living access besides these."""
    rows = Access.filter(website_id__in=website_ids, archived=False).exclude(status=RecordStatus.CANCELLED)
    return {row[0] for row in await rows.exclude(id__in=list(own) or [0]).values_list("website_id")}


async def _proven(actor: Actor, filings: Sequence[Filing], living: Mapping[int, int]) -> set[int]:
    """Those of the filings for which the actor has shown the filing password that is in force."""
    asked = [filing for filing in filings if filing.kind is not FilingKind.NEW_FILING]
    if not asked or actor.account_id is None:
        return set()
    subject_of = {filing.id: filing.subject_id for filing in asked}
    proofs = FilingProof.filter(filing_id__in=[*subject_of], account_id=actor.account_id)
    rows = await proofs.values_list("filing_id", "generation")
    return {filing_id for filing_id, generation in rows if living[subject_of[filing_id]] == generation}
