"""The captcha: one use, five minutes, before the password."""

import asyncio
from datetime import timedelta

import pytest

import settings as settings_module
from accounts.captcha import create_captcha, image_of, use_captcha
from accounts.refusals import WrongCaptcha
from accounts.registration import register
from accounts.signin import sign_in
from models.account import Account
from models.clock import now
from models.credential import Captcha, Session
from models.event import AuditEntry
from models.refusal import Throttled
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.accounts.people import HOME, PASSWORD, make_person


@pytest.fixture
def asked(db: str, settings: Settings) -> Settings:
    """Settings under which captchas are asked for; the fixture `db` of the next test takes them back."""
    given = settings.model_copy(update={"captcha": True})
    settings_module.use(given)
    return given


async def drawn() -> tuple[str, str]:
    captcha = await create_captcha(HOME)
    return captcha.id, (await Captcha.get(id=captcha.id)).answer


@pytest.mark.shows("C02")
async def test_a_right_answer_in_any_width_and_case_passes_once(asked: Settings) -> None:
    captcha_id, answer = await drawn()
    await use_captcha(captcha_id, f" {answer.lower()} ")
    with pytest.raises(WrongCaptcha):
        await use_captcha(captcha_id, answer)


@pytest.mark.shows("C02")
async def test_a_wrong_answer_uses_it_up_too(asked: Settings) -> None:
    captcha_id, answer = await drawn()
    with pytest.raises(WrongCaptcha) as refusal:
        await use_captcha(captcha_id, "?????")
    assert (refusal.value.problems[0].code, refusal.value.problems[0].path) == (
        "WRONG_CAPTCHA",
        ("captchaAnswer",),
    )
    with pytest.raises(WrongCaptcha):
        await use_captcha(captcha_id, answer)


@pytest.mark.shows("C02")
async def test_after_five_minutes_it_is_over(asked: Settings) -> None:
    captcha = await create_captcha(HOME)
    assert timedelta(minutes=4, seconds=58) < captcha.expires_at - now() <= timedelta(minutes=5)
    answer = (await Captcha.get(id=captcha.id)).answer
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: Captcha.all().update(expires_at=past))
    assert await image_of(captcha.id) is None
    with pytest.raises(WrongCaptcha):
        await use_captcha(captcha.id, answer)


@pytest.mark.parametrize(
    ("captcha_id", "answer"),
    [(None, None), ("", ""), ("0" * 32, "AAAAA"), ("x" * 500, "\ud800"), ("\ud800", "A")],
)
async def test_what_is_no_captcha_is_a_wrong_one(
    asked: Settings, captcha_id: str | None, answer: str | None
) -> None:
    with pytest.raises(WrongCaptcha):
        await use_captcha(captcha_id, answer)


async def test_of_ten_parallel_uses_one_passes(asked: Settings) -> None:
    captcha_id, answer = await drawn()
    answers = await asyncio.gather(
        *(use_captcha(captcha_id, answer) for _ in range(10)), return_exceptions=True
    )
    assert sum(given is None for given in answers) == 1


@pytest.mark.shows("C02")
async def test_a_wrong_captcha_is_refused_before_the_password_is_looked_at(asked: Settings) -> None:
    await make_person()
    for _ in range(8):
        with pytest.raises(WrongCaptcha):
            await sign_in(
                "zhang.wei", "wrong-Password-1", captcha_id="0" * 32, captcha_answer="A", address=HOME
            )
    assert await AuditEntry.filter(action="LOGIN_FAILED").count() == 0
    captcha_id, answer = await drawn()
    await sign_in("zhang.wei", PASSWORD, captcha_id=captcha_id, captcha_answer=answer, address=HOME)
    assert await Session.all().count() == 1


@pytest.mark.shows("C01", "C03")
async def test_registration_asks_for_a_captcha_too(asked: Settings) -> None:
    with pytest.raises(WrongCaptcha):
        await register("zhang.wei", PASSWORD, "a@example.com", address=HOME)
    assert await Account.all().count() == 0
    captcha_id, answer = await drawn()
    await register(
        "zhang.wei", PASSWORD, "a@example.com", captcha_id=captcha_id, captcha_answer=answer, address=HOME
    )


@pytest.mark.shows("C01")
async def test_the_picture_is_a_png_and_does_not_tell_the_answer(db: str) -> None:
    captcha_id, answer = await drawn()
    picture = await image_of(captcha_id)
    assert picture is not None
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert answer.encode() not in picture
    assert await image_of("0" * 32) is None


async def test_switched_off_nothing_is_asked(db: str) -> None:
    await use_captcha(None, None)


async def test_one_network_gets_a_hundred_and_twenty_in_five_minutes(db: str) -> None:
    for _ in range(120):
        await create_captcha(HOME)
    with pytest.raises(Throttled):
        await create_captcha(HOME)
    assert await Captcha.all().count() == 120
