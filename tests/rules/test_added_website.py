"""Added websites (新增网站): judged wholly, under a subject that is in force and only context."""

from dataclasses import replace

import pytest

from rules.findings import Words
from rules.form import FilingForm
from rules.library import Library
from rules.storable import storable
from rules.switches import Switch
from tests.rules.samples import (
    ACCESS,
    LAW,
    OLD_SUBJECT,
    PERSON,
    SUBJECT,
    TODAY,
    WEBSITE,
    findings,
    law_with,
    told,
)

ADDED = FilingForm("ADD_WEBSITE", OLD_SUBJECT, (WEBSITE,))


def binding(key: str) -> Switch:
    return Switch(key, Words("另有要求", "asks for more"), ("210000",), (), TODAY, None, True, "test")


@pytest.mark.shows("C60")
def test_the_subject_in_force_is_not_judged() -> None:
    assert told(ADDED) == []
    assert storable(ADDED, LAW) == []


@pytest.mark.shows("C60")
def test_at_least_one_new_website_is_required() -> None:
    assert told(replace(ADDED, websites=())) == [("BEIAN-REQUIRED", "websites")]


@pytest.mark.shows("C60", "C73")
def test_a_new_website_is_judged_wholly() -> None:
    website = replace(
        WEBSITE,
        name=None,
        home_url="http://www.example.com",
        domains=("www.example.com",),
        languages=("99",),
        principal=replace(WEBSITE.principal, mobile="1380000000") if WEBSITE.principal else None,
        access=replace(ACCESS, methods=()),
    )
    assert told(replace(ADDED, websites=(website,))) == [
        ("MIIT-1066", "websites/W1/languages/99"),
        ("BEIAN-REQUIRED", "websites/W1/name"),
        ("MIIT-1004", "websites/W1/domains/www.example.com"),
        ("MIIT-1022", "websites/W1/homeUrl"),
        ("MIIT-1011", "websites/W1/principal/mobile"),
        ("BEIAN-REQUIRED", "websites/W1/access/methods"),
    ]


def test_a_new_website_needs_its_access() -> None:
    assert told(replace(ADDED, websites=(replace(WEBSITE, access=None),))) == [
        ("BEIAN-REQUIRED", "websites/W1/access")
    ]


def test_text_of_a_new_website_and_its_access_is_judged_before_it_is_stored() -> None:
    access = replace(ACCESS, methods=("77",))
    form = replace(ADDED, websites=(replace(WEBSITE, name="海岸😀", access=access),))
    assert [(f.rule, "/".join(f.path)) for f in storable(form, LAW)] == [
        ("MIIT-5008", "websites/W1/name"),
        ("MIIT-1035", "websites/W1/access/methods/77"),
    ]


@pytest.mark.shows("C74", "C76")
def test_a_new_website_conflicts_but_its_subject_does_not() -> None:
    library = Library(
        taken_domains=frozenset({"example.com"}),
        taken_home_urls=frozenset({"www.example.com"}),
        organiser_conflict=True,
    )
    assert told(ADDED, library=library) == [
        ("MIIT-1005", "websites/W1/domains/example.com"),
        ("MIIT-1021", "websites/W1/homeUrl"),
    ]
    assert told(ADDED, library=Library(blacklisted_domains=frozenset({"example.com"}))) == [
        ("MIIT-1064", "websites/W1/domains/example.com")
    ]


def test_the_subject_says_whether_its_websites_are_a_persons() -> None:
    site = replace(
        WEBSITE, principal=replace(WEBSITE.principal, office_phone=None) if WEBSITE.principal else None
    )
    assert told(replace(ADDED, websites=(site,))) == [("MIIT-1031", "websites/W1/principal/officePhone")]
    named = replace(site, name="静水小筑")
    assert told(FilingForm("ADD_WEBSITE", PERSON, (named,))) == []
    (finding,) = findings(FilingForm("ADD_WEBSITE", PERSON, (replace(named, name="静水公司"),)))
    assert finding.rule == "BEIAN-WEBSITE-NAME-INDIVIDUAL"


@pytest.mark.parametrize(
    ("key", "told_of"),
    [
        ("not_served", [("BEIAN-PROVINCE-NOT-SERVED", "subject/division")]),
        ("one_domain_per_site", [("BEIAN-ONE-DOMAIN", "websites/W1/domains")]),
        ("site_contact_authorisation", [("BEIAN-PROVINCE-ASKS", "subject/division")]),
        ("subject_contact_authorisation", []),
        ("individual_local_only", []),
    ],
)
@pytest.mark.shows("N7")
def test_rules_of_the_province_bind_new_websites_and_spare_the_subject(
    key: str, told_of: list[tuple[str, str]]
) -> None:
    subject = replace(PERSON, certificate_number="110101199001010010")
    site = replace(WEBSITE, name="静水小筑", domains=("example.com", "example.net"))
    assert told(FilingForm("ADD_WEBSITE", subject, (site,)), law_with(binding(key))) == told_of


def test_a_website_under_a_right_subject_passes_too() -> None:
    assert told(FilingForm("ADD_WEBSITE", SUBJECT, (WEBSITE,))) == []
