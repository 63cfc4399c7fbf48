"""Cancellations (注销): an access, a website or a subject ends; opened and submitted in one step (C62-C69)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from models.filing import Filing, Target
from models.refusal import StaleVersion
from models.states import FilingAction, FilingKind
from rules.form import CancellationForm, FilingForm, SubjectForm
from workflow.actors import Actor
from workflow.case import load_cases
from workflow.claims import hold_claims
from workflow.command import Outcome, carry_out
from workflow.edits import Place, find_access, find_subject, find_website
from workflow.engine import move, take_step
from workflow.entry import refuse_unstorable_form
from workflow.opening import opening_of, standing_of
from workflow.openings import open_filing, with_website
from workflow.proofs import Proof
from workflow.standing import Standing
from workflow.targets import record_of
from workflow.transitions import rows_of

A = FilingAction
Find = Callable[[Actor, str], Awaitable[Place]]
_WORDS = ("reason", "remark")


async def cancel_access(actor: Actor, **asked: Any) -> Outcome:
    """Ask for the end of an access (取消接入); see `_cancel`."""
    return await _cancel(actor, A.CANCEL_ACCESS, find_access, **asked)


async def cancel_website(actor: Actor, **asked: Any) -> Outcome:
    """Ask for the end of a website (注销网站); see `_cancel`."""
    return await _cancel(actor, A.CANCEL_WEBSITE, find_website, **asked)


async def cancel_subject(actor: Actor, **asked: Any) -> Outcome:
    """Ask for the end of a subject (注销主体); see `_cancel`."""
    return await _cancel(actor, A.CANCEL_SUBJECT, find_subject, **asked)


async def _cancel(
    actor: Actor,
    action: FilingAction,
    find: Find,
    *,
    id: str,
    version: int,
    reason: str | None,
    remark: str | None,
    filing_password: str | None,
    key: str | None,
) -> Outcome:
    """Open the cancellation of the record `id`, seen at `version`, and submit it at once; all of it or nothing.

    `reason` is a code of the cancellation reasons (注销理由), `remark` words beside it. Refused with findings like any
    submission.
    """
    opening, place_found = opening_of(action), list[Place]()

    async def asked() -> Standing:
        place = await find(actor, id)
        place_found[:] = [place]
        records = () if place.record is place.subject else (place.record,)
        return standing_of(opening, place.subject, place.around, await with_website(records))

    def same_version(_: Standing) -> None:
        current = place_found[0].record.version
        if version != current:
            raise StaleVersion(current)

    async def fill(filing: Filing, proof: Proof) -> dict[str, int]:
        await _refuse_unstorable(filing.kind, {"reason": reason, "remark": remark})
        await Target.create(filing_id=filing.id, record=record_of(place_found[0].record))
        await Filing.filter(id=filing.id).update(cancellation_reason=reason, cancellation_remark=remark)
        await _submit(actor, filing.id, proof)
        return {}

    request = {"id": id, "version": version, "reason": reason, "remark": remark}
    return await open_filing(
        actor, opening, asked=asked, fill=fill, version=same_version, filing_password=filing_password,
        request=request, key=key,
    )  # fmt: skip


async def _submit(actor: Actor, filing_id: int, proof: Proof) -> None:
    filing = await Filing.get(id=filing_id)
    await hold_claims(filing)
    [case] = await load_cases(actor, [filing], {"proof": proof}, judge=True)
    await move(rows_of(A.SUBMIT_FILING)[0], case)


async def _refuse_unstorable(kind: FilingKind, words: Mapping[str, str | None]) -> None:
    why = CancellationForm(None, words.get("reason"), words.get("remark"))
    await refuse_unstorable_form(FilingForm(kind.value, SubjectForm(), cancellation=why))


async def update_cancellation(
    actor: Actor, *, id: str, version: int, fields: Mapping[str, Any], key: str | None
) -> Outcome:
    """Edit reason and remark of a cancellation that came back; `version` is the filing's. Absent stays, None clears."""
    given = {name: fields[name] for name in _WORDS if name in fields}

    async def check(filing: Filing) -> dict[str, Any]:
        await _refuse_unstorable(filing.kind, given)
        return {}

    async def work() -> Outcome:
        filing = await take_step(rows_of(A.UPDATE_CANCELLATION), actor, id, version, {}, check)
        columns = {f"cancellation_{name}": value for name, value in given.items()}
        if columns:
            await Filing.filter(id=filing.id).update(**columns)
        return Outcome(ids={"filing": filing.id, "subject": filing.subject_id})

    request = {"id": id, "version": version, "fields": dict(fields)}
    return await carry_out(actor, "updateCancellation", request, key, work)
