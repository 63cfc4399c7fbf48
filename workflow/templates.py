"""The mails' texts: Chinese first, English after it, plain; what people typed stands in the body, never in a header."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ENCODED_WORD = "=?"


class Unmailable(Exception):
    """A mail that can never be made; the text says why, without personal data."""


@dataclass(frozen=True)
class Template:
    """One kind of mail. Fields in braces are the data it needs; those in `long` may run over several lines."""

    subject: str
    zh: str
    en: str
    long: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Letter:
    """A mail's words: the subject line and the plain text."""

    subject: str
    text: str


TEMPLATES: dict[str, Template] = {
    "password_reset": Template(
        subject="【备案】重置登录密码 / Reset your password",
        zh="""{username}，您好：

有人为您的账号申请了重置登录密码。请在{minutes}分钟内打开以下链接设置新密码：

{link}

链接只能使用一次。如非本人操作，请忽略此邮件，您的密码不会改变。""",
        en="""A password reset was asked for the account {username}. Open the link above within {minutes} minutes
to set a new password; it works once. If it was not you, ignore this mail: nothing changes.""",
    ),
    "filing_returned": Template(
        subject="【备案】备案申请被退回，请修改后重新提交 / Your filing was returned",
        zh="""{name}，您好：

“{subject}”的备案申请未通过接入商核实，已退回。核实意见：

{message}

请登录查看各项意见，修改后重新提交：
{url}""",
        en="""The ICP filing of “{subject}” was returned by the provider, for the reasons above.
Please sign in, read the notes on each field, mend it and submit it again.""",
        long=frozenset({"message"}),
    ),
    "filing_approved": Template(
        subject="【备案】备案申请已通过审核 / Your filing was approved",
        zh="""{name}，您好：

“{subject}”的备案申请已通过管局审核。主体备案号：

{number}

各网站的备案号请登录查看：
{url}

请在网站首页底部标明网站备案号。备案密码将另行发送至主体负责人的邮箱。""",
        en="""The ICP filing of “{subject}” was approved by the authority; its filing number stands above.
The numbers of the websites are shown after you sign in. The filing password goes to the mailbox of
the subject's principal in a mail of its own.""",
    ),
    "filing_refused": Template(
        subject="【备案】备案申请未通过管局审核 / Your filing was refused by the authority",
        zh="""{name}，您好：

“{subject}”的备案申请未通过管局审核。管局意见：

{opinion}

请登录查看，修改后重新提交：
{url}""",
        en="""The ICP filing of “{subject}” was refused by the authority, for the reasons above.
Please sign in, mend it and submit it again.""",
        long=frozenset({"opinion"}),
    ),
    "filing_password": Template(
        subject="【备案】您的备案密码 / Your filing password",
        zh="""主体负责人，您好：

“{subject}”的备案申请已通过审核，主体备案号：{number}

备案密码：{password}

今后变更、注销备案或新增网站、接入时需要此密码。请妥善保管，不要转发或告知他人。""",
        en="""The ICP filing of “{subject}” was approved; its filing number and its filing password stand above.
The password is needed to change or cancel the filing and to add websites to it. Keep it to yourself.""",
    ),
}
_FOOTER = """

--
{provider}此邮件由备案系统自动发出，请勿回复。This mail was sent automatically; please do not reply.
"""


def render(name: str, data: Mapping[str, str], provider: str = "") -> Letter:
    """The words of the mail `name` about `data`; `provider` signs it. Data that it does not name are left out.

    Raises Unmailable for an unknown template and for data that it needs and has not got.
    """
    template = TEMPLATES.get(name)
    if template is None:
        raise Unmailable("no such template")
    needed = needs(name)
    if lacking := sorted(needed - data.keys()):
        raise Unmailable(f"template {name} lacks {', '.join(lacking)}")
    values = {field: _clean(data[field], field in template.long) for field in needed}
    text = f"{template.zh}\n\n--------\n\n{template.en}".format(**values)
    signature = f"{_clean(provider, False)}  " if provider else ""
    return Letter(header_text(template.subject), text + _FOOTER.format(provider=signature))


def needs(name: str) -> frozenset[str]:
    """The names of the data that a template needs."""
    template = TEMPLATES[name]
    fields = (field for _, field, _, _ in Formatter().parse(f"{template.zh}{template.en}"))
    return frozenset(field for field in fields if field)


def header_text(text: str) -> str:
    """The text, if it may stand in a header.

    Raises Unmailable for line ends, other control characters and the mark of an encoded word, by which a header can
    be smuggled into a mail (CVE-2024-6923).
    """
    if _CONTROLS.search(text) or _ENCODED_WORD in text:
        raise Unmailable("a header would hold control characters or an encoded word")
    return text


def _clean(value: str, long: bool) -> str:
    """What was typed, without control characters; on one line unless it may be `long`."""
    lines = (_CONTROLS.sub(" ", line).strip() for line in re.split(r"\r\n|\r|\n", value))
    return ("\n" if long else " ").join(lines).strip() or "—"
