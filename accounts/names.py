"""Names: how user names and e-mail addresses are written, checked and compared."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from models.refusal import Invalid

# ASCII and Han only: letters of other scripts look like these and would let one account pass for another
_USERNAME = re.compile(
    r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"
    r"[0-9A-Za-z._@\-\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]{2,63}"
)
MOST_EMAIL_CHARACTERS = 128
MOST_LABEL_CHARACTERS = 64


def fold_username(text: str) -> str:
    """The form user names are compared in: width, case and outer blanks make no difference; refuses nothing."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().casefold())
    return folded.encode(errors="replace").decode()[:64]


def check_username(text: str) -> str:
    """The user name as it is stored; raises Invalid where it is not 3 to 64 letters, digits, Han or `. _ - @`."""
    username = unicodedata.normalize("NFKC", text).strip()
    if not _USERNAME.fullmatch(username):
        raise Invalid(
            ("username",),
            "用户名须为3至64个字符，只能包含字母、数字、汉字和“. _ - @”，且以字母、数字或汉字开头。",
            "A user name has 3 to 64 letters, digits, Chinese characters or . _ - @, and does not begin with a sign.",
        )
    return username


def fold_email(text: str) -> str:
    """The form addresses are compared in; refuses nothing, gives an empty text for what is no address."""
    try:
        return _parse(text).casefold()[:MOST_EMAIL_CHARACTERS]
    except EmailNotValidError:
        return ""


def check_email(text: str) -> str:
    """The address as it is stored; raises Invalid for what mail cannot be sent to, without asking the network."""
    try:
        return _parse(text)
    except EmailNotValidError:
        raise Invalid(
            ("email",), "电子邮箱地址不正确。", "This is not an e-mail address that can be used."
        ) from None


def check_label(text: str, path: tuple[str, ...]) -> str:
    """A free name such as a token's: 1 to 64 characters, none of them a control character; raises Invalid."""
    label = text.strip()
    if not 1 <= len(label) <= MOST_LABEL_CHARACTERS or not label.isprintable() or "=?" in label:
        raise Invalid(path, "名称须为1至64个可见字符。", "A name has 1 to 64 printable characters.")
    return label


def _parse(text: str) -> str:
    address = text.strip()
    # an encoded word smuggles line breaks into mail headers on Python before 3.11.10 (CVE-2024-6923)
    if "=?" in address or len(address) > MOST_EMAIL_CHARACTERS:
        raise EmailNotValidError
    found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    if len(found.normalized) > MOST_EMAIL_CHARACTERS:
        raise EmailNotValidError
    return str(found.normalized)
