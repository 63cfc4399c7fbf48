"""Which requests may change something: the answer to requests forged by another site."""

from collections.abc import Mapping

from edge.refusals import TurnedAway


def check_post(headers: Mapping[str, str], public_url: str) -> None:
    """Raises TurnedAway unless a POST comes from our own pages or from a program.

    It must pass `check_origin`, and the content type be JSON in UTF-8, which no form and no simple request can send.
    """
    check_origin(headers, public_url)
    media_type, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    if media_type != "application/json":
        raise TurnedAway("media_type", status=415)
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise TurnedAway("charset", status=415)


def check_origin(headers: Mapping[str, str], public_url: str) -> None:
    """Raises TurnedAway unless `Origin` is that of `public_url` or absent, and `Sec-Fetch-Site`, where sent, our own."""
    if not is_own_origin(headers, public_url):
        raise TurnedAway("origin", "FORBIDDEN", 403)
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise TurnedAway("origin", "FORBIDDEN", 403)


def is_own_origin(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether `Origin` is absent (not a browser) or that of `public_url`."""
    return headers.get("origin", public_url) == public_url
