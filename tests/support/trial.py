"""A trial: one state of a filing, in which everybody takes every step, compared cell by cell with what is expected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import settings as settings_module
from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.refusal import Problem
from models.states import FilingAction
from tests.support.cells import Cell, Difference, cells_of
from tests.support.doing import STEPS, Seen, look_at
from tests.support.places import Cast, Life, Lives, provide
from tests.workflow.everything import everything
from workflow.actors import Actor, visible_filings
from workflow.command import Outcome
from workflow.edits import open_filing_of
from workflow.permissions import filing_permissions, record_permissions

# what leaves the filing's version as it is; every other step raises it by one
_RAISES_NOTHING = {"CLAIM_FILING", "RELEASE_FILING", "REPLY_TO_NOTE", "CLONE_FILING"}
# how many mails a step lays out, each of which has an event of its own; the second of an approval is the password
_MAILS = {
    "RETURN_FILING": 1,
    "RECORD_AUTHORITY_RESULT/APPROVED": 2,
    "RECORD_AUTHORITY_RESULT/REFUSED": 1,
}


class Trial:
    """One state: first all that is refused, by everybody on one filing; then all that is allowed.

    Steps that leave the status follow one another on that filing; each one that moves it gets a filing of its own.
    """

    def __init__(self, cast: Cast, state: str, *, on_behalf: bool) -> None:
        self._cast, self._state, self._on_behalf = cast, state, on_behalf
        self._lives = Lives(cast)
        self._rows: dict[str, list[str]] = {}  # of every table, as last looked at
        self.differences: list[Difference] = []

    async def run(self) -> list[Difference]:
        """Every cell of the state; gives those that differ."""
        cells = cells_of(self._state, on_behalf=self._on_behalf)
        life = await self._fresh()
        for _, group in groupby(cells, key=lambda cell: (cell.role, cell.authority == "manual")):
            life = await self._try_refused([*group], life)
        for cell in cells:
            if not cell.refused:
                by_hand = cell.authority == "manual"
                await self._try_allowed(cell, await self._fresh(by_hand=by_hand) if cell.moves else life)
        return self.differences

    async def _fresh(self, *, by_hand: bool = False) -> Life:
        holder = self._cast.typist if self._on_behalf else self._cast.reviewer
        return await self._lives.reach(self._state, on_behalf=self._on_behalf, holder=holder, by_hand=by_hand)

    def _actor(self, cell: Cell) -> Actor:
        found = getattr(self._cast, cell.role.removesuffix("_alone"))
        assert isinstance(found, Actor)
        return found

    def _differs(self, cell: Cell, found: str) -> None:
        self.differences.append(Difference(cell, found))

    async def _try_refused(self, cells: Sequence[Cell], life: Life) -> Life:
        """What one role is told that it may do, and that what it may not do changes no row of any table."""
        actor, seen = self._actor(cells[0]), await look_at(life)
        before = self._rows or await everything(memory=True)
        surprised = False
        with house_of(cells[0]):
            await self._compare_permissions(cells, actor, seen)
            for cell in cells:
                if cell.refused and await self._surprises(cell, actor, seen):
                    life, surprised = await self._fresh(), True  # it has moved: the others need another one
                    seen = await look_at(life)
        self._rows = await everything(memory=True)
        changed = [name for name, rows in self._rows.items() if rows != before[name]]
        if changed and not surprised:
            self._differs(cells[0], f"a refusal of this role wrote {changed}")
        return life

    async def _surprises(self, cell: Cell, actor: Actor, seen: Seen) -> bool:
        """Whether a step that should be refused was taken; another refusal than expected differs too."""
        outcome = await STEPS[cell.action](seen, actor)
        if not outcome.problems:
            after = await Filing.get(id=seen.filing.id)
            self._differs(cell, f"answered {answer_of(outcome, seen.filing, after)}")
        elif codes_of(outcome.problems) != cell.expected:
            self._differs(cell, f"answered {codes_of(outcome.problems)}")
        return not outcome.problems

    async def _compare_permissions(self, cells: Sequence[Cell], actor: Actor, seen: Seen) -> None:
        told = await told_by_action(actor, seen)
        for cell in cells:
            said = told.get(cell.action_name, "NOT_FOUND")
            if cell.action == "REPLY_TO_NOTE" and cell.expected == "NOT_FOUND":
                # there is no note that could be named: he is told whatever forbids it, but not that he may
                if said == "ok":
                    self._differs(cell, "permittedActions says ok")
            elif said != cell.told:
                self._differs(cell, f"permittedActions says {said}")

    async def _try_allowed(self, cell: Cell, life: Life) -> None:
        """The step is taken: the filing is as told, its version too, and one event and one audit entry say so."""
        actor, seen = self._actor(cell), await look_at(life)
        last = await FilingEvent.all().order_by("-id").first()
        audits = await AuditEntry.all().count()
        with house_of(cell):
            outcome = await STEPS[cell.action](seen, actor)
        after = await Filing.get(id=life.filing.id)
        answer = answer_of(outcome, seen.filing, after)
        if answer != cell.expected:
            self._differs(cell, f"answered {answer}")
            return
        raised = 0 if cell.action in _RAISES_NOTHING else 1
        if after.version != seen.filing.version + raised:
            self._differs(cell, f"version {seen.filing.version} became {after.version}")
        if await AuditEntry.all().count() != audits + 1:
            self._differs(cell, "did not leave one audit entry")
        events = await FilingEvent.filter(id__gt=last.id if last else 0).order_by("id")
        self._compare_events(cell, actor, seen.filing, after, events)

    def _compare_events(
        self, cell: Cell, actor: Actor, before: Filing, after: Filing, events: Sequence[FilingEvent]
    ) -> None:
        mails = [event for event in events if event.action is FilingAction.SEND_MAIL]
        told = [event for event in events if event not in mails]
        if (len(told), len(mails)) != (1, _MAILS.get(cell.action, 0)):
            self._differs(cell, f"left the events {[event.action.value for event in events]}")
            return
        [event] = told
        if (event.action.value, event.account_id) != (cell.action_name, actor.account_id):
            self._differs(cell, f"the event tells {event.action.value} of account {event.account_id}")
        if event.version != _version_told(cell, after):
            self._differs(cell, f"the event tells of version {event.version}")
        move = (event.filing_id, event.before, event.after)
        if cell.moves and move != (after.id, before.status, after.status):
            self._differs(cell, f"the event tells {event.before} to {event.after} of {event.filing_id}")


def _version_told(cell: Cell, after: Filing) -> int | None:
    """The version that the event of a step carries: the filing's own, the new draft's first, or none."""
    if cell.action == "CLONE_FILING":
        return 1
    return None if cell.action in _RAISES_NOTHING else after.version


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


def codes_of(problems: Sequence[Problem]) -> str:
    """The codes of a refusal, each once."""
    return "+".join(sorted({problem.code for problem in problems}))


def answer_of(outcome: Outcome, before: Filing, after: Filing) -> str:
    """An outcome in the words of the expected answers."""
    if outcome.problems:
        return codes_of(outcome.problems)
    return "ok" if after.status is before.status else f"-> {after.status.value}"


async def told_by_action(actor: Actor, seen: Seen) -> dict[str, str]:
    """What the actor is told of the filing, its subject, its first website and that one's access; nothing unseen."""
    if not await visible_filings(actor).filter(id=seen.filing.id).exists():
        return {}
    assert seen.access is not None
    opened = await open_filing_of(seen.subject.id)
    permissions = [*(await filing_permissions(actor, [seen.filing]))[0]]
    for record in (seen.subject, seen.websites[0], seen.access):
        permissions += record_permissions(actor, record, seen.subject, opened)
    return {
        permission.action.value: "ok" if permission.allowed else codes_of(permission.blocked_by)
        for permission in permissions
    }
