"""The authority's processing results (处理结果代码): what each code means, and whose turn it is after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from rules.shipped import read


class ResultClass(StrEnum):
    """What a processing result leads to."""

    DECISION = "decision"  # the authority approved or refused
    NOTE = "note"  # worth an event, moves nothing
    ALREADY_THERE = "already_there"  # the authority has it from an earlier report
    PASSWORD = "password"  # noqa: S105 - the filing password was wrong: back to the owner
    LAST_ACCESS = "last_access"  # the website's only access: cancel the website instead
    OURS = "ours"  # the report was badly made: parked and alarmed
    DATA = "data"  # the applicant's data: back to the reviewer, as a finding


@dataclass(frozen=True, slots=True)
class Result:
    """One processing result code of the regulator."""

    code: int
    zh: str
    en: str
    group: str
    leads_to: ResultClass


@cache
def results() -> Mapping[int, Result]:
    """All processing result codes."""
    found = {
        int(item["code"]): Result(
            code=int(item["code"]),
            zh=item["zh"],
            en=item["en"],
            group=item["group"],
            leads_to=ResultClass(item["class"]),
        )
        for item in read("result_codes")["items"]
    }
    return MappingProxyType(found)


def class_of(code: int) -> ResultClass:
    """What a result code leads to. One that nobody knows counts as ours: parked, so that a person looks at it."""
    known = results().get(code)
    return known.leads_to if known else ResultClass.OURS
