"""The check (查验): every finding of a form at once, in the order of the form, by nothing but what is handed in."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from rules.added_access import judge_added_access
from rules.cancellation import judge_cancellation
from rules.case import Case
from rules.change import judge_change
from rules.documents import judge_documents
from rules.findings import Finding, Path
from rules.form import FilingForm
from rules.law import Law
from rules.library import Library
from rules.province import judge_province, judge_province_of_change, judge_province_of_websites
from rules.storable import storable
from rules.subject import judge_subject
from rules.website import judge_presence, judge_websites

Judge = Callable[[Case], Iterator[Finding]]

JUDGES: Mapping[str, tuple[Judge, ...]] = MappingProxyType(
    {
        "NEW_FILING": (judge_subject, judge_presence, judge_websites, judge_province, judge_documents),
        "ADD_WEBSITE": (judge_presence, judge_websites, judge_province_of_websites, judge_documents),
        "ADD_ACCESS": (judge_added_access, judge_documents),
        "CHANGE": (judge_change, judge_subject, judge_websites, judge_province_of_change, judge_documents),
        "CANCEL_ACCESS": (judge_cancellation,),
        "CANCEL_WEBSITE": (judge_cancellation,),
        "CANCEL_SUBJECT": (judge_cancellation,),
    }
)


class UnjudgedKindError(Exception):
    """A form of a kind for which no rules are written; it carries the kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no rules for a filing of kind {kind}")
        self.kind = kind


def check(form: FilingForm, law: Law, library: Library, today: date) -> list[Finding]:
    """All findings of a form on a day, each once, in a fixed order. Only those of severity ERROR block.

    Raises UnjudgedKindError for a kind of filing that has no rules. What could not even be stored is told once,
    and not judged further.
    """
    judges = JUDGES.get(form.kind)
    if judges is None:
        raise UnjudgedKindError(form.kind)
    case = Case(form, law, library, today)
    found = storable(form, law)
    told: set[Path] = {finding.path for finding in found}
    found += (finding for judge in judges for finding in judge(case) if finding.path not in told)
    return found
