"""Provincial rules: each binds in its province, on its days, and nowhere else."""

from dataclasses import replace
from datetime import date

import pytest

from rules.findings import Words
from rules.switches import Switch
from tests.rules.samples import (
    FORM,
    PERSON,
    PRINCIPAL,
    WEBSITE,
    findings,
    law_with,
    of,
    told,
    with_subject,
    with_website,
)


def switch(key: str, *values: str, provinces: tuple[str, ...] | None = ("210000",)) -> Switch:
    return Switch(
        key, Words("另有要求", "asks for more"), provinces, values, date(2026, 1, 1), None, True, "test"
    )


ONE_DOMAIN = switch("one_domain_per_site", provinces=None)
TWO_DOMAINS = with_website(domains=("example.com", "example.net"))


@pytest.mark.shows("N7")
def test_a_rule_dated_tomorrow_does_not_bind_today() -> None:
    tomorrow = replace(ONE_DOMAIN, first_day=date(2026, 3, 3))
    assert told(TWO_DOMAINS, law_with(tomorrow)) == []
    assert told(TWO_DOMAINS, law_with(tomorrow, day=date(2026, 3, 3))) == [
        ("BEIAN-ONE-DOMAIN", "websites/W1/domains")
    ]


@pytest.mark.shows("N7")
def test_a_rule_binds_in_its_own_province_alone() -> None:
    chongqing = replace(ONE_DOMAIN, provinces=("500000",))
    assert told(TWO_DOMAINS, law_with(chongqing)) == []
    assert told(FORM, law_with(ONE_DOMAIN)) == []


def test_a_province_may_not_be_served() -> None:
    assert told(FORM, law_with(switch("not_served"))) == [("BEIAN-PROVINCE-NOT-SERVED", "subject/division")]


def test_a_province_may_want_the_organisers_name_on_the_website() -> None:
    law = law_with(switch("site_name_equals_unit"))
    (finding,) = findings(FORM, law)
    assert (finding.rule, finding.suggestion) == ("BEIAN-SITE-NAME-IS-UNIT", "大连海岸测试科技有限公司")
    assert told(with_website(name="大连海岸测试科技有限公司"), law) == []


@pytest.mark.parametrize("suffix", ["us", "tw"])
def test_a_province_may_refuse_foreign_domains(suffix: str) -> None:
    law = law_with(switch("foreign_tld_refused", "us", "tw"))
    form = with_website(domains=(f"haian.{suffix}",), home_url=None)
    assert told(form, law) == [("BEIAN-FOREIGN-DOMAIN", f"websites/W1/domains/haian.{suffix}")]
    assert told(FORM, law) == []


def test_a_province_may_keep_org_for_institutions_and_associations() -> None:
    law = law_with(switch("org_tld_nature", "3", "6"))
    site = replace(WEBSITE, domains=("haian.org",), home_url=None)
    place = ("BEIAN-ORG-DOMAIN", "websites/W1/domains/haian.org")
    assert told(of(FORM.subject, site), law) == [place]
    assert told(of(replace(FORM.subject, unit_nature="3", certificate_type="15"), site), law) == []
    assert told(of(PERSON, replace(site, name="静水小筑")), law) == []


def test_a_province_may_refuse_transcoded_domains() -> None:
    law = law_with(switch("transcoded_domain_refused"))
    coded = with_website(domains=("xn--fsqu00a.xn--fiqs8s",), home_url=None)
    assert told(coded, law) == [("BEIAN-TRANSCODED-DOMAIN", "websites/W1/domains/xn--fsqu00a.xn--fiqs8s")]
    assert told(with_website(domains=("例子.中国",), home_url=None), law) == []


def test_a_province_may_want_people_of_its_own() -> None:
    law = law_with(switch("individual_local_only"))
    site = replace(WEBSITE, name="静水小筑")
    assert told(of(PERSON, site), law) == []
    guest = replace(PERSON, certificate_number="11010519491231002X")
    passport = replace(PERSON, certificate_type="7", certificate_number="210202199", principal=PRINCIPAL)
    for person in (guest, passport):
        assert told(of(person, site), law) == [("BEIAN-LOCAL-ID", "subject/certificateNumber")]
    assert told(with_subject(), law) == []


@pytest.mark.parametrize(
    "key",
    [
        "mobile_region_matches",
        "subject_contact_authorisation",
        "site_contact_authorisation",
        "domain_certificate_upload",
        "individual_verification_form",
    ],
)
def test_what_no_form_can_show_is_a_warning(key: str) -> None:
    (finding,) = findings(FORM, law_with(switch(key)))
    assert (finding.rule, finding.severity) == ("BEIAN-PROVINCE-ASKS", "WARNING")
    assert finding.message_zh == "该省另有要求：另有要求"
