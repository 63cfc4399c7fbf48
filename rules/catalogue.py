"""The catalogue (规则目录): every rule told once, with its id, weight, words and source."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules.findings import Finding, Path, Severity, Words

_SPEC = "interface specification V3.0 of the ministry (2013), processing result {}"
_FIELDS = "interface specification V3.0 of the ministry (2013), fields of a filing"
_FIELD_PRACTICE = "practice of access providers, 2012 to 2016"
_HOUSE = "this system"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the law."""

    id: str
    severity: Severity
    words: Words
    source: str

    def at(self, path: Path, detail: Words | None = None, suggestion: str | None = None) -> Finding:
        """A finding of this rule at a place; `detail` says more closely what is wrong, never with a personal value."""
        zh, en = self.words.zh, self.words.en
        if detail is not None:
            zh, en = f"{zh}：{detail.zh}", f"{en}: {detail.en}"
        return Finding(self.id, self.severity, path, zh, en, suggestion, self.source)


def _miit(code: int, zh: str, en: str) -> Rule:
    return Rule(f"MIIT-{code}", Severity.ERROR, Words(zh, en), _SPEC.format(code))


def _own(name: str, zh: str, en: str, source: str = _HOUSE, severity: Severity = Severity.ERROR) -> Rule:
    return Rule(f"BEIAN-{name}", severity, Words(zh, en), source)


ORGANISER_CONFLICT = _miit(1003, "该主办单位已有备案", "This organiser is already filed")
DOMAIN_INVALID = _miit(1004, "域名无效", "Invalid domain")
DOMAIN_TAKEN = _miit(1005, "域名已备案", "The domain is already filed")
IP_INVALID = _miit(1006, "IP地址无效", "Invalid IP address")
CERTIFICATE_INVALID = _miit(1008, "证件无效", "Invalid certificate")
EMAIL_INVALID = _miit(1009, "电子邮箱无效", "Invalid e-mail address")
OFFICE_PHONE_INVALID = _miit(1010, "办公电话无效", "Invalid office phone")
MOBILE_INVALID = _miit(1011, "手机号码无效", "Invalid mobile number")
UNIT_NATURE_INVALID = _miit(1014, "单位性质无效", "Invalid unit nature")
RESIDENT_ID_INVALID = _miit(1015, "身份证号码无效", "Invalid resident ID number")
REGION_INVALID = _miit(1019, "省市县代码有误", "Wrong region code")
HOME_URL_TAKEN = _miit(1021, "首页地址已存在", "The home page is already filed")
HOME_URL_INVALID = _miit(1022, "首页地址格式错误", "Malformed home page address")
IP_OVERLAP = _miit(1024, "IP段互相重叠", "IP ranges overlap")
REASON_INVALID = _miit(1026, "注销理由代码错误", "Wrong cancellation reason")
SITE_OFFICE_PHONE_MISSING = _miit(
    1031, "网站负责人办公电话未填写", "The website principal's office phone is missing"
)
PRE_APPROVAL_INVALID = _miit(1033, "前置审批无效", "Invalid pre-approval")
SERVICE_CONTENT_INVALID = _miit(1034, "服务内容无效", "Invalid service content")
ACCESS_METHOD_INVALID = _miit(1035, "接入方式无效", "Invalid access method")
SERVER_LOCATION_INVALID = _miit(1036, "服务器放置地无效", "Invalid server location")
DOMAIN_REPEATED = _miit(1039, "同一申请中域名重复", "The domain occurs twice in this filing")
HOME_URL_WITHOUT_DOMAIN = _miit(
    1041, "首页地址须包含所报域名之一", "The home page address must contain one of the website's domains"
)
PRINCIPAL_NAME_MISSING = _miit(1044, "主体负责人姓名未填写", "The subject principal's name is missing")
PROVINCE_CHANGED = _miit(1046, "变更不得换省", "A change may not move the subject to another province")
IP_FOREIGN = _miit(
    1063, "IP地址不在本接入商的IP段内", "The IP address is not within this provider's own ranges"
)
DOMAIN_BLACKLISTED = _miit(1064, "域名在黑名单中", "The domain is blacklisted")
SUBJECT_BLACKLISTED = _miit(1065, "主体在黑名单中", "The subject is blacklisted")
LANGUAGE_INVALID = _miit(1066, "网站语言无效", "Invalid website language")
TEXT_UNENCODABLE = _miit(5008, "含有GBK以外的字符", "The text holds characters outside GBK")

