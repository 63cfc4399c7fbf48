"""Opaque ids: how a row's number is shown outside, typed by its prefix so that no id passes for another kind's."""

from models.access import Access, IpRange
from models.account import Account
from models.article import Article
from models.attachment import Attachment, StoredFile
from models.credential import ApiToken
from models.desk import CannedReason
from models.event import FilingEvent
from models.filing import Filing, Note, PasswordGrant
from models.joint_act import JointAct
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain

PREFIXES: dict[type, str] = {
    Account: "acc",
    ApiToken: "tok",
    Subject: "sub",
    Website: "web",
    WebsiteDomain: "dom",
    Access: "axs",
    IpRange: "ipr",
    Filing: "fil",
    Note: "note",
    FilingEvent: "evt",
    PreApproval: "pap",
    StoredFile: "file",
    Attachment: "att",
    Article: "art",
    CannedReason: "rsn",
    JointAct: "act",
    PasswordGrant: "grant",
}
_MODELS = {prefix: model for model, prefix in PREFIXES.items()}
_LARGEST = 2**63 - 1


def node_id(model: type, number: int) -> str:
    """The id shown for row `number` of `model`."""
    return f"{PREFIXES[model]}_{number}"


def number_of(model: type, text: str) -> int | None:
    """The row number behind an id of `model`; None for anything malformed or of another kind."""
    prefix, separator, digits = text.partition("_")
    if not separator or prefix != PREFIXES[model] or not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) > 19 or digits.startswith("0"):
        return None
    number = int(digits)
    return number if number <= _LARGEST else None


def model_of(text: str) -> type | None:
    """The model that an id belongs to; None for a malformed one."""
    return _MODELS.get(text.partition("_")[0])
