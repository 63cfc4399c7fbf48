"""Proofs: that whoever acts on what is filed knows its filing password (备案密码), counted before it is verified.

A try is counted for the account with the filing number, and for the network address, across every way in; a stranger's
tries never lock the owner. Unknown number, somebody else's number and wrong password get one answer in one time.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from authority.passwords import travelling
from models.clock import now
from models.event import AuditEntry
from models.filing import Filing, FilingPassword, FilingProof
from models.hashing import MOST_CHARACTERS, hash_secret, verify_secret
from models.node_ids import node_id
from models.refusal import Problem, Refused, Throttled
from models.states import FilingAction, RecordOrigin, RecordStatus
from models.subject import Subject
from models.tries import Limit, count, give_back, network_of
from models.unit_of_work import unit_of_work
from workflow.actors import Actor
from workflow.granted import PREFIX as GRANT
from workflow.granted import grant_holds

# five wrong ones in an hour for one account and number; an office behind one address has room for several
PER_NUMBER = Limit("filing-password", 5, timedelta(hours=1))
PER_NETWORK = Limit("filing-password-network", 50, timedelta(hours=1))
PATH = ("filingPassword",)
WRONG = Problem("WRONG_FILING_PASSWORD", "备案密码错误", "wrong filing password", path=PATH, rule="MIIT-1018")
REQUIRED = Problem(
    "FILING_PASSWORD_REQUIRED",
    "需要备案密码",
    "the filing password is required",
    path=PATH,
    rule="BEIAN-PROOF",
)


@dataclass(frozen=True)
class Proof:
    """For which generation of the password it counts; `travelling` is what goes on to the authority with the report."""

    generation: int
    travelling: str | None = None


# One way to find out whether a password is right: kept here, asked of the authority, or some day a code by SMS. Gives
# the proof, or None for a wrong one; called outside any unit of work, after the try was counted.
Check: TypeAlias = Callable[[Actor, Subject, str], Awaitable[Proof | None]]


async def check_kept(_: Actor, subject: Subject, password: str) -> Proof | None:
    """Against the slow hash that is kept here; the same work is done where none is."""
    kept = await FilingPassword.get_or_none(subject_id=subject.id)
    right = await verify_secret(kept.password_hash if kept else None, password)
    return Proof(kept.generation) if right and kept is not None else None


async def pass_on(_: Actor, subject: Subject, password: str) -> Proof | None:
    """For what another provider filed: the authority will check it when the report arrives.

    Its slow hash travels along, so that the password is known here once the authority has taken it.
    """
    if not password or len(password) > 32:
        return None
    carried = {"md5": travelling(password), "hash": await hash_secret(password)}
    return Proof(0, json.dumps(carried))


def check_of(subject: Subject) -> Check:
    """How a password of this subject is checked."""
    foreign = subject.origin is RecordOrigin.ELSEWHERE and subject.status is RecordStatus.DRAFT
    return pass_on if foreign else check_kept


async def prove(actor: Actor, subject: Subject, password: str | None, action: FilingAction) -> Proof:
    """The proof that `password`, or a grant given in its place, opens `action` on the subject.

    Call it outside any unit of work. Raises Refused (WRONG_FILING_PASSWORD, FILING_PASSWORD_REQUIRED) and Throttled.
    """
    if password is None:
        raise Refused(REQUIRED)
    tries = _Tries(actor, subject)
    await unit_of_work(tries.reserve)
    found = await _look(actor, subject, password, action)
    if found is None:
        await unit_of_work(lambda: _put_on_record(actor, subject, action))
        raise Refused(WRONG)
    await unit_of_work(lambda: tries.give_back(judged=found.travelling is None))
    return found


async def verify(actor: Actor, subject: Subject, password: str, action: FilingAction) -> int:
    """The generation of the password, where it is right; raises as `prove` does."""
    return (await prove(actor, subject, password, action)).generation


async def _look(actor: Actor, subject: Subject, password: str, action: FilingAction) -> Proof | None:
    if password.startswith(GRANT):
        generation = await grant_holds(password, subject.id, action)
        return None if generation is None else Proof(generation)
    return await check_of(subject)(actor, subject, password[: MOST_CHARACTERS + 1])


class _Tries:
    """What a try is counted by: the account with the number, and the network that it came from."""

    def __init__(self, actor: Actor, subject: Subject) -> None:
        self._number = (
            str(actor.account_id),
            subject.filing_number or subject.claimed_number or node_id(Subject, subject.id),
        )
        self._network = (network_of(actor.address),) if actor.address else None
        # of what is his here an owner is bound by his own tries alone, so that a neighbour cannot lock him out
        self._is_his = subject.id is not None and actor.account_id in (subject.owner_id, subject.filed_by_id)

    async def reserve(self) -> None:
        """Count it; raises Refused (THROTTLED) where none is left."""
        await _count(PER_NUMBER, self._number)
        if self._network is not None:
            with suppress(Refused) if self._is_his else nullcontext():
                await _count(PER_NETWORK, self._network)

    async def give_back(self, *, judged: bool) -> None:
        """It was right; what only the authority can judge (`judged` False) stays counted for the number."""
        if judged:
            await give_back(PER_NUMBER, *self._number)
        if self._network is not None:
            await give_back(PER_NETWORK, *self._network)


async def _count(limit: Limit, parts: tuple[str, ...]) -> None:
    try:
        await count(limit, *parts)
    except Throttled as throttled:
        [problem] = throttled.problems
        raise Refused(
            Problem("THROTTLED", problem.zh, problem.en, PATH, "MIIT-22", retry_after=problem.retry_after)
        ) from None


async def _put_on_record(actor: Actor, subject: Subject, action: FilingAction) -> None:
    await AuditEntry.create(
        at=now(),
        account_id=actor.account_id,
        credential=actor.credential,
        action="WRONG_FILING_PASSWORD",
        record=None if subject.id is None else node_id(Subject, subject.id),
        detail={"action": action.value},
    )


async def generations(subject_ids: list[int]) -> dict[int, int]:
    """The living generation of the password of each subject; 0 where none is kept here."""
    kept = FilingPassword.filter(subject_id__in=subject_ids) if subject_ids else None
    rows = await kept.values_list("subject_id", "generation") if kept is not None else []
    return dict.fromkeys(subject_ids, 0) | dict(rows)


async def keep_proof(filing: Filing, account_id: int | None, request: Mapping[str, Any]) -> None:
    """Lay the proof that a request brought on its filing, in place of an older one of that account."""
    proof: Proof | None = request.get("proof")
    if proof is None or account_id is None:
        return
    await FilingProof.filter(filing_id=filing.id, account_id=account_id).delete()
    await FilingProof.create(
        filing_id=filing.id,
        account_id=account_id,
        generation=proof.generation,
        travelling=proof.travelling,
        created_at=now(),
    )


async def travelling_of(filing_id: int) -> dict[str, str]:
    """What of the password goes to the authority with this filing's report: its MD5 and its slow hash, or nothing."""
    proof = await FilingProof.filter(filing_id=filing_id, travelling__isnull=False).order_by("-id").first()
    kept: dict[str, str] = json.loads(proof.travelling) if proof is not None and proof.travelling else {}
    return kept
