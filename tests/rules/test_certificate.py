"""Certificates: right and wrong numbers of each kind, and who may carry which."""

from dataclasses import replace
from datetime import date

import pytest

from rules.certificate import is_credit_code, is_organisation_code, is_resident_id, judge_number
from rules.codes import CERTIFICATE_TYPE
from tests.rules.samples import BOOK, PERSON, TODAY, of, told, with_principal, with_subject


@pytest.mark.parametrize("number", ["210202199001010010", "11010519491231002X", "440308199901010012"])
def test_a_resident_id_with_a_right_check_character_passes(number: str) -> None:
    assert is_resident_id(number, TODAY)


@pytest.mark.parametrize(
    "number",
    [
        "210202199001010011",  # check character
        "11010519491231002x",  # small x
        "11010519491231002",  # 17 characters
        "210202900101001",  # the 15-digit form of old
        "210202199002300016",  # 30 February
        "990202199001010010",  # no such province
        "２10202199001010010",  # full-width digit
        " 210202199001010010",
        "",
    ],
)
def test_a_wrong_resident_id_is_refused(number: str) -> None:
    assert not is_resident_id(number, TODAY)


def test_nobody_is_born_after_today() -> None:
    assert is_resident_id("210202199001010010", date(1990, 1, 1))
    assert not is_resident_id("210202199001010010", date(1989, 12, 31))


def test_a_credit_code_is_right_to_its_check_character_and_in_plain_form() -> None:
    assert is_credit_code("91110000600037341L")
    assert not is_credit_code("91110000600037341M")
    assert not is_credit_code("91110000600037341l")
    assert not is_credit_code("911100006 00037341L")
    assert not is_credit_code("")


def test_an_organisation_code_is_right_to_its_check_character() -> None:
    assert is_organisation_code("D2143569-X")  # the standard's own example
    assert is_organisation_code("00000000-0")
    assert not is_organisation_code("D2143569-1")
    assert not is_organisation_code("D2143569X")


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("1", "2102001234567", "21020012345678"),
        ("1", "210200123456789", "21020O123456789"),
        ("1", "91110000600037341L", "91110000600037341M"),
        ("3", "D2143569-X", "D2143569-1"),
        ("3", "91110000600037341L", "D2143569"),
        ("4", "事证第121000000123号", "事证第12?"),
        ("5", "12345", "123456"),
        ("7", "E12345678", "E1 2345678"),
        ("8", "军字第1234567号", "1234567"),
        ("11", "12345678", "123456789"),
        ("14", "H12345678", "X12345678"),
        ("15", "91110000600037341L", "D2143569-X"),
        ("30", "ABC123456789012", "AB1234567890123"),
        ("41", "810000199408230021", "810000199408230022"),
        ("42", "830000199201300022", "210202199001010010"),
    ],
)
def test_each_kind_of_certificate_has_its_form(kind: str, right: str, wrong: str) -> None:
    code = BOOK.find(CERTIFICATE_TYPE, kind)
    assert code is not None
    assert judge_number(code, right, ("x",), TODAY) is None
    fault = judge_number(code, wrong, ("x",), TODAY)
    assert fault is not None
    assert (fault.rule, fault.path) == ("MIIT-1008", ("x",))


@pytest.mark.shows("C75")
def test_the_number_of_a_firm_is_1008_and_that_of_a_person_1015() -> None:
    assert told(with_subject(certificate_number="91210200000000001K")) == [
        ("MIIT-1008", "subject/certificateNumber")
    ]
    person = replace(PERSON, certificate_number="210202199001010011")
    assert ("MIIT-1015", "subject/certificateNumber") in told(of(person))
    assert told(with_principal(certificate_number="210202199001010011")) == [
        ("MIIT-1015", "subject/principal/certificateNumber")
    ]


@pytest.mark.shows("C75")
def test_a_certificate_must_fit_the_unit_nature() -> None:
    assert told(with_subject(certificate_type="4")) == [("MIIT-1008", "subject/certificateType")]
    assert told(with_subject(certificate_type="2")) == [("MIIT-1008", "subject/certificateType")]
    assert told(with_subject(certificate_type="12")) == []
    assert told(with_subject(certificate_type="49")) == []  # of no known nature: any organisation's


@pytest.mark.shows("C75")
def test_a_principal_carries_a_personal_certificate() -> None:
    assert told(with_principal(certificate_type="1", certificate_number="91210200000000001J")) == [
        ("MIIT-1008", "subject/principal/certificateType")
    ]
    assert told(with_principal(certificate_type="7", certificate_number="E12345678")) == []


def test_a_principals_certificate_is_left_out_whole_or_not_at_all() -> None:
    assert told(with_principal(certificate_type=None, certificate_number=None)) == []
    assert told(with_principal(certificate_type=None)) == [
        ("BEIAN-REQUIRED", "subject/principal/certificateType")
    ]
    assert told(with_principal(certificate_number=None)) == [
        ("BEIAN-REQUIRED", "subject/principal/certificateNumber")
    ]
