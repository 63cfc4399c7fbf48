"""Housekeeping: rows around signing in that no answer depends on any more are deleted."""

from datetime import timedelta

from tortoise.expressions import Q

from models.clock import now
from models.credential import Captcha, PasswordReset, Session, Throttle
from models.unit_of_work import unit_of_work

# ended sessions stay this long, for whoever looks into what happened; the audit keeps their ids for ever
KEPT = timedelta(days=30)


async def delete_expired() -> None:
    """Delete captchas, reset links, counts and sessions that are over; to be called every hour or so."""
    moment = now()

    async def work() -> None:
        await Captcha.filter(expires_at__lt=moment).delete()
        await Throttle.filter(window_ends_at__lt=moment).delete()
        await PasswordReset.filter(expires_at__lt=moment).delete()
        over = moment - KEPT
        await Session.filter(Q(expires_at__lt=over) | Q(ended_at__lt=over)).delete()

    await unit_of_work(work)
