"""Keys of comparison (比对键): what the spellings of one domain, home page or certificate have in common."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import idna
from publicsuffixlist import PublicSuffixList

RESERVED_SUFFIX = (
    "example"  # kept for documentation (RFC 2606): owned by nobody, good for tests and demonstrations
)
_LONGEST_HOST = 255  # so that no long text is kept in the cache
_NO_DIGIT = re.compile(r"[^0-9]+")
_MOBILE_DIGITS = 11  # of a mainland number, without the country code that may stand before it
_HOME_URL = re.compile(r"([^/:?#\s]+)(?::([0-9]{1,5}))?((?:[/?][^\s#]*)?)")


@dataclass(frozen=True, slots=True)
class HomeUrl:
    """A home page address (首页地址) taken apart. `host` is lower-case ASCII; `port` and `rest` are as typed."""

    host: str
    port: str | None
    rest: str


def ascii_host(name: str) -> str | None:
    """A host name in lower-case ASCII (A-labels), without a final dot; None where it is not one."""
    return _ascii_host(name) if len(name) <= _LONGEST_HOST else None


@lru_cache(maxsize=4096)
def _ascii_host(name: str) -> str | None:
    try:
        return idna.encode(name.removesuffix("."), uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def domain_key(name: str) -> str | None:
    """The registrable domain (独立域名) that a host name belongs to, in lower-case ASCII; None where there is none.

    Registrable: one label below a public suffix that a registry runs, so `example.com.cn` of `www.example.com.cn`.
    """
    host = ascii_host(name)
    if host is None:
        return None
    labels = host.split(".")
    if labels[-1] == RESERVED_SUFFIX and len(labels) > 1:
        return ".".join(labels[-2:])
    found: str | None = _suffixes().privatesuffix(host)
    return found


def unicode_domain(key: str) -> str:
    """A domain's key as it reads in its own script."""
    return idna.decode(key)


def is_reserved(key: str) -> bool:
    """Whether a domain's key lies where nobody can own a name."""
    return key.endswith("." + RESERVED_SUFFIX)


def take_home_url_apart(text: str) -> HomeUrl | None:
    """The parts of `host[:port][/path]`, without a scheme; None where the text is not of that form."""
    match = _HOME_URL.fullmatch(text)
    host = ascii_host(match[1]) if match else None
    if match is None or host is None or "." not in host:
        return None
    return HomeUrl(host, match[2], match[3])


def home_url_key(text: str) -> str | None:
    """What the spellings of one home page have in common; None where the text is no home page address."""
    url = take_home_url_apart(text)
    if url is None:
        return None
    port = f":{url.port}" if url.port else ""
    return f"{url.host}{port}{url.rest.rstrip('/')}"


def certificate_key(number: str) -> str:
    """What the spellings of one certificate number have in common, whatever their width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


def mobile_keys(text: str) -> tuple[str, ...]:
    """What the spellings of each mobile number have in common, in the order typed; several are separated by ";"."""
    parts = unicodedata.normalize("NFKC", text).split(";")
    numbers = ("".join(_NO_DIGIT.split(part)) for part in parts)
    return tuple(dict.fromkeys(number[-_MOBILE_DIGITS:] for number in numbers if number))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)
