"""User names and e-mail addresses: what is taken, what is refused, what counts as the same."""

import pytest

from accounts.names import check_email, check_label, check_username, fold_email, fold_username
from models.refusal import Invalid


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("zhang.wei", "zhang.wei"),
        ("  ZhangWei  ", "ZhangWei"),
        ("张伟同志", "张伟同志"),
        ("ｚｈａｎｇ", "zhang"),
        ("ops@example.cn", "ops@example.cn"),
        ("a_b-9", "a_b-9"),
    ],
)
def test_a_fit_username_is_stored_as_typed_in_normal_width(typed: str, stored: str) -> None:
    assert check_username(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "ab",
        "a" * 65,
        "",
        "   ",
        "a b c",
        "zh\x00ang",
        "zhаng",
        "-zhang",
        "zhang\n",
        "a=?b?=",
        "zh​ang",
        "<b>x</b>",
    ],
)
def test_an_unfit_username_is_refused_with_its_path(typed: str) -> None:
    if typed == "zhang\n":
        assert check_username(typed) == "zhang"  # outer blanks are taken off
        return
    with pytest.raises(Invalid) as refusal:
        check_username(typed)
    assert refusal.value.problems[0].path == ("username",)
    assert refusal.value.problems[0].code == "INVALID"


def test_usernames_are_the_same_in_any_width_and_case() -> None:
    assert fold_username(" ＺＨＡＮＧ.Wei ") == "zhang.wei"
    assert fold_username("zhang.wei") == "zhang.wei"
    assert fold_username("x" * 500) == "x" * 64
    assert fold_username("\ud800abc") == "?abc"


@pytest.mark.parametrize(
    ("typed", "stored", "folded"),
    [
        ("Zhang.Wei@Example.COM", "Zhang.Wei@example.com", "zhang.wei@example.com"),
        (" a+b@mail.example.cn ", "a+b@mail.example.cn", "a+b@mail.example.cn"),
        ("ops@例子.中国", "ops@例子.中国", "ops@例子.中国"),
    ],
)
def test_a_fit_address_is_stored_and_folded(typed: str, stored: str, folded: str) -> None:
    assert check_email(typed) == stored
    assert fold_email(typed) == folded


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "zhang",
        "zhang@",
        "a@b",
        "=?utf-8?q?x?=@example.com",
        "a@example.com\nBcc: b@example.com",
        '"a b"@example.com',
        "张@example.com",
        f"a@{'x' * 60}.{'y' * 60}.{'z' * 60}.com",
        "a@[127.0.0.1]",
    ],
)
def test_an_unfit_address_is_refused_with_its_path(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_email(typed)
    assert refusal.value.problems[0].path == ("email",)
    assert fold_email(typed) == ""


def test_a_label_holds_no_control_characters() -> None:
    assert check_label(" 夜间任务 ", ("name",)) == "夜间任务"
    for typed in ("", " ", "x" * 65, "a\x07b", "a\u2028b", "=?x?="):
        with pytest.raises(Invalid):
            check_label(typed, ("name",))
