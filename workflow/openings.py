"""Openings: starting a change, an addition or a cancellation of what is filed, with the filing password (C52-C65)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from models.access import Access
from models.account import Account
from models.clock import now
from models.filing import Filing, Target
from models.refusal import Invalid, NotFound, Refused, StaleVersion
from models.states import FilingAction, FilingMode, FilingStatus, RecordStatus
from models.subject import Subject
from models.website import Website
from workflow.actors import Actor
from workflow.command import Outcome, RefusedAbout, carry_out, secret_mark
from workflow.edits import Place, find_record, find_subject
from workflow.engine import approvals_for, hold_subject, kind_problem, record, state_problem, take_step
from workflow.opening import Opening, opening_of, opening_problems, standing_of
from workflow.proofs import Proof, keep_proof, prove
from workflow.proposals import take_up
from workflow.standing import Standing, standing_problems
from workflow.surroundings import Record, load_surroundings
from workflow.targets import record_of
from workflow.transitions import rows_of

A = FilingAction
MOST_TARGETS = 100
Asked = Callable[[], Awaitable[Standing]]
Fill = Callable[[Filing, Proof], Awaitable[Mapping[str, int]]]


async def open_filing(
    actor: Actor,
    opening: Opening,
    *,
    asked: Asked,
    fill: Fill,
    version: Callable[[Standing], None] | None,
    filing_password: str | None,
    request: dict[str, Any],
    key: str | None,
    begin: Callable[[Standing], Awaitable[Standing]] | None = None,
) -> Outcome:
    """Open one filing: `asked` finds what it is about, `fill` lays what belongs to it, both inside the unit of work.

    `begin` writes the records that it is about where there are none yet. The password is looked at only where
    everything else allows the step, so that it cannot be guessed elsewhere.
    """
    proofs: list[Proof] = []
    operation = _camel(opening.action)

    async def before() -> None:
        try:
            standing = await asked()
            _judge(opening, actor, standing, version)
        except Refused:
            return  # the unit of work will say so
        proofs.append(await prove(actor, standing.subject, filing_password, opening.action))

    async def work() -> Outcome:
        standing = await asked()
        await _hold(standing.subject)
        standing = await asked()
        about = _rows(standing)
        try:
            _judge(opening, actor, standing, version)
            if not proofs:  # it became possible between the two looks
                raise StaleVersion(standing.subject.version)
            standing = standing if begin is None else await begin(standing)
            filing = await _create(actor, opening, standing, proofs[0])
            about["subject"] = standing.subject.id
            return Outcome(ids={**about, "filing": filing.id, **await fill(filing, proofs[0])})
        except Refused as refused:
            raise RefusedAbout(refused, about) from refused

    asked_for = {**request, "password": secret_mark(filing_password)}
    return await carry_out(actor, operation, asked_for, key, work, before)


async def _hold(subject: Subject) -> None:
    """Nobody else opens anything meanwhile; where there is no subject yet, its owner opens one after the other."""
    if subject.id is not None:
        await hold_subject(subject.id)
    else:
        await Account.filter(id=subject.owner_id).select_for_update().first()


def _camel(action: FilingAction) -> str:
    head, *rest = action.value.lower().split("_")
    return head + "".join(word.capitalize() for word in rest)


def _rows(standing: Standing) -> dict[str, int]:
    rows = {
        "subject": [standing.subject.id],
        "website": [row.id for row in standing.websites],
        "access": [row.id for row in standing.accesses],
    }
    return {noun: ids[0] for noun, ids in rows.items() if ids and ids[0] is not None}


def _judge(
    opening: Opening, actor: Actor, standing: Standing, version: Callable[[Standing], None] | None
) -> None:
    problems = opening_problems(opening, actor, standing)
    if problems and problems[0].code == "NOT_PERMITTED":
        raise Refused(*problems)
    if version is not None:
        version(standing)
    if problems:
        raise Refused(*problems)


async def _create(actor: Actor, opening: Opening, standing: Standing, proof: Proof) -> Filing:
    subject = standing.subject
    mode = FilingMode.SELF if subject.owner_id == actor.account_id else FilingMode.ON_BEHALF
    filing = await Filing.create(
        kind=opening.kind,
        subject_id=subject.id,
        owner_id=subject.owner_id,
        filed_by_id=actor.account_id,
        last_editor_id=actor.account_id,
        mode=mode,
        approvals_needed=approvals_for(opening.kind),
        created_at=now(),
        updated_at=now(),
    )
    await keep_proof(filing, actor.account_id, {"proof": proof})
    await record(
        actor, filing, opening.step, version=1, moved=(None, FilingStatus.DRAFT), revision=None,
        about=_about(standing),
    )  # fmt: skip
    return filing


def _about(standing: Standing) -> str:
    rows: Sequence[Record] = (*standing.accesses, *standing.websites, standing.subject)
    return record_of(rows[0])


async def start_change(
    actor: Actor, *, subject_id: str, target_ids: Sequence[str], filing_password: str | None, key: str | None
) -> Outcome:
    """Open a change of a filed subject, of those of its records that are named (C54); at least one."""
    opening, found = opening_of(A.START_CHANGE), list[Record]()

    async def asked() -> Standing:
        place = await find_subject(actor, subject_id, "subjectId")
        found[:] = await _targets(actor, place, target_ids)
        return standing_of(opening, place.subject, place.around, await with_website(found))

    async def fill(filing: Filing, _: Proof) -> dict[str, int]:
        await take_up(filing.id, found)
        return {}

    return await open_filing(
        actor, opening, asked=asked, fill=fill, version=None, filing_password=filing_password,
        request={"subject_id": subject_id, "target_ids": list(target_ids)}, key=key,
    )  # fmt: skip


async def _targets(actor: Actor, place: Place, target_ids: Sequence[str]) -> list[Record]:
    """The records that a change names, each once; every one must belong to the subject."""
    if not target_ids or len(target_ids) > MOST_TARGETS:
        raise Invalid(("targetIds",), "请选择1至100个变更对象", "name 1 to 100 records")
    records: list[Record] = []
    for position, target_id in enumerate(dict.fromkeys(target_ids)):
        path = ("targetIds", str(position))
        try:
            target = await find_record(actor, target_id)
        except NotFound:
            raise NotFound(path) from None
        if target.subject.id != place.subject.id:
            raise NotFound(path)
        records.append(target.record)
    return records


async def with_website(records: Sequence[Record]) -> list[Record]:
    """The records, and of each access also the website that it serves."""
    ids = {record.website_id for record in records if isinstance(record, Access)}
    ids -= {record.id for record in records if isinstance(record, Website)}
    return [*records, *(await Website.filter(id__in=ids) if ids else ())]


async def add_change_target(
    actor: Actor, *, id: str, version: int, target_id: str, key: str | None
) -> Outcome:
    """Take a further record of the subject into an open change; `version` is the filing's."""
    found: list[Record] = []

    async def check(filing: Filing) -> dict[str, Any]:
        row = rows_of(A.ADD_CHANGE_TARGET)[0]
        problem = kind_problem(row, filing) or state_problem(row, filing)
        if problem is not None:
            raise Refused(problem)
        place = await find_record(actor, target_id, "targetId")
        if place.subject.id != filing.subject_id:
            raise NotFound(("targetId",))
        if await Target.filter(filing_id=filing.id, record=target_id).exists():
            raise Invalid(("targetId",), "已在变更对象中", "it is in the change already")
        if place.record.status is not RecordStatus.FILED:
            raise Invalid(("targetId",), "只能变更已备案的信息", "only what is filed can be changed")
        await _refuse_beside(filing, place)
        found[:] = [place.record]
        return {"record": target_id}

    async def work() -> Outcome:
        filing = await take_step(rows_of(A.ADD_CHANGE_TARGET), actor, id, version, {}, check)
        await take_up(filing.id, found)
        return Outcome(ids={"filing": filing.id, "subject": filing.subject_id})

    request = {"id": id, "version": version, "target_id": target_id}
    return await carry_out(actor, "addChangeTarget", request, key, work)


async def _refuse_beside(filing: Filing, place: Place) -> None:
    """As at the start of the change: nothing else may be open on the record that keeps a change away."""
    await hold_subject(filing.subject_id)
    around = (await load_surroundings([filing.subject_id]))[filing.subject_id]
    records = () if place.record is place.subject else (place.record,)
    asked = standing_of(opening_of(A.START_CHANGE), place.subject, around, await with_website(records))
    problems = standing_problems(replace(asked, filing=filing))
    if problems:
        raise Refused(*problems)


async def start_add_website(
    actor: Actor, *, subject_id: str, filing_password: str | None, key: str | None
) -> Outcome:
    """Open a filing for further websites of a filed subject; they are added by addWebsite (C59)."""
    opening = opening_of(A.START_ADD_WEBSITE)

    async def asked() -> Standing:
        place = await find_subject(actor, subject_id, "subjectId")
        return standing_of(opening, place.subject, place.around, ())

    async def fill(_: Filing, __: Proof) -> dict[str, int]:
        return {}

    return await open_filing(
        actor, opening, asked=asked, fill=fill, version=None, filing_password=filing_password,
        request={"subject_id": subject_id}, key=key,
    )  # fmt: skip
