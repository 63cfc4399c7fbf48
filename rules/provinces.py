"""The provinces (省份): their letter in a filing number, the letters accepted for it, and their server location."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from rules.shipped import read


@dataclass(frozen=True, slots=True)
class Province:
    """A province. `prefix` is issued, as in 辽ICP备; `alternatives` are accepted on input only."""

    code: str
    zh: str
    short: str
    en: str
    prefix: str
    alternatives: tuple[str, ...]
    server_location: str


@cache
def provinces() -> Mapping[str, Province]:
    """The 31 provinces by their six-digit code."""
    found = {
        item["code"]: Province(
            code=item["code"],
            zh=item["zh"],
            short=item["short"],
            en=item["en"],
            prefix=item["prefix"],
            alternatives=tuple(item["alternatives"]),
            server_location=item["server_location"],
        )
        for item in read("provinces")["items"]
    }
    return MappingProxyType(found)


def province_of(division: str) -> Province | None:
    """The province of a six-digit division code, told by its first two digits."""
    return provinces().get(division[:2] + "0000")
