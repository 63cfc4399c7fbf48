"""The region (省市县): province and city, and the county where there is one to choose."""

from rules.catalogue import REGION_INVALID
from rules.codes import CITY, PROVINCE, CodeBook
from rules.findings import Finding, Path, Words

_UNKNOWN = Words("没有该行政区划代码", "no division has this code")
_INACTIVE = Words("该行政区划已撤销或不是法定区划", "this division is abolished or not a legal one")
_NO_CITY = Words("只选到省，请选到市和县（区）", "only the province is given: choose the city and the county")
_NO_COUNTY = Words("只选到市，请选到县（区）", "only the city is given: choose the county")


def judge_region(division: str, path: Path, book: CodeBook) -> Finding | None:
    """The finding of a division code, if any; the text names what is missing."""
    known = book.division(division)
    if known is None or book.province_of(division) is None:
        return REGION_INVALID.at(path, _UNKNOWN)
    if not all(part.active for part in book.line(division)):
        return REGION_INVALID.at(path, _INACTIVE)
    if known.level == PROVINCE:
        return REGION_INVALID.at(path, _NO_CITY)
    if known.level == CITY and book.has_active_parts(known):
        return REGION_INVALID.at(path, _NO_COUNTY)
    return None
