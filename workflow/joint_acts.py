"""Acts of two people: what one reviewer asks for is kept until another confirms or rejects it, or seven days are over."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.account import Account
from models.clock import now
from models.event import AuditEntry
from models.filing import Filing
from models.joint_act import JointAct
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, NotPermitted, Problem, Refused, WrongState
from models.states import JointKind, JointState, Role, TokenScope
from models.subject import Subject
from settings import current
from workflow.actors import Actor, visible_subjects
from workflow.command import RefusedAbout
from workflow.engine import SELF_REVIEWED
from workflow.wording import is_writable

LIFETIME = timedelta(days=7)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Deed:
    """An act that is being confirmed: `detail` is what was asked, `prepared` what was made outside the unit of work."""

    actor: Actor
    act: JointAct
    subject: Subject
    asker: Account
    detail: Mapping[str, Any]
    prepared: Mapping[str, str]
    at: datetime

    @property
    def both(self) -> str:
        """Who asked and who confirmed, and why, as the timeline tells it."""
        return f"{self.asker.username} + {self.actor.name}: {self.act.reason}"


def visible_acts(actor: Actor) -> QuerySet[JointAct]:
    """The acts that the actor may see: all for reviewers and auditors, none for others."""
    staff = actor.role in (Role.REVIEWER, Role.AUDITOR)
    return JointAct.all() if staff else JointAct.filter(id__in=[])


def waiting_acts(actor: Actor) -> QuerySet[JointAct]:
    """The acts that the actor may see and that nobody has decided yet: at most one of a kind for each subject."""
    return acts_in(visible_acts(actor), JointState.WAITING)


def acts_in(rows: QuerySet[JointAct], state: JointState) -> QuerySet[JointAct]:
    """Those in `state` now; what nobody decided in time counts as expired before anyone has written so."""
    moment = now()
    match state:
        case JointState.WAITING:
            return rows.filter(state=state, expires_at__gt=moment)
        case JointState.EXPIRED:
            return rows.filter(Q(state=state) | Q(state=JointState.WAITING, expires_at__lte=moment))
        case _:
            return rows.filter(state=state)


def state_of(act: JointAct) -> JointState:
    """The state as it is now."""
    over = act.state is JointState.WAITING and act.expires_at <= now()
    return JointState.EXPIRED if over else act.state


def detail_of(act: JointAct) -> dict[str, Any]:
    """What was asked, as long as nobody has decided."""
    if act.detail is None or state_of(act) is not JointState.WAITING:
        return {}
    found: dict[str, Any] = json.loads(act.detail)
    return found


async def expire_acts() -> None:
    """End what nobody decided in time, and forget what was asked; inside a unit of work."""
    over = JointAct.filter(state=JointState.WAITING, expires_at__lte=now())
    await over.update(state=JointState.EXPIRED, detail=None)


def require_reviewer(actor: Actor) -> None:
    """Raise NotPermitted unless a reviewer acts, by a session or a token that reaches so far."""
    reaches = actor.scopes is None or TokenScope.REVIEW in actor.scopes
    if actor.role is not Role.REVIEWER or not reaches:
        raise NotPermitted


async def find_subject(actor: Actor, id: str, path: tuple[str, ...] = ("subjectId",)) -> Subject:
    """The subject that the actor names and sees; NotFound where there is none."""
    number = number_of(Subject, id)
    subject = None if number is None else await visible_subjects(actor).get_or_none(id=number)
    if subject is None:
        raise NotFound(path)
    return subject


async def hold(subject_id: int) -> Subject:
    """The subject with all its filings, held against others until the unit of work ends."""
    # filings before their subject, as every step of a filing does: two transactions never wait for each other
    await Filing.filter(subject_id=subject_id).select_for_update().order_by("id")
    return await Subject.filter(id=subject_id).select_for_update().get()


async def refuse_own(actor: Actor, subject: Subject) -> str:
    """Raise NOT_PERMITTED where the actor owns or typed what he would act on; gives a mark for the timeline.

    The mark is empty, except in a house of one person (`BEIAN_SELF_REVIEW=allow`).
    """
    his = Q(owner_id=actor.account_id) | Q(filed_by_id=actor.account_id)
    own = actor.account_id in (subject.owner_id, subject.filed_by_id)
    if not own and not await Filing.filter(his, subject_id=subject.id).exists():
        return ""
    if current().self_review == "allow":
        return f"{SELF_REVIEWED} "
    zh, en = "不得处理本人所有或填报的主体", "nobody acts on a subject that he owns or typed"
    raise Refused(Problem("NOT_PERMITTED", zh, en, rule="BEIAN-SELF-REVIEW"))


def check_reason(reason: str) -> str:
    """The reason as it is kept; raises Invalid."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON or not is_writable(said):
        raise Invalid(("reason",), "请填写理由（500字以内）", "give a reason of at most 500 characters")
    return said


async def ask(
    actor: Actor, kind: JointKind, subject: Subject, reason: str, detail: Mapping[str, Any]
) -> JointAct:
    """Lay down what the actor asks for a held subject; WrongState where the same is asked for already."""
    await expire_acts()
    other = await JointAct.filter(subject_id=subject.id, kind=kind, state=JointState.WAITING).first()
    if other is not None:
        raise WrongState(
            "已有相同事项待复核",
            "the same waits to be confirmed already",
            rule="BEIAN-FOUR-EYES",
            blocking_id=node_id(JointAct, other.id),
        )
    moment = now()
    act = await JointAct.create(
        kind=kind,
        subject_id=subject.id,
        reason=reason,
        detail=json.dumps(detail, ensure_ascii=False),
        asked_by_id=actor.account_id,
        created_at=moment,
        expires_at=moment + LIFETIME,
    )
    await audit(actor, f"ASK_{kind.value}", act, reason=reason)
    return act


async def audit(actor: Actor, action: str, act: JointAct, **detail: Any) -> None:
    """One entry about an act, with its subject; never what it would deliver, or where to."""
    await AuditEntry.create(
        at=now(),
        account_id=actor.account_id,
        credential=actor.credential,
        action=action,
        record=node_id(JointAct, act.id),
        detail={"subject": node_id(Subject, act.subject_id), **detail},
    )


@contextmanager
def about(**ids: int) -> Iterator[None]:
    """What is refused inside tells which visible rows it is about."""
    try:
        yield
    except Refused as refused:
        raise RefusedAbout(refused, ids) from refused
