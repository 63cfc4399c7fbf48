"""The law in force: switches by their days, and a version that names what was in force."""

from dataclasses import replace
from datetime import date
from ipaddress import IPv4Network

import pytest

from rules.codes import Code, CodeBook, shipped_codes, shipped_divisions
from rules.findings import Words
from rules.law import VERSION_LENGTH, law_on
from rules.switches import Switch, in_force, shipped_switches
from tests.rules.samples import BOOK, TODAY

SWITCH = Switch(
    key="one_domain_per_site",
    words=Words("一个网站一个域名", "one domain per website"),
    provinces=("210000",),
    values=(),
    first_day=date(2026, 3, 3),
    last_day=date(2026, 3, 31),
    enabled=True,
    source="test",
)


@pytest.mark.shows("N7")
def test_a_switch_binds_from_its_first_day_to_its_last() -> None:
    days = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 31), date(2026, 4, 1)]
    assert [SWITCH.binds_on(day) for day in days] == [False, True, True, False]
    assert replace(SWITCH, last_day=None).binds_on(date(2099, 1, 1))


@pytest.mark.shows("N7")
def test_an_undated_switch_binds_nobody_nor_does_one_that_is_off() -> None:
    assert not replace(SWITCH, first_day=None).binds_on(date(2026, 3, 3))
    assert not replace(SWITCH, enabled=False).binds_on(date(2026, 3, 3))


def test_what_ships_is_sixteen_rules_of_which_none_binds() -> None:
    shipped = shipped_switches()
    assert len({switch.key for switch in shipped}) == 16
    assert in_force(shipped, TODAY) == ()
    nationwide = [switch for switch in shipped if switch.provinces is None]
    assert [(s.key, s.first_day, s.enabled) for s in nationwide] == [
        ("one_domain_per_site", date(2019, 4, 22), False)
    ]


def test_the_switch_of_a_province_is_found_there_alone() -> None:
    law = law_on(date(2026, 3, 3), BOOK, switches=[SWITCH])
    assert law.switch("one_domain_per_site", "210000") is SWITCH
    assert law.switch("one_domain_per_site", "110000") is None
    assert law.switch("one_domain_per_site", None) is None
    assert law.switch("not_served", "210000") is None


@pytest.mark.shows("N7")
def test_the_version_is_the_same_for_the_same_law_and_names_the_switches_in_force() -> None:
    before = law_on(date(2026, 3, 2), BOOK, switches=[SWITCH])
    during = law_on(date(2026, 3, 3), BOOK, switches=[SWITCH])
    assert before.version == law_on(date(2026, 1, 1), BOOK).version
    assert before.version.startswith("V3.0+")
    assert during.version.endswith("+one_domain_per_site")
    assert during.version != before.version
    assert during.version == law_on(date(2026, 3, 4), CodeBook.shipped(), switches=[SWITCH]).version


def test_the_version_changes_with_codes_and_with_the_providers_facts() -> None:
    told = law_on(TODAY, BOOK).version
    more = CodeBook((*shipped_codes(), Code("language", "18", "德语")), shipped_divisions())
    assert law_on(TODAY, more).version != told
    assert law_on(TODAY, BOOK, division="310000").version != told
    assert law_on(TODAY, BOOK, ip_ranges=[IPv4Network("8.8.8.0/24")]).version != told


def test_the_version_never_outgrows_its_length() -> None:
    many = [replace(SWITCH, key=f"a_switch_with_a_long_name_{number}") for number in range(40)]
    assert len(law_on(date(2026, 3, 3), BOOK, switches=many).version) == VERSION_LENGTH == 255


def test_networks_are_merged() -> None:
    law = law_on(TODAY, BOOK, ip_ranges=[IPv4Network("8.8.9.0/24"), IPv4Network("8.8.8.0/24")])
    assert law.ip_ranges == (IPv4Network("8.8.8.0/23"),)
