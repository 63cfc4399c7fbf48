"""Filing passwords (备案密码): made here while the authority does not make them itself."""

import secrets

from models.hashing import hash_secret
from settings import current

# letters and digits that cannot be mistaken for one another, 32 of them: 12 make 60 bits
SYMBOLS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12


async def fresh_password() -> dict[str, str]:
    """A new filing password and its slow hash, made outside any unit of work; nothing where the authority makes them."""
    if current().filing_password != "local":  # noqa: S105 - a mode
        return {}
    password = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))
    return {"password": password, "password_hash": await hash_secret(password)}
