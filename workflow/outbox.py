"""The outbox's carriers: they claim messages by lease, carry them outside any transaction, and settle what they hold.

A message is carried at least once: a carrier that dies after the world took it leaves its lease to run out, and
another carries it again. While a lease lives nobody else claims the message, nor any other of its lane.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog

from models.faults import StoreAway
from models.outbox import OutboxMessage
from models.states import OutboxKind, OutboxState
from models.unit_of_work import unit_of_work
from workflow.leases import SLOTS, UNLEASED, Lease, claim, database_time, name_owner

DEADLINE_SECONDS = 45.0  # of one delivery: it has ended before its lease runs out
GRACE_SECONDS = 5.0  # for deliveries under way when the carrier is told to stop
POLL_SECONDS = 1.0
LONGEST_REASON = 500

_log = structlog.get_logger()
_bells: dict[OutboxKind, set[asyncio.Event]] = {kind: set() for kind in OutboxKind}


@dataclass(frozen=True)
class Delivered:
    """The world took it. `record` runs in the unit of work that marks it done."""

    record: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class TryLater:
    """Not now. `reason` holds no personal data; `after`, in seconds, replaces the back-off.

    `holds`: whether the rest of its lane waits for it meanwhile.
    """

    reason: str
    after: float | None = None
    holds: bool = True


@dataclass(frozen=True)
class Park:
    """Never as it is: set it aside for people. `reason` holds no personal data; `record` as in Delivered."""

    reason: str
    record: Callable[[], Awaitable[None]] | None = None


Answer = Delivered | TryLater | Park
Deliver = Callable[[OutboxMessage], Awaitable[Answer]]
OnParked = Callable[[OutboxMessage, str], Awaitable[None]]


@dataclass(frozen=True)
class Patience:
    """How often a message is tried, with pauses from `first` seconds doubling up to `longest`.

    `tries` None: until what carries it parks it itself.
    """

    first: float = 2.0
    longest: float = 900.0
    tries: int | None = 12

    def lasts(self, attempts: int) -> bool:
        """Whether there is another try after the one numbered `attempts`."""
        return self.tries is None or attempts < self.tries

    def pause(self, attempts: int) -> float:
        """Seconds to wait after the try numbered `attempts`, from 1; spread so that not all come back at once."""
        full: float = min(self.longest, self.first * 2.0 ** min(attempts - 1, 30))
        return full * random.uniform(0.75, 1.25)  # noqa: S311 - spreads retries


def ring(kind: OutboxKind) -> None:
    """Tell this process's carriers of `kind` that there may be something to carry; call it after the commit."""
    for bell in _bells[kind]:
        bell.set()


async def settle(lease: Lease, answer: Answer, patience: Patience, on_parked: OnParked | None = None) -> bool:
    """Write what became of a claimed message, in one unit of work with what the answer records.

    Gives False, and writes nothing, where the lease has passed to another carrier. Raises StoreAway.
    """

    async def work() -> bool:
        moment = await database_time()
        changes: dict[str, object]
        match answer:
            case Delivered(record):
                changes = {"state": OutboxState.DONE, "payload": None, "done_at": moment, "last_error": None}
            case TryLater(reason, after, holds) if patience.lasts(lease.attempts):
                pause = patience.pause(lease.attempts) if after is None else after
                due_at = moment + timedelta(seconds=pause)
                changes = {"due_at": due_at, "holds_lane": holds, "last_error": reason[:LONGEST_REASON]}
                record = None
            case TryLater(reason) | Park(reason):
                changes = {"state": OutboxState.PARKED, "last_error": reason[:LONGEST_REASON]}
                record = partial(_tell, lease, answer, on_parked)
        held = OutboxMessage.filter(
            id=lease.message_id, state=OutboxState.WAITING, leased_by=lease.owner, attempts=lease.attempts
        )
        if not await held.update(**changes, **UNLEASED):
            return False
        if record is not None:
            await record()
        return True

    return await unit_of_work(work)


