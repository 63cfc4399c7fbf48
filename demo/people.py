"""People (人物): invented names with resident IDs that pass every check, mobiles and mailboxes that reach nobody."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

from demo.draw import scatter
from demo.places import Place

_FAMILY = (
    ("林", "lin"),
    ("苏", "su"),
    ("沈", "shen"),
    ("顾", "gu"),
    ("程", "cheng"),
    ("陆", "lu"),
    ("秦", "qin"),
    ("许", "xu"),
    ("叶", "ye"),
    ("方", "fang"),
    ("韩", "han"),
    ("温", "wen"),
    ("江", "jiang"),
    ("白", "bai"),
    ("齐", "qi"),
    ("孟", "meng"),
    ("欧阳", "ouyang"),
    ("司徒", "situ"),
)
_GIVEN = (
    ("知远", "zhiyuan"),
    ("若水", "ruoshui"),
    ("清扬", "qingyang"),
    ("子墨", "zimo"),
    ("语桐", "yutong"),
    ("星野", "xingye"),
    ("怀瑾", "huaijin"),
    ("云舒", "yunshu"),
    ("安澜", "anlan"),
    ("景行", "jingxing"),
    ("念真", "nianzhen"),
    ("望舒", "wangshu"),
    ("明", "ming"),
    ("岚", "lan"),
    ("越", "yue"),
    ("菁", "jing"),
)
_MOBILE_PREFIXES = ("130", "131", "133", "135", "136", "138", "139", "150", "158", "186", "187", "191", "199")
_MAIL_DOMAINS = ("example.com", "example.net", "example.org")  # RFC 2606: owned by nobody
_FIRST_BIRTHDAY = date(1955, 1, 1)
_BIRTHDAYS = 18_000  # up to the spring of 2004


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    name: str
    resident_id: str
    mobile: str
    email: str


def person(lot: Random, where: Place, number: int) -> Person:
    """A person born in a place. Equal places with different numbers below 18,000 give different resident IDs."""
    (family, family_pinyin), (given, given_pinyin) = lot.choice(_FAMILY), lot.choice(_GIVEN)
    mailbox = f"{given_pinyin}.{family_pinyin}{lot.randint(1, 999)}@{lot.choice(_MAIL_DOMAINS)}"
    return Person(family + given, resident_id(where.division, number), mobile(lot), mailbox)


def resident_id(division: str, number: int) -> str:
    """A resident ID (身份证号), right to its check character; order number 000 keeps it clear of real people."""
    born = _FIRST_BIRTHDAY + timedelta(days=scatter(number, _BIRTHDAYS))
    body = f"{division}{born:%Y%m%d}000"
    return body + str(ric.calc_check_digit(body + "0"))


def mobile(lot: Random) -> str:
    """A mobile number of right form, in the block 0000 that the protocol's own examples use."""
    return f"{lot.choice(_MOBILE_PREFIXES)}0000{lot.randint(0, 9999):04d}"
