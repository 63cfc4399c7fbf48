"""The law in force (现行规则): code book, switches of a day and the provider's own facts, under one version."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, collapse_addresses

from rules.catalogue import RULES
from rules.codes import CodeBook
from rules.shipped import read
from rules.switches import Switch, in_force, shipped_switches

PROTOCOL = "V3.0"
VERSION_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Law:
    """Everything that a filing is judged by, besides the facts of the library.

    `division` is the provider's own province; `ip_ranges` its own networks, merged, empty where it named none.
    `version` is the same text for the same law, at most VERSION_LENGTH characters. `documents_required`: a filing
    without its documents cannot be submitted.
    """

    codes: CodeBook
    switches: tuple[Switch, ...]
    ip_ranges: tuple[IPv4Network, ...]
    division: str
    version: str
    documents_required: bool = False

    def switch(self, key: str, province: str | None) -> Switch | None:
        """The switch of that name if it binds in the province."""
        return next((s for s in self.switches if s.key == key and s.binds_in(province)), None)


def law_on(
    day: date,
    codes: CodeBook,
    *,
    switches: Iterable[Switch] | None = None,
    ip_ranges: Sequence[IPv4Network] = (),
    division: str = "210000",
    documents_required: bool = False,
) -> Law:
    """The law as it binds on a day. Without `switches` those that ship are taken."""
    binding = in_force(shipped_switches() if switches is None else switches, day)
    networks = tuple(collapse_addresses(ip_ranges))
    version = _version(codes, binding, networks, division, documents_required)
    return Law(codes, binding, networks, division, version, documents_required)


def _version(
    codes: CodeBook,
    binding: tuple[Switch, ...],
    networks: tuple[IPv4Network, ...],
    division: str,
    documents_required: bool,
) -> str:
    told = [codes.fingerprint, division, *map(str, networks), *map(repr, binding), *map(repr, RULES.values())]
    told += [json.dumps(read("documents")["items"]), str(documents_required)]
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
    names = ",".join(switch.key for switch in binding)
    return f"{PROTOCOL}+{digest}{'+' if names else ''}{names}"[:VERSION_LENGTH]
