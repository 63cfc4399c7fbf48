"""The subject (主体): its organiser's name, nature, certificate, region and principal."""

import re
from collections.abc import Iterator

from rules.case import Case
from rules.catalogue import (
    ADDRESS_MISSING,
    ORGANISER_CONFLICT,
    ORGANISER_NAME,
    PRINCIPAL_NAME_MISSING,
    REQUIRED,
    SUBJECT_BLACKLISTED,
)
from rules.certificate import judge_fit, judge_number
from rules.choices import judge_choice
from rules.codes import CERTIFICATE_TYPE, UNIT_NATURE
from rules.contact import judge_contact
from rules.fields import (
    ADDRESS,
    CERTIFICATE_ADDRESS,
    CERTIFICATE_NUMBER,
    CERTIFICATE_TYPE_FIELD,
    DIVISION,
    SUBJECT_NAME,
    UNIT_NATURE_FIELD,
    is_blank,
)
from rules.findings import Finding, Path, Words
from rules.person_name import judge_person_name
from rules.region import judge_region

_PATH: Path = ("subject",)
_NEEDED = (
    SUBJECT_NAME,
    UNIT_NATURE_FIELD,
    CERTIFICATE_TYPE_FIELD,
    CERTIFICATE_NUMBER,
    CERTIFICATE_ADDRESS,
    DIVISION,
)
_ORGANISATION = re.compile(r"[0-9A-Za-z\u3007\u4e00-\u9fff.·()（）《》、 ]{2,}")
_ORGANISATION_FORM = Words(
    "只能含汉字、字母、数字、空格和.·()（）《》、",
    "Chinese characters, letters, digits, spaces and .·()（）《》、 alone",
)


def judge_subject(case: Case) -> Iterator[Finding]:
    """The findings of the subject and its principal."""
    subject = case.form.subject
    for field in _NEEDED:
        if is_blank(field.read(subject)):
            yield REQUIRED.at((*_PATH, field.name), field.words)
    yield from _name(case)
    yield from _certificate(case)
    if subject.division is not None and not is_blank(subject.division):
        fault = judge_region(subject.division, (*_PATH, DIVISION.name), case.law.codes)
        if fault is not None:
            yield fault
    if is_blank(subject.address):
        yield ADDRESS_MISSING.at((*_PATH, ADDRESS.name))
    yield from judge_contact(
        case,
        subject.principal,
        (*_PATH, "principal"),
        missing_name=None if case.individual is not False else PRINCIPAL_NAME_MISSING,
        missing_phone=REQUIRED,
    )


def _name(case: Case) -> Iterator[Finding]:
    name, place = case.form.subject.name, (*_PATH, SUBJECT_NAME.name)
    if name is None or is_blank(name):
        return
    if case.individual:
        fault = judge_person_name(name, place)
        if fault is not None:
            yield fault
    elif not _ORGANISATION.fullmatch(name):
        yield ORGANISER_NAME.at(place, _ORGANISATION_FORM)


def _certificate(case: Case) -> Iterator[Finding]:
    """Nature, certificate type and number: each one's own fault, then whether they fit, then what the library knows."""
    subject, book, library = case.form.subject, case.law.codes, case.library
    nature, code, number = subject.unit_nature, subject.certificate_type, subject.certificate_number
    nature_fault = type_fault = None
    if nature is not None and not is_blank(nature):
        place = (*_PATH, UNIT_NATURE_FIELD.name)
        nature_fault = judge_choice(UNIT_NATURE, nature, place, book, library)
    if code is not None and not is_blank(code):
        place = (*_PATH, CERTIFICATE_TYPE_FIELD.name)
        type_fault = judge_choice(CERTIFICATE_TYPE, code, place, book, library)
        kind = book.find(CERTIFICATE_TYPE, code)
        if kind is not None and type_fault is None and nature and nature_fault is None:
            type_fault = judge_fit(kind, nature, place, book)
    yield from (fault for fault in (nature_fault, type_fault) if fault is not None)
    if number is not None and not is_blank(number):
        yield from _number(case, number, None if type_fault is not None else code)


def _number(case: Case, number: str, code: str | None) -> Iterator[Finding]:
    place = (*_PATH, CERTIFICATE_NUMBER.name)
    kind = case.law.codes.find(CERTIFICATE_TYPE, code)
    fault = None if kind is None else judge_number(kind, number, place, case.today)
    if fault is not None:
        yield fault
        return
    if case.library.subject_blacklisted:
        yield SUBJECT_BLACKLISTED.at(place)
    if case.library.organiser_conflict:
        yield ORGANISER_CONFLICT.at(place)
