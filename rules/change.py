"""A change (变更): that it changes something, stays in its province, carries a website, and rests on what is in force."""

from collections.abc import Iterator

from rules.case import Case
from rules.catalogue import BASE_CHANGED, CHANGE_NEEDS_WEBSITE, NOTHING_CHANGED, PROVINCE_CHANGED
from rules.fields import DIVISION, website_key
from rules.findings import Finding, Path, Words
from rules.form import FilingForm
from rules.provinces import province_of

_CANCEL_FIRST = Words(
    "请先在原省注销主体，再到新的省份备案",
    "cancel the subject where it is filed, then file anew in the other province",
)


def judge_change(case: Case) -> Iterator[Finding]:
    """The findings of a change as such; what it would put in force is judged like a first filing."""
    if case.form.unchanged:
        yield NOTHING_CHANGED.at(())
    for path in _stale(case.form, case.library.base_changed):
        yield BASE_CHANGED.at(path)
    if _leaves_province(case):
        yield PROVINCE_CHANGED.at(("subject", DIVISION.name), _CANCEL_FIRST)
    if not any(website.access for website in case.form.websites):
        yield CHANGE_NEEDS_WEBSITE.at(("websites",))


def _leaves_province(case: Case) -> bool:
    """Whether another province than that in force is proposed; an unknown division is told elsewhere."""
    in_force = province_of(case.form.division_in_force or "")
    return in_force is not None and case.province is not None and in_force.code != case.province


def _stale(form: FilingForm, changed: frozenset[str]) -> Iterator[Path]:
    """Where the records stand whose data in force changed; the form as a whole for one that it has no more."""
    places: dict[str | None, Path] = {form.subject.id: ("subject",)}
    for position, website in enumerate(form.websites):
        path = ("websites", website_key(website, position))
        places[website.id] = path
        if website.access is not None:
            places[website.access.id] = (*path, "access")
    yield from (path for record, path in places.items() if record in changed)
    if changed - places.keys():
        yield ()
