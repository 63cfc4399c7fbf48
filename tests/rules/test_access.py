"""The access: its choices, and IP ranges that are public, in order, apart and the provider's own."""

import pytest

from rules.library import Library
from tests.rules.samples import FORM, law_with, told, with_access, with_ranges, with_website

RANGE = "websites/W1/access/ipRanges/0"


def test_a_website_without_access_is_told_once() -> None:
    assert told(with_website(access=None)) == [("BEIAN-REQUIRED", "websites/W1/access")]


@pytest.mark.parametrize(
    ("field", "name", "rule"),
    [("methods", "methods", "MIIT-1035"), ("server_locations", "serverLocations", "MIIT-1036")],
)
def test_methods_and_locations_are_required_and_come_from_their_tables(
    field: str, name: str, rule: str
) -> None:
    assert told(with_access(**{field: ()})) == [("BEIAN-REQUIRED", f"websites/W1/access/{name}")]
    assert told(with_access(**{field: ("77",)})) == [(rule, f"websites/W1/access/{name}/77")]
    assert told(with_access(**{field: ("3", "3")})) == [("BEIAN-REPEATED", f"websites/W1/access/{name}/3")]


def test_an_access_without_ranges_is_refused() -> None:
    assert told(with_ranges()) == [("BEIAN-REQUIRED", "websites/W1/access/ipRanges")]


@pytest.mark.parametrize(
    ("start", "end"), [("203.0.113.10", "203.0.113.10"), ("8.8.8.0", "8.8.8.255"), ("1.2.3.4", "1.2.4.4")]
)
def test_a_public_range_passes(start: str, end: str) -> None:
    assert told(with_ranges((start, end))) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("203.0.113.20", "203.0.113.10"),
        ("203.0.113.256", "203.0.113.256"),
        ("203.0.113", "203.0.113.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "10.0.0.1"),
        ("192.168.1.1", "192.168.1.9"),
        ("127.0.0.1", "127.0.0.1"),
        ("9.255.255.0", "11.0.0.0"),  # both ends public, the middle not
        ("224.0.0.1", "224.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("", ""),
    ],
)
def test_a_range_that_is_malformed_backward_or_not_public_is_1006(start: str, end: str) -> None:
    assert told(with_ranges((start, end))) == [("MIIT-1006", RANGE)]


def test_addresses_kept_for_documentation_pass_only_without_a_real_authority() -> None:
    assert told(FORM) == []
    assert told(FORM, library=Library(real_authority=True)) == [("MIIT-1006", RANGE)]


def test_ranges_of_one_access_do_not_overlap() -> None:
    form = with_ranges(("8.8.8.0", "8.8.8.9"), ("8.8.8.9", "8.8.8.20"), ("8.8.8.21", "8.8.8.22"))
    assert told(form) == [("MIIT-1024", "websites/W1/access/ipRanges/1")]


@pytest.mark.shows("C76")
def test_ranges_lie_in_the_providers_own_where_it_named_any() -> None:
    law = law_with(ip_ranges=("8.8.8.0/24", "8.8.9.0/25"))
    assert told(with_ranges(("8.8.8.200", "8.8.9.100")), law) == []
    assert told(with_ranges(("8.8.9.100", "8.8.9.128")), law) == [("MIIT-1063", RANGE)]
    assert told(with_ranges(("1.1.1.1", "1.1.1.1")), law) == [("MIIT-1063", RANGE)]
    assert told(with_ranges(("1.1.1.1", "1.1.1.1")), law_with()) == []
