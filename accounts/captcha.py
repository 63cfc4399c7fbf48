"""The picture captcha (验证码): drawn, answered once, gone after five minutes."""

import asyncio
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.refusals import WrongCaptcha
from accounts.throttle import CAPTCHA_NETWORK
from models.clock import now
from models.credential import Captcha
from models.tries import network_of, reserve
from models.unit_of_work import unit_of_work
from settings import current

LIFETIME = timedelta(minutes=5)
# without what people and fonts confuse: 0 O D Q, 1 I L, 2 Z, 5 S, 8 B, U V
ALPHABET = "34679ACEFGHJKMNPRTWXY"
LENGTH = 5
_ID = re.compile(r"[0-9a-f]{32}")
WIDTH, HEIGHT = 160, 60  # pixels


@dataclass(frozen=True)
class DrawnCaptcha:
    """What a visitor is given: the id to answer under, and until when."""

    id: str
    expires_at: datetime


async def create_captcha(address: str = "") -> DrawnCaptcha:
    """Make a new captcha for a visitor at `address`; raises Throttled where that network asks for too many."""
    await reserve(CAPTCHA_NETWORK, network_of(address))
    drawn = DrawnCaptcha(secrets.token_hex(16), now() + LIFETIME)
    answer = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    await unit_of_work(lambda: Captcha.create(id=drawn.id, answer=answer, expires_at=drawn.expires_at))
    return drawn


async def image_of(captcha_id: str) -> bytes | None:
    """The captcha's picture as PNG, or None where it is unknown, used or expired."""
    if not _ID.fullmatch(captcha_id):
        return None
    row = await Captcha.get_or_none(id=captcha_id, used_at=None, expires_at__gt=now())
    return None if row is None else await asyncio.to_thread(_draw, row.answer)


async def use_captcha(captcha_id: str | None, answer: str | None) -> None:
    """Use the captcha up, right or wrong, in a unit of work of its own; raises WrongCaptcha unless it was right.

    Asks nothing where `BEIAN_CAPTCHA` is off. Width and case of the answer make no difference.
    """
    if not current().captcha:
        return
    if captcha_id is None or answer is None or not _ID.fullmatch(captcha_id):
        raise WrongCaptcha

    async def work() -> str | None:
        open_ones = Captcha.filter(id=captcha_id, used_at=None, expires_at__gt=now())
        if not await open_ones.update(used_at=now()):
            return None
        return (await Captcha.get(id=captcha_id)).answer

    expected = await unit_of_work(work)
    typed = unicodedata.normalize("NFKC", answer).strip().upper()
    right = hmac.compare_digest((expected or "").encode(), typed.encode(errors="replace"))
    if expected is None or not right:
        raise WrongCaptcha


def _draw(answer: str) -> bytes:
    from captcha.image import ImageCaptcha  # heavy: brings Pillow, and only some processes draw

    return bytes(ImageCaptcha(WIDTH, HEIGHT).generate(answer).getvalue())
