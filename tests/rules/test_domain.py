"""Domains: the registrable one in its right form, once, nobody else's, not blacklisted."""

from dataclasses import replace

import pytest

from rules.domain import judge_form
from rules.library import Library
from tests.rules.samples import SUBJECT, WEBSITE, findings, of, told, with_website


@pytest.mark.parametrize(
    "name",
    [
        "example.com",
        "example.cn",
        "example.com.cn",
        "a.cn",
        "例子.中国",
        "xn--fsqu00a.xn--fiqs8s",
        "a-b.example",
    ],
)
def test_a_registrable_domain_in_its_right_form_passes(name: str) -> None:
    assert judge_form(name, (), real_authority=False) is None


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("www.example.com", "example.com"),
        ("shop.example.com.cn", "example.com.cn"),
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("www.例子.中国", "例子.中国"),
        ("someone.github.io", "github.io"),  # a name that a firm hands out is no domain of a registry
    ],
)
def test_another_form_is_refused_and_the_right_one_suggested(name: str, right: str) -> None:
    fault = judge_form(name, ("x",), real_authority=False)
    assert fault is not None
    assert (fault.rule, fault.suggestion) == ("MIIT-1004", right)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "example",
        "com.cn",
        "a_b.com",
        "-a.com",
        "a..com",
        "example.nosuchtld",
        "http://example.com",
        "1.2.3.4",
    ],
)
def test_what_is_no_domain_is_refused(name: str) -> None:
    fault = judge_form(name, ("x",), real_authority=False)
    assert fault is not None
    assert (fault.rule, fault.suggestion) == ("MIIT-1004", None)


def test_a_name_kept_for_documentation_passes_only_without_a_real_authority() -> None:
    site = with_website(domains=("haian.example",), home_url=None)
    assert told(site) == []
    assert told(site, library=Library(real_authority=True))[0] == (
        "MIIT-1004",
        "websites/W1/domains/haian.example",
    )


def test_a_wrong_domain_is_told_at_its_name() -> None:
    (finding,) = findings(with_website(domains=("www.example.com",)))
    assert finding.path == ("websites", "W1", "domains", "www.example.com")
    assert finding.suggestion == "example.com"


@pytest.mark.shows("C74", "C14")
def test_a_domain_filed_elsewhere_conflicts_however_it_is_written() -> None:
    library = Library(taken_domains=frozenset({"xn--fsqu00a.xn--fiqs8s"}))
    site = with_website(domains=("example.com", "例子.中国"))
    assert told(site, library=library) == [("MIIT-1005", "websites/W1/domains/例子.中国")]
    assert told(site) == []


@pytest.mark.shows("C76")
def test_a_blacklisted_domain_is_refused() -> None:
    library = Library(blacklisted_domains=frozenset({"example.com"}))
    assert told(with_website(), library=library) == [("MIIT-1064", "websites/W1/domains/example.com")]


def test_a_domain_stands_once_in_a_filing() -> None:
    twice = with_website(domains=("example.com", "example.com"))
    assert told(twice) == [("MIIT-1039", "websites/W1/domains/example.com")]
    other = replace(WEBSITE, id="W2", home_url=None)
    assert told(of(SUBJECT, WEBSITE, other)) == [("MIIT-1039", "websites/W2/domains/example.com")]
