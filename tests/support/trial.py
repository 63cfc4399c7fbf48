"""A trial: one state of a filing, in which everybody takes every step, compared cell by cell with what is expected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import settings as settings_module
from models.access import Access
from models.event import AuditEntry, FilingEvent
from models.filing import Filing
from models.refusal import Problem
from models.states import FilingAction, FilingKind, RecordStatus
from models.subject import Subject
from models.website import Website
from tests.support.asking import EVERY_STEP, OPENINGS
from tests.support.cells import PAPERS, Cell, Difference, cells_of
from tests.support.doing import Seen, look_at
from tests.support.places import Life, provide
from tests.support.snapshots import Snapshot
from tests.support.stages import reach
from workflow.actors import Actor, visible_accesses, visible_filings, visible_subjects, visible_websites
from workflow.command import Outcome
from workflow.permissions import Permission, filing_permissions, record_permissions
from workflow.surroundings import Record, load_surroundings

# what leaves the filing's version as it is; every other step raises it by one
_RAISES_NOTHING = {"CLAIM_FILING", "RELEASE_FILING", "REPLY_TO_NOTE", "CLONE_FILING", *OPENINGS}
# how many mails a step lays out, each of which has an event of its own
_MAILS = {
    "RETURN_FILING": 1,
    "RECORD_AUTHORITY_RESULT/APPROVED": 1,
    "RECORD_AUTHORITY_RESULT/REFUSED": 1,
}
_BRIEFLY = {"owner", "reviewer", "typist"}
_COUNTED = "throttle"  # tries of a password are counted, whatever comes of them


class Trial:
    """One state: first all that is refused, by everybody on one filing; then all that is allowed.

    Of a first filing the steps that leave the status follow one another; all others find the state as it was. A
    `brief` trial takes the allowed steps of three roles and asks what they are told, but tries nothing that is refused.
    """

    def __init__(self, kind: str, state: str, *, on_behalf: bool, brief: bool = False) -> None:
        self._brief = brief
        self._kind, self._state, self._on_behalf = kind, state, on_behalf
        self._before: Snapshot | None = None  # as last looked at
        self.differences: list[Difference] = []

    async def run(self) -> list[Difference]:
        """Every cell of the state; gives those that differ."""
        cells = cells_of(self._kind, self._state, on_behalf=self._on_behalf)
        if self._brief:
            cells = [cell for cell in cells if cell.role in _BRIEFLY]
        life = await self._fresh()
        for _, group in groupby(cells, key=lambda cell: (cell.role, cell.authority == "manual")):
            await self._try_refused([*group], life)
        allowed = [cell for cell in cells if not cell.refused]
        for cell in sorted(allowed, key=lambda cell: cell.moves or cell.opens):
            if self._kind != "new_filing" or cell.moves or cell.opens:
                life = await self._fresh(by_hand=cell.authority == "manual")
            await self._try_allowed(cell, life)
        return self.differences

    async def _fresh(self, *, by_hand: bool = False) -> Life:
        return await reach(self._kind, self._state, on_behalf=self._on_behalf, by_hand=by_hand)

    def _differs(self, cell: Cell, found: str) -> None:
        self.differences.append(Difference(cell, found))

    async def _try_refused(self, cells: Sequence[Cell], life: Life) -> None:
        """What one role is told that it may do, and that what it may not do changes no row of any table."""
        actor, seen = actor_of(life, cells[0]), await look_at(life)
        before = self._before or await Snapshot.take()
        surprised = False
        with house_of(cells[0]):
            await self._compare_permissions(cells, actor, seen)
            for cell in cells:
                if cell.refused and not self._brief and await self._surprises(cell, actor, seen):
                    surprised = True
                    await before.restore()  # it has moved: the others need it as it was
        self._before = await Snapshot.take()
        changed = [name for name in self._before.differing(before) if name != _COUNTED]
        if changed and not surprised:
            self._differs(cells[0], f"a refusal of this role wrote {changed}")

    async def _surprises(self, cell: Cell, actor: Actor, seen: Seen) -> bool:
        """Whether a step that should be refused was taken; another refusal than expected differs too."""
        outcome = await EVERY_STEP[cell.action](seen, actor)
        if not outcome.problems:
            self._differs(cell, f"answered {await answer_of(outcome, seen.filing)}")
        elif codes_of(outcome.problems) != cell.expected:
            self._differs(cell, f"answered {codes_of(outcome.problems)}")
        return not outcome.problems

    async def _compare_permissions(self, cells: Sequence[Cell], actor: Actor, seen: Seen) -> None:
        told = await told_by_action(actor, seen)
        for cell in cells:
            said = told.get(cell.action_name, "nothing")
            if not cell.is_told:
                continue
            if cell.expected == "NOT_FOUND":
                # a thing that he cannot name: where he sees the filing he is told what forbids it, never that he may
                if said == "ok":
                    self._differs(cell, "permittedActions says ok")
            elif said != self._to_be_told(cell, told):
                self._differs(cell, f"permittedActions says {said}")

    def _to_be_told(self, cell: Cell, told: dict[str, str]) -> str:
        """Papers are told of with the filing, even where he sees the record."""
        listed = cell.is_known and (cell.action not in PAPERS or "SUBMIT_FILING" in told)
        return cell.told if listed else "nothing"

    async def _try_allowed(self, cell: Cell, life: Life) -> None:
        """The step is taken: the filing is as told, its version too, and one event and one audit entry say so."""
        actor, seen = actor_of(life, cell), await look_at(life)
        last = await FilingEvent.all().order_by("-id").first()
        audits = await AuditEntry.all().count()
        with house_of(cell):
            outcome = await EVERY_STEP[cell.action](seen, actor)
        after = await Filing.get(id=life.filing.id)
        answer = await answer_of(outcome, seen.filing)
        if answer != cell.expected:
            self._differs(cell, f"answered {answer}")
            return
        raised = 0 if raises_nothing(cell) else 1
        if after.version != seen.filing.version + raised:
            self._differs(cell, f"version {seen.filing.version} became {after.version}")
        if await AuditEntry.all().count() != audits + len(actions_of(cell)):
            self._differs(cell, "did not leave one audit entry for each event")
        events = await FilingEvent.filter(id__gt=last.id if last else 0).order_by("id")
        about = after if not cell.opens else await Filing.get(id=outcome.ids["filing"])
        self._compare_events(cell, actor, seen.filing, about, events)

    def _compare_events(
        self, cell: Cell, actor: Actor, before: Filing, after: Filing, events: Sequence[FilingEvent]
    ) -> None:
        mails = [event for event in events if event.action is FilingAction.SEND_MAIL]
        told = [event for event in events if event not in mails]
        names = [(event.action.value, event.account_id) for event in told]
        if names != [(name, actor.account_id) for name in actions_of(cell)] or len(mails) != mails_of(cell):
            self._differs(cell, f"left the events {[event.action.value for event in events]}")
            return
        event = told[-1]
        if event.version != _version_told(cell, after):
            self._differs(cell, f"the event tells of version {event.version}")
        move = (event.filing_id, event.before, event.after)
        if cell.moves and move != (after.id, before.status, after.status):
            self._differs(cell, f"the event tells {event.before} to {event.after} of {event.filing_id}")
        if cell.opens and (event.filing_id, event.after) != (after.id, after.status):
            self._differs(cell, f"the event tells {event.after} of {event.filing_id}")


def actor_of(life: Life, cell: Cell) -> Actor:
    """Who takes the step."""
    found = getattr(life.cast, cell.role.removesuffix("_alone"))
    assert isinstance(found, Actor)
    return found


def actions_of(cell: Cell) -> list[str]:
    """What the timeline tells of: a cancellation is opened and submitted in one step."""
    return [cell.action_name] + (["SUBMIT_FILING"] if cell.expected == "new SUBMITTED" else [])


def mails_of(cell: Cell) -> int:
    """How many mails are laid: a first filing's approval brings the filing password, too."""
    password = cell.kind == "new_filing" and cell.action == "RECORD_AUTHORITY_RESULT/APPROVED"
    return _MAILS.get(cell.action, 0) + password


