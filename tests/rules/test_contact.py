"""Principals: phones, mails, names, and what organisations owe."""

from dataclasses import replace

import pytest

from rules.contact import is_email, is_mobile, is_office_phone
from tests.rules.samples import PERSON, PRINCIPAL, of, told, with_principal, with_website


@pytest.mark.parametrize("number", ["13800000000", "15812345678", "19912345678"])
def test_a_mainland_mobile_passes(number: str) -> None:
    assert is_mobile(number)


@pytest.mark.parametrize(
    "number", ["1380000000", "138000000000", "12800000000", "+8613800000000", "138 0000 0000", ""]
)
def test_another_mobile_is_refused(number: str) -> None:
    assert not is_mobile(number)


@pytest.mark.parametrize(
    "number",
    ["086-0411-84610600", "0411-84610600", "086-0411-84610600-603", "010-65432100", "086-0411-00000000"],
)
def test_an_office_phone_with_its_area_code_passes(number: str) -> None:
    assert is_office_phone(number)


@pytest.mark.parametrize(
    "number", ["84610600", "0411 84610600", "(0411)84610600", "0411-8461", "13800000000", ""]
)
def test_another_office_phone_is_refused(number: str) -> None:
    assert not is_office_phone(number)


@pytest.mark.parametrize("address", ["zhangsan@example.com", "a.b+c@mail.example.cn"])
def test_an_address_passes(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    ["zhangsan", "@example.com", "a@b", "a b@example.com", "a@example.com,b@example.com", "张三@example.com"],
)
def test_another_address_is_refused(address: str) -> None:
    assert not is_email(address)


@pytest.mark.shows("C75")
@pytest.mark.parametrize(
    ("field", "name", "value", "rule"),
    [
        ("mobile", "mobile", "12345678901", "MIIT-1011"),
        ("office_phone", "officePhone", "84610600", "MIIT-1010"),
        ("email", "email", "zhangsan", "MIIT-1009"),
        ("name", "name", "张", "BEIAN-PERSON-NAME"),
    ],
)
def test_each_fault_of_a_principal_has_its_own_code(field: str, name: str, value: str, rule: str) -> None:
    assert told(with_principal(**{field: value})) == [(rule, f"subject/principal/{name}")]
    site = with_website(principal=replace(PRINCIPAL, **{field: value}))
    assert told(site) == [(rule, f"websites/W1/principal/{name}")]


def test_several_phones_and_mails_are_separated_by_semicolons_and_each_is_judged() -> None:
    right = with_principal(
        mobile="13800000000;13900000000",
        office_phone="0411-84610600;0411-84610601",
        email="a@example.com;b@example.com",
    )
    assert told(right) == []
    wrong = with_principal(mobile="13800000000;139", office_phone="0411-84610600,", email="a@example.com;")
    assert told(wrong) == [
        ("MIIT-1010", "subject/principal/officePhone"),
        ("MIIT-1011", "subject/principal/mobile"),
        ("MIIT-1009", "subject/principal/email"),
    ]


@pytest.mark.shows("C17")
def test_an_organisation_owes_names_and_office_phones_of_both_principals() -> None:
    nobody = replace(PRINCIPAL, name=None, office_phone=None)
    assert told(with_principal(name=None, office_phone=None)) == [
        ("MIIT-1044", "subject/principal/name"),
        ("BEIAN-REQUIRED", "subject/principal/officePhone"),
    ]
    assert told(with_website(principal=nobody)) == [
        ("BEIAN-REQUIRED", "websites/W1/principal/name"),
        ("MIIT-1031", "websites/W1/principal/officePhone"),
    ]


def test_a_person_owes_no_office_phone_but_a_mobile_and_a_mailbox() -> None:
    person = replace(PERSON, principal=replace(PRINCIPAL, office_phone=None, mobile=None, email=" "))
    rules = [finding for finding in told(of(person)) if finding[1].startswith("subject")]
    assert rules == [
        ("BEIAN-REQUIRED", "subject/principal/mobile"),
        ("BEIAN-REQUIRED", "subject/principal/email"),
    ]


@pytest.mark.parametrize("name", ["张三", "欧阳知远", "买买提·艾力", "John O'Neil", "J. R. Smith"])
def test_names_of_people_pass(name: str) -> None:
    assert told(with_principal(name=name)) == []


@pytest.mark.parametrize("name", ["张", "张3", "张三;李四", "A", "·张三"])
def test_what_is_no_name_of_a_person_is_refused(name: str) -> None:
    assert told(with_principal(name=name)) == [("BEIAN-PERSON-NAME", "subject/principal/name")]
