"""Filing numbers: what is read, what is issued, what is refused."""

import pytest

from authority.numbers import (
    FilingNumber,
    MalformedFilingNumber,
    UnknownProvince,
    make_filing_number,
    parse_filing_number,
    province_prefix,
)

PREFIXES = {
    110000: "京", 120000: "津", 130000: "冀", 140000: "晋", 150000: "蒙", 210000: "辽", 220000: "吉", 230000: "黑",
    310000: "沪", 320000: "苏", 330000: "浙", 340000: "皖", 350000: "闽", 360000: "赣", 370000: "鲁", 410000: "豫",
    420000: "鄂", 430000: "湘", 440000: "粤", 450000: "桂", 460000: "琼", 500000: "渝", 510000: "蜀", 520000: "黔",
    530000: "滇", 540000: "藏", 610000: "陕", 620000: "陇", 630000: "青", 640000: "宁", 650000: "新",
}  # fmt: skip


@pytest.mark.shows("C46")
def test_every_province_issues_under_its_own_prefix() -> None:
    assert len(PREFIXES) == 31
    assert {code: province_prefix(code) for code in PREFIXES} == PREFIXES


@pytest.mark.shows("C46")
@pytest.mark.parametrize(
    ("division", "year", "running", "written"),
    [
        (210000, 2026, 1, "辽ICP备2026000001号"),
        (440305, 2026, 42, "粤ICP备2026000042号"),
        (510100, 2027, 999999, "蜀ICP备2027999999号"),
        (540000, 2026, 7, "藏ICP备2026000007号"),
        (610113, 2026, 120, "陕ICP备2026000120号"),
    ],
)
def test_a_subject_number_has_four_digits_of_year_and_six_running(
    division: int, year: int, running: int, written: str
) -> None:
    assert str(make_filing_number(division, year, running)) == written


@pytest.mark.shows("C46")
def test_a_website_number_is_the_subjects_with_its_serial() -> None:
    subject = make_filing_number(210000, 2026, 1)
    assert str(subject.website(1)) == "辽ICP备2026000001号-1"
    assert str(subject.website(12)) == "辽ICP备2026000001号-12"
    assert subject.website(12).subject == subject


@pytest.mark.parametrize("index", [0, -1])
def test_a_website_serial_starts_at_one(index: int) -> None:
    with pytest.raises(ValueError, match="start at 1"):
        make_filing_number(210000, 2026, 1).website(index)


@pytest.mark.parametrize("running", [0, 1_000_000])
def test_a_running_number_outside_six_digits_is_not_issued(running: int) -> None:
    with pytest.raises(ValueError, match="no filing number"):
        make_filing_number(210000, 2026, running)


@pytest.mark.parametrize("division", [710000, 810000, 990000, 0, -1])
def test_a_division_of_no_province_gets_no_number(division: int) -> None:
    with pytest.raises(UnknownProvince) as caught:
        make_filing_number(division, 2026, 1)
    assert caught.value.code == division


@pytest.mark.shows("C46")
@pytest.mark.parametrize(
    ("text", "prefix", "serial", "index"),
    [
        ("辽ICP备06013570号", "辽", "06013570", None),
        ("辽ICP备06013570号-1", "辽", "06013570", 1),
        ("沪ICP备2021000123号-10", "沪", "2021000123", 10),
        (" 辽 icp备 06013570 号 - 2 ", "辽", "06013570", 2),
        ("辽ＩＣＰ备０６０１３５７０号－３", "辽", "06013570", 3),
        ("京ICP備05000001號–4", "京", "05000001", 4),
        ("川ICP备05000001号", "蜀", "05000001", None),
        ("贵ICP备05000001号", "黔", "05000001", None),
        ("云ICP备05000001号", "滇", "05000001", None),
        ("秦ICP备05000001号", "陕", "05000001", None),
        ("甘ICP备05000001号-1", "陇", "05000001", 1),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, prefix: str, serial: str, index: int | None) -> None:
    assert parse_filing_number(text) == FilingNumber(prefix, serial, index)


@pytest.mark.shows("C46")
@pytest.mark.parametrize("alternative", ["川", "贵", "云", "秦", "甘"])
def test_an_older_prefix_is_never_issued(alternative: str) -> None:
    issued = {str(make_filing_number(code, 2026, 1))[0] for code in PREFIXES}
    assert alternative not in issued
    assert not str(parse_filing_number(f"{alternative}ICP备05000001号")).startswith(alternative)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "辽ICP备0601357号",
        "辽ICP备060135701号",
        "辽ICP备06013570101号",
        "辽ICP备06013570",
        "ICP备06013570号",
        "港ICP备06013570号",
        "辽辽ICP备06013570号",
        "辽ICP证060135号",
        "粤B2-20090059-1",
        "辽ICP备06013570号-0",
        "辽ICP备06013570号-01",
        "辽ICP备06013570号-",
        "辽ICP备06013570号-1-2",
        "辽ICP备0601357O号",
        "辽ICP备06013570号x",
        "辽ICP备٠٦٠١٣٥٧٠号",
    ],
)
def test_a_malformed_number_is_refused_with_what_was_given(text: str) -> None:
    with pytest.raises(MalformedFilingNumber) as caught:
        parse_filing_number(text)
    assert caught.value.text == text
