"""The engine: asks the table why not, and alone moves a status, leaving one event and one audit row for every step."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from models.event import AuditEntry
from models.filing import Filing
from models.node_ids import node_id, number_of
from models.refusal import NotFound, Problem, Refused, StaleVersion
from models.states import STATUS_LABELS, FilingKind, Role, TokenScope
from models.subject import Subject
from settings import current
from workflow.actors import AUTHORITY, SYSTEM, Actor, visible_filings
from workflow.case import Case, load_cases
from workflow.claims import hold_claims
from workflow.command import RefusedAbout
from workflow.events import write_event
from workflow.transition import Transition, Turn

Check = Callable[[Filing], Awaitable[Mapping[str, Any]]]
SELF_REVIEWED = "[本人核实 self-reviewed]"
_NOT_YOURS = Problem("NOT_PERMITTED", "您无权进行此操作", "this step is not yours to take")
_NO_SCOPE = Problem("NOT_PERMITTED", "令牌没有此项权限", "the token lacks the scope for this step")


def turn_problem(row: Transition, actor: Actor, filing: Filing) -> Problem | None:
    """Why the step is not this actor's to take, whatever the state; None where it is his."""
    match row.turn:
        case Turn.OWNER:
            mine = actor.account_id is not None and actor.account_id in (filing.owner_id, filing.filed_by_id)
            return _scoped(actor, TokenScope.FILE) if mine else _NOT_YOURS
        case Turn.REVIEWER:
            return _scoped(actor, TokenScope.REVIEW) if actor.role is Role.REVIEWER else _NOT_YOURS
        case Turn.SYSTEM:
            return None if actor is SYSTEM else _NOT_YOURS
        case Turn.AUTHORITY:
            return None if actor is AUTHORITY else _NOT_YOURS


def _scoped(actor: Actor, scope: TokenScope) -> Problem | None:
    return None if actor.scopes is None or scope in actor.scopes else _NO_SCOPE


def state_problem(row: Transition, filing: Filing) -> Problem | None:
    """Why the status does not allow the step; None where it does."""
    if filing.status in row.sources:
        return None
    label = STATUS_LABELS[filing.status]
    return Problem(
        "WRONG_STATE",
        f"备案申请处于“{label}”状态，不能{row.zh}",
        f"not possible while the filing is {filing.status.value}: {row.en}",
        blocking_id=node_id(Filing, filing.id),
    )


def kind_problem(row: Transition, filing: Filing) -> Problem | None:
    """Why this kind of filing does not know the step; None where it does."""
    if filing.kind in row.kinds:
        return None
    return Problem(
        "WRONG_STATE",
        f"此类备案申请不能{row.zh}",
        f"a filing of kind {filing.kind.value} has no such step: {row.en}",
        rule="BEIAN-KIND",
        blocking_id=node_id(Filing, filing.id),
    )


def refusal(row: Transition, case: Case) -> tuple[Problem, ...]:
    """Everything that stands between this case and this step; empty where it may be taken.

    The engine refuses by it and `permittedActions` lists by it, so they cannot disagree.
    """
    filing = case.filing
    for problem in (
        turn_problem(row, case.actor, filing),
        kind_problem(row, filing),
        state_problem(row, filing),
    ):
        if problem is not None:
            return (problem,)
    return tuple(problem for guard in row.guards for problem in guard(case))


def approvals_for(kind: FilingKind) -> int:
    """How many reviewers must approve a filing of that kind, as the provider has set it (four eyes)."""
    return 2 if kind.value in current().four_eyes else 1


async def find_filing(actor: Actor, filing_id: str) -> Filing:
    """The filing that the actor names, held against others until the unit of work ends; NotFound where there is none."""
    number = number_of(Filing, filing_id)
    filing = None if number is None else await visible_filings(actor).get_or_none(id=number)
    if filing is None:
        raise NotFound(("id",))
    held = await Filing.filter(id=filing.id).select_for_update().first()
    if held is None:  # it was erased between the two looks
        raise NotFound(("id",))
    return held


