"""A cancellation (注销): its reason, and what would be left over as an empty shell (空壳)."""

from collections.abc import Iterator

from rules.case import Case
from rules.catalogue import EMPTY_SHELL, LAST_WEBSITE, REQUIRED
from rules.choices import judge_choice
from rules.codes import CANCELLATION_REASON
from rules.fields import REASON, is_blank
from rules.findings import Finding, Path

_PATH: Path = ("cancellation",)


def judge_cancellation(case: Case) -> Iterator[Finding]:
    """The findings of a cancellation of access, website or subject; what it ends is in force and not judged.

    A reason from the code table is required (C69). The only access of a website and a subject's last website are
    cancelled with a warning (C63): the authority refuses the first with its 1025.
    """
    reason = case.form.cancellation.reason if case.form.cancellation else None
    place = (*_PATH, REASON.name)
    if reason is None or is_blank(reason):
        yield REQUIRED.at(place, REASON.words)
    else:
        fault = judge_choice(CANCELLATION_REASON, reason, place, case.law.codes, case.library)
        if fault is not None:
            yield fault
    if case.form.kind == "CANCEL_ACCESS" and case.library.only_access:
        yield EMPTY_SHELL.at(_PATH, suggestion="注销网站")
    if case.form.kind == "CANCEL_WEBSITE" and case.library.last_website:
        yield LAST_WEBSITE.at(_PATH, suggestion="注销主体")
