"""Ending (注销): what a cancellation takes out of force, and what else is open on it ends as well (C67)."""

from collections.abc import Set

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models.access import Access
from models.filing import Filing
from models.node_ids import node_id
from models.states import OPEN_STATUSES, FilingAction, FilingKind, FilingStatus, RecordStatus
from models.subject import Subject
from models.website import Website, WebsiteDomain
from workflow import effects as do
from workflow.actors import AUTHORITY
from workflow.archiving import archive_drafts
from workflow.case import Case, load_cases
from workflow.engine import move
from workflow.surroundings import load_surroundings
from workflow.targets import numbers_among
from workflow.transition import Transition, Turn

GONE = RecordStatus.CANCELLED
VOID = Transition(
    FilingAction.VOID,
    "终止",
    "end it, since the authority cancelled what it is about",
    OPEN_STATUSES,
    FilingStatus.VOIDED,
    Turn.AUTHORITY,
    effects=(
        archive_drafts,
        do.forget_waiting_report,
        do.void_approvals,
        do.void_proofs,
        do.end_the_claim,
        do.stop_the_clock,
    ),
)


async def end_records(case: Case) -> None:
    """What the cancellation names is cancelled, with all that hangs on it."""
    records = [target.record for target in case.targets]
    match case.filing.kind:
        case FilingKind.CANCEL_ACCESS:
            rule, accesses = "MIIT-1032", Access.filter(id__in=numbers_among(Access, records))
            ended = await _end_accesses(case, accesses)
        case FilingKind.CANCEL_WEBSITE:
            rule = "MIIT-1050"
            ended = await _end_websites(case, Website.filter(id__in=numbers_among(Website, records)))
        case _:
            rule, subject_id = "MIIT-1049", case.filing.subject_id
            ended = await _end_websites(case, Website.filter(subject_id=subject_id))
            await Subject.filter(id=subject_id).update(
                status=GONE, version=F("version") + 1, updated_at=case.at
            )
            ended |= {node_id(Subject, subject_id)}
    await _void_others(case, ended, rule)


async def _end_websites(case: Case, rows: QuerySet[Website]) -> set[str]:
    ids = [row[0] for row in await rows.filter(status=RecordStatus.FILED).values_list("id")]
    await Website.filter(id__in=ids).update(status=GONE, version=F("version") + 1, updated_at=case.at)
    await WebsiteDomain.filter(website_id__in=ids).update(status=GONE)
    await _end_accesses(case, Access.filter(website_id__in=ids))
    return {node_id(Website, number) for number in ids}


async def _end_accesses(case: Case, rows: QuerySet[Access]) -> set[str]:
    ids = [row[0] for row in await rows.filter(status=RecordStatus.FILED).values_list("id")]
    await Access.filter(id__in=ids).update(status=GONE, version=F("version") + 1, updated_at=case.at)
    return {node_id(Access, number) for number in ids}


async def _void_others(case: Case, gone: Set[str], rule: str) -> None:
    """Whatever else is open on what has ended comes to its end too, for this rule."""
    subject_id = case.filing.subject_id
    for other in (await load_surroundings([subject_id]))[subject_id].open:
        touched = gone & other.touched or node_id(Subject, subject_id) in gone
        if other.filing.id == case.filing.id or not touched:
            continue
        filing = await Filing.filter(id=other.filing.id).select_for_update().get()
        [voided] = await load_cases(AUTHORITY, [filing], {"message": rule}, judge=False)
        await move(VOID, voided)
