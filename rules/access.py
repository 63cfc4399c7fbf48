"""The access (接入): its choices, and IP ranges that are true, the provider's own and apart from each other."""

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from rules.case import Case
from rules.catalogue import IP_FOREIGN, IP_INVALID, IP_OVERLAP, REQUIRED
from rules.choices import judge_choices
from rules.fields import ACCESS_LISTS, ACCESS_WORDS, IP_RANGES_WORDS
from rules.findings import Finding, Path, Words
from rules.form import AccessForm, IpRangeForm

Span = tuple[int, int]


def _spans(*networks: str) -> tuple[Span, ...]:
    return tuple((int(n.network_address), int(n.broadcast_address)) for n in map(IPv4Network, networks))


# IANA's registry of special-purpose IPv4 addresses, multicast and reserved space: no site can be reached there.
_SPECIAL = _spans(
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
)
_DOCUMENTATION = _spans("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")  # RFC 5737

_FORM = Words("应为IPv4地址，如203.0.113.1", "give IPv4 addresses, such as 203.0.113.1")
_ORDER = Words("起始地址大于结束地址", "the range ends before it begins")
_NOT_PUBLIC = Words("含有非公网地址", "the range holds addresses that are not public")


def judge_access(case: Case, access: AccessForm | None, path: Path) -> Iterator[Finding]:
    """The findings of a website's access; `path` leads to the access itself."""
    if access is None:
        yield REQUIRED.at(path, ACCESS_WORDS)
        return
    for several in ACCESS_LISTS:
        codes, place = several.read(access), (*path, several.name)
        if not codes:
            yield REQUIRED.at(place, several.words)
        elif several.table is not None:
            yield from judge_choices(several.table, codes, place, case.law.codes, case.library)
    place = (*path, "ipRanges")
    if not access.ip_ranges:
        yield REQUIRED.at(place, IP_RANGES_WORDS)
    yield from _ranges(case, access.ip_ranges, place)


def _ranges(case: Case, ip_ranges: tuple[IpRangeForm, ...], path: Path) -> Iterator[Finding]:
    met: list[Span] = []
    for position, ip_range in enumerate(ip_ranges):
        place = (*path, str(position))
        span = _span(ip_range)
        fault = _judge_span(span, place, case.library.real_authority)
        if fault is None and span is not None:
            if any(_overlap(span, other) for other in met):
                fault = IP_OVERLAP.at(place)
            elif case.law.ip_ranges and not _is_own(span, case.law.ip_ranges):
                fault = IP_FOREIGN.at(place)
            met.append(span)
        if fault is not None:
            yield fault


def _judge_span(span: Span | None, path: Path, real_authority: bool) -> Finding | None:
    """The regulator's 1006. Addresses kept for documentation pass while no real authority is behind."""
    if span is None:
        return IP_INVALID.at(path, _FORM)
    if span[0] > span[1]:
        return IP_INVALID.at(path, _ORDER)
    barred = _SPECIAL + _DOCUMENTATION if real_authority else _SPECIAL
    if any(_overlap(span, other) for other in barred):
        return IP_INVALID.at(path, _NOT_PUBLIC)
    return None


def _span(ip_range: IpRangeForm) -> Span | None:
    try:
        return int(IPv4Address(ip_range.start)), int(IPv4Address(ip_range.end))
    except AddressValueError:
        return None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _is_own(span: Span, networks: tuple[IPv4Network, ...]) -> bool:
    """Whether a span lies in the networks; merged neighbours may still be two networks, so it is walked through."""
    start, end = span
    for network in sorted(networks):
        if int(network.network_address) <= start <= int(network.broadcast_address):
            start = int(network.broadcast_address) + 1
        if start > end:
            return True
    return False
