"""The session cookie: its name and its marks follow the public URL."""

from collections.abc import Mapping

from starlette.responses import Response

from settings import Settings


def cookie_name(settings: Settings) -> str:
    """Gives `__Host-beian` where browsers come by https, else `beian`."""
    return "__Host-beian" if settings.is_https else "beian"


def session_of(cookies: Mapping[str, str], settings: Settings) -> str | None:
    """Gives the session's secret that the browser sent, or None."""
    return cookies.get(cookie_name(settings)) or None


def set_session(response: Response, value: str, settings: Settings, *, max_age: int | None = None) -> None:
    """Lays the session's secret into the browser, for `max_age` seconds or until it is closed."""
    response.set_cookie(
        cookie_name(settings),
        value,
        max_age=max_age,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def clear_session(response: Response, settings: Settings) -> None:
    """Takes the session's cookie out of the browser."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.is_https, httponly=True, samesite="lax"
    )
