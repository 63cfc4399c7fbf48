"""The expected answers, one cell a state, role and action; and what the workflow really answers, compared with them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import settings as settings_module
from models.access import Access
from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.subject import Subject
from tests.support.doing import STEPS
from tests.support.places import Cast, Life, Lives, provide, websites_of
from tests.workflow.everything import everything
from workflow.actors import Actor, visible_filings
from workflow.command import Outcome
from workflow.edits import open_filing_of
from workflow.permissions import Permission, filing_permissions, record_permissions

EXPECTED = Path(__file__).parent.parent / "workflow" / "expected.csv"
ROLES_OF_OTHERS_FILINGS = ("owner", "token", "other", "reviewer", "admin", "auditor")
ROLES_ON_BEHALF = ("customer", "typist", "typist_alone")
# what leaves the filing's version as it is; every other step raises it by one
_RAISES_NOTHING = {"CLAIM_FILING", "RELEASE_FILING", "REPLY_TO_NOTE", "CLONE_FILING"}


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
    roles = ROLES_ON_BEHALF if on_behalf else ROLES_OF_OTHERS_FILINGS
    cells = [cell for cell in read_cells() if cell.state == state and cell.role in roles]
    order = [*STEPS]
    return sorted(cells, key=lambda cell: (cell.role, cell.authority == "manual", order.index(cell.action)))


def _actor(cast: Cast, role: str) -> Actor:
    found = getattr(cast, role.removesuffix("_alone"))
    assert isinstance(found, Actor)
    return found


@contextmanager
def house_of(cell: Cell) -> Iterator[None]:
    """The provider as this cell wants it."""
    given = settings_module.current()
    provide(
        authority="manual" if cell.authority == "manual" else "simulator",
        self_review="allow" if cell.role == "typist_alone" else "refuse",
    )
    yield
    settings_module.use(given)


def _codes(codes: Iterable[str]) -> str:
    return "+".join(sorted(set(codes)))


def _answer(outcome: Outcome, before: Filing, after: Filing) -> str:
    if outcome.problems:
        return _codes(problem.code for problem in outcome.problems)
    return "ok" if after.status is before.status else f"-> {after.status.value}"


class Trial:
    """One state tried by everybody: first all that is refused, on one filing; then all that is allowed."""

    def __init__(self, cast: Cast, state: str, *, on_behalf: bool) -> None:
        self._cast, self._state, self._on_behalf = cast, state, on_behalf
        self._lives = Lives(cast)
        self.differences: list[Difference] = []

    async def run(self) -> list[Difference]:
        """Every cell of the state; gives those that differ."""
        cells = cells_of(self._state, on_behalf=self._on_behalf)
        life = await self._fresh()
        for _, group in groupby(cells, key=lambda cell: (cell.role, cell.authority == "manual")):
            life = await self._try_refused([*group], life)
        for cell in cells:
            if cell.moves:
                await self._try_allowed(cell, await self._fresh(by_hand=cell.authority == "manual"))
            elif not cell.refused:
                await self._try_allowed(cell, life)
        return self.differences

    async def _fresh(self, *, by_hand: bool = False) -> Life:
        holder = self._cast.typist if self._on_behalf else self._cast.reviewer
        return await self._lives.reach(self._state, on_behalf=self._on_behalf, holder=holder, by_hand=by_hand)

    def _differs(self, cell: Cell, found: str) -> None:
        self.differences.append(Difference(cell, found))

    async def _try_refused(self, cells: Sequence[Cell], life: Life) -> Life:
        """All cells of one role: what it is told that it may do, and that what it may not do changes no row."""
        actor, before = _actor(self._cast, cells[0].role), await everything(memory=True)
        surprised = False
        with house_of(cells[0]):
            await self._compare_permissions(cells, actor, life)
            for cell in cells:
                if cell.refused and await self._surprises(cell, actor, life):
                    life, surprised = await self._fresh(), True  # it has moved: the others need another one
        if surprised:
            return life
        changed = [name for name, rows in (await everything(memory=True)).items() if rows != before.get(name)]
        if changed:
            self._differs(cells[0], f"a refusal of this role wrote {changed}")
        return life

    async def _surprises(self, cell: Cell, actor: Actor, life: Life) -> bool:
        before = await Filing.get(id=life.filing.id)
        outcome = await STEPS[cell.action](life, actor)
        answer = _answer(outcome, before, await Filing.get(id=life.filing.id))
        if answer != cell.expected:
            self._differs(cell, f"answered {answer}")
        return not outcome.problems

    async def _compare_permissions(self, cells: Sequence[Cell], actor: Actor, life: Life) -> None:
        filing = await visible_filings(actor).get_or_none(id=life.filing.id)
        said = {} if filing is None else await _permissions(actor, filing, life)
        for cell in cells:
            told = said.get(cell.action.partition("/")[0])
            answer = "NOT_FOUND" if told is None else _told(told)
            about_the_note = cell.action == "REPLY_TO_NOTE" and cell.expected == "NOT_FOUND"
            if about_the_note and told is not None:
                # there is no note to name: he is told so by the state, or that it is not his
                if told.allowed:
                    self._differs(cell, "permittedActions says ok")
            elif answer != ("ok" if not cell.refused else cell.expected):
                self._differs(cell, f"permittedActions says {answer}")

    async def _try_allowed(self, cell: Cell, life: Life) -> None:
        """The step is taken: the filing is as told, its version too, and one event and one audit entry say so."""
        actor = _actor(self._cast, cell.role)
        before = await Filing.get(id=life.filing.id)
        events, audits = await FilingEvent.all().count(), await AuditEntry.all().count()
        with house_of(cell):
            outcome = await STEPS[cell.action](life, actor)
        after = await Filing.get(id=life.filing.id)
        if _answer(outcome, before, after) != cell.expected:
            self._differs(cell, f"answered {_answer(outcome, before, after)}")
            return
        raised = 0 if cell.action in _RAISES_NOTHING else 1
        if after.version != before.version + raised:
            self._differs(cell, f"version {before.version} became {after.version}")
        told = await FilingEvent.all().order_by("-id").first()
        counts = (await FilingEvent.all().count() - events, await AuditEntry.all().count() - audits)
        if told is None or counts != (1, 1):
            self._differs(cell, f"left {counts} events and audit entries")
            return
        self._compare_event(cell, told, actor, before, after)

    def _compare_event(
        self, cell: Cell, told: FilingEvent, actor: Actor, before: Filing, after: Filing
    ) -> None:
        if (told.action.value, told.account_id) != (cell.action.partition("/")[0], actor.account_id):
            self._differs(cell, f"the event tells {told.action.value} of account {told.account_id}")
        if cell.moves and (told.filing_id, told.before, told.after) != (after.id, before.status, after.status):
            self._differs(cell, f"the event tells {told.before} to {told.after}")


async def _permissions(actor: Actor, filing: Filing, life: Life) -> dict[str, Permission]:
    """By action, what the actor is told of the filing, its subject, its first website and that one's access."""
    subject = await Subject.get(id=filing.subject_id)
    website = (await websites_of(life))[0]
    access = await Access.get(website_id=website.id, archived=False)
    opened = await open_filing_of(subject.id)
    found = [*(await filing_permissions(actor, [filing]))[0]]
    for record in (subject, website, access):
        found += record_permissions(actor, record, subject, opened)
    return {permission.action.value: permission for permission in found}


def _told(permission: Permission) -> str:
    if permission.allowed:
        return "ok"
    return _codes(problem.code for problem in permission.blocked_by)
