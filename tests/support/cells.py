"""The expected answers as typed: one cell for every kind, state, role and action; and what it is to differ from one."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.asking import EVERY_STEP
from tests.support.stages import FIRST_FILING

TYPED = Path(__file__).parent.parent / "workflow"
ROLES_SELF_FILED = ("owner", "token", "file_token", "other", "reviewer", "admin", "auditor")
ROLES_ON_BEHALF = ("customer", "typist", "typist_alone")
# what a kind does not know at all: refused, and not even listed among what is permitted
UNKNOWN: Mapping[str, frozenset[str]] = {
    FIRST_FILING: frozenset({"ADD_CHANGE_TARGET", "UPDATE_CANCELLATION"}),
    "change": frozenset({"UPDATE_CANCELLATION", "CLONE_FILING"}),
    "add_website": frozenset({"ADD_CHANGE_TARGET", "UPDATE_CANCELLATION", "CLONE_FILING"}),
    "add_access": frozenset({"ADD_CHANGE_TARGET", "UPDATE_CANCELLATION", "CLONE_FILING"}),
    **dict.fromkeys(
        ("cancel_access", "cancel_website", "cancel_subject"),
        frozenset({"ATTACH_FILE", "DETACH_FILE", "ADD_CHANGE_TARGET", "CLONE_FILING"}),
    ),
}

# papers are told of a filing as a whole; here it has none yet, or no record that one could be put to
_NOTHING_YET = {("add_website", "DRAFT_EMPTY"), ("change", "DRAFT_INCOMPLETE")}
PAPERS = {"ATTACH_FILE", "DETACH_FILE"}


@dataclass(frozen=True)
class Cell:
    """What `role` gets who takes `action` in `state` of a filing of `kind`.

    "ok", "-> STATUS" of that filing, "new STATUS" of one that is opened, or the codes of the refusal.
    """

    kind: str
    role: str
    authority: str
    action: str
    state: str
    expected: str

    @property
    def moves(self) -> bool:
        """Whether the status changes."""
        return self.expected.startswith("-> ")

    @property
    def opens(self) -> bool:
        """Whether another filing is opened."""
        return self.expected.startswith("new ")

    @property
    def refused(self) -> bool:
        """Whether nothing happens."""
        return not (self.moves or self.opens or self.expected == "ok")

    @property
    def told(self) -> str:
        """What `permittedActions` says of it."""
        return self.expected if self.refused else "ok"

    @property
    def action_name(self) -> str:
        """The action without what tells its outcomes apart."""
        return self.action.partition("/")[0]

    @property
    def is_known(self) -> bool:
        """Whether filings of this kind know the action."""
        return self.action not in UNKNOWN[self.kind]

    @property
    def is_told(self) -> bool:
        """Whether `permittedActions` speaks of this very cell: not of what the same step gets with the password."""
        nowhere = self.action in PAPERS and (self.kind, self.state) in _NOTHING_YET
        return not nowhere and not self.action.endswith("/PASSWORD")


@dataclass(frozen=True)
class Difference:
    """One cell that is not as expected, and how."""

    cell: Cell
    found: str

    def __str__(self) -> str:
        cell = self.cell
        where = f"{cell.kind} {cell.state} {cell.role} {cell.action} ({cell.authority})"
        return f"{where}: expected {cell.expected}, {self.found}"


def typed_file(kind: str) -> Path:
    """Where the answers for a kind are typed."""
    return TYPED / ("expected.csv" if kind == FIRST_FILING else f"expected_{kind}.csv")


@cache
def read_cells(kind: str = FIRST_FILING) -> Sequence[Cell]:
    """Every cell of the kind's file, in which one line may speak for several roles and actions, joined by "+"."""
    with typed_file(kind).open(encoding="utf-8", newline="") as lines:
        return [
            Cell(kind, role, row["authority"], action, state, row[state])
            for row in csv.DictReader(lines)
            for role in row["role"].split("+")
            for action in row["action"].split("+")
            for state in list(row)[3:]
        ]


def cells_of(kind: str, state: str, *, on_behalf: bool) -> list[Cell]:
    """The cells of one state, of a filing that its owner made or that was made on his behalf, by role and mode."""
    roles = ROLES_ON_BEHALF if on_behalf else ROLES_SELF_FILED
    cells = [cell for cell in read_cells(kind) if cell.state == state and cell.role in roles]
    order = [*EVERY_STEP]
    return sorted(cells, key=lambda cell: (cell.role, cell.authority == "manual", order.index(cell.action)))
