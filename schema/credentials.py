"""The credential that a connection shows: a bearer token, which wins, or the session of the browser's cookie."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection

from accounts.callers import Caller, caller_of_session, caller_of_token
from settings import Settings


async def find_caller(
    connection: HTTPConnection, connection_params: Mapping[str, Any] | None, settings: Settings
) -> Caller | None:
    """Who stands behind the connection, None for a visitor; raises CredentialRefused for a wrong credential."""
    address = connection.client.host if connection.client else ""
    token = bearer_of(connection.headers.get("authorization")) or bearer_of(_authorization(connection_params))
    if token is not None:
        return await caller_of_token(token, address)
    session = connection.cookies.get(settings.cookie_name)
    return await caller_of_session(session, address) if session else None


def _authorization(connection_params: Mapping[str, Any] | None) -> object:
    """What `connection_init` says under `authorization`, in whatever case the client writes it."""
    return next(
        (value for name, value in (connection_params or {}).items() if name.lower() == "authorization"), None
    )


def bearer_of(authorization: object) -> str | None:
    """The token of `Bearer TOKEN`, empty where none is written behind the word; None for any other credential."""
    scheme, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else None


def prefers_english(headers: Mapping[str, str]) -> bool:
    """Whether `Accept-Language` puts English before Chinese, which is the default."""
    for part in headers.get("accept-language", "").lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith(("en", "zh")):
            return tag.startswith("en")
    return False


def language_of(connection: HTTPConnection) -> str:
    """`en` where the client prefers it, else `zh`."""
    return "en" if prefers_english(connection.headers) else "zh"
