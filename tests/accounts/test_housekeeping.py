"""Housekeeping deletes what is over and nothing else."""

from datetime import timedelta

from accounts.callers import caller_of_session
from accounts.captcha import create_captcha, image_of
from accounts.housekeeping import delete_expired
from accounts.recovery import request_password_reset
from models.clock import now
from models.credential import Captcha, PasswordReset, Session, Throttle
from models.unit_of_work import unit_of_work
from tests.accounts.people import ELSEWHERE, HOME, come_in, make_person


async def test_what_lives_is_kept(db: str) -> None:
    await make_person()
    signed = await come_in()
    captcha = await create_captcha(HOME)
    await request_password_reset("zhang.wei", address=HOME)
    throttles = await Throttle.all().count()
    await delete_expired()
    assert await image_of(captcha.id) is not None
    assert await PasswordReset.all().count() == 1
    assert await Throttle.all().count() == throttles
    await caller_of_session(signed.value, HOME)


async def test_what_is_over_is_deleted(db: str) -> None:
    await make_person()
    await come_in()
    fresh = await come_in(address=ELSEWHERE)
    await create_captcha(HOME)
    await request_password_reset("zhang.wei", address=HOME)
    past, long_past = now() - timedelta(seconds=1), now() - timedelta(days=31)

    async def age() -> None:
        await Captcha.all().update(expires_at=past)
        await PasswordReset.all().update(expires_at=past)
        await Throttle.all().update(window_ends_at=past)
        first = await Session.all().order_by("id").first()
        assert first is not None
        await Session.filter(id=first.id).update(ended_at=long_past)

    await unit_of_work(age)
    await delete_expired()
    assert await Captcha.all().count() == 0
    assert await PasswordReset.all().count() == 0
    assert await Throttle.all().count() == 0
    assert await Session.all().count() == 1
    await caller_of_session(fresh.value, ELSEWHERE)