def raises_nothing(cell: Cell) -> bool:
    """Whether the filing's version stays: also with the first of two approvals."""
    return cell.action in _RAISES_NOTHING or (cell.action == "APPROVE_FILING" and not cell.moves)


def _version_told(cell: Cell, after: Filing) -> int | None:
    """The version that the event of a step carries: the filing's own, the new draft's first, or none."""
    if cell.action == "CLONE_FILING":
        return 1
    return None if raises_nothing(cell) and not cell.opens else after.version


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


async def answer_of(outcome: Outcome, before: Filing) -> str:
    """An outcome in the words of the expected answers."""
    if outcome.problems:
        return codes_of(outcome.problems)
    after = await Filing.get(id=outcome.ids.get("filing", before.id))
    if after.id != before.id and after.kind is not FilingKind.NEW_FILING:
        return f"new {after.status.value}"
    after = await Filing.get(id=before.id)
    return "ok" if after.status is before.status else f"-> {after.status.value}"


async def told_by_action(actor: Actor, seen: Seen) -> dict[str, str]:
    """What the actor is told of the filing, its subject, its website and that one's access; nothing of what is unseen."""
    found: list[Permission] = []
    if await visible_filings(actor).filter(id=seen.filing.id).exists():
        found += (await filing_permissions(actor, [seen.filing]))[0]
    edited = await _told_of(actor, seen, (seen.subject, seen.website, seen.access))
    found += [permission for permission in edited if permission.action.value not in OPENINGS]
    filed = await _told_of(actor, seen, (seen.subject, seen.filed_website, seen.filed_access))
    found += [permission for permission in filed if permission.action.value in OPENINGS]
    said: dict[str, str] = {}
    for permission in found:
        said.setdefault(
            permission.action.value, "ok" if permission.allowed else codes_of(permission.blocked_by)
        )
    return said


async def _told_of(actor: Actor, seen: Seen, records: Sequence[Record | None]) -> list[Permission]:
    """What can be done to these records."""
    around = (await load_surroundings([seen.subject.id]))[seen.subject.id]
    found: list[Permission] = []
    for record in records:
        if record is None or not await _is_seen(actor, record):
            continue
        website = await Website.get(id=record.website_id) if isinstance(record, Access) else None
        served = isinstance(record, Website) and await _is_served(record, seen.filing)
        found += record_permissions(actor, record, seen.subject, around, website=website, has_access=served)
    return found


async def _is_seen(actor: Actor, record: Record) -> bool:
    match record:
        case Subject():
            return await visible_subjects(actor).filter(id=record.id).exists()
        case Website():
            return await visible_websites(actor).filter(id=record.id).exists()
        case _:
            return await visible_accesses(actor).filter(id=record.id).exists()


async def _is_served(website: Website, filing: Filing) -> bool:
    """Whether it has an access; a first draft's is taken out by the step before a new one is added."""
    drafted = filing.kind is FilingKind.NEW_FILING and website.status is RecordStatus.DRAFT
    living = Access.filter(website_id=website.id, archived=False).exclude(status=RecordStatus.CANCELLED)
    return not drafted and await living.exists()
