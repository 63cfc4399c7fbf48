"""The scope (审查范围) of a filing: which parts of its form are put up for judgement, and which are context alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules.form import FilingForm


@dataclass(frozen=True, slots=True)
class Scope:
    """The parts that are judged. `websites` are their own data and principals, `accesses` what hangs below them.

    `conflicts`: the parts must not collide with what somebody else filed.
    """

    subject: bool = False
    websites: bool = False
    accesses: bool = False
    cancellation: bool = False
    conflicts: bool = True


_WHOLE = Scope(subject=True, websites=True, accesses=True)
_CANCELLATION = Scope(cancellation=True)
_SCOPES: Mapping[str, Scope] = MappingProxyType(
    {
        "NEW_FILING": _WHOLE,
        "CHANGE": _WHOLE,
        "ADD_WEBSITE": Scope(websites=True, accesses=True),
        "CANCEL_ACCESS": _CANCELLATION,
        "CANCEL_WEBSITE": _CANCELLATION,
        "CANCEL_SUBJECT": _CANCELLATION,
    }
)


def scope_of(form: FilingForm) -> Scope:
    """What of a form is judged; all of it for a kind that is not known.

    An added access is judged alone where its website is filed here. Where it was filed elsewhere its owner typed the
    website as well, and the subject unless that is filed here; the authority knows them, so they collide with nobody.
    """
    if form.kind == "ADD_ACCESS":
        return Scope(
            subject=form.elsewhere and form.division_in_force is None,
            websites=form.elsewhere,
            accesses=True,
            conflicts=False,
        )
    return _SCOPES.get(form.kind, _WHOLE)
