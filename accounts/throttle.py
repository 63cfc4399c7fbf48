"""The throttle: tries are counted before anything is verified, and the count stays whatever becomes of the try."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from tortoise.expressions import F
from tortoise.queryset import QuerySet

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


# one person at one place mistyping: five, then a quarter of an hour, as in most banks and Vault
LOGIN_PLACE = Limit("login-place", 5, timedelta(minutes=15))
# one password tried on many names: an office behind one address has room, as right log-ins are not counted
LOGIN_NETWORK = Limit("login-network", 50, timedelta(minutes=15))
# many places guessing one account
LOGIN_ACCOUNT = Limit("login-account", 50, timedelta(hours=1))
# a place its owner signed in from lately is bound by LOGIN_PLACE alone, so that strangers elsewhere cannot lock him
# out of it; a reset by mail makes the place it was done from such a one
LOGIN_KNOWN = Limit("login-known", 0, timedelta(days=30))
# whoever holds a stolen session gets no more guesses at the password than at the door
CHANGE_PASSWORD = Limit("change-password", 5, timedelta(minutes=15))
# each registration costs a hash and a row for ever
REGISTER_NETWORK = Limit("register-network", 20, timedelta(hours=1))
# each captcha costs a row, and a picture of about 20 ms
CAPTCHA_NETWORK = Limit("captcha-network", 120, timedelta(minutes=5))
RESET_NETWORK = Limit("reset-network", 20, timedelta(hours=1))
# mails to one account; its window is as long as a link lives, so that whoever uses the count up, the owner's
# mailbox holds a link that still works
RESET_MAILS = Limit("reset-mails", 3, timedelta(hours=1))


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


async def reserve_login(username_key: str, address: str) -> None:
    """Count one log-in by everything that limits it, all or none; raises Throttled."""
    network = network_of(address)

    async def work() -> None:
        limits: list[tuple[Limit, tuple[str, ...]]] = [(LOGIN_PLACE, (username_key, network))]
        if not await _live(LOGIN_KNOWN.key(username_key, network)).exists():
            limits += [(LOGIN_NETWORK, (network,)), (LOGIN_ACCOUNT, (username_key,))]
        # one order for everybody: two transactions never wait for each other
        for limit, parts in sorted(limits, key=lambda pair: pair[0].name):
            await count(limit, *parts)

    await unit_of_work(work)


async def give_back_login(username_key: str, address: str) -> None:
    """Take one counted log-in back, which was right or could not be verified; call it inside a unit of work."""
    network = network_of(address)
    keys = (
        LOGIN_ACCOUNT.key(username_key),
        LOGIN_NETWORK.key(network),
        LOGIN_PLACE.key(username_key, network),
    )
    for key in keys:
        await Throttle.filter(key=key, tries__gt=0).update(tries=F("tries") - 1)


async def know_place(username_key: str, address: str) -> None:
    """Remember that the account's owner was at this address and forget wrong tries there; inside a unit of work."""
    network = network_of(address)
    await Throttle.filter(key=LOGIN_PLACE.key(username_key, network)).delete()
    key = LOGIN_KNOWN.key(username_key, network)
    await _open_window(LOGIN_KNOWN, key, now())
    await Throttle.filter(key=key).update(window_ends_at=now() + LOGIN_KNOWN.window)


async def count(limit: Limit, *parts: str) -> None:
    """Count one try inside the unit of work that is open; raises Throttled, which must roll it back."""
    moment = now()
    key = limit.key(*parts)
    await _open_window(limit, key, moment)
    # the condition stands in the update itself: of parallel tries, each takes a place of its own or none
    if not await Throttle.filter(key=key, tries__lt=limit.tries).update(tries=F("tries") + 1):
        # a right log-in may have deleted it in between
        row = await Throttle.get_or_none(key=key)
        seconds = (row.window_ends_at - moment).total_seconds() if row else 0
        raise Throttled(max(1, math.ceil(seconds)))


async def _open_window(limit: Limit, key: str, moment: datetime) -> None:
    ends_at = moment + limit.window
    await Throttle.filter(key=key, window_ends_at__lte=moment).update(tries=0, window_ends_at=ends_at)
    await Throttle.bulk_create([Throttle(key=key, tries=0, window_ends_at=ends_at)], ignore_conflicts=True)


def _live(key: str) -> QuerySet[Throttle]:
    return Throttle.filter(key=key, window_ends_at__gt=now())
