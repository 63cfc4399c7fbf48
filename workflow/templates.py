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
    "filing_done": Template(
        subject="【备案】备案申请已通过审核 / Your filing was approved",
        zh="""{name}，您好：

“{subject}”（主体备案号：{number}）的{kind}申请已通过管局审核，即时生效。

详情请登录查看：
{url}""",
        en="""The authority has approved what you asked for about the ICP filing of “{subject}”: {kind}.
It is in force from now on. Please sign in to see it.""",
    ),
    "filing_password_wrong": Template(
        subject="【备案】备案密码未通过管局核对 / The authority did not take the filing password",
        zh="""{name}，您好：

“{subject}”的备案申请已退回：管局核对备案密码不符。请确认备案密码后重新提交，提交时须再次填写备案密码：
{url}

备案密码由原接入商备案时发至主体负责人；遗失的，请向原接入商或管局申请找回。""",
        en="""What you asked for about the ICP filing of “{subject}” came back: the authority did not take its filing
password. Please find the right one and submit again; it is asked for once more.""",
    ),
    "filing_password_renewed": Template(
        subject="【备案】备案密码已更换 / Your new filing password",
        zh="""您好：

“{subject}”（主体备案号：{number}）的主体负责人或其邮箱变更已通过审核，备案密码随之更换，原密码即时失效。

新备案密码：{password}

变更、注销备案或新增网站、接入时需要此密码。请妥善保管，不要转发或告知他人。""",
        en="""A change of the principal of “{subject}”, or of his mailbox, was approved. So the filing password was replaced;
the new one stands above, the old one counts no more. It is needed to change or cancel the filing and to add websites
to it. Keep it to yourself.""",
    ),
    "filing_password_replaced": Template(
        subject="【备案】备案密码已更换 / Your filing password was replaced",
        zh="""您好：

“{subject}”（主体备案号：{number}）的主体负责人或其邮箱已变更，原备案密码即时失效，新备案密码已发送至变更后的邮箱。

如非贵方申请，请立即与接入商联系。""",
        en="""The principal of “{subject}”, or his mailbox, was changed. The old filing password counts no more; the new one
went to the new address. If you did not ask for this, tell the provider at once.""",
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
    "filing_password_reset": Template(
        subject="【备案】备案密码已重置 / Your filing password was replaced",
        zh="""您好：

“{subject}”（主体备案号：{number}）的备案密码已由接入商重置，原密码即时失效。

新备案密码：{password}

变更、注销备案或新增网站、接入时需要此密码。请妥善保管，不要转发或告知他人。""",
        en="""The filing password of “{subject}” was replaced by the provider; the new one stands above, the old one
counts no more. It is needed to change or cancel the filing and to add websites to it. Keep it to yourself.""",
    ),
    "filing_password_elsewhere": Template(
        subject="【备案】备案密码已重置并发送至其他邮箱 / Your filing password was sent elsewhere",
        zh="""主体负责人，您好：

“{subject}”（主体备案号：{number}）的备案密码已凭证明文件、经两名工作人员核实后重置，并发送至其他邮箱：

{to}

原密码即时失效。如非贵方申请，请立即与接入商联系。""",
        en="""The filing password of “{subject}” was replaced on the strength of documents, checked by two of the provider's
staff, and sent to the other address above. The old one counts no more. If you did not ask for this, tell the provider
at once.""",
    ),
    "subject_taken_over": Template(
        subject="【备案】备案主体已转入您的账号 / A filing subject is now yours",
        zh="""{name}，您好：

备案主体“{subject}”及其全部备案已转入您的账号，请登录查看：
{url}""",
        en="""The subject “{subject}” and all its filings belong to your account now. Please sign in to see them.""",
    ),
    "subject_given_away": Template(
        subject="【备案】备案主体已转出您的账号 / A filing subject left your account",
        zh="""{name}，您好：

备案主体“{subject}”及其全部备案已转至另一账号，您不再能查看或办理。如有疑问，请与接入商联系。""",
        en="""The subject “{subject}” and all its filings belong to another account now; you no longer see them.
If this is a surprise, ask the provider.""",
    ),
    "invitation": Template(
        subject="【备案】请设置您的账号密码 / Set the password of your account",
        zh="""您好：

接入商为您开通了备案系统账号，用户名：{username}。请在{days}天内打开以下链接设置密码：

{link}

链接只能使用一次。过期后可在登录页使用“忘记密码”。""",
        en="""The provider made an account of its filing system for you, called {username}. Open the link above within
{days} days to set its password; it works once. Later, use “forgot password” at the sign-in page.""",
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
