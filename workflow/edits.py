"""Edits: the one way in which a draft record is changed, whatever the record: found, judged, written, and told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from models.access import Access
from models.filing import Filing
from models.node_ids import model_of, node_id, number_of
from models.refusal import Conflict, NotFound, Problem, Refused, StaleVersion
from models.states import FilingAction, FilingKind, RecordStatus
from models.subject import Subject
from models.website import Website
from workflow.actors import Actor, visible_accesses, visible_subjects, visible_websites
from workflow.case import load_cases
from workflow.command import Outcome, RefusedAbout
from workflow.engine import kind_problem, move, refusal, turn_problem
from workflow.rows import refresh_grams
from workflow.surroundings import Record, Surroundings, load_surroundings
from workflow.transition import Transition
from workflow.transitions import rows_of

Finder = Callable[[Actor, str, str], Awaitable["Place"]]


@dataclass(frozen=True)
class Place:
    """A record that the actor sees, with its subject, the open filing that holds it, and what else is open."""

    record: Record
    subject: Subject
    filing: Filing | None
    around: Surroundings = field(default_factory=Surroundings)

    @property
    def noun(self) -> str:
        """What the record is called in an outcome."""
        return type(self.record).__name__.lower()

    @property
    def is_proposed(self) -> bool:
        """Whether an edit writes a proposal beside what is in force."""
        return self.filing is not None and self.filing.kind is FilingKind.CHANGE


async def place_of(record: Record) -> Place:
    """The place of a record, whoever asks."""
    subject = record if isinstance(record, Subject) else await Subject.get(id=await _subject_id(record))
    around = (await load_surroundings([subject.id]))[subject.id]
    return Place(record, subject, around.holder(record), around)


async def _subject_id(record: Website | Access) -> int:
    website = record if isinstance(record, Website) else await Website.get(id=record.website_id)
    return website.subject_id


async def find_subject(actor: Actor, subject_id: str, path: str = "id") -> Place:
    """The subject that the actor names; NotFound where there is none for him."""
    number = number_of(Subject, subject_id)
    subject = None if number is None else await visible_subjects(actor).get_or_none(id=number)
    if subject is None:
        raise NotFound((path,))
    return await place_of(subject)


async def find_website(actor: Actor, website_id: str, path: str = "id") -> Place:
    """The website that the actor names; NotFound where there is none for him."""
    number = number_of(Website, website_id)
    website = None if number is None else await visible_websites(actor).get_or_none(id=number)
    if website is None:
        raise NotFound((path,))
    return await place_of(website)


async def find_access(actor: Actor, access_id: str, path: str = "id") -> Place:
    """The access that the actor names; NotFound where there is none for him."""
    number = number_of(Access, access_id)
    access = None if number is None else await visible_accesses(actor).get_or_none(id=number)
    if access is None:
        raise NotFound((path,))
    return await place_of(access)


async def find_record(actor: Actor, record_id: str, path: str = "id") -> Place:
    """The subject, website or access that the actor names; NotFound where there is none for him."""
    finders: dict[type | None, Finder] = {Subject: find_subject, Website: find_website, Access: find_access}
    finder = finders.get(model_of(record_id))
    if finder is None:
        raise NotFound((path,))
    return await finder(actor, record_id, path)


def edit_problems(row: Transition, actor: Actor, place: Place) -> tuple[Problem, ...]:
    """Why the actor may not edit this record now: the turn first, then the state."""
    probe = place.filing or stand_in(place.subject)
    problem = turn_problem(row, actor, probe)
    if problem is not None:
        return (problem,)
    if place.record.archived or place.filing is None:
        return (_nothing_open(row, place),)
    problem = kind_problem(row, place.filing)
    return () if problem is None else (problem,)


def _nothing_open(row: Transition, place: Place) -> Problem:
    """No open filing holds the record; of what is filed it is said how it can be changed."""
    record = place.record
    change = next(
        (other.filing for other in place.around.open if other.filing.kind is FilingKind.CHANGE), None
    )
    if record.status is not RecordStatus.FILED or record.archived:
        zh, en = f"没有可编辑的备案申请，不能{row.zh}", f"there is no open draft: cannot {row.en}"
        return Problem("WRONG_STATE", zh, en, blocking_id=node_id(type(record), record.id))
    if change is None:
        zh, en, hint = "已备案的信息须通过变更备案修改", "what is filed is edited in a change", "startChange"
    else:
        zh, en = (
            "不在变更对象中，请先加入变更申请",
            "it is not among what the open change is about; add it first",
        )
        hint = "addChangeTarget"
    blocking = node_id(type(record), record.id) if change is None else node_id(Filing, change.id)
    return Problem("WRONG_STATE", zh, en, rule="BEIAN-NOT-IN-CHANGE", suggestion=hint, blocking_id=blocking)


async def _as_it_is_now(place: Place) -> Place:
    """The record read again behind the lock: whoever held the filing may have changed or erased it."""
    record: Record | None = await type(place.record).get_or_none(id=place.record.id)
    if record is None:
        raise NotFound(("id",))
    return replace(place, record=record, subject=await Subject.get(id=place.subject.id))


def second_access_problem(website_id: int) -> Problem:
    """Why a website that has its access gets no other (C15)."""
    return Problem(
        "INVALID",
        "一个网站在本系统只能有一个接入",
        "a website has at most one access here",
        path=("websites", node_id(Website, website_id), "access"),
        rule="MIIT-1029",
    )


def stand_in(subject: Subject) -> Filing:
    """For asking whose turn it would be where a subject has no open filing."""
    return Filing(owner_id=subject.owner_id, filed_by_id=subject.filed_by_id)


async def edit(
    actor: Actor,
    action: FilingAction,
    place: Place,
    version: int,
    write: Callable[[Place], Awaitable[Record | None]],
    conflicts: Callable[[Place], Awaitable[Sequence[Conflict]]] | None = None,
) -> Outcome:
    """Judge the edit of `place`, `write` it, and let the engine tell of it; inside a unit of work.

    `version` is the one of the record (or of the parent, when something is added) that the caller saw. `write` is
    given the place as it is behind the lock, and gives the record to show in the timeline, or None where nothing
    differs: then nothing is told and no version rises. `conflicts` tells of a stale edit in which fields what was sent
    differs from what stands there (N8). Raises RefusedAbout.
    """
    row = rows_of(action)[0]
    about = {place.noun: place.record.id, "subject": place.subject.id}
    if isinstance(place.record, Access):
        about["website"] = place.record.website_id
    try:
        if place.filing is not None:
            about["filing"] = place.filing.id
            await Filing.filter(id=place.filing.id).select_for_update().get()
            place = await _as_it_is_now(place)
        problems = edit_problems(row, actor, place)
        if problems and problems[0].code == "NOT_PERMITTED":
            raise Refused(*problems)
        if version != place.record.version:
            raise StaleVersion(place.record.version, conflicts=await conflicts(place) if conflicts else ())
        if problems or place.filing is None:
            raise Refused(*problems)
        filing = await Filing.get(id=place.filing.id)
        case = (await load_cases(actor, [filing], judge=False))[0]
        problems = refusal(row, case)
        if problems:
            raise Refused(*problems)
        touched = await write(place)
        if touched is None:
            return Outcome(ids=about)
        case.request = {"record": node_id(type(touched), touched.id)}
        await move(row, case)
        await refresh_grams(place.subject.id)
    except Refused as refused:
        raise RefusedAbout(refused, about) from refused
    return Outcome(ids={**about, type(touched).__name__.lower(): touched.id})
