"""A case: one filing with all that its transitions ask about, loaded before anything is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.clock import now
from models.filing import Approval, Filing, Note, Revision
from models.report import Report
from models.states import NoteState, ReportState
from models.subject import Subject
from rules.findings import Finding
from rules.form import FilingForm
from settings import current
from workflow.actors import Actor
from workflow.forms import load_forms
from workflow.judgement import Judged, judge_many
from workflow.revisions import FieldChange, difference, form_of, last_revisions


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
    rivals: Sequence[Filing] = ()
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
    siblings = await Filing.filter(subject_id__in=subject_ids)
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
            rivals=[
                other for other in siblings if other.subject_id == filing.subject_id and other.id != filing.id
            ],
            form=forms.get(filing.id),
            judged=judged.get(filing.id),
        )
        for filing in filings
    ]
