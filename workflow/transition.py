"""A transition: what one row of the table says, and whose turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.states import FilingAction, FilingKind, FilingStatus
from workflow.case import Case
from workflow.effects import Effect
from workflow.guards import Guard


class Turn(StrEnum):
    """Whose step it is. There is no default: a row without it cannot be written."""

    OWNER = "OWNER"
    REVIEWER = "REVIEWER"
    SYSTEM = "SYSTEM"
    AUTHORITY = "AUTHORITY"


@dataclass(frozen=True)
class Transition:
    """One row. `target` None: the status stays. `variant` tells rows of one action apart by their outcome.

    `letters` are laid into the outbox once the step stands in the timeline. `raises`: whether the filing's version
    rises. `judges`: whether the guards ask for the rules' findings. `kinds`: which filings know the step at all.
    `stands`: whether the guards ask what else is open, so that nobody else may open anything meanwhile. `when`: for
    which cases this row is the one of its action that is taken.
    """

    action: FilingAction
    zh: str
    en: str
    sources: frozenset[FilingStatus]
    target: FilingStatus | None
    turn: Turn
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    letters: tuple[Effect, ...] = ()
    variant: str = ""
    raises: bool = True
    judges: bool = False
    kinds: frozenset[FilingKind] = frozenset(FilingKind)
    stands: bool = False
    when: Callable[[Case], bool] | None = None

    def target_of(self, case: Case) -> FilingStatus:
        """Where this case goes."""
        return self.target or case.filing.status
