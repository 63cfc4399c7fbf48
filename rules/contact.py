"""Principals (负责人): who must be named, and phones, mails and certificates in their right forms."""

import re
from collections.abc import Callable, Iterator

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberType

from rules.case import Case
from rules.catalogue import (
    EMAIL_INVALID,
    MOBILE_INVALID,
    OFFICE_PHONE_INVALID,
    REQUIRED,
    Rule,
)
from rules.certificate import judge_number, judge_personal
from rules.choices import judge_choice
from rules.codes import CERTIFICATE_TYPE
from rules.fields import (
    CONTACT_CERTIFICATE_NUMBER,
    CONTACT_CERTIFICATE_TYPE,
    CONTACT_NAME,
    EMAIL,
    MOBILE,
    OFFICE_PHONE,
    Field,
    is_blank,
)
from rules.findings import Finding, Path, Words
from rules.form import ContactForm
from rules.person_name import judge_person_name

SEPARATOR = ";"

_REGION = "CN"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_OFFICE_PHONE = re.compile(r"(?:086-)?(0[0-9]{2,3})-([0-9]{7,8})(?:-[0-9]{1,6})?")
_LANDLINE = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

_MOBILE_FORM = Words(
    "应为11位大陆手机号，多个以“;”分隔", 'a mainland number of 11 digits, several separated by ";"'
)
_OFFICE_FORM = Words(
    "应为区号-号码，可加086-和-分机，多个以“;”分隔",
    'area code-number, with 086- before and -extension after if wanted, several separated by ";"',
)
_EMAIL_FORM = Words("应为完整的邮箱地址，多个以“;”分隔", 'a complete address, several separated by ";"')


def judge_contact(
    case: Case, contact: ContactForm | None, path: Path, *, missing_name: Rule | None, missing_phone: Rule
) -> Iterator[Finding]:
    """The findings of a principal at a place.

    `missing_name` is the rule for a name left out, None where it may be; `missing_phone` the one for an office phone,
    which organisations owe. A principal left out altogether lacks each of its fields.
    """
    contact = contact or ContactForm()
    if not is_blank(contact.name):
        fault = judge_person_name(contact.name or "", (*path, CONTACT_NAME.name))
        if fault is not None:
            yield fault
    elif missing_name is not None:
        yield missing_name.at((*path, CONTACT_NAME.name), _words(missing_name, CONTACT_NAME))
    yield from _reach(contact, path, missing_phone if case.individual is False else None)
    yield from _certificate(case, contact, path)


def is_mobile(number: str) -> bool:
    """Whether the text is one mainland mobile number."""
    return _MOBILE.fullmatch(number) is not None and _is_of(number, frozenset({PhoneNumberType.MOBILE}))


def is_office_phone(number: str) -> bool:
    """Whether the text is one office phone, `[086-]area-number[-extension]`."""
    match = _OFFICE_PHONE.fullmatch(number)
    return match is not None and _is_of(match[1] + match[2], _LANDLINE)


def is_email(address: str) -> bool:
    """Whether the text is one e-mail address, as far as its form can tell; nothing is looked up."""
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _reach(contact: ContactForm, path: Path, missing_phone: Rule | None) -> Iterator[Finding]:
    """Findings of phones and mails; `missing_phone` None where no office phone is owed."""
    for field, rule, missing, words, good in (
        (OFFICE_PHONE, OFFICE_PHONE_INVALID, missing_phone, _OFFICE_FORM, is_office_phone),
        (MOBILE, MOBILE_INVALID, REQUIRED, _MOBILE_FORM, is_mobile),
        (EMAIL, EMAIL_INVALID, REQUIRED, _EMAIL_FORM, is_email),
    ):
        value, place = field.read(contact), (*path, field.name)
        if value is None or is_blank(value):
            if missing is not None:
                yield missing.at(place, _words(missing, field))
        elif not _all(value, good):
            yield rule.at(place, words)


def _certificate(case: Case, contact: ContactForm, path: Path) -> Iterator[Finding]:
    """Findings of a principal's certificate, which may be left out, but not by half."""
    code, number, book = contact.certificate_type, contact.certificate_number, case.law.codes
    if is_blank(code) and is_blank(number):
        return
    for field, value in ((CONTACT_CERTIFICATE_TYPE, code), (CONTACT_CERTIFICATE_NUMBER, number)):
        if is_blank(value):
            yield REQUIRED.at((*path, field.name), field.words)
    if code is None or is_blank(code):
        return
    place = (*path, CONTACT_CERTIFICATE_TYPE.name)
    kind = book.find(CERTIFICATE_TYPE, code)
    fault = judge_choice(CERTIFICATE_TYPE, code, place, book, case.library)
    if fault is None and kind is not None:
        fault = judge_personal(kind, place, book)
    if fault is None and kind is not None and number is not None and not is_blank(number):
        fault = judge_number(kind, number, (*path, CONTACT_CERTIFICATE_NUMBER.name), case.today)
    if fault is not None:
        yield fault


def _words(rule: Rule, field: Field[ContactForm]) -> Words | None:
    """The field's own words where the rule does not name the field itself."""
    return field.words if rule is REQUIRED else None


def _all(value: str, good: Callable[[str], bool]) -> bool:
    return all(good(part) for part in value.split(SEPARATOR))


def _is_of(number: str, types: frozenset[int]) -> bool:
    try:
        parsed = phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in types
