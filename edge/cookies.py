"""The session cookie: its name and its marks follow the public URL."""

from starlette.responses import Response

from settings import Settings


def set_session(response: Response, value: str, settings: Settings, *, max_age: int | None = None) -> None:
    """Lays the session's secret into the browser, for `max_age` seconds or until it is closed."""
    response.set_cookie(
        settings.cookie_name,
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
        settings.cookie_name, path="/", secure=settings.is_https, httponly=True, samesite="lax"
    )
