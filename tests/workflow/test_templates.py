"""The mails' texts: both languages, all data named, and headers that nobody can write into."""

import pytest

from workflow.templates import TEMPLATES, Letter, Unmailable, header_text, needs, render

DATA = {
    "password_reset": {"username": "zhang", "link": "http://x/app/reset?token=t", "minutes": "30"},
    "filing_returned": {
        "name": "zhang",
        "subject": "大连公司",
        "message": "请补充\n邮箱",
        "url": "http://x/f",
    },
    "filing_approved": {
        "name": "zhang",
        "subject": "大连公司",
        "number": "辽ICP备2026000001号",
        "url": "http://x/f",
    },
    "filing_refused": {"name": "zhang", "subject": "大连公司", "opinion": "证件不清晰", "url": "http://x/f"},
    "filing_password": {"subject": "大连公司", "number": "辽ICP备2026000001号", "password": "Kv7mQ2"},
    "filing_password_reset": {"subject": "大连公司", "number": "辽ICP备2026000001号", "password": "Kv7mQ2"},
    "filing_password_elsewhere": {"subject": "大连公司", "number": "辽ICP备2026000001号", "to": "h***@x.cn"},
    "filing_done": {
        "name": "zhang",
        "subject": "大连公司",
        "kind": "变更备案",
        "number": "辽ICP备2026000001号",
        "url": "http://x/f",
    },
    "filing_password_renewed": {"subject": "大连公司", "number": "辽ICP备2026000001号", "password": "Kv7mQ2"},
    "filing_password_wrong": {"name": "zhang", "subject": "大连公司", "url": "http://x/f"},
    "filing_password_replaced": {"subject": "大连公司", "number": "辽ICP备2026000001号"},
    "subject_taken_over": {"name": "zhang", "subject": "大连公司", "url": "http://x/s"},
    "subject_given_away": {"name": "zhang", "subject": "大连公司"},
    "invitation": {"username": "zhang", "link": "http://x/app/reset?token=t", "days": "7"},
}


def test_every_mail_is_known_by_the_data_that_it_needs() -> None:
    assert {name: frozenset(data) for name, data in DATA.items()} == {name: needs(name) for name in TEMPLATES}


@pytest.mark.parametrize("name", DATA)
def test_a_mail_shows_all_its_data_in_chinese_first_and_english_after(name: str) -> None:
    letter = render(name, DATA[name], "大连接入商")
    for value in DATA[name].values():
        assert value in letter.text
    assert (
        letter.text.index("您好") < letter.text.index("--------") < letter.text.index("please do not reply")
    )
    assert "大连接入商" in letter.text
    assert letter.subject.startswith("【备案】")


def test_a_password_is_never_in_the_subject_line() -> None:
    assert (
        render("filing_password", DATA["filing_password"]).subject
        == "【备案】您的备案密码 / Your filing password"
    )


def test_data_that_is_missing_or_a_mail_that_is_unknown_is_told_without_the_data() -> None:
    with pytest.raises(Unmailable, match=r"^template filing_password lacks number, password$"):
        render("filing_password", {"subject": "大连公司"})
    with pytest.raises(Unmailable, match=r"^no such template$"):
        render("nothing", {})


def test_what_was_typed_cannot_look_like_another_part_of_the_mail() -> None:
    letter: Letter = render(
        "filing_returned", DATA["filing_returned"] | {"subject": "公司\r\n\r\n备案密码：\x00123"}
    )
    assert "“公司  备案密码： 123”" in letter.text


def test_a_field_in_braces_that_was_typed_stays_as_typed() -> None:
    letter = render("filing_password", DATA["filing_password"] | {"subject": "{password} {0} {x.__class__}"})
    assert "“{password} {0} {x.__class__}”" in letter.text


@pytest.mark.parametrize(
    "text", ["a\nBcc: b", "a\rb", "a\x00b", "a\x85b", "a\u2028b", "=?utf-8?q?hi=0ABcc:_evil@example.com?="]
)
def test_a_header_refuses_line_ends_controls_and_encoded_words(text: str) -> None:
    with pytest.raises(Unmailable):
        header_text(text)


def test_a_header_takes_plain_text_of_any_script() -> None:
    assert header_text("备案 / filing = ok?") == "备案 / filing = ok?"
