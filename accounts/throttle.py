"""The throttle of the keys: how many tries of what are allowed, and what limits a log-in."""

from datetime import timedelta

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models.clock import now
from models.credential import Throttle
from models.tries import Limit, count, network_of, open_window
from models.unit_of_work import unit_of_work

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
    await open_window(LOGIN_KNOWN, key, now())
    await Throttle.filter(key=key).update(window_ends_at=now() + LOGIN_KNOWN.window)


def _live(key: str) -> QuerySet[Throttle]:
    return Throttle.filter(key=key, window_ends_at__gt=now())
