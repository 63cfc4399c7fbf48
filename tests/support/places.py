"""The states a filing can be in, each reached by the commands and couriers themselves, and the people around it."""

import asyncio
import dataclasses
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import settings as settings_module
from authority.messages import FiledRecord, Upload
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.report import Report
from models.states import OutboxState, ReportState, Role, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support import lives
from tests.support.desk import ToldDesk, approval, decision, processing_error
from workflow import drafts, results_by_hand, reviews, steps
from workflow.actors import Actor
from workflow.answers import take_next
from workflow.outbox import Delivered
from workflow.reports import deliver_report

INVALID_EMAIL = 1009  # a processing error of the class "data": back to the reviewer
NOTE = {"path": ("subject", "address"), "text": "地址请与证件一致", "blocking": False}
BLOCKING = {**NOTE, "blocking": True}


@dataclass(frozen=True)
class Cast:
    """Everybody who may come near a filing."""

    owner: Actor
    token: Actor  # the owner's, for reading only
    file_token: Actor  # the owner's, for filing
    other: Actor  # another applicant
    reviewer: Actor
    colleague: Actor  # another reviewer
    typist: Actor  # the reviewer who types filings on behalf of the customer
    customer: Actor
    admin: Actor
    auditor: Actor


async def gather_cast() -> Cast:
    """New accounts for all of them."""
    owner = await lives.make_account(Role.APPLICANT)
    return Cast(
        owner=lives.actor_of(owner),
        token=lives.actor_of(owner, frozenset({TokenScope.READ})),
        file_token=lives.actor_of(owner, frozenset({TokenScope.READ, TokenScope.FILE})),
        other=await lives.make_actor(Role.APPLICANT),
        reviewer=await lives.make_actor(Role.REVIEWER),
        colleague=await lives.make_actor(Role.REVIEWER),
        typist=await lives.make_actor(Role.REVIEWER),
        customer=await lives.make_actor(Role.APPLICANT),
        admin=await lives.make_actor(Role.ADMIN),
        auditor=await lives.make_actor(Role.AUDITOR),
    )


def provide(**changes: str) -> None:
    """The provider sets `authority` or `self_review` otherwise."""
    settings_module.use(settings_module.current().model_copy(update=changes))


@dataclass
class Life:
    """One filing on its way, with those who move it; a life of its own number, which all its data follow."""

    cast: Cast
    filer: Actor
    filing: Filing
    number: int
    desk: ToldDesk = field(default_factory=ToldDesk)
    by_hand: bool = False
    holder: Actor | None = None
    held: FiledRecord | None = None  # what the authority holds of the subject
    refused: Upload | None = None  # a cancellation that it refused, about which it may yet think otherwise

    def copy(self) -> "Life":
        """The same life at the same point, which goes on by itself."""
        return dataclasses.replace(self, desk=self.desk.copy())

    @property
    def filing_number(self) -> str:
        """The number that the authority gives this subject."""
        return f"辽ICP备2026{self.number:06d}号"

    async def carry(self) -> None:
        """Have the courier carry the waiting report of this filing alone."""
        message = await OutboxMessage.get(filing_id=self.filing.id, kind="REPORT", state=OutboxState.WAITING)
        if isinstance(await deliver_report(self.desk, message), Delivered):
            await unit_of_work(lambda: OutboxMessage.filter(id=message.id).update(state=OutboxState.DONE))

    async def answered(self) -> Filing:
        """The filing after the couriers have taken every answer that waits."""
        while await take_next(self.desk):
            pass
        return await Filing.get(id=self.filing.id)


