"""What may I do now, and what stops me: the table asked about every step of a filing or record (C26, N6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.access import Access
from models.filing import Filing
from models.refusal import Problem
from models.states import FilingAction
from models.subject import Subject
from models.website import Website
from workflow.actors import Actor
from workflow.case import load_cases
from workflow.edits import Place, edit_problems, second_access_problem
from workflow.engine import refusal, state_problem, turn_problem
from workflow.opening import OPENINGS, opening_problems, standing_of
from workflow.surroundings import Record, Surroundings
from workflow.transition import Transition, Turn
from workflow.transitions import TABLE, rows_of

A = FilingAction
_OF_RECORDS: dict[type, tuple[FilingAction, ...]] = {
    Subject: (A.UPDATE_SUBJECT, A.ADD_WEBSITE),
    Website: (A.UPDATE_WEBSITE, A.REMOVE_WEBSITE, A.ADD_ACCESS),
    Access: (A.UPDATE_ACCESS, A.REMOVE_ACCESS),
}
_EDITS = {action for actions in _OF_RECORDS.values() for action in actions}


@dataclass(frozen=True)
class Permission:
    """One step: its sentence, whether it may be taken now, and otherwise by what it is blocked."""

    action: FilingAction
    zh: str
    en: str
    allowed: bool
    blocked_by: tuple[Problem, ...]


def people_rows() -> tuple[Transition, ...]:
    """The steps that people take on a filing as a whole, one row an action."""
    rows: dict[FilingAction, Transition] = {}
    for row in TABLE:
        if row.turn in (Turn.OWNER, Turn.REVIEWER) and row.action not in _EDITS:
            rows.setdefault(row.action, row)
    return tuple(rows.values())


async def filing_permissions(actor: Actor, filings: Sequence[Filing]) -> list[tuple[Permission, ...]]:
    """For each filing every step that people take, judged for this actor exactly as the step itself would be."""
    rows = people_rows()
    judge = [filing for filing in filings if _needs_judging(actor, filing, rows)]
    judged = {case.filing.id: case for case in await load_cases(actor, judge, judge=True)}
    rest = [filing for filing in filings if filing.id not in judged]
    judged |= {case.filing.id: case for case in await load_cases(actor, rest, judge=False)}
    return [
        tuple(_permission(row, refusal(row, judged[filing.id])) for row in rows if filing.kind in row.kinds)
        for filing in filings
    ]


def _needs_judging(actor: Actor, filing: Filing, rows: Sequence[Transition]) -> bool:
    return any(
        row.judges and turn_problem(row, actor, filing) is None and state_problem(row, filing) is None
        for row in rows
    )


def record_permissions(
    actor: Actor,
    record: Record,
    subject: Subject,
    around: Surroundings,
    *,
    website: Website | None = None,
    has_access: bool = False,
) -> tuple[Permission, ...]:
    """Every edit of one record and everything that can be opened on it, judged for this actor; asks the database nothing.

    `website` is the one that an access serves; `has_access` says of a website whether it has a living access already.
    """
    place = Place(record, subject, around.holder(record), around)
    found = []
    for action in _OF_RECORDS[type(record)]:
        row, there = rows_of(action)[0], place
        if action is A.ADD_WEBSITE:
            there = replace(place, filing=around.adder(subject))
        problems = edit_problems(row, actor, there)
        if not problems and there.filing is not None:
            problem = state_problem(row, there.filing)
            problems = () if problem is None else (problem,)
        if not problems and has_access and action is A.ADD_ACCESS:
            problems = (second_access_problem(record.id),)
        found.append(_permission(row, problems))
    return (*found, *_openings(actor, record, subject, around, website, served=has_access))


def _openings(
    actor: Actor,
    record: Record,
    subject: Subject,
    around: Surroundings,
    website: Website | None,
    *,
    served: bool,
) -> list[Permission]:
    records: list[Record] = [
        row for row in (website, record) if row is not None and not isinstance(row, Subject)
    ]
    return [
        _permission(
            opening.step,
            opening_problems(opening, actor, standing_of(opening, subject, around, records, served=served)),
        )
        for opening in OPENINGS
        if type(record) in opening.on
    ]


def _permission(row: Transition, problems: tuple[Problem, ...]) -> Permission:
    return Permission(row.action, row.zh, row.en, not problems, problems)
