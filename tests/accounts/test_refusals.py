"""The refusals of accounts carry the contract's codes, name the input and speak both languages."""

from accounts.refusals import Duplicate, WrongCaptcha, WrongCredentials


def test_each_refusal_has_a_code_and_a_path_of_the_contract() -> None:
    told = [
        (refusal.problems[0].code, refusal.problems[0].path)
        for refusal in (WrongCredentials(), WrongCaptcha(), Duplicate())
    ]
    assert told == [
        ("WRONG_CREDENTIALS", ("password",)),
        ("WRONG_CAPTCHA", ("captchaAnswer",)),
        ("DUPLICATE", ("username",)),
    ]


def test_each_refusal_speaks_both_languages() -> None:
    for refusal in (WrongCredentials(), WrongCaptcha(), Duplicate()):
        [problem] = refusal.problems
        assert any("\u4e00" <= character <= "\u9fff" for character in problem.zh)
        assert problem.en.isascii()
