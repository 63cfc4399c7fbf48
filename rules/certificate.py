"""Certificates (证件): each kind's number has its own form and check; the kind must fit who carries it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from stdnum.cn import ric, uscc

from rules.catalogue import CERTIFICATE_INVALID, RESIDENT_ID_INVALID
from rules.codes import Code, CodeBook
from rules.findings import Finding, Path, Words
from rules.provinces import provinces

_BUSINESS_LICENCE = re.compile(r"[0-9]{13}|[0-9]{15}")
_ORGANISATION_CODE = re.compile(r"([0-9A-Z]{8})-([0-9X])")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_MILITARY = re.compile(r"[0-9]{4,5}")
_OFFICER = re.compile(r"[\u4e00-\u9fff]{1,4}[0-9]{5,8}号?")
_PASSPORT = re.compile(r"[0-9A-Z]{5,17}")
_TAIWAN_PERMIT = re.compile(r"[0-9]{8}")
_HONG_KONG_MACAU = re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?")
_FOREIGNER = re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]")
_ANY_NUMBER = re.compile(r"[0-9A-Za-z\u3007\u4e00-\u9fff()（）〔〕\[\]第号字/.\- ]{2,}")
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_BEYOND_THE_PROVINCES = frozenset({"71", "81", "82", "83", "91"})  # Taiwan, Hong Kong, Macau, and foreigners

_RESIDENT_ID_FORM = Words(
    "应为18位，出生日期有效，末位校验码为数字或大写X",
    "18 characters with a true birth date and check character, a digit or a capital X",
)
_MISFIT = Words(
    "该证件类型不适用于此单位性质", "this kind of certificate does not belong to this unit nature"
)
_NOT_PERSONAL = Words("负责人须使用个人证件", "a principal carries a personal certificate")
_FORMS: Mapping[str, Words] = MappingProxyType(
    {
        "business_licence": Words(
            "营业执照应为13位或15位数字，或18位统一社会信用代码",
            "a business licence has 13 or 15 digits, or is an 18-character unified social credit code",
        ),
        "credit_code": Words(
            "统一社会信用代码应为18位大写字母数字，末位为校验码",
            "a unified social credit code has 18 digits and capitals, the last a check character",
        ),
        "organisation_code": Words(
            "组织机构代码应为8位加“-”加校验码，或18位统一社会信用代码",
            'an organisation code has 8 characters, "-" and a check character, or is a unified social credit code',
        ),
        "military_designation": Words("军队代号应为4至5位数字", "a military designation has 4 or 5 digits"),
        "passport": Words(
            "护照号应为5至17位大写字母和数字", "a passport number has 5 to 17 capitals and digits"
        ),
        "officer_card": Words(
            "军官证号应为汉字开头加5至8位数字",
            "an officer card begins with its Chinese word, then 5 to 8 digits",
        ),
        "taiwan_permit": Words("台胞证号应为8位数字", "a Taiwan compatriot permit has 8 digits"),
        "hong_kong_macau_permit": Words(
            "通行证号应为H或M加8位或10位数字", "a travel permit is H or M and 8 or 10 digits"
        ),
        "residence_permit": Words(
            "居住证号应为18位，末位为校验码",
            "a residence permit has 18 characters, the last a check character",
        ),
        "foreigner_card": Words(
            "永久居留证号应为3个字母加12位数字，或9开头的18位号码",
            "a permanent residence card is 3 letters and 12 digits, or 18 characters beginning with 9",
        ),
    }
)
_ANY_FORM = Words("证件号码含有不允许的字符", "the number holds characters that no certificate has")


def judge_fit(kind: Code, unit_nature: str, path: Path, book: CodeBook) -> Finding | None:
    """A finding where an organiser of this nature does not carry such a certificate (C75)."""
    return None if book.fits(kind, unit_nature) else CERTIFICATE_INVALID.at(path, _MISFIT)


def judge_personal(kind: Code, path: Path, book: CodeBook) -> Finding | None:
    """A finding where a principal is given a certificate that is not a person's."""
    person = book.person_nature
    if person is None or kind.extras.get("unit_nature") == person:
        return None
    return CERTIFICATE_INVALID.at(path, _NOT_PERSONAL)


def judge_number(kind: Code, number: str, path: Path, today: date) -> Finding | None:
    """A finding where a number does not have the form or the check character of its kind of certificate."""
    form = kind.extras.get("number")
    if form == "resident_id":
        return None if is_resident_id(number, today) else RESIDENT_ID_INVALID.at(path, _RESIDENT_ID_FORM)
    if not isinstance(form, str) or form not in _CHECKS:
        return None if _ANY_NUMBER.fullmatch(number) else CERTIFICATE_INVALID.at(path, _ANY_FORM)
    return None if _CHECKS[form](number) else CERTIFICATE_INVALID.at(path, _FORMS[form])


def is_resident_id(number: str, today: date) -> bool:
    """Whether the text is a resident ID number (身份证号): place, birth date up to `today`, check character.

    The place is judged by its first two digits alone: counties come and go, and an ID keeps the code of its day.
    """
    if not _EIGHTEEN.fullmatch(number) or not _is_known_region(number[:2]):
        return False
    return _has_check_character(number) and _is_born_by(number, today)


def is_credit_code(number: str) -> bool:
    """Whether the text is a unified social credit code (统一社会信用代码) in its plain form."""
    return bool(uscc.is_valid(number)) and uscc.compact(number) == number


def is_organisation_code(number: str) -> bool:
    """Whether the text is an organisation code (组织机构代码), `8 characters-check character` (GB 11714)."""
    match = _ORGANISATION_CODE.fullmatch(number)
    return match is not None and organisation_check_character(match[1]) == match[2]


def organisation_check_character(body: str) -> str:
    """The check character of an organisation code's eight characters, digits and capitals (GB 11714, modulo 11)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def _is_residence_permit(number: str) -> bool:
    return (
        bool(_EIGHTEEN.fullmatch(number))
        and number[:2] in ("81", "82", "83")
        and _has_check_character(number)
    )


def _is_known_region(region: str) -> bool:
    return f"{region}0000" in provinces() or region in _BEYOND_THE_PROVINCES


def _has_check_character(number: str) -> bool:
    return bool(ric.calc_check_digit(number) == number[-1])


def _is_born_by(number: str, today: date) -> bool:
    try:
        born: date = ric.get_birth_date(number)
    except ric.InvalidComponent:
        return False
    return born <= today


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda number: pattern.fullmatch(number) is not None


_CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "business_licence": lambda n: _BUSINESS_LICENCE.fullmatch(n) is not None or is_credit_code(n),
        "credit_code": is_credit_code,
        "organisation_code": lambda n: is_organisation_code(n) or is_credit_code(n),
        "military_designation": _matches(_MILITARY),
        "passport": _matches(_PASSPORT),
        "officer_card": _matches(_OFFICER),
        "taiwan_permit": _matches(_TAIWAN_PERMIT),
        "hong_kong_macau_permit": _matches(_HONG_KONG_MACAU),
        "residence_permit": _is_residence_permit,
        "foreigner_card": _matches(_FOREIGNER),
    }
)
