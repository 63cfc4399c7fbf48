"""Carrying out a command once: in one unit of work, with its idempotency key, its refusal turned into an answer."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import asyncpg
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.cipher import cipher
from models.clock import now
from models.database import READER
from models.faults import StoreAway
from models.outbox import IdempotencyRecord
from models.refusal import Invalid, KeyInProgress, KeyReused, Problem, Refused
from models.unit_of_work import unit_of_work
from workflow.actors import Actor

LONGEST_KEY = 255
# refusals that say "not now" are no answer to keep: the same key may be tried again
_PASSING = {
    "THROTTLED",
    "AUTHORITY_UNAVAILABLE",
    "IDEMPOTENCY_IN_PROGRESS",
    "WRONG_FILING_PASSWORD",
    "FILING_PASSWORD_REQUIRED",
}


@dataclass(frozen=True)
class Outcome:
    """What a command did: the row numbers of what it changed by noun, or the problems for which it did nothing."""

    ids: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    replayed: bool = False


class RefusedAbout(Refused):
    """A refusal that also says which visible rows it is about, so that the payload can show them as they are."""

    def __init__(self, refused: Refused, ids: Mapping[str, int]) -> None:
        super().__init__(*refused.problems)
        self.ids = dict(ids)


async def carry_out(
    actor: Actor,
    operation: str,
    request: Mapping[str, Any],
    key: str | None,
    work: Callable[[], Awaitable[Outcome]],
    before: Callable[[], Awaitable[None]] | None = None,
) -> Outcome:
    """Do `work` in one unit of work and give its outcome; a Refused becomes an outcome with its problems.

    `before` is what must be done outside of it first, such as checking a password; a request that was answered
    already comes no further than to its answer.

    With `key`, the same request of the same account is answered from memory for 24 hours; another request under
    the key is refused with IDEMPOTENCY_KEY_REUSED, a still unanswered one with IDEMPOTENCY_IN_PROGRESS.
    """
    try:
        if before is not None and not await _is_known(actor, key):
            await before()
        if key is None or actor.account_id is None:
            return await unit_of_work(work)
        if not key or len(key) > LONGEST_KEY or not key.isprintable():
            raise Invalid(("idempotencyKey",), "幂等键应为1至255个可见字符", "1 to 255 printable characters")
        return await _once(actor.account_id, operation, _digest(operation, request), key, work)
    except Refused as refused:
        return _refusal(refused)


async def _is_known(actor: Actor, key: str | None) -> bool:
    if key is None or actor.account_id is None:
        return False
    return await IdempotencyRecord.filter(account_id=actor.account_id, key=key).exists()


def _refusal(refused: Refused) -> Outcome:
    return Outcome(ids=getattr(refused, "ids", {}), problems=refused.problems)


def _digest(operation: str, request: Mapping[str, Any]) -> str:
    text = json.dumps([operation, request], sort_keys=True, ensure_ascii=False, default=str)
    return cipher().digest(text)


def secret_mark(text: str | None) -> str | None:
    """What tells one secret from another in a request that is remembered, without telling the secret."""
    return None if text is None else cipher().digest(text.encode("utf-8", "surrogatepass").hex())


async def _once(
    account_id: int, operation: str, digest: str, key: str, work: Callable[[], Awaitable[Outcome]]
) -> Outcome:
    async def attempt() -> Outcome:
        known = await IdempotencyRecord.get_or_none(account_id=account_id, key=key)
        if known is not None:
            return _replay(known, digest)
        record = await IdempotencyRecord.create(
            account_id=account_id, key=key, operation=operation, request_hash=digest, created_at=now()
        )
        try:
            async with in_transaction(READER):
                outcome = await work()
        except Refused as refused:
            outcome = _refusal(refused)
            if any(problem.code in _PASSING for problem in outcome.problems):
                raise
        await IdempotencyRecord.filter(id=record.id).update(outcome=_to_json(outcome))
        return outcome

    try:
        return await unit_of_work(attempt)
    except IntegrityError:
        # another request with this key was committed between our look and our row: its answer is ours
        known = await IdempotencyRecord.get_or_none(account_id=account_id, key=key)
        if known is None:
            raise
        return _replay(known, digest)
    except StoreAway as away:
        if isinstance(away.__cause__, asyncpg.LockNotAvailableError):
            raise KeyInProgress from away
        raise


def _replay(known: IdempotencyRecord, digest: str) -> Outcome:
    if known.request_hash != digest:
        raise KeyReused
    if known.outcome is None:
        raise KeyInProgress
    return Outcome(
        ids=known.outcome["ids"],
        problems=tuple(
            Problem(
                **{
                    **stored,
                    "path": None if stored["path"] is None else tuple(stored["path"]),
                    "conflicts": (),
                }
            )
            for stored in known.outcome["problems"]
        ),
        replayed=True,
    )


def _to_json(outcome: Outcome) -> dict[str, Any]:
    problems = [{**asdict(problem), "suggestion": None, "conflicts": ()} for problem in outcome.problems]
    return {"ids": dict(outcome.ids), "problems": problems}
