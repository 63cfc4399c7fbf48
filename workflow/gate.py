"""The gate (C50, C51, C85, N1): whether the provider's edge may serve a host, as the database stands in this moment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from tortoise.connection import get_connection

from models.clock import now
from models.database import READER, UNREACHABLE, is_sqlite
from models.faults import StoreAway
from models.gate import GateHost, GateReason, GateVerdict
from models.states import RecordStatus
from rules.keys import ascii_host, domain_key
from settings import current

LONGEST_HOST = 253
LONGEST_ASKED = 1024
# For so long an edge may keep an answer: an approval should be felt soon, a cancellation within a minute.
KEPT = {
    GateVerdict.ALLOW: timedelta(seconds=60),
    GateVerdict.GRACE: timedelta(seconds=60),
    GateVerdict.DENY: timedelta(seconds=10),
}
_NEVER_IN_GRACE = frozenset({GateReason.FILED, GateReason.IP_MISMATCH, GateReason.BLACKLISTED})

# One statement: of each domain the record that says most about it, with the address ranges of its access. In force
# comes first, then cancelled, then what was only drafted; a dropped draft says nothing.
_LOOK_UP = """
WITH found AS (
  SELECT d.key AS key, d.status AS domain_status, w.status AS website_status, s.status AS subject_status,
         a.status AS access_status, a.id AS access_id, s.id AS subject_id, w.filing_number AS filing_number,
         ROW_NUMBER() OVER (PARTITION BY d.key ORDER BY CASE
           WHEN d.status <> 'FILED' OR w.status <> 'FILED' OR s.status <> 'FILED' THEN
             CASE WHEN 'CANCELLED' IN (d.status, w.status, s.status) THEN 2 ELSE 3 END
           WHEN a.status = 'FILED' THEN 0
           ELSE 1
         END, w.id DESC) AS place
  FROM website_domain d
  JOIN website w ON w.id = d.website_id
  JOIN subject s ON s.id = w.subject_id
  LEFT JOIN access a ON a.website_id = w.id AND NOT a.archived
  WHERE d.key {among} AND NOT ((w.archived OR s.archived) AND w.status = 'DRAFT')
)
SELECT found.*, {ranges} WHERE found.place = 1
"""
_WITH_RANGES = (
    'r.start AS first, r."end" AS last FROM found LEFT JOIN ip_range r ON r.access_id = found.access_id'
)
_WITHOUT_RANGES = "NULL AS first, NULL AS last FROM found"
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")


@dataclass(frozen=True)
class Basis:
    """The record that decides: what its parts are in force as; `access` is None where it has none here."""

    domain: RecordStatus
    website: RecordStatus
    subject: RecordStatus
    access: RecordStatus | None
    subject_id: int


@dataclass(frozen=True)
class GateDecision:
    """`host` as it was compared (lower case, A-labels, no port), or as asked where it is none.

    `domain` is the registrable domain that it goes by, None for what has none. `filing_number` is the website's
    网站备案号, None where it has none; `basis` is None where no record is there. An edge may keep the answer until
    `valid_until`. In GRACE `grace_until` says when it turns to DENY by itself.
    """

    host: str
    domain: str | None
    decision: GateVerdict
    reason: GateReason
    filing_number: str | None
    basis: Basis | None
    valid_until: datetime
    grace_until: datetime | None = None


async def decide(host: str, ip: str | None) -> GateDecision:
    """Whether `host` may be served here, and from the address `ip` where one is given. Raises StoreAway.

    ALLOW only while domain, website, subject and access are all FILED and `ip` lies in a range of the access. A
    sub-domain goes by its registrable domain. Nothing is kept between two questions, so it is true in the very
    transaction that approves or cancels.
    """
    return (await decide_many([host], ip))[0]


async def decide_many(hosts: Sequence[str], ip: str | None) -> list[GateDecision]:
    """The same for several hosts, in their order, in one statement; a second where a grace is set. Raises StoreAway."""
    names = [_host_name(host) for host in hosts]
    keys = [None if name is None else _key(name) for name in names]
    wanted = {key for key in keys if key is not None}
    records = await look_up(wanted, ip)
    denied = {key for key in wanted if records[key].reason not in _NEVER_IN_GRACE}
    graces, at = await _graces(denied), now()
    return [
        _decision(
            name or host[:LONGEST_HOST], key, records.get(key or "", _NOTHING), graces.get(key or ""), at
        )
        for host, name, key in zip(hosts, names, keys, strict=True)
    ]


@dataclass(frozen=True)
class Record:
    """What the database says of one registrable domain."""

    reason: GateReason
    filing_number: str | None = None
    basis: Basis | None = None

    @property
    def verdict(self) -> GateVerdict:
        """ALLOW or DENY; a grace is nothing that the record knows of."""
        return GateVerdict.ALLOW if self.reason is GateReason.FILED else GateVerdict.DENY


_NOTHING = Record(GateReason.NOT_FILED)


async def look_up(keys: set[str], ip: str | None = None) -> Mapping[str, Record]:
    """The record of each registrable domain, in one statement. Raises StoreAway."""
    lines: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    for line in await _read(sorted(keys), _WITHOUT_RANGES if ip is None else _WITH_RANGES) if keys else ():
        lines[line["key"]].append(line)
    return {key: _record(found, ip) if found else _NOTHING for key, found in lines.items()}


def grace() -> timedelta:
    """For how long a host that ceased to be allowed is still served, by the operator's leave."""
    return timedelta(hours=current().gate_grace_hours)