async def hold_subject(subject_id: int) -> None:
    """Until the unit of work ends, nobody else may open anything about the subject."""
    await Subject.filter(id=subject_id).select_for_update().first()


async def take_step(
    rows: Sequence[Transition],
    actor: Actor,
    filing_id: str,
    version: int | None,
    request: Mapping[str, Any] | None = None,
    check: Check | None = None,
) -> Filing:
    """Find the filing, judge the step and take it; inside a unit of work. Gives the filing as it then stands.

    `version` is the one the caller saw; `check` judges the input of who may take the step, and gives what it made of
    it. Of the rows of one action the first whose `when` fits the case is taken. Raises RefusedAbout with the filing's
    row number, NotFound without.
    """
    row, filing = rows[0], await find_filing(actor, filing_id)
    about = {"filing": filing.id, "subject": filing.subject_id}
    try:
        problem = turn_problem(row, actor, filing)
        if problem is not None:
            raise Refused(problem)
        found = await check(filing) if check is not None else {}
        if version is not None and version != filing.version:
            raise StaleVersion(filing.version)
        if row.stands:
            await hold_subject(filing.subject_id)
        if row.judges:
            await hold_claims(filing)
        case = (await load_cases(actor, [filing], {**(request or {}), **found}, judge=row.judges))[0]
        return await move(next(row for row in rows if row.when is None or row.when(case)), case)
    except Refused as refused:
        raise RefusedAbout(refused, about) from refused


async def move(row: Transition, case: Case) -> Filing:
    """Take one step of a loaded case: the status by compare-and-set, then effects, event, audit and letters."""
    problems = refusal(row, case)
    if problems:
        raise Refused(*problems)
    filing, before = case.filing, case.filing.status
    target = row.target_of(case)
    after_version = filing.version + (1 if row.raises else 0)
    won = await Filing.filter(id=filing.id, version=filing.version, status=before).update(
        status=target, version=after_version, updated_at=case.at
    )
    if not won:
        raise StaleVersion((await Filing.get(id=filing.id)).version)
    for effect in row.effects:
        await effect(case)
    if case.values:
        await Filing.filter(id=filing.id).update(**case.values)
    await record(
        case.actor,
        filing,
        row,
        version=after_version if row.raises else None,
        moved=(before, target) if target is not before or row.target is not None else None,
        revision=case.values.get("revision", filing.revision) or None,
        note=_note_of(row, case),
        about=case.request.get("record"),
    )
    for letter in row.letters:
        await letter(case)
    return await Filing.get(id=filing.id)


def _note_of(row: Transition, case: Case) -> str | None:
    """What the step says in the timeline; a decision on one's own filing, where the provider allows it, is said there."""
    filing, said = case.filing, case.request.get("message")
    own = case.actor.account_id in (filing.owner_id, filing.filed_by_id, filing.last_editor_id)
    if row.turn is not Turn.REVIEWER or not own:
        return said
    return f"{SELF_REVIEWED} {said}" if said else SELF_REVIEWED


async def record(
    actor: Actor,
    filing: Filing,
    row: Transition,
    *,
    version: int | None,
    moved: tuple[Any, Any] | None,
    revision: int | None,
    note: str | None = None,
    about: str | None = None,
) -> None:
    """The ledger row of a step, and its audit entry."""
    event = await write_event(
        subject_id=filing.subject_id,
        filing_id=filing.id,
        action=row.action,
        actor_name=actor.name,
        account_id=actor.account_id,
        before=moved[0] if moved else None,
        after=moved[1] if moved else None,
        version=version,
        revision=revision,
        record=about,
        note=note[:2000] if note else None,
    )
    await AuditEntry.create(
        at=event.at,
        account_id=actor.account_id,
        credential=actor.credential,
        action=row.action.value,
        record=node_id(Filing, filing.id),
        detail={"version": version, "revision": revision, "variant": row.variant},
    )
