"""The checks of what an operator may set: each gives the value as it is used, or raises ValueError with what it must be."""

import base64
import re
from collections.abc import Callable
from ipaddress import ip_network
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr


def as_networks(value: object) -> object:
    """CIDR networks, comma between, as a tuple; what is no text stays."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be networks such as 10.0.0.0/8, comma between") from None


def _port(netloc: str) -> int | None:
    """Gives the port of a URL's authority part, 0 where none is written, None for a wrong one."""
    try:
        return urlsplit(f"//{netloc}").port or 0
    except ValueError:
        return None


def as_origin(url: str) -> str:
    """Gives `scheme://host[:port]` as browsers write it in `Origin`; raises ValueError for anything more."""
    if not url:
        return url
    parts = urlsplit(url)
    port = _port(parts.netloc)
    plain = not (parts.query or parts.fragment or parts.username or parts.path.strip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or port is None or not plain:
        raise ValueError("must be http://HOST:PORT or https://HOST, without a path")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = "" if port in (0, {"http": 80, "https": 443}[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def as_database_url(value: str) -> str:
    """A database URL that can be used."""
    scheme, mark, rest = value.partition("://")
    if not mark or scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("must begin with sqlite:// or postgres://")
    if scheme == "sqlite" and rest in ("", ":memory:"):
        raise ValueError("needs a file: several connections share the database")
    parts = urlsplit(value)
    if scheme != "sqlite" and (not parts.path.strip("/") or _port(parts.netloc) is None):
        raise ValueError("must be postgres://USER:PASSWORD@HOST:PORT/NAME")
    return value if scheme == "sqlite" else f"postgres://{rest}"


def as_mail_url(value: str) -> str:
    """Where mails go."""
    scheme, _, rest = value.partition(":")
    netloc = urlsplit(value).netloc if scheme in ("smtp", "smtps") else ""
    if not (scheme == "file" and rest.strip("/")) and (not netloc or _port(netloc) is None):
        raise ValueError("must be file:FOLDER, smtp://USER:PASSWORD@HOST:PORT or smtps://…")
    return value


def is_key(text: str) -> bool:
    """Whether it is BASE64 of 32 bytes."""
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def as_data_keys(value: SecretStr) -> SecretStr:
    """Keys of encrypted fields, each under a name of its own."""
    pairs = [part.strip().partition(":") for part in value.get_secret_value().split(",")]
    if not all(re.fullmatch(r"[a-z0-9]{1,16}", name) and is_key(key) for name, _, key in pairs):
        raise ValueError("must be ID:BASE64 of 32 bytes, comma between; ID of a-z and 0-9")
    if len({name for name, _, _ in pairs}) != len(pairs):
        raise ValueError("names a key twice")
    return value


def secret_that(check: Callable[[str], object], demand: str) -> AfterValidator:
    """A check of a secret, whose demand is told without its value."""

    def validate(value: SecretStr) -> SecretStr:
        if not check(value.get_secret_value()):
            raise ValueError(demand)
        return value

    return AfterValidator(validate)


KINDS = (
    "NEW_FILING", "ADD_WEBSITE", "ADD_ACCESS", "CHANGE", "CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT",
)  # fmt: skip


def as_kinds(value: object) -> object:
    """Kinds of filing, comma between, as a tuple; what is no text stays."""
    if not isinstance(value, str):
        return value
    names = tuple(part.strip() for part in value.split(",") if part.strip())
    if not set(names) <= set(KINDS):
        raise ValueError(f"must be kinds of filing, comma between: {', '.join(KINDS)}")
    return names


def as_available(value: str) -> str:
    """Refuse what is promised and not built yet."""
    if value in ("soap", "authority"):
        raise ValueError(f"{value} is not available yet")
    return value
