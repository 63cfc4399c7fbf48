"""A change: judged like a first filing, and for what only a change can get wrong."""

from dataclasses import replace

import pytest

from rules.codes import LANGUAGE, Code, CodeBook, shipped_codes, shipped_divisions
from rules.findings import Words
from rules.form import FilingForm, IpRangeForm, SubjectForm
from rules.library import Library
from rules.switches import Switch
from tests.rules.samples import (
    ACCESS,
    FORM,
    PRINCIPAL,
    SUBJECT,
    TODAY,
    WEBSITE,
    findings,
    law_with,
    told,
)

CHANGE = replace(FORM, kind="CHANGE", division_in_force="210203")
BEIJING = replace(SUBJECT, division="110101")


@pytest.mark.shows("C57")
def test_a_change_within_its_province_has_no_finding() -> None:
    assert told(CHANGE) == []


@pytest.mark.shows("C57")
def test_a_change_to_another_province_is_1046_and_says_what_to_do() -> None:
    (finding,) = findings(replace(CHANGE, subject=BEIJING))
    assert (finding.rule, finding.severity, finding.path) == (
        "MIIT-1046",
        "ERROR",
        ("subject", "division"),
    )
    assert "注销主体" in finding.message_zh
    assert "cancel the subject" in finding.message_en


@pytest.mark.shows("C57")
def test_a_change_of_county_alone_is_judged_by_its_region_not_by_1046() -> None:
    city = replace(CHANGE, subject=replace(SUBJECT, division="210200"))
    assert told(city) == [("MIIT-1019", "subject/division")]
    nowhere = replace(CHANGE, subject=replace(SUBJECT, division=None))
    assert told(nowhere) == [("BEIAN-REQUIRED", "subject/division")]


def test_a_first_filing_may_be_in_any_province() -> None:
    assert told(replace(CHANGE, kind="NEW_FILING", subject=BEIJING)) == []


@pytest.mark.shows("C58")
def test_the_whole_subject_and_its_websites_are_judged_as_in_a_first_filing() -> None:
    subject = replace(SUBJECT, certificate_address=None, principal=replace(PRINCIPAL, mobile="1380000000"))
    access = replace(ACCESS, ip_ranges=(IpRangeForm("10.0.0.1", "10.0.0.1"),))
    website = replace(WEBSITE, domains=("www.example.com",), access=access)
    assert told(replace(CHANGE, subject=subject, websites=(website,))) == [
        ("BEIAN-REQUIRED", "subject/certificateAddress"),
        ("MIIT-1011", "subject/principal/mobile"),
        ("MIIT-1004", "websites/W1/domains/www.example.com"),
        ("MIIT-1006", "websites/W1/access/ipRanges/0"),
    ]


@pytest.mark.shows("C74")
def test_a_change_conflicts_with_what_others_filed() -> None:
    library = Library(
        taken_domains=frozenset({"example.com"}),
        taken_home_urls=frozenset({"www.example.com"}),
        organiser_conflict=True,
    )
    assert told(CHANGE, library=library) == [
        ("MIIT-1003", "subject/certificateNumber"),
        ("MIIT-1005", "websites/W1/domains/example.com"),
        ("MIIT-1021", "websites/W1/homeUrl"),
    ]


@pytest.mark.shows("C73")
def test_a_code_that_became_invalid_since_the_approval_must_be_chosen_anew() -> None:
    closed = Code(LANGUAGE, "1", "旧语言", active=False)
    law = law_with(book=CodeBook([*shipped_codes(), closed], shipped_divisions()))
    assert told(CHANGE, law) == [("MIIT-1066", "websites/W1/languages/1")]


@pytest.mark.shows("C58")
def test_a_change_without_a_website_that_has_an_access_is_refused() -> None:
    assert told(replace(CHANGE, websites=())) == [("BEIAN-CHANGE-NEEDS-WEBSITE", "websites")]
    assert told(replace(CHANGE, websites=(replace(WEBSITE, access=None),))) == [
        ("BEIAN-CHANGE-NEEDS-WEBSITE", "websites"),
        ("BEIAN-REQUIRED", "websites/W1/access"),
    ]


def test_a_change_that_changes_nothing_is_refused_as_a_whole() -> None:
    (finding,) = findings(replace(CHANGE, unchanged=True))
    assert (finding.rule, finding.severity, finding.path) == ("BEIAN-NOTHING-CHANGED", "ERROR", ())


@pytest.mark.shows("C56")
def test_data_in_force_that_changed_are_told_at_their_record() -> None:
    other = replace(
        WEBSITE,
        id="W2",
        home_url="www.example.net",
        domains=("example.net",),
        access=replace(ACCESS, id="A2"),
    )
    change = replace(CHANGE, websites=(WEBSITE, other))
    assert told(change, library=Library(base_changed=frozenset({"S1", "W1", "A2"}))) == [
        ("BEIAN-BASE-CHANGED", "subject"),
        ("BEIAN-BASE-CHANGED", "websites/W1"),
        ("BEIAN-BASE-CHANGED", "websites/W2/access"),
    ]
    (finding,) = findings(CHANGE, library=Library(base_changed=frozenset({"S1"})))
    assert finding.severity == "ERROR"
    assert "重新保存" in finding.message_zh
    assert "save again" in finding.message_en


def test_a_record_that_the_change_has_no_more_is_told_at_the_whole() -> None:
    assert told(CHANGE, library=Library(base_changed=frozenset({"A9", "W9"}))) == [("BEIAN-BASE-CHANGED", "")]


def test_facts_of_a_change_say_nothing_of_another_kind() -> None:
    library = Library(base_changed=frozenset({"S1"}))
    assert told(replace(CHANGE, kind="ADD_WEBSITE", unchanged=True), library=library) == []


def test_a_province_may_ask_more_of_a_change_than_of_a_first_filing() -> None:
    fixed = Switch(
        "nature_and_name_fixed", Words("不可改名", "no new name"), ("210000",), (), TODAY, None, True, "test"
    )
    assert told(CHANGE, law_with(fixed)) == [("BEIAN-PROVINCE-ASKS", "subject/division")]
    assert told(FORM, law_with(fixed)) == []


def test_an_empty_change_names_all_that_is_missing_at_once() -> None:
    rules = [rule for rule, _ in told(FilingForm("CHANGE", SubjectForm(), unchanged=True))]
    assert rules == [
        "BEIAN-NOTHING-CHANGED",
        "BEIAN-CHANGE-NEEDS-WEBSITE",
        *["BEIAN-REQUIRED"] * 6,
        "BEIAN-ADDRESS",
        *["BEIAN-REQUIRED"] * 2,
    ]
