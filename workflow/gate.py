"""The gate (C50, C51, C85): whether the provider's edge may serve a host, as the database stands in this moment."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from tortoise.connection import get_connection

from models.database import READER, UNREACHABLE, is_sqlite
from models.faults import StoreAway
from models.states import RecordStatus
from rules.keys import ascii_host, domain_key

LONGEST_HOST = 253
LONGEST_ASKED = 1024

# One statement: the record that says most about the domain, with the address ranges of its access. In force comes
# first, then cancelled, then what was only drafted; a dropped draft says nothing.
_LOOK_UP = """
WITH found AS (
  SELECT d.status AS domain_status, w.status AS website_status, s.status AS subject_status,
         a.status AS access_status, a.id AS access_id, w.filing_number AS filing_number
  FROM website_domain d
  JOIN website w ON w.id = d.website_id
  JOIN subject s ON s.id = w.subject_id
  LEFT JOIN access a ON a.website_id = w.id AND NOT a.archived
  WHERE d.key = {mark} AND NOT ((w.archived OR s.archived) AND w.status = 'DRAFT')
  ORDER BY CASE
    WHEN d.status <> 'FILED' OR w.status <> 'FILED' OR s.status <> 'FILED' THEN
      CASE WHEN 'CANCELLED' IN (d.status, w.status, s.status) THEN 2 ELSE 3 END
    WHEN a.status = 'FILED' THEN 0
    ELSE 1
  END, w.id DESC
  LIMIT 1
)
SELECT found.*, r.start AS first, r."end" AS last FROM found LEFT JOIN ip_range r ON r.access_id = found.access_id
"""
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")


class GateReason(StrEnum):
    """Why the gate decides as it does; only FILED opens it."""

    FILED = "FILED"
    NOT_FILED = "NOT_FILED"
    NOT_APPROVED = "NOT_APPROVED"
    NO_ACCESS = "NO_ACCESS"
    IP_MISMATCH = "IP_MISMATCH"
    CANCELLED = "CANCELLED"
    BLACKLISTED = "BLACKLISTED"


@dataclass(frozen=True)
class GateDecision:
    """`host` as it was compared (lower case, A-labels, no port), or as asked where it is none; `decision` ALLOW or DENY.

    `filing_number` is the website's 网站备案号, None where it has none.
    """

    host: str
    decision: str
    reason: str
    filing_number: str | None


async def decide(host: str, ip: str | None) -> GateDecision:
    """Whether `host` may be served here, and from the address `ip` where one is given. Raises StoreAway.

    ALLOW only while domain, website, subject and access are all FILED and `ip` lies in a range of the access. A
    sub-domain goes by its registrable domain. Nothing is kept between two questions, so it is true in the very
    transaction that approves or cancels.
    """
    name = _host_name(host)
    key = None if name is None else _key(name)
    if name is None or key is None:
        return _decision(name or host[:LONGEST_HOST], GateReason.NOT_FILED, None)
    rows = await _look_up(key)
    if not rows:
        return _decision(name, GateReason.NOT_FILED, None)
    return _decision(name, _reason(rows, ip), rows[0]["filing_number"])


def _decision(host: str, reason: GateReason, filing_number: str | None) -> GateDecision:
    decision = "ALLOW" if reason is GateReason.FILED else "DENY"
    return GateDecision(host, decision, reason.value, filing_number)


def _reason(rows: list[dict[str, Any]], ip: str | None) -> GateReason:
    record = rows[0]
    statuses = {record["domain_status"], record["website_status"], record["subject_status"]}
    if RecordStatus.CANCELLED.value in statuses:
        return GateReason.CANCELLED
    if statuses != {RecordStatus.FILED.value}:
        return GateReason.NOT_APPROVED
    if record["access_status"] != RecordStatus.FILED.value:
        return GateReason.NO_ACCESS
    if ip is not None and not _is_within(ip, rows):
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


async def _look_up(key: str) -> list[dict[str, Any]]:
    statement = _LOOK_UP.format(mark="?" if is_sqlite() else "$1")
    try:
        return await get_connection(READER).execute_query_dict(statement, [key])
    except UNREACHABLE as error:
        raise StoreAway from error
