"""The session cookie: name and marks follow the public URL."""

from starlette.responses import Response

from edge.cookies import clear_session, set_session
from settings import load

HTTPS = load(public_url="https://beian.example.cn")
HTTP = load(public_url="http://127.0.0.1:8000")


def test_over_https_the_cookie_is_bound_to_the_host_and_secure() -> None:
    response = Response()

    set_session(response, "s3cret", HTTPS, max_age=3600)

    assert response.headers["set-cookie"] == (
        "__Host-beian=s3cret; HttpOnly; Max-Age=3600; Path=/; SameSite=lax; Secure"
    )


def test_over_http_the_cookie_has_its_plain_name_and_no_secure() -> None:
    response = Response()

    set_session(response, "s3cret", HTTP)

    assert response.headers["set-cookie"] == "beian=s3cret; HttpOnly; Path=/; SameSite=lax"


def test_taking_the_cookie_out_names_the_same_marks() -> None:
    response = Response()

    clear_session(response, HTTPS)

    cookie = response.headers["set-cookie"]
    assert cookie.startswith('__Host-beian=""; expires=')
    assert "; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure" in cookie
