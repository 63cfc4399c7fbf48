"""Codes chosen from tables: a code that is no longer valid cannot be chosen, a placeholder not reported."""

from dataclasses import replace

import pytest

from rules.choices import judge_choice
from rules.codes import CANCELLATION_REASON, CodeBook, Division, shipped_codes, shipped_divisions
from rules.library import Library
from tests.rules.samples import BOOK, FORM, law_with, told


def without(table: str, code: str) -> CodeBook:
    """The shipped book with one code no longer valid."""
    codes = (replace(c, active=c.active and (c.table, c.code) != (table, code)) for c in shipped_codes())
    return CodeBook(codes, shipped_divisions())


@pytest.mark.shows("C73", "C72")
@pytest.mark.parametrize(
    ("table", "code", "rule", "place"),
    [
        ("unit_nature", "4", "MIIT-1014", "subject/unitNature"),
        ("certificate_type", "1", "MIIT-1008", "subject/certificateType"),
        ("service_content", "8", "MIIT-1034", "websites/W1/serviceContents/8"),
        ("language", "1", "MIIT-1066", "websites/W1/languages/1"),
        ("access_method", "3", "MIIT-1035", "websites/W1/access/methods/3"),
        ("server_location", "19", "MIIT-1036", "websites/W1/access/serverLocations/19"),
    ],
)
def test_a_code_that_became_invalid_is_told_with_its_tables_own_rule(
    table: str, code: str, rule: str, place: str
) -> None:
    assert told(FORM, law_with(book=without(table, code))) == [(rule, place)]


@pytest.mark.shows("C73")
def test_an_abolished_county_cannot_be_chosen() -> None:
    abolished = Division("210202", "中山区", 3, "210200", active=False)
    book = CodeBook(shipped_codes(), (*shipped_divisions(), abolished))
    assert told(FORM, law_with(book=book)) == [("MIIT-1019", "subject/division")]


def test_a_placeholder_is_refused_only_with_a_real_authority() -> None:
    assert judge_choice(CANCELLATION_REASON, "1", ("reason",), BOOK, Library()) is None
    fault = judge_choice(CANCELLATION_REASON, "1", ("reason",), BOOK, Library(real_authority=True))
    assert fault is not None
    assert (fault.rule, fault.severity, fault.path) == ("BEIAN-PLACEHOLDER", "ERROR", ("reason",))
