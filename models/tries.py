"""Tries: counted before anything is verified, so that the count stays whatever becomes of the try."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from tortoise.expressions import F

from models.cipher import cipher
from models.clock import now
from models.credential import Throttle
from models.refusal import Throttled
from models.unit_of_work import unit_of_work


@dataclass(frozen=True)
class Limit:
    """At most `tries` in each `window`, for each key of this `name`."""

    name: str
    tries: int
    window: timedelta

    def key(self, *parts: str) -> str:
        """The row's key: a keyed hash, so that the table tells nobody's name and nobody's address."""
        return f"{self.name}:{cipher().index('|'.join(parts))}"


def network_of(address: str) -> str:
    """The network an address counts for: its /24, for IPv6 its /64; what is no address counts as itself."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


async def reserve(limit: Limit, *parts: str) -> None:
    """Count one try of `limit` for `parts`, in a unit of work of its own; raises Throttled where none is left."""
    await unit_of_work(lambda: count(limit, *parts))


async def count(limit: Limit, *parts: str) -> None:
    """Count one try inside the unit of work that is open; raises Throttled, which must roll it back."""
    moment = now()
    key = limit.key(*parts)
    await open_window(limit, key, moment)
    # the condition stands in the update itself: of parallel tries, each takes a place of its own or none
    if not await Throttle.filter(key=key, tries__lt=limit.tries).update(tries=F("tries") + 1):
        # a right log-in may have deleted it in between
        row = await Throttle.get_or_none(key=key)
        seconds = (row.window_ends_at - moment).total_seconds() if row else 0
        raise Throttled(max(1, math.ceil(seconds)))


async def open_window(limit: Limit, key: str, moment: datetime) -> None:
    """Begin the key's window where none is running; inside a unit of work."""
    ends_at = moment + limit.window
    await Throttle.filter(key=key, window_ends_at__lte=moment).update(tries=0, window_ends_at=ends_at)
    await Throttle.bulk_create([Throttle(key=key, tries=0, window_ends_at=ends_at)], ignore_conflicts=True)


async def give_back(limit: Limit, *parts: str) -> None:
    """Take one counted try back, which was right or could not be verified; inside a unit of work."""
    await Throttle.filter(key=limit.key(*parts), tries__gt=0).update(tries=F("tries") - 1)
