"""How an API token is written: `beian_`, its public id, its secret and a check sum, so that scanners can know one."""

import re
import secrets
import string
import zlib
from dataclasses import dataclass

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_LENGTH = 43  # 32 bytes in base 62
_TOKEN = re.compile(r"(beian_([0-9A-Za-z]{12})_([0-9A-Za-z]{43}))_([0-9A-Za-z]{6})")


@dataclass(frozen=True, repr=False)
class TokenText:
    """The two parts of a token: `public_id` finds it, `secret` proves it."""

    public_id: str
    secret: str

    @classmethod
    def make(cls) -> "TokenText":
        """A fresh one of 256 random bits."""
        public_id = "".join(secrets.choice(_DIGITS) for _ in range(12))
        return cls(public_id, _base62(int.from_bytes(secrets.token_bytes(32)), _SECRET_LENGTH))

    @classmethod
    def parse(cls, text: str) -> "TokenText | None":
        """The parts of what was sent, or None where it is no token or its check sum is wrong."""
        found = _TOKEN.fullmatch(text)
        if found is None or found[4] != _check_sum(found[1]):
            return None
        return cls(found[2], found[3])

    def write(self) -> str:
        """The whole token, as it is shown once."""
        body = f"beian_{self.public_id}_{self.secret}"
        return f"{body}_{_check_sum(body)}"


def _check_sum(body: str) -> str:
    return _base62(zlib.crc32(body.encode()), 6)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
