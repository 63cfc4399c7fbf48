"""The demonstration's filings: valid to the last checksum, all different, the same on every run."""

from collections import Counter
from datetime import date

import pytest

from demo.forms import filing_form
from rules.check import check
from rules.codes import CodeBook
from rules.form import FilingForm
from rules.law import law_on
from rules.library import Library
from rules.provinces import province_of

TODAY = date(2026, 3, 2)
LAW = law_on(TODAY, CodeBook.shipped())


@pytest.fixture(scope="module")
def forms() -> list[FilingForm]:
    return [filing_form(index) for index in range(930)]


def test_no_filing_has_a_finding_of_any_weight(forms: list[FilingForm]) -> None:
    for form in forms:
        assert check(form, LAW, Library(), TODAY) == []


@pytest.mark.parametrize("index", [30_999, 123_456, 999_999, 1_500_000])
def test_far_indexes_are_as_right_as_near_ones(index: int) -> None:
    assert check(filing_form(index), LAW, Library(), TODAY) == []


def test_all_provinces_take_turns(forms: list[FilingForm]) -> None:
    provinces = Counter(
        province.code for form in forms if (province := province_of(form.subject.division or ""))
    )
    assert len(provinces) == 31
    assert set(provinces.values()) == {30}


def test_people_and_many_kinds_of_organisations_file(forms: list[FilingForm]) -> None:
    natures = Counter(form.subject.unit_nature for form in forms)
    assert set(natures) == {"2", "3", "4", "5", "6", "9", "10", "11"}
    assert min(natures.values()) >= 5


def test_certificates_domains_and_home_pages_are_unique(forms: list[FilingForm]) -> None:
    numbers = [form.subject.certificate_number for form in forms]
    websites = [website for form in forms for website in form.websites]
    domains = [domain for website in websites for domain in website.domains]
    assert len(set(numbers)) == len(numbers)
    assert len(set(domains)) == len(domains) > 930
    assert len({website.home_url for website in websites}) == len(websites) > 930


def test_people_stay_unique_where_a_province_has_few_counties() -> None:
    beijing = [filing_form(index) for index in range(0, 31 * 1500, 31)]
    numbers = [form.subject.principal.certificate_number for form in beijing if form.subject.principal]
    assert len(set(numbers)) == 1500


def test_the_same_number_gives_the_same_filing_and_another_seed_another() -> None:
    assert filing_form(7) == filing_form(7)
    assert filing_form(7, seed=1) != filing_form(7)
    subject = filing_form(5).subject
    assert (subject.name, subject.division) == ("司徒怀瑾", "210102")


def test_names_and_addresses_are_nobodys(forms: list[FilingForm]) -> None:
    for form in forms:
        for website in form.websites:
            assert all(domain.endswith(".example") for domain in website.domains)
            assert website.access is not None
            for span in website.access.ip_ranges:
                assert span.start.rpartition(".")[0] in ("192.0.2", "198.51.100", "203.0.113")
        assert form.subject.principal is not None
        assert (form.subject.principal.email or "").partition("@")[2] in (
            "example.com",
            "example.net",
            "example.org",
        )
