"""Proofs: that whoever acts on what is filed knows its filing password (备案密码), counted before it is verified.

A try is counted for the account with the filing number, and for the network address, across every way in; a stranger's
tries never lock the owner. Unknown number, somebody else's number and wrong password get one answer in one time.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
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
    limits = _limits(actor, subject)
    await unit_of_work(lambda: _reserve(limits))
    found = await _look(actor, subject, password, action)
    if found is None:
        await unit_of_work(lambda: _put_on_record(actor, subject, action))
        raise Refused(WRONG)
    if found.travelling is None:  # what only the authority can judge stays counted
        await unit_of_work(lambda: _give_back(limits))
    return found


async def verify(actor: Actor, subject: Subject, password: str, action: FilingAction) -> int:
    """The generation of the password, where it is right; raises as `prove` does."""
    return (await prove(actor, subject, password, action)).generation


async def _look(actor: Actor, subject: Subject, password: str, action: FilingAction) -> Proof | None:
    if password.startswith(GRANT):
        generation = await grant_holds(password, subject.id, action)
        return None if generation is None else Proof(generation)
    return await check_of(subject)(actor, subject, password[: MOST_CHARACTERS + 1])


def _limits(actor: Actor, subject: Subject) -> list[tuple[Limit, tuple[str, ...]]]:
    number = subject.filing_number or subject.claimed_number or node_id(Subject, subject.id)
    limits = [(PER_NUMBER, (str(actor.account_id), number))]
    return [*limits, (PER_NETWORK, (network_of(actor.address),))] if actor.address else [*limits]


async def _reserve(limits: list[tuple[Limit, tuple[str, ...]]]) -> None:
    try:
        for limit, parts in limits:
            await count(limit, *parts)
    except Throttled as throttled:
        [problem] = throttled.problems
        raise Refused(
            Problem("THROTTLED", problem.zh, problem.en, PATH, "MIIT-22", retry_after=problem.retry_after)
        ) from None


async def _give_back(limits: list[tuple[Limit, tuple[str, ...]]]) -> None:
    for limit, parts in limits:
        await give_back(limit, *parts)


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
