"""Choices from code tables (代码选择): a code must stand in its table, be valid, and be more than a placeholder."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rules.catalogue import (
    ACCESS_METHOD_INVALID,
    CERTIFICATE_INVALID,
    LANGUAGE_INVALID,
    PLACEHOLDER,
    PRE_APPROVAL_INVALID,
    REASON_INVALID,
    REGION_INVALID,
    REPEATED,
    SERVER_LOCATION_INVALID,
    SERVICE_CONTENT_INVALID,
    UNIT_NATURE_INVALID,
    Rule,
)
from rules.codes import (
    ACCESS_METHOD,
    CANCELLATION_REASON,
    CERTIFICATE_TYPE,
    LANGUAGE,
    PRE_APPROVAL_TYPE,
    SERVER_LOCATION,
    SERVICE_CONTENT,
    UNIT_NATURE,
    CodeBook,
)
from rules.fields import DIVISIONS
from rules.findings import Finding, Path, Words
from rules.library import Library

RULE_OF_TABLE: Mapping[str, Rule] = MappingProxyType(
    {
        UNIT_NATURE: UNIT_NATURE_INVALID,
        CERTIFICATE_TYPE: CERTIFICATE_INVALID,
        SERVICE_CONTENT: SERVICE_CONTENT_INVALID,
        PRE_APPROVAL_TYPE: PRE_APPROVAL_INVALID,
        ACCESS_METHOD: ACCESS_METHOD_INVALID,
        SERVER_LOCATION: SERVER_LOCATION_INVALID,
        LANGUAGE: LANGUAGE_INVALID,
        CANCELLATION_REASON: REASON_INVALID,
        DIVISIONS: REGION_INVALID,
    }
)

_UNKNOWN = Words("代码表中没有该代码", "the code table does not have this code")
_INACTIVE = Words("该代码已失效，请重新选择", "this code is no longer valid, choose another")


def unknown(table: str, code: str, path: Path, book: CodeBook) -> Finding | None:
    """A finding where the table, or the book of divisions, does not have the code; inactive codes it has."""
    known = book.division(code) if table == DIVISIONS else book.find(table, code)
    return None if known is not None else RULE_OF_TABLE[table].at(path, _UNKNOWN)


def judge_choice(table: str, code: str, path: Path, book: CodeBook, library: Library) -> Finding | None:
    """A finding where the code cannot be chosen: not in its table, no longer valid (C73), or a mere placeholder."""
    known = book.find(table, code)
    if known is None:
        return RULE_OF_TABLE[table].at(path, _UNKNOWN)
    if not known.active:
        return RULE_OF_TABLE[table].at(path, _INACTIVE)
    if library.real_authority and known.extras.get("placeholder"):
        return PLACEHOLDER.at(path)
    return None


def judge_choices(
    table: str, codes: tuple[str, ...], path: Path, book: CodeBook, library: Library
) -> Iterator[Finding]:
    """The findings of a list of choices, each code once; a code chosen again is told as such."""
    seen: set[str] = set()
    for code in codes:
        place = (*path, code)
        if code in seen:
            yield REPEATED.at(place)
            continue
        seen.add(code)
        found = judge_choice(table, code, place, book, library)
        if found is not None:
            yield found
