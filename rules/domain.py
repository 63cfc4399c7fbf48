"""Domains (域名): each registrable and in its right form, once in a filing, not filed elsewhere, not blacklisted."""

from collections.abc import Iterator

from rules.case import Case
from rules.catalogue import DOMAIN_BLACKLISTED, DOMAIN_INVALID, DOMAIN_REPEATED, DOMAIN_TAKEN
from rules.fields import DOMAINS
from rules.findings import Finding, Path, Words
from rules.keys import domain_key, is_reserved, unicode_domain

MIN_LENGTH = 4

_NO_DOMAIN = Words("不是可注册的独立域名", "not a domain that can be registered")
_WRONG_FORM = Words(
    "应为小写的独立域名，不带www和子域",
    "give the registrable domain in lower case, without www or sub-domains",
)
_RESERVED = Words("该域名为保留域名，无人可以持有", "this name is reserved and can be owned by nobody")


def judge_domains(case: Case, domains: tuple[str, ...], path: Path, seen: set[str]) -> Iterator[Finding]:
    """The findings of one website's domains. `seen` holds the keys met before in the filing, and takes the new ones."""
    for name in domains:
        place = (*path, DOMAINS.name, name)
        fault = judge_form(name, place, case.library.real_authority)
        key = domain_key(name)
        if fault is not None:
            yield fault
        elif key in seen:
            yield DOMAIN_REPEATED.at(place)
        else:
            if key in case.library.blacklisted_domains:
                yield DOMAIN_BLACKLISTED.at(place)
            if key in case.library.taken_domains:
                yield DOMAIN_TAKEN.at(place)
        if key is not None:
            seen.add(key)


def judge_form(name: str, path: Path, real_authority: bool) -> Finding | None:
    """A finding where a domain is not a registrable one in its right form; the right form is suggested."""
    key = domain_key(name)
    if key is None or len(key) < MIN_LENGTH:
        return DOMAIN_INVALID.at(path, _NO_DOMAIN)
    right = key if name.isascii() else unicode_domain(key)
    if name != right:
        return DOMAIN_INVALID.at(path, _WRONG_FORM, suggestion=right)
    if real_authority and is_reserved(key):
        return DOMAIN_INVALID.at(path, _RESERVED)
    return None
