"""Filing numbers as claimed (备案号): whether a text is the number of a website, in the spellings people use."""

import re
import unicodedata
from functools import cache

from rules.catalogue import FILING_NUMBER
from rules.findings import Finding, Path, Words
from rules.provinces import provinces

# the serial has eight digits in older numbers and ten in those issued now
_FORM = re.compile(r"(?P<prefix>\w)ICP备[0-9]{8}(?:[0-9]{2})?号(?P<website>-[1-9][0-9]{0,5})?")
_VARIANTS = str.maketrans({"備": "备", "號": "号", "–": "-", "—": "-", "−": "-", "‐": "-"})

_WRONG_FORM = Words(
    "应为省份简称、ICP备、8位或10位数字、号和网站序号，如辽ICP备13000001号-1",
    "give province, ICP备, eight or ten digits, 号 and the website's serial, such as 辽ICP备13000001号-1",
)
_OF_A_SUBJECT = Words(
    "这是主体备案号，请填写网站备案号，即末尾带“-序号”的号码",
    'this is the number of a subject: give the website\'s, which ends in "-" and a serial',
)


def judge_filing_number(text: str, path: Path) -> Finding | None:
    """A finding where the text is not the filing number of a website. Width, case, blanks and dashes do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().translate(_VARIANTS).split())
    match = _FORM.fullmatch(plain)
    if match is None or match["prefix"] not in _prefixes():
        return FILING_NUMBER.at(path, _WRONG_FORM)
    return None if match["website"] else FILING_NUMBER.at(path, _OF_A_SUBJECT)


def website_number(text: str) -> str | None:
    """A website's filing number in its normal form; None for anything else."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().translate(_VARIANTS).split())
    return plain if judge_filing_number(plain, ()) is None else None


@cache
def _prefixes() -> frozenset[str]:
    """Every letter that is read as a province's, those no longer issued too."""
    return frozenset(letter for one in provinces().values() for letter in (one.prefix, *one.alternatives))