def _decision(
    host: str, domain: str | None, record: Record, grace_until: datetime | None, at: datetime
) -> GateDecision:
    verdict = record.verdict if grace_until is None else GateVerdict.GRACE
    valid_until = at + KEPT[verdict]
    return GateDecision(
        host=host,
        domain=domain,
        decision=verdict,
        reason=record.reason,
        filing_number=record.filing_number,
        basis=record.basis,
        valid_until=valid_until if grace_until is None else min(valid_until, grace_until),
        grace_until=grace_until,
    )


async def _graces(denied: set[str]) -> dict[str, datetime]:
    """Of these domains, until when those are in grace that are; asks nothing where the operator set none."""
    if not grace() or not denied:
        return {}
    rows = GateHost.filter(key__in=sorted(denied), denied_at__gt=now() - grace())
    try:
        return {key: denied_at + grace() for key, denied_at in await rows.values_list("key", "denied_at")}
    except UNREACHABLE as error:
        raise StoreAway from error


def _record(lines: list[dict[str, Any]], ip: str | None) -> Record:
    line = lines[0]
    access = line["access_status"]
    basis = Basis(
        domain=RecordStatus(line["domain_status"]),
        website=RecordStatus(line["website_status"]),
        subject=RecordStatus(line["subject_status"]),
        access=None if access is None else RecordStatus(access),
        subject_id=line["subject_id"],
    )
    return Record(_reason(basis, lines, ip), line["filing_number"], basis)


def _reason(basis: Basis, lines: list[dict[str, Any]], ip: str | None) -> GateReason:
    statuses = {basis.domain, basis.website, basis.subject}
    if RecordStatus.CANCELLED in statuses:
        return GateReason.CANCELLED
    if statuses != {RecordStatus.FILED}:
        return GateReason.NOT_APPROVED
    if basis.access is not RecordStatus.FILED:
        return GateReason.NO_ACCESS
    if ip is not None and not _is_within(ip, lines):
        return GateReason.IP_MISMATCH
    return GateReason.FILED


def _is_within(ip: str, rows: list[dict[str, Any]]) -> bool:
    """Whether the address lies in one of the ranges, both ends included; never where it is no IPv4 address."""
    address = _address(ip)
    if address is None:
        return False
    ranges = ((_address(row["first"]), _address(row["last"])) for row in rows)
    return any(first is not None and last is not None and first <= address <= last for first, last in ranges)


def _address(text: str | None) -> IPv4Address | None:
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    return address.ipv4_mapped if isinstance(address, IPv6Address) else address


def _host_name(host: str) -> str | None:
    """The host as `Host` headers carry it, brought into one form: no port, no final dot, A-labels in lower case."""
    name, colon, port = host[:LONGEST_ASKED].partition(":")
    if colon and not (port.isascii() and port.isdigit() and len(port) <= 5):
        return None
    labels = (label.lower() if label.isascii() else ascii_host(label) or "" for label in name.split("."))
    found = ".".join(labels).removesuffix(".")
    if len(found) > LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in found.split(".")):
        return None
    return found


def _key(name: str) -> str | None:
    """The registrable domain of a host; labels in front of it may hold what no registered name does (`_x`, `a--b`)."""
    labels = name.split(".")
    candidates = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return next((key for key in map(domain_key, candidates) if key is not None), None)


async def _read(keys: list[str], ranges: str) -> list[dict[str, Any]]:
    if is_sqlite():
        among, values = f"IN ({', '.join('?' * len(keys))})", list[Any](keys)
    else:
        among, values = "= ANY($1::text[])", [keys]
    statement = _LOOK_UP.format(among=among, ranges=ranges)
    try:
        return await get_connection(READER).execute_query_dict(statement, values)
    except UNREACHABLE as error:
        raise StoreAway from error
