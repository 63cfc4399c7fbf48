"""What accounts alone refuse, beside what everything refuses (models.refusal).

models.refusal.Refused
├── WrongCredentials   name or password wrong, account unknown or disabled: never told apart
├── WrongCaptcha       the captcha (验证码) is missing, wrong, used or expired
├── Duplicate          the name is taken
└── KnownAddress       an account has the address already

CredentialRefused      a credential was shown that does not count: HTTP 401, socket 4403; not a payload's answer
"""

from models.refusal import Problem, Refused


class WrongCredentials(Refused):
    """The same for an unknown name, a wrong password and a disabled account."""

    def __init__(self, path: tuple[str, ...] = ("password",)) -> None:
        super().__init__(
            Problem(
                "WRONG_CREDENTIALS", "用户名或密码不正确", "the user name or the password is wrong", path=path
            )
        )


class WrongCaptcha(Refused):
    """The captcha must be asked for again: each can be used once."""

    def __init__(self) -> None:
        super().__init__(
            Problem(
                "WRONG_CAPTCHA",
                "验证码不正确或已失效，请重新获取",
                "the captcha is wrong or no longer valid; ask for a new one",
                path=("captchaAnswer",),
            )
        )


class Duplicate(Refused):
    """Somebody has the user name already."""

    def __init__(self) -> None:
        super().__init__(
            Problem("DUPLICATE", "该用户名已被使用", "this user name is taken", path=("username",))
        )


class KnownAddress(Refused):
    """Some account has the address; only staff are told so."""

    def __init__(self) -> None:
        super().__init__(
            Problem("DUPLICATE", "该邮箱已有账号", "an account has this address already", path=("email",))
        )


class CredentialRefused(Exception):
    """A session or token that is wrong, expired, revoked or of a disabled account; `reason` is for the log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the credential does not count: {reason}")
        self.reason = reason
