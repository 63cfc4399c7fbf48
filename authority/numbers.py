"""Filing numbers (备案号): reading what people write, and making what the authority issues.

The form is known from the specification and from the footers of public sites: province, `ICP备`, a serial of
eight digits (two for the year) in older numbers and ten (four for the year) in those issued now, `号`, and for
a website `-N` with its serial under the subject.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

from authority.codes import read_table

LAST_RUNNING_NUMBER = 999_999

_FORM = re.compile(
    r"(?P<prefix>\w)ICP备(?P<serial>[0-9]{8}(?:[0-9]{2})?)号(?:-(?P<website>[1-9][0-9]{0,5}))?"
)
_VARIANTS = str.maketrans({"備": "备", "號": "号", "–": "-", "—": "-", "−": "-", "‐": "-"})


class MalformedFilingNumber(ValueError):
    """A text that is not a filing number; `text` is what was given."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a filing number: {text!r}")
        self.text = text


class UnknownProvince(ValueError):
    """A division code, kept as `code`, that lies in none of the 31 provinces that issue filing numbers."""

    def __init__(self, code: int) -> None:
        super().__init__(f"no province issues filing numbers under {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class FilingNumber:
    """A number in its normal form: `prefix` as issued (辽), `serial` of 8 or 10 digits, a website's index."""

    prefix: str
    serial: str
    website_index: int | None = None

    @property
    def subject(self) -> "FilingNumber":
        """The number of the subject that this number belongs to."""
        return replace(self, website_index=None)

    def website(self, index: int) -> "FilingNumber":
        """The number of the subject's website with this serial, counted from 1."""
        if index < 1:
            raise ValueError(f"website serials start at 1, not {index}")
        return replace(self, website_index=index)

    def __str__(self) -> str:
        suffix = "" if self.website_index is None else f"-{self.website_index}"
        return f"{self.prefix}ICP备{self.serial}号{suffix}"


@cache
def _issued() -> dict[int, str]:
    return {row["code"]: row["prefix"] for row in read_table("provinces.json", "provinces")}


@cache
def _accepted() -> dict[str, str]:
    """Every prefix that is read, with the one that is issued for it."""
    rows = read_table("provinces.json", "provinces")
    return {written: row["prefix"] for row in rows for written in (row["prefix"], *row["accepted"])}


def province_prefix(division: int) -> str:
    """Give the prefix of the province that a division code (province, city or county) lies in.

    Raises UnknownProvince.
    """
    prefix = _issued().get(division // 10_000 * 10_000)
    if prefix is None:
        raise UnknownProvince(division)
    return prefix


def make_filing_number(division: int, year: int, running: int) -> FilingNumber:
    """Make a subject's number of ten digits: the year, and `running` from 1 within province and year.

    Raises UnknownProvince, and ValueError when the year or its numbers are used up.
    """
    if not 1000 <= year <= 9999 or not 1 <= running <= LAST_RUNNING_NUMBER:
        raise ValueError(f"no filing number for {running} in {year}")
    return FilingNumber(province_prefix(division), f"{year}{running:06d}")


def parse_filing_number(text: str) -> FilingNumber:
    """Read a number as people write it, and give its normal form; raises MalformedFilingNumber.

    Width, case, blanks, dashes and 備 for 备 do not matter. The older prefixes 川 贵 云 秦 甘 are read as
    those issued, 蜀 黔 滇 陕 陇, so that one number has one form. Licences (ICP证, B2-…) are no filing numbers.
    """
    normal = "".join(unicodedata.normalize("NFKC", text).upper().translate(_VARIANTS).split())
    match = _FORM.fullmatch(normal)
    prefix = _accepted().get(match["prefix"]) if match else None
    if match is None or prefix is None:
        raise MalformedFilingNumber(text)
    website = match["website"]
    return FilingNumber(prefix, match["serial"], int(website) if website else None)
