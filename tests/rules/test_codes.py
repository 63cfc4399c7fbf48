"""The code book: what ships in it, and how it is looked up."""

import json
from pathlib import Path

import pytest

from rules.codes import (
    CERTIFICATE_TYPE,
    SERVICE_CONTENT,
    TABLES,
    UNIT_NATURE,
    Code,
    CodeBook,
    Division,
)
from rules.provinces import province_of, provinces

BOOK = CodeBook.shipped()
DATA = Path("rules/data")


@pytest.mark.shows("C72")
@pytest.mark.parametrize(
    ("table", "size"),
    [
        ("unit_nature", 18),
        ("certificate_type", 43),
        ("service_content", 30),
        ("pre_approval_type", 12),
        ("access_method", 5),
        ("server_location", 34),
        ("language", 17),
        ("cancellation_reason", 5),
        ("attachment_use", 5),
        ("attachment_format", 2),
    ],
)
def test_each_table_ships_whole_active_and_in_two_languages(table: str, size: int) -> None:
    codes = list(BOOK.codes(table))
    assert len(codes) == size
    assert len({code.code for code in codes}) == size
    assert all(code.active and code.zh and code.en for code in codes)


def test_no_table_is_forgotten() -> None:
    assert len(TABLES) == 10
    assert all((DATA / f"{table}.json").is_file() for table in TABLES)


def test_each_data_file_names_its_source() -> None:
    files = sorted(DATA.glob("*.json"))
    assert len(files) == 15
    for file in files:
        assert len(json.loads(file.read_text(encoding="utf-8"))["source"]) > 20
        assert file.stat().st_size < 250_000


def test_a_code_is_found_by_table_and_code_and_an_inactive_one_too() -> None:
    enterprise = BOOK.find(UNIT_NATURE, "4")
    assert enterprise is not None
    assert (enterprise.zh, enterprise.en) == ("企业", "enterprise")
    assert BOOK.find(UNIT_NATURE, "999") is None
    assert BOOK.find(UNIT_NATURE, None) is None
    old = CodeBook([Code("language", "1", "中文简体", active=False)], [])
    found = old.find("language", "1")
    assert found is not None
    assert not found.active


def test_extras_hold_what_only_some_tables_have() -> None:
    news = BOOK.find(SERVICE_CONTENT, "5")
    portal = BOOK.find(SERVICE_CONTENT, "8")
    assert news is not None
    assert portal is not None
    assert (news.extras["group"], news.extras["needs_pre_approval"]) == ("501", True)
    assert portal.extras["needs_pre_approval"] is False
    assert BOOK.person_nature == "5"
    assert [BOOK.is_individual(nature) for nature in ("5", "4", "77", None)] == [True, False, None, None]


@pytest.mark.shows("C75")
def test_certificate_types_go_with_a_unit_nature() -> None:
    def codes(nature: str) -> list[str]:
        return [code.code for code in BOOK.certificate_types(nature)]

    assert codes("5") == ["2", "7", "8", "11", "14", "30", "41", "42"]
    assert codes("4") == ["1", "12", "27", "46", "47", "48", "49"]
    passport = BOOK.find(CERTIFICATE_TYPE, "7")
    assert passport is not None
    assert BOOK.fits(passport, "5")
    assert not BOOK.fits(passport, "4")


def test_divisions_know_their_parents_and_their_province() -> None:
    assert len(list(BOOK.divisions())) == 3348
    assert [d.name for d in BOOK.line("210202")] == ["中山区", "大连市", "辽宁省"]
    province = BOOK.province_of("210202")
    assert province is not None
    assert province.code == "210000"
    assert BOOK.province_of("999999") is None
    assert BOOK.province_of(None) is None
    assert BOOK.line("999999") == []


def test_every_shipped_division_hangs_in_a_province_that_ships() -> None:
    for division in BOOK.divisions():
        province = BOOK.province_of(division.code)
        assert province is not None
        assert province.code in provinces()


def test_divisions_in_a_circle_have_no_province() -> None:
    book = CodeBook([], [Division("1", "甲", 2, "2"), Division("2", "乙", 2, "1")])
    assert book.province_of("1") is None


def test_a_statistical_zone_is_no_division_to_choose() -> None:
    zones = [division for division in BOOK.divisions() if not division.active]
    assert len(zones) == 124


def test_the_fingerprint_changes_with_a_row_and_not_with_the_order() -> None:
    rows = [Code("language", "1", "中文"), Code("language", "2", "英文")]
    same = CodeBook(reversed(rows), [])
    other = CodeBook([rows[0], Code("language", "2", "英文", active=False)], [])
    assert CodeBook(rows, []).fingerprint == same.fingerprint
    assert CodeBook(rows, []).fingerprint != other.fingerprint


def test_provinces_carry_their_letter_and_their_server_location() -> None:
    assert len(provinces()) == 31
    sichuan = province_of("510104")
    assert sichuan is not None
    assert (sichuan.prefix, sichuan.alternatives, sichuan.server_location) == ("蜀", ("川",), "24")
    liaoning = province_of("210202")
    assert liaoning is not None
    assert (liaoning.prefix, liaoning.alternatives, liaoning.en) == ("辽", (), "Liaoning")
    assert province_of("990000") is None
