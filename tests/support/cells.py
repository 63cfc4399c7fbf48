"""The expected answers as typed: one cell for every state, role and action; and what it is to differ from one."""

import csv
from dataclasses import dataclass
from pathlib import Path

from tests.support.doing import STEPS

EXPECTED = Path(__file__).parent.parent / "workflow" / "expected.csv"
ROLES_SELF_FILED = ("owner", "token", "other", "reviewer", "admin", "auditor")
ROLES_ON_BEHALF = ("customer", "typist", "typist_alone")


@dataclass(frozen=True)
class Cell:
    """What `role` gets who takes `action` in `state`: "ok", "-> STATUS", or the codes of the refusal."""

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
    def refused(self) -> bool:
        """Whether nothing happens."""
        return not self.moves and self.expected != "ok"

    @property
    def told(self) -> str:
        """What `permittedActions` says of it."""
        return self.expected if self.refused else "ok"

    @property
    def action_name(self) -> str:
        """The action without what tells its outcomes apart."""
        return self.action.partition("/")[0]


@dataclass(frozen=True)
class Difference:
    """One cell that is not as expected, and how."""

    cell: Cell
    found: str

    def __str__(self) -> str:
        cell = self.cell
        where = f"{cell.state} {cell.role} {cell.action} ({cell.authority})"
        return f"{where}: expected {cell.expected}, {self.found}"


def read_cells(path: Path = EXPECTED) -> list[Cell]:
    """Every cell of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Cell(row["role"], row["authority"], row["action"], state, row[state])
            for row in csv.DictReader(lines)
            for state in list(row)[3:]
        ]


def cells_of(state: str, *, on_behalf: bool) -> list[Cell]:
    """The cells of one state, of a filing that its owner made or that was made on his behalf, by role and mode."""
    roles = ROLES_ON_BEHALF if on_behalf else ROLES_SELF_FILED
    cells = [cell for cell in read_cells() if cell.state == state and cell.role in roles]
    order = [*STEPS]
    return sorted(cells, key=lambda cell: (cell.role, cell.authority == "manual", order.index(cell.action)))
