"""Invented people: IDs that are right and all different."""

from datetime import date
from random import Random

from demo.people import mobile, resident_id
from rules.certificate import is_resident_id
from rules.contact import is_mobile


def test_ids_of_one_county_are_right_and_differ_for_eighteen_thousand_people() -> None:
    numbers = {resident_id("210202", number) for number in range(18_000)}
    assert len(numbers) == 18_000
    assert all(number.startswith("210202") and number[14:17] == "000" for number in numbers)
    assert all(is_resident_id(number, date(2004, 6, 1)) for number in sorted(numbers)[::50])


def test_mobiles_are_right() -> None:
    lot = Random(1)
    assert all(is_mobile(mobile(lot)) for _ in range(200))
