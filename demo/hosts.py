"""Hosts (网站与接入): websites with domains that nobody can own, and addresses kept for documentation."""

from random import Random

from rules.form import AccessForm, ContactForm, IpRangeForm, WebsiteForm

_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")  # RFC 5737
_SERVICE_CONTENTS = ("3", "6", "7", "8", "9", "16", "18", "22", "24")
_METHODS = ("2", "3", "5")
_LANGUAGES = (("1",), ("1",), ("1",), ("1", "12"), ("1", "2"))
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def website(
    lot: Random, name: str, label: str, number: int, principal: ContactForm, server_location: str
) -> WebsiteForm:
    """A website with its access. Its domains are made of `label` and `number`, which no other website may share."""
    stem = f"{label}-{_base36(number)}"
    domains = (f"{stem}.example", f"{stem}-shop.example")[: 2 if lot.random() < 0.15 else 1]
    return WebsiteForm(
        name=name,
        home_url=f"www.{domains[0]}",
        domains=domains,
        service_contents=tuple(lot.sample(_SERVICE_CONTENTS, lot.choice((1, 1, 2)))),
        languages=lot.choice(_LANGUAGES),
        principal=principal,
        access=access(lot, server_location),
    )


def access(lot: Random, server_location: str) -> AccessForm:
    """An access with one IP range, or two that lie apart."""
    networks = lot.sample(_NETWORKS, lot.choice((1, 1, 1, 2)))
    return AccessForm(
        methods=(lot.choice(_METHODS),),
        server_locations=(server_location,),
        ip_ranges=tuple(_range(lot, network) for network in networks),
    )


def _range(lot: Random, network: str) -> IpRangeForm:
    first = lot.randint(1, 246)
    return IpRangeForm(f"{network}.{first}", f"{network}.{first + lot.choice((0, 0, 0, 7))}")


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
