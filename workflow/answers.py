"""The authority's answers: each file is stored, then acknowledged, then applied answer by answer, in order for a subject."""

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, get_args

import structlog
from pydantic import TypeAdapter
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q, Subquery
from tortoise.functions import Min

from authority.desk import Desk, DeskError
from authority.messages import Answer, Delivery
from models.clock import now
from models.faults import StoreFault, Unavailable
from models.report import LONGEST_FILE_NAME, ReceivedAnswer
from models.states import OutboxState
from models.unit_of_work import unit_of_work
from workflow.filing_passwords import fresh_password
from workflow.matching import subject_of
from workflow.unasked import AboutNothing
from workflow.verdicts import NotYet, PasswordWanted, apply

_log = structlog.get_logger()
_SHAPES: dict[str, TypeAdapter[Any]] = {kind.tag: TypeAdapter(kind) for kind in get_args(Answer)}


async def collect_answers(desk: Desk, stop: asyncio.Event, poll_seconds: float) -> None:
    """Fetch, store, acknowledge and apply until `stop` is set; faults of the desk or the store only delay it.

    At its start what was set aside is tried once more: a newer program may understand it.
    """
    fresh = True
    while not stop.is_set():
        try:
            if fresh:
                await retry_parked()
                fresh = False
            await apply_waiting()
            while not stop.is_set() and await take_next(desk):
                pass
        except (DeskError, Unavailable) as error:
            _log.warning("answers_delayed", fault=type(error).__name__)
        with suppress(TimeoutError):
            async with asyncio.timeout(poll_seconds):
                await stop.wait()


async def take_next(desk: Desk) -> bool:
    """Store the next file, acknowledge it and apply what can be applied; whether there was one.

    Raises DeskError and Unavailable; what was stored before is applied by the next call of `apply_waiting`.
    """
    delivery = await desk.download()
    if delivery is None:
        return False
    await _store(delivery)
    await desk.acknowledge(delivery.file_name)
    await apply_waiting()
    return True


async def apply_waiting() -> None:
    """Apply every stored answer that waits, the oldest of a subject first; one that must wait holds up its subject only."""
    seen: set[int] = set()
    while numbers := [row[0] for row in await _heads().values_list("id") if row[0] not in seen]:
        for number in numbers:
            seen.add(number)
            await _settle(number)


async def retry_parked() -> None:
    """Let what could not be applied be tried once more."""
    await unit_of_work(
        lambda: ReceivedAnswer.filter(state=OutboxState.PARKED).update(state=OutboxState.WAITING)
    )


def _heads() -> Any:
    waiting = ReceivedAnswer.filter(state=OutboxState.WAITING)
    heads = waiting.annotate(head=Min("id")).group_by("subject_id").values("head")
    return waiting.filter(Q(id__in=Subquery(heads))).order_by("id")


async def _store(delivery: Delivery) -> None:
    """Keep a file's answers, unless it was seen before or another collector keeps it at this moment."""
    name = _bounded(delivery.file_name)

    async def work() -> None:
        if await ReceivedAnswer.exists(file=name):
            return
        for position, answer in enumerate(delivery.answers):
            await ReceivedAnswer.create(
                file=name,
                position=position,
                tag=answer.tag,
                subject_id=await subject_of(answer),
                body=_SHAPES[answer.tag].dump_json(answer).decode(),
                received_at=now(),
            )

    with suppress(IntegrityError):
        await unit_of_work(work)


def _bounded(name: str) -> str:
    """A file's name as far as it is kept; a longer one ends in its digest, so that no two become one."""
    if len(name) <= LONGEST_FILE_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()
    return name[: LONGEST_FILE_NAME - len(digest)] + digest


async def _settle(number: int) -> None:
    """Apply one stored answer, leave it for later, or set it aside with an alarm."""
    try:
        try:
            await unit_of_work(partial(_apply, number, None))
        except PasswordWanted:
            password = await fresh_password()
            await unit_of_work(partial(_apply, number, password))
    except NotYet:
        _log.debug("answer_before_receipt", answer=number)
    except StoreFault:
        raise
    except Exception as error:  # whatever one answer does to us, those behind it are applied
        await unit_of_work(partial(_park, number, error))


async def _apply(number: int, password: Mapping[str, str] | None) -> None:
    kept = await ReceivedAnswer.get_or_none(id=number, state=OutboxState.WAITING)
    if kept is None:
        return
    answer: Answer = _SHAPES[kept.tag].validate_json(kept.body or "")
    taken = ReceivedAnswer.filter(id=number, state=OutboxState.WAITING)
    if await taken.update(state=OutboxState.DONE, body=None, fault=None):
        await apply(answer, kept.received_at, password)


async def _park(number: int, error: Exception) -> None:
    """Keep it with its body and the name of the fault, and tell staff what it was about."""
    fault = type(error).__name__
    waiting = ReceivedAnswer.filter(id=number, state=OutboxState.WAITING)
    if not await waiting.update(state=OutboxState.PARKED, fault=fault):
        return
    [(file, tag)] = await ReceivedAnswer.filter(id=number).values_list("file", "tag")
    codes = error.codes if isinstance(error, AboutNothing) else []
    _log.error("answer_set_aside", file=file, kind=tag, fault=fault, codes=codes)
