"""The check as a whole: all at once, in order, each fault once, nothing written, no database."""

from dataclasses import replace

import pytest

from models.states import FilingKind
from rules.check import JUDGES, UnjudgedKindError, check
from rules.findings import Severity, blocks
from rules.form import FilingForm, IpRangeForm, SubjectForm, WebsiteForm
from rules.library import Library
from tests.rules.samples import (
    ACCESS,
    FORM,
    LAW,
    PERSON,
    PRINCIPAL,
    SUBJECT,
    TODAY,
    WEBSITE,
    findings,
    of,
    told,
    with_website,
)


def test_a_right_filing_of_an_organisation_has_no_finding() -> None:
    assert findings(FORM) == []


def test_a_right_filing_of_a_person_has_no_finding() -> None:
    site = replace(WEBSITE, name="静水小筑", principal=replace(PRINCIPAL, office_phone=None))
    person = replace(PERSON, principal=replace(PRINCIPAL, name=None, office_phone=None))
    assert findings(of(person, site)) == []


@pytest.mark.shows("N2", "C18", "C30")
def test_seven_seeded_faults_give_exactly_these_seven_findings() -> None:
    subject = replace(
        SUBJECT,
        certificate_number="91210200000000001K",
        division="210200",
        principal=replace(PRINCIPAL, mobile="1380000000", email="zhangsan"),
    )
    access = replace(ACCESS, ip_ranges=(IpRangeForm("192.168.1.1", "192.168.1.9"),))
    website = replace(WEBSITE, domains=("www.example.com",), languages=("99",), access=access)
    assert told(of(subject, website)) == [
        ("MIIT-1066", "websites/W1/languages/99"),
        ("MIIT-1008", "subject/certificateNumber"),
        ("MIIT-1019", "subject/division"),
        ("MIIT-1011", "subject/principal/mobile"),
        ("MIIT-1009", "subject/principal/email"),
        ("MIIT-1004", "websites/W1/domains/www.example.com"),
        ("MIIT-1006", "websites/W1/access/ipRanges/0"),
    ]


@pytest.mark.shows("C30")
def test_an_empty_subject_without_website_names_all_that_is_missing() -> None:
    assert told(FilingForm("NEW_FILING", SubjectForm())) == [
        ("BEIAN-REQUIRED", "subject/name"),
        ("BEIAN-REQUIRED", "subject/unitNature"),
        ("BEIAN-REQUIRED", "subject/certificateType"),
        ("BEIAN-REQUIRED", "subject/certificateNumber"),
        ("BEIAN-REQUIRED", "subject/certificateAddress"),
        ("BEIAN-REQUIRED", "subject/division"),
        ("BEIAN-ADDRESS", "subject/address"),
        ("BEIAN-REQUIRED", "subject/principal/mobile"),
        ("BEIAN-REQUIRED", "subject/principal/email"),
        ("BEIAN-REQUIRED", "websites"),
    ]


@pytest.mark.shows("C30")
def test_an_empty_website_of_an_organisation_names_all_that_is_missing_by_its_position() -> None:
    assert told(of(SUBJECT, WebsiteForm())) == [
        ("BEIAN-REQUIRED", "websites/0/name"),
        ("BEIAN-REQUIRED", "websites/0/domains"),
        ("BEIAN-REQUIRED", "websites/0/serviceContents"),
        ("BEIAN-REQUIRED", "websites/0/languages"),
        ("BEIAN-REQUIRED", "websites/0/principal/name"),
        ("MIIT-1031", "websites/0/principal/officePhone"),
        ("BEIAN-REQUIRED", "websites/0/principal/mobile"),
        ("BEIAN-REQUIRED", "websites/0/principal/email"),
        ("BEIAN-REQUIRED", "websites/0/access"),
    ]


def test_the_same_form_gives_the_same_findings_in_the_same_order() -> None:
    form = FilingForm("NEW_FILING", SubjectForm(name="甲"), (WebsiteForm(name="A"), WebsiteForm()))
    assert check(form, LAW, Library(), TODAY) == check(form, LAW, Library(), TODAY)


def test_what_cannot_be_stored_is_told_once_and_not_judged_further() -> None:
    assert told(with_website(home_url="www.example.com\n")) == [("BEIAN-CONTROL", "websites/W1/homeUrl")]


def test_only_an_error_blocks() -> None:
    warned = findings(of(replace(SUBJECT, address=None)))
    assert [finding.severity for finding in warned] == [Severity.WARNING]
    assert not blocks(warned)
    assert blocks(findings(with_website(name=None)))


def test_a_kind_without_rules_is_not_passed_in_silence() -> None:
    with pytest.raises(UnjudgedKindError) as caught:
        check(replace(FORM, kind="TRANSFER"), LAW, Library(), TODAY)
    assert caught.value.kind == "TRANSFER"


@pytest.mark.parametrize("kind", list(FilingKind))
def test_every_kind_of_filing_has_its_rules(kind: FilingKind) -> None:
    assert JUDGES[kind.value]


def test_a_finding_speaks_both_languages_and_names_its_source() -> None:
    (finding,) = findings(of(replace(SUBJECT, certificate_address=" ")))
    assert finding.message("zh-CN") == "必填项未填写：证件住所"
    assert finding.message("en-GB") == "Required, but missing: address on the certificate"
    assert finding.source == "interface specification V3.0 of the ministry (2013), fields of a filing"


def test_no_message_tells_a_personal_value() -> None:
    wrong = replace(
        PRINCIPAL,
        name="欧",
        office_phone="0411-1",
        mobile="13812345",
        email="secret.person",
        certificate_number="210202199001010011",
    )
    subject = replace(SUBJECT, certificate_number="91210200000000001K", principal=wrong)
    found = findings(of(subject, replace(WEBSITE, principal=wrong)))
    assert len(found) == 11
    secrets = ("欧", "0411-1", "13812345", "secret.person", "210202199001010011", "91210200000000001K")
    for finding in found:
        for secret in secrets:
            assert secret not in f"{finding.message_zh} {finding.message_en} {finding.suggestion}"
