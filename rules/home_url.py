"""The home page address (首页地址): well formed, within one of the website's domains, nobody else's."""

from collections.abc import Iterator

from rules.case import Case
from rules.catalogue import HOME_URL_INVALID, HOME_URL_TAKEN, HOME_URL_WITHOUT_DOMAIN
from rules.fields import HOME_URL, is_blank
from rules.findings import Finding, Path, Words
from rules.form import WebsiteForm
from rules.keys import domain_key, home_url_key, take_home_url_apart

MIN_LENGTH = 4

_FORM = Words(
    "应为域名开头的地址，不带http://", "begin with the host name, without http:// and without spaces"
)


def judge_home_url(case: Case, website: WebsiteForm, path: Path, seen: set[str]) -> Iterator[Finding]:
    """The findings of a website's home page, which may be left out.

    `seen` holds the keys met before in the filing, and takes the new one.
    """
    text = website.home_url
    if text is None or is_blank(text):
        return
    place = (*path, HOME_URL.name)
    url, key = take_home_url_apart(text), home_url_key(text)
    if url is None or key is None or len(text) < MIN_LENGTH:
        yield HOME_URL_INVALID.at(place, _FORM, suggestion=_without_scheme(text))
        return
    repeated = key in seen
    seen.add(key)
    domains = [domain_key(name) for name in website.domains]
    if domains and None not in domains and not any(_within(url.host, domain) for domain in domains if domain):
        yield HOME_URL_WITHOUT_DOMAIN.at(place)
    if repeated or key in case.library.taken_home_urls:
        yield HOME_URL_TAKEN.at(place)


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)


def _without_scheme(text: str) -> str | None:
    """The text without its scheme, where that mends it."""
    _, scheme, bare = text.strip().partition("://")
    return bare if scheme and take_home_url_apart(bare) is not None else None
