"""Added accesses (新增接入): the access alone for a website filed here, what was typed for one filed elsewhere."""

from dataclasses import replace

import pytest

from rules.findings import Words
from rules.form import FilingForm, IpRangeForm
from rules.library import Library
from rules.storable import storable
from rules.switches import Switch
from tests.rules.samples import (
    ACCESS,
    LAW,
    OLD_SUBJECT,
    OLD_WEBSITE,
    SUBJECT,
    TODAY,
    WEBSITE,
    findings,
    law_with,
    told,
)

HERE = FilingForm("ADD_ACCESS", OLD_SUBJECT, (OLD_WEBSITE,))
ELSEWHERE = FilingForm(
    "ADD_ACCESS", SUBJECT, (WEBSITE,), elsewhere=True, claimed_number="京ICP备06013570号-2"
)
NUMBER = "websites/W1/filingNumber"
CONFLICTS = Library(
    taken_domains=frozenset({"example.com"}),
    taken_home_urls=frozenset({"www.example.com"}),
    organiser_conflict=True,
)


def stored(form: FilingForm) -> list[tuple[str, str]]:
    return [(finding.rule, "/".join(finding.path)) for finding in storable(form, LAW)]


@pytest.mark.shows("C61")
def test_subject_and_website_filed_here_are_not_judged() -> None:
    assert told(HERE) == []
    assert stored(HERE) == []
    assert told(HERE, library=CONFLICTS) == []


@pytest.mark.shows("C61", "C76", "C73")
def test_the_access_is_judged_by_all_its_rules() -> None:
    ranges = (IpRangeForm("10.0.0.1", "10.0.0.1"), IpRangeForm("8.8.8.9", "8.8.8.9"))
    access = replace(ACCESS, methods=(), server_locations=("77",), ip_ranges=ranges)
    form = replace(HERE, websites=(replace(OLD_WEBSITE, access=access),))
    assert told(form, law_with(ip_ranges=("1.1.1.0/24",))) == [
        ("MIIT-1036", "websites/W1/access/serverLocations/77"),
        ("BEIAN-REQUIRED", "websites/W1/access/methods"),
        ("MIIT-1006", "websites/W1/access/ipRanges/0"),
        ("MIIT-1063", "websites/W1/access/ipRanges/1"),
    ]
    assert stored(form) == [("MIIT-1036", "websites/W1/access/serverLocations/77")]


def test_an_added_access_without_access_or_website_is_told_once() -> None:
    assert told(replace(HERE, websites=(replace(OLD_WEBSITE, access=None),))) == [
        ("BEIAN-REQUIRED", "websites/W1/access")
    ]
    assert told(replace(HERE, websites=())) == [("BEIAN-REQUIRED", "websites")]


def test_a_website_filed_here_needs_no_number_typed() -> None:
    assert told(replace(HERE, claimed_number=None)) == []


@pytest.mark.shows("C61")
def test_a_website_filed_elsewhere_passes_with_its_number_though_it_is_filed_already() -> None:
    assert told(ELSEWHERE) == []
    assert told(ELSEWHERE, library=CONFLICTS) == []


@pytest.mark.shows("C61")
@pytest.mark.parametrize("number", [None, "", " "])
def test_a_website_filed_elsewhere_needs_its_filing_number(number: str | None) -> None:
    (finding,) = findings(replace(ELSEWHERE, claimed_number=number))
    assert (finding.rule, finding.severity, "/".join(finding.path)) == ("BEIAN-REQUIRED", "ERROR", NUMBER)
    assert finding.message_zh == "必填项未填写：网站备案号"


@pytest.mark.shows("C61")
@pytest.mark.parametrize("number", ["06013570", "京ICP备06013570号", "京ICP证06013570号-2"])
def test_a_malformed_number_is_told_at_the_same_place(number: str) -> None:
    form = replace(ELSEWHERE, claimed_number=number)
    assert told(form) == [("BEIAN-FILING-NUMBER", NUMBER)]
    assert stored(form) == []


def test_a_number_that_cannot_be_stored_is_told_once() -> None:
    for number, rule in (("京\n", "BEIAN-CONTROL"), ("京😀", "MIIT-5008"), ("1" * 41, "BEIAN-LENGTH")):
        form = replace(ELSEWHERE, claimed_number=number)
        assert stored(form) == [(rule, NUMBER)]
        assert told(form) == [(rule, NUMBER)]


@pytest.mark.shows("C61")
def test_what_was_typed_of_a_website_filed_elsewhere_is_judged() -> None:
    website = replace(WEBSITE, domains=("www.example.com",), languages=())
    form = replace(ELSEWHERE, subject=replace(SUBJECT, certificate_address=None), websites=(website,))
    assert told(form) == [
        ("BEIAN-REQUIRED", "subject/certificateAddress"),
        ("BEIAN-REQUIRED", "websites/W1/languages"),
        ("MIIT-1004", "websites/W1/domains/www.example.com"),
    ]


def test_a_blacklist_spares_nobody() -> None:
    library = Library(blacklisted_domains=frozenset({"example.com"}), subject_blacklisted=True)
    assert told(ELSEWHERE, library=library) == [
        ("MIIT-1065", "subject/certificateNumber"),
        ("MIIT-1064", "websites/W1/domains/example.com"),
    ]


def test_under_a_subject_filed_here_only_the_website_was_typed() -> None:
    form = replace(ELSEWHERE, subject=OLD_SUBJECT, division_in_force="210202")
    assert told(form) == []
    assert stored(form) == []
    assert told(replace(form, websites=(replace(WEBSITE, languages=()),))) == [
        ("BEIAN-REQUIRED", "websites/W1/languages")
    ]


@pytest.mark.shows("N7")
@pytest.mark.parametrize("form", [HERE, ELSEWHERE])
def test_an_access_is_added_in_a_served_province_only(form: FilingForm) -> None:
    words = Words("另有要求", "asks for more")
    unserved = Switch("not_served", words, ("210000",), (), TODAY, None, True, "test")
    asked = Switch("domain_certificate_upload", words, ("210000",), (), TODAY, None, True, "test")
    assert told(form, law_with(unserved)) == [("BEIAN-PROVINCE-NOT-SERVED", "subject/division")]
    assert told(form, law_with(asked)) == []