class Lives:
    """Makes lives of one cast, each with data that no other has."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._numbers = itertools.count(1)

    async def reach(
        self, state: str, *, on_behalf: bool, holder: Actor | None = None, by_hand: bool = False
    ) -> Life:
        """A filing in `state`. `holder` claims where it is held; `by_hand`: reports and results are typed."""
        cast, number = self.cast, next(self._numbers)
        filer = cast.typist if on_behalf else cast.owner
        filing = await lives.draft(filer, number, cast.customer if on_behalf else None)
        life = Life(cast, filer, filing, number, by_hand=by_hand, holder=holder or cast.reviewer)
        given = settings_module.current()
        provide(authority="manual" if by_hand else "simulator")
        for walk in PATHS[state]:
            life.filing = await walk(life)
        settings_module.use(given)
        assert state.startswith(life.filing.status.value), life.filing.status
        return life


Walk = Callable[[Life], Awaitable[Filing]]


async def submit(life: Life) -> Filing:
    """The filer submits it."""
    return await lives.submit(life.filer, life.filing)


async def give_back(life: Life) -> Filing:
    """The reviewer returns it with a note that blocks nothing."""
    return await lives.give_back(life.cast.reviewer, life.filing, NOTE)


async def give_back_blocking(life: Life) -> Filing:
    """The reviewer returns it with a note that blocks."""
    return await lives.give_back(life.cast.reviewer, life.filing, BLOCKING)


async def withdraw(life: Life) -> Filing:
    """The filer takes it back."""
    return await lives.done(await steps.withdraw_filing(life.filer, **lives.named(life.filing)))


async def drop(life: Life) -> Filing:
    """The filer gives it up."""
    return await lives.done(await steps.drop_filing(life.filer, **lives.named(life.filing)))


async def approve(life: Life) -> Filing:
    """The reviewer approves it."""
    return await lives.approve(life.cast.reviewer, life.filing)


async def forget_the_mobile(life: Life) -> Filing:
    """The filer leaves out what every subject must have."""
    subject = await Subject.get(id=life.filing.subject_id)
    return await lives.done(
        await drafts.update_subject(
            life.filer, id=node_id(Subject, subject.id), version=subject.version,
            fields={"principal": {"mobile": None}}, key=None,
        )
    )  # fmt: skip


async def hold(life: Life) -> Filing:
    """By its holder, in a house where one may review what one typed."""
    given = settings_module.current()
    provide(self_review="allow")
    assert life.holder is not None
    claimed = await reviews.claim_filing(life.holder, **lives.named(life.filing))
    settings_module.use(given)
    return await lives.done(claimed)


async def hold_by_colleague(life: Life) -> Filing:
    """Another reviewer claims it."""
    return await lives.done(await reviews.claim_filing(life.cast.colleague, **lives.named(life.filing)))


async def send(life: Life) -> Filing:
    """The courier is stopped while the authority has the message in its hands."""
    life.desk.fate = "HANG"
    carrying = asyncio.create_task(life.carry())
    await life.desk.arrived.wait()
    carrying.cancel()
    with suppress(asyncio.CancelledError):
        await carrying
    return await _in_report_state(life, ReportState.SENDING)


async def lose(life: Life) -> Filing:
    """The line goes dead after the message has left."""
    life.desk.fate = "LOSE"
    await life.carry()
    return await _in_report_state(life, ReportState.UNKNOWN)


async def _in_report_state(life: Life, state: ReportState) -> Filing:
    assert await Report.exists(filing_id=life.filing.id, state=state)
    return await Filing.get(id=life.filing.id)


async def report(life: Life) -> Filing:
    """The report arrives, or is recorded as sent by hand."""
    if life.by_hand:
        return await lives.done(
            await results_by_hand.record_report(
                life.cast.reviewer, **lives.named(life.filing), reported_at=now()
            )
        )
    await life.carry()
    return await Filing.get(id=life.filing.id)


async def receive_yes(life: Life) -> Filing:
    """The authority's decision, and what it holds from then on where that is more than was reported."""
    answers = approval(life.desk.last, life.filing_number, now(), life.held)
    life.desk.answer(*answers)
    life.held = next((answer for answer in answers if isinstance(answer, FiledRecord)), life.held)
    return await life.answered()


async def receive_no(life: Life) -> Filing:
    """The authority's refusal."""
    life.desk.answer(decision(life.desk.last, approved=False, at=now()))
    return await life.answered()


async def receive_error(life: Life) -> Filing:
    """The authority cannot process it."""
    life.desk.answer(processing_error(life.desk.last, INVALID_EMAIL))
    return await life.answered()


# once returned with a note and submitted again: so that there is a past, and a note to answer
_SUBMITTED: tuple[Walk, ...] = (submit, give_back, submit)
_AT_AUTHORITY = (*_SUBMITTED, approve, report)

PATHS: Mapping[str, Sequence[Walk]] = {
    "DRAFT": (),
    "DRAFT_INCOMPLETE": (forget_the_mobile,),
    "DRAFT_AGAIN": (*_SUBMITTED, withdraw),
    "SUBMITTED": _SUBMITTED,
    "SUBMITTED_MINE": (*_SUBMITTED, hold),
    "SUBMITTED_CLAIMED": (*_SUBMITTED, hold_by_colleague),
    "SUBMITTED_ERROR": (*_AT_AUTHORITY, receive_error),
    "RETURNED": (*_SUBMITTED, give_back),
    "RETURNED_NOTED": (*_SUBMITTED, give_back_blocking),
    "REFUSED": (*_AT_AUTHORITY, receive_no),
    "ACCEPTED_WAITING": (*_SUBMITTED, approve),
    "ACCEPTED_SENDING": (*_SUBMITTED, approve, send),
    "ACCEPTED_UNKNOWN": (*_SUBMITTED, approve, lose),
    "AT_AUTHORITY": _AT_AUTHORITY,
    "APPROVED": (*_AT_AUTHORITY, receive_yes),
    "ABANDONED": (drop,),
    "ABANDONED_AGAIN": (*_SUBMITTED, give_back, drop),
}
