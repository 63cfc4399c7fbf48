"""Website names (网站名称): Chinese, long enough, no domain, no national word, and fit for who runs the site."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from rules.case import Case
from rules.catalogue import (
    SITE_NAME_IS_UNIT,
    WEBSITE_NAME,
    WEBSITE_NAME_INDIVIDUAL,
    WEBSITE_NAME_STATE,
    WEBSITE_NAME_UNRELATED,
)
from rules.findings import Finding, Path, Words
from rules.provinces import provinces
from rules.shipped import read

SEPARATOR = ";"
MIN_LENGTH = 2

_CHINESE = re.compile(r"[\u3007\u4e00-\u9fff]")
_ALLOWED = re.compile(r"[0-9A-Za-z\u3007\u4e00-\u9fff.·()（）《》、\- ]+")
_DOMAIN = re.compile(r"[0-9A-Za-z]\.[A-Za-z]{2}|www\.", re.IGNORECASE)

_TOO_SHORT = Words("至少两个字符", "at least two characters")
_NO_CHINESE = Words("不能全为数字或字母", "not digits or Latin letters alone")
_DOMAIN_IN_NAME = Words("不能含有域名", "it must not hold a domain name")
_SPECIAL = Words("不能含有特殊符号", "it must not hold special characters")


def judge_website_name(case: Case, name: str, path: Path) -> Iterator[Finding]:
    """The findings of a website's name, or of its several names separated by ";", the first of each kind alone."""
    names = name.split(SEPARATOR)
    fault = next((detail for one in names if (detail := _fault(one)) is not None), None)
    if fault is not None:
        yield WEBSITE_NAME.at(path, fault)
        return
    organiser = case.form.subject.name or ""
    if any(_is_state_name(one, organiser) for one in names):
        yield WEBSITE_NAME_STATE.at(path)
    if case.individual:
        if any(_is_unfit_for_a_person(one, organiser) for one in names):
            yield WEBSITE_NAME_INDIVIDUAL.at(path)
    elif case.individual is False and organiser:
        if case.law.switch("site_name_equals_unit", case.province):
            if name != organiser:
                yield SITE_NAME_IS_UNIT.at(path, suggestion=organiser)
        elif not any(_pairs(one) & _pairs(organiser) for one in names):
            yield WEBSITE_NAME_UNRELATED.at(path)


def _fault(name: str) -> Words | None:
    if len(name.strip()) < MIN_LENGTH:
        return _TOO_SHORT
    if _DOMAIN.search(name):
        return _DOMAIN_IN_NAME
    if not _ALLOWED.fullmatch(name):
        return _SPECIAL
    return None if _CHINESE.search(name) else _NO_CHINESE


def _is_state_name(name: str, organiser: str) -> bool:
    """Whether the name begins with a national word that the organiser does not bear itself."""
    return any(name.startswith(word) and not organiser.startswith(word) for word in _words("state_words"))


def _is_unfit_for_a_person(name: str, person: str) -> bool:
    places = (province.short for province in provinces().values())
    return any(word in name for word in (*_words("individual_words"), *places, person) if word)


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters."""
    return {a + b for a, b in pairwise(text) if _CHINESE.match(a) and _CHINESE.match(b)}


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(read("website_names")[kind])
