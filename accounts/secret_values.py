"""Random values that machines remember: made, and hashed for looking them up again."""

import hashlib
import secrets


def make_secret() -> str:
    """A fresh value of 256 random bits, safe in cookies and links."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """The SHA-256 of a random value, in hex; enough for what cannot be guessed, and never for a password."""
    return hashlib.sha256(value.encode(errors="replace")).hexdigest()
