"""The authority's codes and their classes, against the lists of the specification and of the lifecycle."""

from datetime import timedelta

import pytest

from authority.codes import (
    CallClass,
    Operation,
    ResultClass,
    call_codes,
    call_meaning,
    operations,
    result_codes,
    result_meaning,
)
from authority.desk import DeskAway, DeskError, NotConfigured, PayloadRefused, refusal

LISTED = {
    ResultClass.DECISION: {1001, 1002},
    ResultClass.NOTE: {1060, 1062, 2998, 3998},
    ResultClass.ALREADY_THERE: {1027, 1030, 1032, 1037, 1038, 1039, 1040, 1052},
    ResultClass.PASSWORD: {1018},
    ResultClass.LAST_ACCESS: {1025},
    ResultClass.OURS: {5001, 5002, 5003, 5004, 5005, 5006, 5007, 5009, 5010, 5011, 5999},
}


def test_every_result_code_of_the_specification_has_a_meaning() -> None:
    expected = {
        *range(1001, 1069), 1999, *range(2001, 2057), 2998, 2999, *range(3001, 3038), 3998, 3999,
        *range(5001, 5012), 5999,
    }  # fmt: skip
    assert len(expected) == 178
    assert set(result_codes()) == expected
    assert all(meaning.zh and meaning.en for meaning in result_codes().values())


@pytest.mark.shows("C39")
def test_every_result_code_has_the_class_that_the_lifecycle_gives_it() -> None:
    listed = {code for codes in LISTED.values() for code in codes}
    for kind, codes in LISTED.items():
        assert {m.code for m in result_codes().values() if m.result_class is kind} == codes
    for meaning in result_codes().values():
        assert (meaning.result_class is ResultClass.DATA) == (meaning.code not in listed)


def test_a_code_keeps_the_regulators_own_words() -> None:
    assert result_meaning(1005).zh == "域名已备案"
    assert result_meaning(1003).zh == "主办者冲突"
    assert call_meaning(20).zh == "不在规定报备时间段"


def test_an_unknown_result_code_goes_the_way_of_its_neighbours() -> None:
    assert result_meaning(1998).result_class is ResultClass.DATA
    assert result_meaning(5500).result_class is ResultClass.OURS
    assert "1998" in result_meaning(1998).zh


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (CallClass.SUCCESS, {0, 1}),
        (CallClass.NOTHING_THERE, {2}),
        (CallClass.MORE_WAITING, {3}),
        (CallClass.TRY_LATER, {15, 20, 901, 902, 999}),
        (CallClass.REPAIR_SEQUENCE, {14}),
        (CallClass.REPAIR_CONFIGURATION, {4, 5, 6, 9, 10, 11, 12, 13, 16, 19}),
        (CallClass.REPAIR_PAYLOAD, {7, 8, 17, 18, 21}),
        (CallClass.SLOW_DOWN, {22}),
    ],
)
def test_every_return_code_has_its_handling_class(kind: CallClass, codes: set[int]) -> None:
    assert set(call_codes()) == {*range(23), 901, 902, 999}
    assert {m.code for m in call_codes().values() if m.call_class is kind} == codes


@pytest.mark.parametrize(
    ("code", "error"),
    [(15, DeskAway), (20, DeskAway), (901, DeskAway), (22, DeskAway), (7, PayloadRefused), (8, PayloadRefused),
     (17, PayloadRefused), (18, PayloadRefused), (4, NotConfigured), (19, NotConfigured), (14, NotConfigured),
     (777, PayloadRefused)],
)  # fmt: skip
def test_a_return_code_becomes_the_error_that_says_what_to_do(code: int, error: type[DeskError]) -> None:
    made = refusal(code, timedelta(seconds=9))
    assert type(made) is error
    assert made.code == code
    if isinstance(made, DeskAway):
        assert made.retry_after == timedelta(seconds=9)


def test_every_operation_names_its_upload() -> None:
    assert {operation.value: meaning.upload for operation, meaning in operations().items()} == {
        1: "XZBA", 2: "XZWZ", 3: "XZJR", 4: "BGBA", 5: "ZXBA", 6: "ZXBA", 7: "ZXBA", 35: "XZHYD",
    }  # fmt: skip
    assert operations()[Operation.NEW_FILING].record == "provider subject id"
    assert operations()[Operation.CHANGE].zh == "变更信息"
