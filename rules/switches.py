"""Provincial switches (省管局规则开关): rules that bind in some provinces and at some times, as dated data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from rules.findings import Words
from rules.shipped import read


@dataclass(frozen=True, slots=True)
class Switch:
    """One provincial rule. `provinces` None means all; both days are included; without a first day it binds nobody."""

    key: str
    words: Words
    provinces: tuple[str, ...] | None
    values: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    enabled: bool
    source: str

    def binds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return (
            self.enabled
            and self.first_day is not None
            and self.first_day <= day
            and (self.last_day is None or day <= self.last_day)
        )

    def binds_in(self, province: str | None) -> bool:
        """Whether the rule is meant for a province, given by its division code."""
        return self.provinces is None or province in self.provinces


def in_force(switches: Iterable[Switch], day: date) -> tuple[Switch, ...]:
    """Those of the switches that bind on a day, in the order of their keys."""
    return tuple(sorted((s for s in switches if s.binds_on(day)), key=lambda s: s.key))


@cache
def shipped_switches() -> tuple[Switch, ...]:
    """The switches as the data file has them."""
    return tuple(
        Switch(
            key=item["key"],
            words=Words(item["zh"], item["en"]),
            provinces=None if item["provinces"] is None else tuple(item["provinces"]),
            values=tuple(item["values"]),
            first_day=_day(item["from"]),
            last_day=_day(item["until"]),
            enabled=item["enabled"],
            source=item["source"],
        )
        for item in read("provincial_rules")["items"]
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
