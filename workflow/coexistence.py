"""Which filings may stand beside which: the matrix that the provider chose, as data, and the refusal that it gives."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from models.filing import Filing
from models.node_ids import node_id
from models.refusal import Problem
from models.states import FilingKind

K = FilingKind
DATA = Path(__file__).parent / "data"
BESIDE = "BEIAN-COEXISTENCE"

# how the regulator names the refusal: what is asked for, what is open; the second word of each pair is for one object
_CODES: Mapping[tuple[FilingKind, FilingKind], tuple[str, str, str]] = {
    (K.CHANGE, K.CHANGE): ("MIIT-1017", "该主体已有变更正在办理", "a change of this subject is open already"),
    (K.CANCEL_SUBJECT, K.CANCEL_SUBJECT): (
        "MIIT-1027",
        "该主体的注销正在办理",
        "this subject is being cancelled already",
    ),
    (K.CANCEL_WEBSITE, K.CANCEL_WEBSITE): (
        "MIIT-1030",
        "该网站的注销正在办理",
        "this website is being cancelled already",
    ),
    (K.CANCEL_ACCESS, K.CANCEL_ACCESS): (
        "MIIT-1032",
        "该接入的取消正在办理",
        "this access is being cancelled already",
    ),
    (K.CANCEL_WEBSITE, K.CANCEL_SUBJECT): (
        "MIIT-1042",
        "主体注销中，不可注销网站",
        "the subject is being cancelled, so no website may be",
    ),
    (K.CANCEL_SUBJECT, K.CANCEL_WEBSITE): (
        "MIIT-1043",
        "网站注销中，不可注销主体",
        "a website is being cancelled, so the subject may not be",
    ),
}
_OF_ONE_OBJECT = {K.CANCEL_WEBSITE, K.CANCEL_ACCESS}
# whatever a matrix says: two such reports could not be told apart by the authority's answers
_ONE_A_SUBJECT = (K.NEW_FILING, K.ADD_WEBSITE, K.CHANGE, K.CANCEL_SUBJECT)


class Within(StrEnum):
    """How far one filing keeps another away."""

    NONE = "NONE"
    OBJECT = "OBJECT"
    SUBJECT = "SUBJECT"


@dataclass(frozen=True)
class Rival:
    """An open filing of the same subject, with the node ids of all that it touches."""

    filing: Filing
    records: frozenset[str]


Matrix = Mapping[tuple[FilingKind, FilingKind], Within]


class LooseMatrixError(Exception):
    """A matrix that would let two reports stand at the authority that its answers cannot tell apart."""


@cache
def matrix(name: str, folder: Path = DATA) -> Matrix:
    """The matrix of that name (`strict` or `loose`), read from its file in `folder`; raises LooseMatrixError."""
    told = json.loads((folder / f"coexistence_{name}.json").read_text(encoding="utf-8"))["refused_within"]
    found = {(asked, open_): Within(told[asked][open_]) for asked in K for open_ in K}
    for kind in K:
        least = {Within.SUBJECT} if kind in _ONE_A_SUBJECT else {Within.SUBJECT, Within.OBJECT}
        if found[kind, kind] not in least:
            raise LooseMatrixError(f"coexistence_{name}.json: two filings of kind {kind.value} at once")
    return found


def beside_problem(
    chosen: Matrix, kind: FilingKind, records: frozenset[str], rivals: Iterable[Rival]
) -> Problem | None:
    """Why a filing of `kind` that touches `records` may not stand beside the open ones; None where it may."""
    for rival in rivals:
        within = chosen[kind, rival.filing.kind]
        same = bool(records & rival.records)
        if within is Within.SUBJECT or (within is Within.OBJECT and same):
            return _problem(kind, rival, same=same)
    return None


def _problem(kind: FilingKind, rival: Rival, *, same: bool) -> Problem:
    known = _CODES.get((kind, rival.filing.kind))
    if known is None or (kind in _OF_ONE_OBJECT and rival.filing.kind is kind and not same):
        known = (BESIDE, "该主体已有另一项未完结的备案申请", "another filing of this subject is still open")
    rule, zh, en = known
    return Problem("COEXISTENCE", zh, en, rule=rule, blocking_id=node_id(Filing, rival.filing.id))
