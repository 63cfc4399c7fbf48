"""The fields of a filing (备案字段): name on the API, words, length, code table, and whether the value is masked.

Lengths are in characters, and the narrower of what an upload takes and what comes back from the authority.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rules.codes import (
    ACCESS_METHOD,
    CANCELLATION_REASON,
    CERTIFICATE_TYPE,
    LANGUAGE,
    SERVER_LOCATION,
    SERVICE_CONTENT,
    UNIT_NATURE,
)
from rules.findings import Words
from rules.form import AccessForm, CancellationForm, ContactForm, FilingForm, SubjectForm, WebsiteForm

T = TypeVar("T")

DIVISIONS = "division"  # stands in a field's `table` for the divisions
IP_LENGTH = 15
IP_RANGES_LIMIT = 100
PRE_APPROVALS_LIMIT = 64
PRE_APPROVAL_NUMBER_LENGTH = 512


@dataclass(frozen=True)  # no slots: a generic class called by its alias sets an attribute
class Field(Generic[T]):
    """One text field. `table` names the code table that its value must be in, None for free text."""

    name: str
    words: Words
    length: int
    read: Callable[[T], str | None]
    table: str | None = None
    masked: bool = False


@dataclass(frozen=True)
class ListField(Generic[T]):
    """A field that holds several texts, at most `limit`, each of at most `length` characters."""

    name: str
    words: Words
    limit: int
    length: int
    read: Callable[[T], tuple[str, ...]]
    table: str | None = None


SUBJECT_NAME = Field[SubjectForm]("name", Words("主办单位名称", "organiser name"), 255, lambda s: s.name)
UNIT_NATURE_FIELD = Field[SubjectForm](
    "unitNature", Words("单位性质", "unit nature"), 3, lambda s: s.unit_nature, UNIT_NATURE
)
CERTIFICATE_TYPE_FIELD = Field[SubjectForm](
    "certificateType",
    Words("证件类型", "certificate type"),
    3,
    lambda s: s.certificate_type,
    CERTIFICATE_TYPE,
)
CERTIFICATE_NUMBER = Field[SubjectForm](
    "certificateNumber",
    Words("证件号码", "certificate number"),
    128,
    lambda s: s.certificate_number,
    masked=True,
)
CERTIFICATE_ADDRESS = Field[SubjectForm](
    "certificateAddress",
    Words("证件住所", "address on the certificate"),
    1024,
    lambda s: s.certificate_address,
)
INVESTOR = Field[SubjectForm](
    "investor", Words("投资人或上级单位", "investor or superior unit"), 255, lambda s: s.investor
)
DIVISION = Field[SubjectForm](
    "division", Words("所在省市县", "administrative division"), 6, lambda s: s.division, DIVISIONS
)
ADDRESS = Field[SubjectForm]("address", Words("通信地址", "postal address"), 1024, lambda s: s.address)
SUBJECT_REMARK = Field[SubjectForm]("remark", Words("备注", "remark"), 1024, lambda s: s.remark)

SUBJECT_FIELDS = (
    SUBJECT_NAME,
    UNIT_NATURE_FIELD,
    CERTIFICATE_TYPE_FIELD,
    CERTIFICATE_NUMBER,
    CERTIFICATE_ADDRESS,
    INVESTOR,
    DIVISION,
    ADDRESS,
    SUBJECT_REMARK,
)

CONTACT_NAME = Field[ContactForm]("name", Words("负责人姓名", "principal's name"), 128, lambda c: c.name)
OFFICE_PHONE = Field[ContactForm](
    "officePhone",
    Words("负责人办公电话", "principal's office phone"),
    128,
    lambda c: c.office_phone,
    masked=True,
)
MOBILE = Field[ContactForm](
    "mobile", Words("负责人手机号码", "principal's mobile number"), 128, lambda c: c.mobile, masked=True
)
EMAIL = Field[ContactForm](
    "email", Words("负责人电子邮箱", "principal's e-mail address"), 128, lambda c: c.email, masked=True
)
CONTACT_CERTIFICATE_TYPE = Field[ContactForm](
    "certificateType",
    Words("负责人证件类型", "principal's certificate type"),
    3,
    lambda c: c.certificate_type,
    CERTIFICATE_TYPE,
)
CONTACT_CERTIFICATE_NUMBER = Field[ContactForm](
    "certificateNumber",
    Words("负责人证件号码", "principal's certificate number"),
    128,
    lambda c: c.certificate_number,
    masked=True,
)

CONTACT_FIELDS = (
    CONTACT_NAME,
    OFFICE_PHONE,
    MOBILE,
    EMAIL,
    CONTACT_CERTIFICATE_TYPE,
    CONTACT_CERTIFICATE_NUMBER,
)

WEBSITE_NAME = Field[WebsiteForm]("name", Words("网站名称", "website name"), 512, lambda w: w.name)
HOME_URL = Field[WebsiteForm]("homeUrl", Words("首页地址", "home page address"), 255, lambda w: w.home_url)
WEBSITE_REMARK = Field[WebsiteForm]("remark", Words("备注", "remark"), 1024, lambda w: w.remark)
WEBSITE_FIELDS = (WEBSITE_NAME, HOME_URL, WEBSITE_REMARK)

DOMAINS = ListField[WebsiteForm]("domains", Words("域名", "domain"), 100, 128, lambda w: w.domains)
SERVICE_CONTENTS = ListField[WebsiteForm](
    "serviceContents",
    Words("服务内容", "service content"),
    64,
    3,
    lambda w: w.service_contents,
    SERVICE_CONTENT,
)
LANGUAGES = ListField[WebsiteForm](
    "languages", Words("网站语言", "website language"), 64, 3, lambda w: w.languages, LANGUAGE
)
WEBSITE_LISTS = (DOMAINS, SERVICE_CONTENTS, LANGUAGES)

METHODS = ListField[AccessForm](
    "methods", Words("接入方式", "access method"), 64, 3, lambda a: a.methods, ACCESS_METHOD
)
SERVER_LOCATIONS = ListField[AccessForm](
    "serverLocations",
    Words("服务器放置地", "server location"),
    64,
    3,
    lambda a: a.server_locations,
    SERVER_LOCATION,
)
ACCESS_LISTS = (METHODS, SERVER_LOCATIONS)

REASON = Field[CancellationForm](
    "reason", Words("注销理由", "cancellation reason"), 3, lambda c: c.reason, CANCELLATION_REASON
)
CANCELLATION_REMARK = Field[CancellationForm](
    "remark", Words("注销备注", "remark on the cancellation"), 1000, lambda c: c.remark
)
CANCELLATION_FIELDS = (REASON, CANCELLATION_REMARK)

CLAIMED_NUMBER = Field[FilingForm](
    "filingNumber", Words("网站备案号", "website filing number"), 40, lambda f: f.claimed_number
)

PRE_APPROVALS_WORDS = Words("前置审批", "pre-approval")
PRE_APPROVAL_NUMBER_WORDS = Words("前置审批号", "pre-approval number")
IP_RANGES_WORDS = Words("IP段", "IP range")
ACCESS_WORDS = Words("接入信息", "access")
WEBSITES_WORDS = Words("网站", "website")


def is_blank(value: str | None) -> bool:
    """Whether nothing was typed: None, or spaces alone."""
    return value is None or not value.strip()


def website_key(website: WebsiteForm, position: int) -> str:
    """What names a website in a path: its id, before it has one its position."""
    return website.id if website.id is not None else str(position)
