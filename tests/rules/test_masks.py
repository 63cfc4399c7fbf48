"""Masks: what is shown of a personal value, and that a mask is known again."""

import pytest

from rules.masks import is_masked, mask, mask_email


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("210202199001010010", "210***********0010"),
        ("13800000000", "138****0000"),
        ("13800000000;13900001234", "138****0000;139****1234"),
        ("E123456789", "E12***6789"),
        ("E12345678", "E***"),
        ("7", "7***"),
        ("", "***"),
    ],
)
def test_a_value_is_shown_by_its_ends(value: str, shown: str) -> None:
    assert mask(value) == shown


def test_an_address_keeps_its_first_letter_and_its_domain() -> None:
    assert mask_email("zhangsan@example.com;li@example.cn") == "z***@example.com;l***@example.cn"
    assert mask_email("nonsense") == "n***"


def test_every_mask_is_known_again_and_no_true_value_is_taken_for_one() -> None:
    for value in ("210202199001010010", "13800000000", "E12345678", "1"):
        assert is_masked(mask(value))
        assert not is_masked(value)
    assert is_masked(mask_email("a@example.com"))
