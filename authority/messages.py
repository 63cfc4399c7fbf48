"""What passes over the desk: uploads, answers and the blocks they are built of, in the regulator's structure.

Each class stands for one element of the interface specification V3.0, whose tag is named in its docstring.
Codes are the regulator's numbers. `provider_id` is the id that the provider gave (IspZtid, IspWzid, IspYmid,
IspJrid, IspIpid), `authority_id` the one that the authority gave (Ztid, Wzid, Ymid, Jrid, Ipid); an object of
another provider has none of the first, an object not yet filed none of the second.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Address:
    """通信地址 Txdz: codes of province (Shengid), city (Shiid), county (Xianid), the rest as text (Xxdz)."""

    province: int
    city: int
    county: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """证件 Zj of the organiser: type (Zjlx), number (Zjhm), address printed on it (Zjzs)."""

    type: int
    number: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """负责人 Fzr or Wz_Fzr; several phones or mail addresses stand in one text, separated by ";"."""

    name: str | None
    office_phone: str | None
    mobile: str
    email: str
    certificate_type: int | None
    certificate_number: str | None


@dataclass(frozen=True, slots=True)
class IpRange:
    """IP段 Ip_xx: first (Qsip) and last (Zzip) IPv4 address, both in dotted text and both included."""

    provider_id: int | None
    authority_id: int | None
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Domain:
    """域名 Ym_xx."""

    provider_id: int | None
    authority_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class PreApproval:
    """前置审批 Nrlx_xx: type (Nrlx_id) and number of the permit (Qzsph)."""

    type: int
    number: str


@dataclass(frozen=True, slots=True)
class Access:
    """接入 Jr_xx: methods (Jrfs), locations (Fbdd); `provider` (Ispid) is whose it is, none in uploads."""

    provider_id: int | None
    authority_id: int | None
    provider: int | None
    methods: tuple[int, ...]
    locations: tuple[int, ...]
    ranges: tuple[IpRange, ...]


@dataclass(frozen=True, slots=True)
class Website:
    """网站 Wz_xx; several names (Wzmc) stand in one text, separated by ";"; `number` (Baxh) once filed."""

    provider_id: int | None
    authority_id: int | None
    number: str | None
    name: str
    pre_approvals: tuple[PreApproval, ...]
    service_contents: tuple[int, ...]
    languages: tuple[int, ...]
    domains: tuple[Domain, ...]
    accesses: tuple[Access, ...]
    principal: Contact
    home_url: str | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class Subject:
    """主体 Zt_xx: the organiser. `mode` (Bbfs): 0 self-filed (自行报备), 1 filed on behalf (代为报备)."""

    provider_id: int | None
    authority_id: int | None
    number: str | None
    name: str
    unit_nature: int | None
    investor: str | None
    address: Address
    certificate: Certificate
    principal: Contact
    mode: int
    remark: str | None


@dataclass(frozen=True, slots=True)
class NewFiling:
    """新增备案 XZBA: a subject with its websites, in the order in which they were entered."""

    tag: ClassVar[str] = "XZBA"

    subject: Subject
    websites: tuple[Website, ...]


@dataclass(frozen=True, slots=True)
class NewWebsites:
    """新增网站 XZWZ: further websites of a filed subject, named by its number (Ztbah) and its id (Ztid) where known.

    `password` (ICPmm) is the MD5 of the filing password in hex, here and below.
    """

    tag: ClassVar[str] = "XZWZ"

    subject_number: str
    subject_id: int | None
    websites: tuple[Website, ...]
    password: str | None


@dataclass(frozen=True, slots=True)
class NewAccess:
    """新增接入 XZJR: an access of a filed website, named by its number (Wzbah) and its id (Wzid) where known.

    The access's `provider_id` (IspJrid) is new in every upload.
    """

    tag: ClassVar[str] = "XZJR"

    website_number: str
    website_id: int | None
    access: Access
    password: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """变更备案 BGBA: the whole subject and at least one whole website, as they are to be."""

    tag: ClassVar[str] = "BGBA"

    subject: Subject
    websites: tuple[Website, ...]
    password: str | None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """注销备案 ZXBA: category (Zxlb) 0 a subject, 1 a website, 2 an access; `record_id` (Jlid) is its authority id.

    `reason` (Zxly) is the code, `remark` (Zxlybz) the words beside it; `password` is required for a subject.
    """

    tag: ClassVar[str] = "ZXBA"

    category: int
    record_id: int
    reason: int
    remark: str | None
    password: str | None


@dataclass(frozen=True, slots=True)
class FiledRecord:
    """备案数据 BASJ: the whole record as the authority now holds it, accesses of other providers included.

    `reviewed_at` is Shsj or, where that is missing, Zjxgsj; it alone tells an old record from a new one.
    """

    tag: ClassVar[str] = "BASJ"

    subject: Subject
    websites: tuple[Website, ...]
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """管局审核 GJSHS: approved or refused (Shjg), with the opinion (Shyj) and the reviewer's name (Shrxm).

    `operation` (Czlx) says which id `record_id` (Jlid) is: see `authority/data/operation_types.json`.
    """

    tag: ClassVar[str] = "GJSHS"

    operation: int
    record_id: int
    approved: bool
    opinion: str | None
    reviewer: str | None
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class ResultCode:
    """One code (Jgdm) of a processing result, with the authority's explanation (Dmms)."""

    code: int
    description: str | None


@dataclass(frozen=True, slots=True)
class ProcessingResult:
    """备案结果 BAJG: what the processing found; `reference` (Bs) is an id or a number, accept either."""

    tag: ClassVar[str] = "BAJG"

    operation: int
    reference: str | None
    codes: tuple[ResultCode, ...]
    remark: str | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """注销数据 ZXSJ: category (Zxlb) 0 a subject, 1 a website; `record_id` (Jlid) is its authority id."""

    tag: ClassVar[str] = "ZXSJ"

    category: int
    record_id: int
    remark: str | None


Upload: TypeAlias = NewFiling | NewWebsites | NewAccess | Change | Cancellation
"""What a provider may send."""

Answer: TypeAlias = FiledRecord | Decision | ProcessingResult | Cancelled
"""What the authority may send."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One downloaded file: its name and what is in it, in the file's order."""

    file_name: str
    answers: tuple[Answer, ...]
