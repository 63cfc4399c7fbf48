"""Confirmations: the second person of an act of two says yes, and it is done, or no, and it never was."""

from collections.abc import Awaitable, Callable, Mapping

from models.account import Account
from models.clock import now
from models.joint_act import JointAct
from models.node_ids import node_id, number_of
from models.refusal import NotFound, Problem, Refused, WrongState
from models.states import JointKind, JointState, Role
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.filing_passwords import fresh_password
from workflow.joint_acts import (
    Deed,
    about,
    audit,
    check_reason,
    detail_of,
    hold,
    refuse_own,
    require_reviewer,
    state_of,
    visible_acts,
)
from workflow.number_corrections import correct_number
from workflow.password_resets import reset_elsewhere
from workflow.transfers import transfer

PERFORM: Mapping[JointKind, Callable[[Deed], Awaitable[None]]] = {
    JointKind.TRANSFER: transfer,
    JointKind.RESET_PASSWORD: reset_elsewhere,
    JointKind.CORRECT_FILING_NUMBER: correct_number,
}


async def confirm_joint_act(actor: Actor, *, id: str, key: str | None) -> Outcome:
    """Do what another reviewer asked for; neither he, nor the subject's owner or typist, may say yes to it."""
    prepared = await _prepare(actor, id)

    async def work() -> Outcome:
        act = await _find(actor, id)
        ids = {"joint_act": act.id, "subject": act.subject_id}
        with about(**ids):
            require_reviewer(actor)
            if act.asked_by_id == actor.account_id:
                zh, en = "须由另一名核实人员复核", "it takes another reviewer to confirm it"
                raise Refused(Problem("NOT_PERMITTED", zh, en, rule="BEIAN-FOUR-EYES"))
            subject = await hold(act.subject_id)
            await refuse_own(actor, subject)
            act = await _still_waiting(act)
            asker = await _asker(act)
            deed = Deed(actor, act, subject, asker, detail_of(act), prepared, now())
            await PERFORM[act.kind](deed)
            await _settle(actor, act, JointState.CONFIRMED, None)
            await audit(actor, f"CONFIRM_{act.kind.value}", act, asked_by=node_id(Account, act.asked_by_id))
        return Outcome(ids=ids)

    return await carry_out(actor, "confirmJointAct", {"id": id}, key, work)


async def reject_joint_act(actor: Actor, *, id: str, reason: str, key: str | None) -> Outcome:
    """Say no to what was asked for; who asked may take it back in the same way. Nothing else changes."""

    async def work() -> Outcome:
        act = await _find(actor, id)
        ids = {"joint_act": act.id, "subject": act.subject_id}
        with about(**ids):
            require_reviewer(actor)
            await refuse_own(actor, await hold(act.subject_id))
            said = check_reason(reason)
            act = await _still_waiting(act)
            await _settle(actor, act, JointState.REJECTED, said)
            await audit(actor, f"REJECT_{act.kind.value}", act, reason=said)
        return Outcome(ids=ids)

    return await carry_out(actor, "rejectJointAct", {"id": id, "reason": reason}, key, work)


async def _prepare(actor: Actor, id: str) -> Mapping[str, str]:
    """A new password where the act will need one: hashing is slow and has no place in a unit of work."""
    number = number_of(JointAct, id)
    if number is None or actor.role is not Role.REVIEWER:
        return {}
    waiting = JointAct.filter(id=number, kind=JointKind.RESET_PASSWORD, state=JointState.WAITING)
    return await fresh_password() if await waiting.exists() else {}


async def _find(actor: Actor, id: str) -> JointAct:
    number = number_of(JointAct, id)
    act = None if number is None else await visible_acts(actor).get_or_none(id=number)
    if act is None:
        raise NotFound(("id",))
    return act


async def _still_waiting(act: JointAct) -> JointAct:
    """The act as it is now that its subject is held: whoever was faster has decided it."""
    fresh = await JointAct.get(id=act.id)
    if state_of(fresh) is not JointState.WAITING:
        raise WrongState(
            "该事项已处理或已过期",
            "it was decided already, or nobody did so in time",
            blocking_id=node_id(JointAct, act.id),
        )
    return fresh


async def _asker(act: JointAct) -> Account:
    """Who asked, who must still be one of the reviewers: otherwise it would be one person's act."""
    asker = await Account.get(id=act.asked_by_id)
    if asker.disabled or asker.role is not Role.REVIEWER:
        zh, en = "申请人已不是核实人员，请重新申请", "who asked is no reviewer any more; ask for it anew"
        raise WrongState(zh, en, rule="BEIAN-FOUR-EYES", blocking_id=node_id(JointAct, act.id))
    return asker


async def _settle(actor: Actor, act: JointAct, state: JointState, answer: str | None) -> None:
    """Write the decision; what was asked is forgotten with it."""
    await JointAct.filter(id=act.id).update(
        state=state, answer=answer, detail=None, decided_by_id=actor.account_id, decided_at=now()
    )
