"""The home page address: its form, its domain, and that it is nobody else's."""

from dataclasses import replace

import pytest

from rules.library import Library
from tests.rules.samples import SUBJECT, WEBSITE, findings, of, told, with_website

PLACE = "websites/W1/homeUrl"


@pytest.mark.parametrize(
    "url", [None, "", "example.com", "www.example.com", "www.example.com/a/b?c=1", "a.example.com:8080/"]
)
def test_an_address_within_one_of_the_domains_passes(url: str | None) -> None:
    assert told(with_website(home_url=url)) == []


@pytest.mark.parametrize("url", ["http://www.example.com", "https://www.example.com/a"])
def test_a_scheme_is_refused_and_the_bare_address_suggested(url: str) -> None:
    (finding,) = findings(with_website(home_url=url))
    assert (finding.rule, "/".join(finding.path)) == ("MIIT-1022", PLACE)
    assert finding.suggestion == url.partition("://")[2]


@pytest.mark.parametrize(
    "url", ["www example.com", "localhost", "/index.html", "www.example.com#top", "a_b.example.com"]
)
def test_a_malformed_address_is_refused(url: str) -> None:
    assert told(with_website(home_url=url)) == [("MIIT-1022", PLACE)]


@pytest.mark.shows("C74")
@pytest.mark.parametrize("url", ["www.example.net", "example.com.evil.cn", "notexample.com"])
def test_an_address_outside_the_domains_is_1041(url: str) -> None:
    assert told(with_website(home_url=url)) == [("MIIT-1041", PLACE)]


def test_an_address_is_not_blamed_for_a_wrong_domain() -> None:
    assert told(with_website(domains=("nonsense",))) == [("MIIT-1004", "websites/W1/domains/nonsense")]
    assert told(with_website(domains=())) == [("BEIAN-REQUIRED", "websites/W1/domains")]


@pytest.mark.shows("C74")
def test_a_home_page_that_is_filed_already_conflicts_however_it_is_written() -> None:
    library = Library(taken_home_urls=frozenset({"www.example.com"}))
    assert told(with_website(home_url="WWW.example.com/"), library=library) == [("MIIT-1021", PLACE)]
    assert told(with_website(home_url="example.com"), library=library) == []


def test_two_websites_do_not_share_a_home_page() -> None:
    other = replace(WEBSITE, id="W2", domains=("example.net",))
    assert told(of(SUBJECT, WEBSITE, other)) == [
        ("MIIT-1041", "websites/W2/homeUrl"),
        ("MIIT-1021", "websites/W2/homeUrl"),
    ]
