"""Organisers (主办单位): invented bodies of several natures with certificates that pass every check."""

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

from demo.places import Place
from rules.certificate import organisation_check_character

_BRANDS = (
    ("海岸", "haian"),
    ("星禾", "xinghe"),
    ("青屿", "qingyu"),
    ("云岫", "yunxiu"),
    ("松涛", "songtao"),
    ("澄光", "chengguang"),
    ("长汀", "changting"),
    ("南山", "nanshan"),
    ("晓川", "xiaochuan"),
    ("白鹭", "bailu"),
    ("远帆", "yuanfan"),
    ("木棉", "mumian"),
    ("赤松", "chisong"),
    ("丰谷", "fenggu"),
    ("鹿鸣", "luming"),
    ("竹里", "zhuli"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation: unit nature, certificate type, first two characters of its credit code, forms of name."""

    unit_nature: str
    certificate_type: str
    registry: str
    names: tuple[str, ...]
    weight: int


KINDS = (
    Kind(
        "4", "1", "91", ("{city}{brand}科技有限公司", "{city}{brand}商贸有限公司", "{city}{brand}食品厂"), 60
    ),
    Kind("3", "15", "12", ("{city}{brand}图书馆", "{city}{brand}文化馆", "{city}{brand}研究所"), 8),
    Kind("2", "13", "11", ("{city}{brand}街道办事处", "{city}{brand}镇政务服务局"), 4),
    Kind("6", "6", "51", ("{city}{brand}摄影协会", "{city}{brand}棋类协会"), 4),
    Kind("9", "36", "52", ("{city}{brand}社会工作服务中心", "{city}{brand}养老服务中心"), 4),
    Kind("10", "19", "53", ("{city}{brand}助学基金会",), 2),
    Kind("11", "21", "31", ("{city}{brand}律师事务所",), 3),
)


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented organisation. `brand` is the invented word in its name, `latin` the same in letters."""

    kind: Kind
    name: str
    brand: str
    latin: str
    credit_code: str


def firm(lot: Random, where: Place, number: int) -> Firm:
    """An organisation seated in a place; different numbers below ten millions give different credit codes."""
    kind = lot.choices(KINDS, [kind.weight for kind in KINDS])[0]
    brand, latin = lot.choice(_BRANDS)
    name = lot.choice(kind.names).format(city=_short(where.city), brand=brand)
    return Firm(kind, name, brand, latin, credit_code(kind.registry, where.division, number))


def credit_code(registry: str, division: str, number: int) -> str:
    """A unified social credit code (统一社会信用代码) that is right to both its check characters."""
    organisation = f"Y{number:07d}"
    body = f"{registry}{division}{organisation}{organisation_check_character(organisation)}"
    return body + str(uscc.calc_check_digit(body))


def _short(city: str) -> str:
    """A city's name as names of firms carry it."""
    return city.removesuffix("市")