async def _tell(lease: Lease, answer: TryLater | Park, on_parked: OnParked | None) -> None:
    if isinstance(answer, Park) and answer.record is not None:
        await answer.record()
    if on_parked is not None:
        await on_parked(await OutboxMessage.get(id=lease.message_id), answer.reason)


async def carry(
    kind: OutboxKind,
    deliver: Deliver,
    stop: asyncio.Event,
    *,
    patience: Patience | None = None,
    on_parked: OnParked | None = None,
) -> None:
    """Carry messages of `kind` until `stop` is set: `deliver` takes each one out and says what became of it.

    `deliver` is called outside any transaction, for several messages at once, and is cut off after 45 s. What it
    raises counts as TryLater. `on_parked` runs in the unit of work that sets a message aside, for whatever reason.
    Told to stop, it gives what is under way 5 s, then hands back the leases.
    """
    carrier = _Carrier(kind, deliver, patience or Patience(), on_parked)
    bell = asyncio.Event()
    _bells[kind].add(bell)
    try:
        while not stop.is_set():
            bell.clear()
            await carrier.fill()
            await _first_of([stop.wait(), bell.wait(), *carrier.under_way], POLL_SECONDS)
    finally:
        _bells[kind].discard(bell)
    await carrier.end()


class _Carrier:
    """One carrier's messages under way."""

    def __init__(
        self, kind: OutboxKind, deliver: Deliver, patience: Patience, on_parked: OnParked | None
    ) -> None:
        self.owner = name_owner()
        self.under_way: set[asyncio.Task[None]] = set()
        self._kind = kind
        self._deliver = deliver
        self._patience = patience
        self._on_parked = on_parked

    async def fill(self) -> None:
        """Claim as many messages as there are free slots, and start carrying them."""
        free = SLOTS - len(self.under_way)
        if not free:
            return
        try:
            leases = await claim(self._kind, self.owner, free)
        except StoreAway:
            _log.warning("outbox_store_away", kind=self._kind.value)
            return
        for lease in leases:
            task = asyncio.create_task(self._carry(lease))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    async def end(self) -> None:
        """Let what is under way end, or cut it off and give its leases back."""
        if self.under_way:
            _, late = await asyncio.wait(set(self.under_way), timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        try:
            await unit_of_work(lambda: OutboxMessage.filter(leased_by=self.owner).update(**UNLEASED))
        except StoreAway:
            _log.warning("outbox_leases_left_to_run_out", kind=self._kind.value)

    async def _carry(self, lease: Lease) -> None:
        answer = await self._ask(lease)
        if not isinstance(answer, Delivered):
            _log.warning(
                "outbox_not_delivered",
                message_id=lease.message_id, attempt=lease.attempts, reason=answer.reason,
            )  # fmt: skip
        try:
            if not await settle(lease, answer, self._patience, self._on_parked):
                _log.warning("outbox_lease_lost", message_id=lease.message_id)
        except StoreAway:
            _log.warning("outbox_not_settled", message_id=lease.message_id)
        except (
            Exception
        ) as error:  # one message that cannot be settled must not end the carrying of all others
            _log.error("outbox_not_settled", message_id=lease.message_id, fault=type(error).__name__)

    async def _ask(self, lease: Lease) -> Answer:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                return await self._deliver(await OutboxMessage.get(id=lease.message_id))
        except TimeoutError:
            return TryLater("no answer in time")
        except Exception as error:  # whatever goes wrong with one message, the others are carried on
            return TryLater(f"fault: {type(error).__name__}")


async def _first_of(waits: list[Awaitable[object]], seconds: float) -> None:
    """Wait until one of them ends or the time is up; tasks that were given are left running, waits are dropped."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task, wait in zip(tasks, waits, strict=True):
            if task is not wait:
                task.cancel()
