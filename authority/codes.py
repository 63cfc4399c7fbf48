"""The codes that the authority answers with, and the class that says what each one means for us."""

import json
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


class Operation(IntEnum):
    """操作类型 Czlx: which kind of upload an answer belongs to."""

    NEW_FILING = 1
    NEW_WEBSITE = 2
    NEW_ACCESS = 3
    CHANGE = 4
    CANCEL_ACCESS = 5
    CANCEL_SUBJECT = 6
    CANCEL_WEBSITE = 7
    MATERIAL = 35


class ResultClass(StrEnum):
    """What a filing does when a processing result (Jgdm) comes back for it."""

    DECISION = "decision"
    NOTE = "note"
    ALREADY_THERE = "already_there"
    PASSWORD = "password"  # noqa: S105 - the name of a class
    LAST_ACCESS = "last_access"
    OURS = "ours"
    DATA = "data"


class CallClass(StrEnum):
    """How a caller handles the return code (msg_code) of a call."""

    SUCCESS = "success"
    NOTHING_THERE = "nothing_there"
    MORE_WAITING = "more_waiting"
    TRY_LATER = "try_later"
    SLOW_DOWN = "slow_down"
    REPAIR_SEQUENCE = "repair_sequence"
    REPAIR_CONFIGURATION = "repair_configuration"
    REPAIR_PAYLOAD = "repair_payload"


@dataclass(frozen=True, slots=True)
class ResultMeaning:
    """A processing result code with its class and its text in both languages."""

    code: int
    result_class: ResultClass
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CallMeaning:
    """A return code of a call with its class and its text in both languages."""

    code: int
    call_class: CallClass
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OperationMeaning:
    """An operation with its text, the tag of its upload, and what a review's record id (Jlid) names."""

    operation: Operation
    zh: str
    en: str
    upload: str
    record: str | None


def read_table(name: str, rows: str) -> list[dict[str, Any]]:
    """Give the rows of a data file of this package: `name` of the file, `rows` the key they stand under."""
    table: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))[rows]
    return table


@cache
def result_codes() -> dict[int, ResultMeaning]:
    """Give every processing result code of the specification, in its order."""
    rows = read_table("result_codes.json", "codes")
    return {r["code"]: ResultMeaning(r["code"], ResultClass(r["class"]), r["zh"], r["en"]) for r in rows}


@cache
def call_codes() -> dict[int, CallMeaning]:
    """Give every return code of the calls, in the specification's order."""
    rows = read_table("msg_codes.json", "codes")
    return {r["code"]: CallMeaning(r["code"], CallClass(r["class"]), r["zh"], r["en"]) for r in rows}


@cache
def operations() -> dict[Operation, OperationMeaning]:
    """Give every operation with its texts."""
    rows = read_table("operation_types.json", "operations")
    meanings = (
        OperationMeaning(Operation(r["code"]), r["zh"], r["en"], r["upload"], r["record"]) for r in rows
    )
    return {meaning.operation: meaning for meaning in meanings}


def result_meaning(code: int) -> ResultMeaning:
    """Give the meaning of a processing result, also of a code that the specification does not know.

    An unknown code goes the way of its neighbours: 5xxx is ours to mend, others are shown to the reviewer.
    """
    known = result_codes().get(code)
    if known is not None:
        return known
    kind = ResultClass.OURS if 5000 <= code <= 5999 else ResultClass.DATA
    return ResultMeaning(code, kind, f"未知结果代码{code}", f"unknown result code {code}")


def call_meaning(code: int) -> CallMeaning:
    """Give the meaning of a return code; an unknown refusal counts as ours: park what was sent, and alarm."""
    known = call_codes().get(code)
    if known is not None:
        return known
    return CallMeaning(code, CallClass.REPAIR_PAYLOAD, f"未知返回代码{code}", f"unknown return code {code}")
