"""Places (地点): a county that can be chosen, an address in it, its telephone area code, in every province."""

from dataclasses import dataclass
from functools import cache
from random import Random

from rules.codes import COUNTY, CodeBook
from rules.provinces import Province, provinces

# Area code of each provincial capital, and how many digits a number has there.
_AREAS = {
    "110000": ("010", 8),
    "120000": ("022", 8),
    "130000": ("0311", 8),
    "140000": ("0351", 7),
    "150000": ("0471", 7),
    "210000": ("024", 8),
    "220000": ("0431", 8),
    "230000": ("0451", 8),
    "310000": ("021", 8),
    "320000": ("025", 8),
    "330000": ("0571", 8),
    "340000": ("0551", 8),
    "350000": ("0591", 8),
    "360000": ("0791", 8),
    "370000": ("0531", 8),
    "410000": ("0371", 8),
    "420000": ("027", 8),
    "430000": ("0731", 8),
    "440000": ("020", 8),
    "450000": ("0771", 7),
    "460000": ("0898", 8),
    "500000": ("023", 8),
    "510000": ("028", 8),
    "520000": ("0851", 8),
    "530000": ("0871", 8),
    "540000": ("0891", 7),
    "610000": ("029", 8),
    "620000": ("0931", 7),
    "630000": ("0971", 7),
    "640000": ("0951", 7),
    "650000": ("0991", 7),
}
_STREETS = (
    "长宁街",
    "临江路",
    "望海路",
    "青松巷",
    "文昌大道",
    "桂花路",
    "新桥街",
    "朝霞路",
    "清泉巷",
    "银杏大道",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A county with its province; `city` is its city's name, or the province's own where the city has none."""

    province: Province
    division: str
    city: str
    county: str


def place(index: int, turn: int) -> Place:
    """The place of a subject: provinces take turns by `index`, the counties of one by `turn`."""
    found = tuple(provinces().values())
    province = found[index % len(found)]
    division, city, county = _counties()[province.code][turn % len(_counties()[province.code])]
    return Place(province, division, city, county)


def county_count(province: str) -> int:
    """How many counties of a province can be chosen."""
    return len(_counties()[province])


def street_address(lot: Random, where: Place) -> str:
    """An invented street address in a place."""
    city = "" if where.city == where.province.zh else where.city
    street, number, floor = lot.choice(_STREETS), lot.randint(1, 399), lot.randint(1, 28)
    return f"{where.province.zh}{city}{where.county}{street}{number}号{floor}层"


def office_phone(lot: Random, where: Place) -> str:
    """An office phone of the province's capital; all but Shanghai's begin with zeros, as none in use does."""
    area, digits = _AREAS[where.province.code]
    first = {"021": "5"}.get(area, "0")  # Shanghai's plan knows no number that begins with 0
    extension = f"-{lot.randint(100, 999)}" if lot.random() < 0.2 else ""
    return f"086-{area}-{first}{lot.randint(0, 9999):0{digits - 1}d}{extension}"


@cache
def _counties() -> dict[str, list[tuple[str, str, str]]]:
    book = CodeBook.shipped()
    found: dict[str, list[tuple[str, str, str]]] = {code: [] for code in provinces()}
    for division in book.divisions():
        if division.level != COUNTY or not division.active:
            continue
        _, city, province = book.line(division.code)
        named = (
            province.name
            if city.name == "市辖区" or "直辖县" in city.name or city.name == "县"
            else city.name
        )
        found[province.code].append((division.code, named, division.name))
    return found
