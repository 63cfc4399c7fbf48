"""A claimed filing number: a website's, of a province, in the spellings people use."""

import pytest

from authority.numbers import MalformedFilingNumber, parse_filing_number
from rules.filing_number import judge_filing_number

PATH = ("websites", "W1", "filingNumber")
RIGHT = [
    "辽ICP备06013570号-1",
    "辽ICP备2026000001号-12",
    "京icp备06013570号-1",
    " 辽 ICP备 06013570 号 - 1 ",
    "辽ＩＣＰ备０６０１３５７０号－１",
    "辽ICP備06013570號-1",
    "辽ICP备06013570号—1",
    "川ICP备06013570号-1",
    "蜀ICP备06013570号-1",
]
WRONG = [
    "",
    "06013570",
    "辽ICP备0601357号-1",
    "辽ICP备060135701号-1",
    "辽ICP备06013570号-0",
    "辽ICP备06013570号-",
    "甲ICP备06013570号-1",
    "辽ICP证06013570号-1",
    "辽B2-20090059-1",
    "辽ICP备06013570号-1-2",
]


@pytest.mark.shows("C46", "C61")
@pytest.mark.parametrize("text", RIGHT)
def test_a_websites_number_passes_in_all_its_spellings(text: str) -> None:
    assert judge_filing_number(text, PATH) is None


@pytest.mark.shows("C61")
@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_filing_number_is_told_with_an_example(text: str) -> None:
    finding = judge_filing_number(text, PATH)
    assert finding is not None
    assert (finding.rule, finding.severity, finding.path) == ("BEIAN-FILING-NUMBER", "ERROR", PATH)
    assert "辽ICP备13000001号-1" in finding.message_zh
    assert "辽ICP备13000001号-1" in finding.message_en


def test_the_number_of_a_subject_is_not_that_of_a_website() -> None:
    finding = judge_filing_number("辽ICP备06013570号", PATH)
    assert finding is not None
    assert finding.rule == "BEIAN-FILING-NUMBER"
    assert "主体备案号" in finding.message_zh
    assert "number of a subject" in finding.message_en


@pytest.mark.parametrize("text", RIGHT)
def test_the_desk_reads_every_number_that_passes(text: str) -> None:
    assert parse_filing_number(text).website_index in (1, 12)


@pytest.mark.parametrize("text", WRONG)
def test_the_desk_reads_none_that_is_refused(text: str) -> None:
    with pytest.raises(MalformedFilingNumber):
        parse_filing_number(text)