REQUIRED = _own("REQUIRED", "必填项未填写", "Required, but missing", _FIELDS)
CONTROL = _own("CONTROL", "含有控制字符", "The text holds control characters")
LENGTH = _own("LENGTH", "内容过长", "Too long", _FIELDS)
TOO_MANY = _own("TOO-MANY", "条目过多", "Too many entries", _FIELDS)
MASKED = _own("MASKED", "提交了掩码后的值", "A masked value was sent back")
REPEATED = _own("REPEATED", "同一选项重复", "The same choice twice", severity=Severity.WARNING)
PLACEHOLDER = _own(
    "PLACEHOLDER",
    "该代码为占位值，不能上报真实管局",
    "This code is a placeholder and cannot be reported to a real authority",
)
ADDRESS_MISSING = _own(
    "ADDRESS", "未填写详细通信地址", "The postal address is missing", _FIELDS, Severity.WARNING
)
ORGANISER_NAME = _own("ORGANISER-NAME", "主办单位名称不合规范", "Unfit organiser name", _FIELD_PRACTICE)
PERSON_NAME = _own("PERSON-NAME", "姓名不合规范", "Unfit personal name", _FIELD_PRACTICE)
WEBSITE_NAME = _own("WEBSITE-NAME", "网站名称不合规范", "Unfit website name", _FIELD_PRACTICE)
WEBSITE_NAME_STATE = _own(
    "WEBSITE-NAME-STATE",
    "网站名称不得以国家级字样开头",
    "The website name begins with a word kept for national bodies",
    _FIELD_PRACTICE,
)
WEBSITE_NAME_INDIVIDUAL = _own(
    "WEBSITE-NAME-INDIVIDUAL",
    "个人网站名称不宜含单位、行业、地区或人名",
    "A person's website should not be named after a company, trade, place or person",
    _FIELD_PRACTICE,
    Severity.WARNING,
)
WEBSITE_NAME_UNRELATED = _own(
    "WEBSITE-NAME-UNRELATED",
    "网站名称看似与单位名称无关",
    "The website name seems unrelated to the organiser's name",
    _FIELD_PRACTICE,
    Severity.INFO,
)

_PROVINCIAL = "rule of the subject's province"
PROVINCE_NOT_SERVED = _own(
    "PROVINCE-NOT-SERVED",
    "本接入商不受理该省备案",
    "This provider takes no filings of that province",
    _PROVINCIAL,
)
ONE_DOMAIN = _own("ONE-DOMAIN", "一个网站只能有一个域名", "A website may have one domain only", _PROVINCIAL)
SITE_NAME_IS_UNIT = _own(
    "SITE-NAME-IS-UNIT",
    "网站名称须与单位名称一致",
    "The website must bear the organiser's name",
    _PROVINCIAL,
)
FOREIGN_DOMAIN = _own(
    "FOREIGN-DOMAIN", "该省不受理境外域名", "Domains of foreign countries are refused there", _PROVINCIAL
)
ORG_DOMAIN = _own(
    "ORG-DOMAIN",
    ".org域名限事业单位和社会团体",
    "A .org domain is kept for institutions and associations there",
    _PROVINCIAL,
)
TRANSCODED_DOMAIN = _own(
    "TRANSCODED-DOMAIN",
    "该省不受理转码的中文域名",
    "Chinese domains in transcoded form are refused there",
    _PROVINCIAL,
)
LOCAL_ID = _own(
    "LOCAL-ID", "个人备案须持本省身份证", "A person must hold an ID of that province", _PROVINCIAL
)
PROVINCE_ASKS = _own(
    "PROVINCE-ASKS", "该省另有要求", "That province asks for more", _PROVINCIAL, Severity.WARNING
)

FILING_NUMBER = _own("FILING-NUMBER", "备案号格式错误", "Malformed filing number", _FIELDS)
NOTHING_CHANGED = _own("NOTHING-CHANGED", "变更申请没有改动任何内容", "This change changes nothing")
BASE_CHANGED = _own(
    "BASE-CHANGED",
    "开始变更后，在案数据已有更新，请核对后重新保存",
    "The data in force changed after this change was begun: look at them and save again",
)
CHANGE_NEEDS_WEBSITE = _own(
    "CHANGE-NEEDS-WEBSITE",
    "变更申请须带至少一个在本接入商接入的网站",
    "A change carries at least one website that has an access at this provider",
    "interface specification V3.0 of the ministry (2013), upload of a change",
)
EMPTY_SHELL = _own(
    "EMPTY-SHELL",
    "这是该网站唯一的接入，取消后网站将成为空壳网站，管局可能拒绝，建议改为注销网站",
    "This is the website's only access: without it the website becomes an empty shell, which the authority may refuse; "
    "consider cancelling the website instead",
    _SPEC.format(1025),
    Severity.WARNING,
)
LAST_WEBSITE = _own(
    "LAST-WEBSITE",
    "这是该主体最后一个网站，注销后主体将成为空壳主体，建议改为注销主体",
    "This is the subject's last website: without it the subject becomes an empty shell; "
    "consider cancelling the subject instead",
    _HOUSE,
    Severity.WARNING,
)
DOCUMENT = _own("DOCUMENT", "缺少附件", "A document is missing", _FIELDS, Severity.WARNING)

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in list(globals().values()) if isinstance(rule, Rule)}
)
