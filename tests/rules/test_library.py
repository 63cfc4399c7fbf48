"""What a library is asked for, and the keys by which it is asked."""

from dataclasses import replace

import pytest

from rules.form import CancellationForm
from rules.keys import certificate_key, domain_key, home_url_key, unicode_domain
from rules.library import Questions, questions
from tests.rules.samples import FORM, SUBJECT, WEBSITE, of


def test_a_form_asks_for_its_domains_home_pages_and_certificate() -> None:
    asked = questions(FORM)
    assert asked.domains == {"example.com"}
    assert asked.home_urls == {"www.example.com"}
    assert asked.certificate == ("1", "91210200000000001J")


def test_what_is_malformed_is_not_asked_for() -> None:
    asked = questions(
        of(replace(SUBJECT, certificate_type=None), replace(WEBSITE, domains=("x",), home_url="http://x"))
    )
    assert (asked.domains, asked.home_urls, asked.certificate) == (frozenset(), frozenset(), None)


NOTHING = Questions(frozenset(), frozenset(), None)


@pytest.mark.shows("C74")
def test_a_change_asks_like_a_first_filing() -> None:
    assert questions(replace(FORM, kind="CHANGE")) == Questions(
        frozenset({"example.com"}), frozenset({"www.example.com"}), ("1", "91210200000000001J")
    )


@pytest.mark.shows("C74")
def test_an_added_website_asks_for_its_own_keys_alone() -> None:
    assert questions(replace(FORM, kind="ADD_WEBSITE")) == Questions(
        frozenset({"example.com"}), frozenset({"www.example.com"}), None
    )


@pytest.mark.shows("C61")
@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_added_access_asks_nothing_for_it_collides_with_its_own_record(elsewhere: bool) -> None:
    assert questions(replace(FORM, kind="ADD_ACCESS", elsewhere=elsewhere)) == NOTHING


@pytest.mark.parametrize("kind", ["CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT"])
def test_a_cancellation_asks_nothing(kind: str) -> None:
    assert questions(replace(FORM, kind=kind, cancellation=CancellationForm("S1", "1"))) == NOTHING


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a.b.Example.com.cn", "example.com.cn"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("www.haian.example.", "haian.example"),
        ("com.cn", None),
        ("127.0.0.1", None),
        ("a" * 300 + ".com", None),
        ("", None),
    ],
)
def test_a_host_goes_by_its_registrable_domain(name: str, key: str | None) -> None:
    assert domain_key(name) == key


def test_a_key_reads_in_its_own_script() -> None:
    assert unicode_domain("xn--fsqu00a.xn--fiqs8s") == "例子.中国"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("WWW.Example.com/", "www.example.com"),
        ("example.com:8080/A/", "example.com:8080/A"),
        ("http://example.com", None),
        ("", None),
    ],
)
def test_spellings_of_one_home_page_have_one_key(url: str, key: str | None) -> None:
    assert home_url_key(url) == key


def test_spellings_of_one_certificate_have_one_key() -> None:
    for spelling in (
        " 11010519491231002x",
        "110105 19491231 002X",
        "１１０１０５19491231002ｘ",
        "110105\u300019491231002X",
    ):
        assert certificate_key(spelling) == "11010519491231002X"
