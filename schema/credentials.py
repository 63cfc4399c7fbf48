"""The credential that a connection shows: a bearer token, which wins, or the session of the browser's cookie."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import HTTPConnection

from accounts.callers import Caller, caller_of_session, caller_of_token
from settings import Settings

SECURE_COOKIE, PLAIN_COOKIE = "__Host-beian", "beian"


async def find_caller(
    connection: HTTPConnection, connection_params: Mapping[str, Any] | None, settings: Settings
) -> Caller | None:
    """Who stands behind the connection, None for a visitor; raises CredentialRefused for a wrong credential."""
    address = connection.client.host if connection.client else ""
    token = _bearer(connection.headers.get("authorization")) or _bearer(_authorization(connection_params))
    if token is not None:
        return await caller_of_token(token, address)
    session = connection.cookies.get(SECURE_COOKIE if settings.is_https else PLAIN_COOKIE)
    return await caller_of_session(session, address) if session else None


def _authorization(connection_params: Mapping[str, Any] | None) -> object:
    """What `connection_init` says under `authorization`, in whatever case the client writes it."""
    return next(
        (value for name, value in (connection_params or {}).items() if name.lower() == "authorization"), None
    )


def _bearer(authorization: object) -> str | None:
    scheme, _, token = authorization.partition(" ") if isinstance(authorization, str) else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else None


def language_of(connection: HTTPConnection) -> str:
    """`en` where `Accept-Language` puts English before Chinese, else `zh`."""
    for part in connection.headers.get("accept-language", "").lower().split(","):
        tag = part.partition(";")[0].strip()
        if tag.startswith(("en", "zh")):
            return tag[:2]
    return "zh"
