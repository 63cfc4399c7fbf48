"""The numbers and ids that the authority gives, each of them once and never again."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from authority.messages import Access, Domain, IpRange, Website
from authority.numbers import FilingNumber, make_filing_number, province_prefix

CHINA = timezone(timedelta(hours=8))


class Numbering:
    """The counters within one transaction of the ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def count(self, name: str) -> int:
        """Give the next value of a counter, from 1; never the same twice."""
        (value,) = self._db.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value",
            (name,),
        ).fetchone()
        return int(value)

    def issue_number(self, division: int, at: datetime) -> FilingNumber:
        """Give the next subject number of the province that the division lies in; raises UnknownProvince."""
        year = at.astimezone(CHINA).year
        return make_filing_number(division, year, self.count(f"serial {province_prefix(division)} {year}"))

    def new_id(self, province: int) -> int:
        """Give an id of twelve digits that begins with the area code, as the ids seen in the field do."""
        return int(f"{province}{self.count(f'id {province}'):06d}")

    def enter_website(self, website: Website, number: FilingNumber, province: int, provider: int) -> Website:
        """Give a new website its number and, with all that hangs on it, its ids."""
        return replace(
            website,
            authority_id=self.new_id(province),
            number=str(number),
            domains=tuple(replace(domain, authority_id=self.new_id(province)) for domain in website.domains),
            accesses=tuple(self.enter_access(access, province, provider) for access in website.accesses),
        )

    def enter_access(self, access: Access, province: int, provider: int) -> Access:
        """Give a new access and its ranges their ids; it is `provider`'s if it names none."""
        return replace(
            access,
            authority_id=self.new_id(province),
            provider=provider if access.provider is None else access.provider,
            ranges=tuple(replace(part, authority_id=self.new_id(province)) for part in access.ranges),
        )

    def keep_domains(self, domains: tuple[Domain, ...], province: int) -> tuple[Domain, ...]:
        """Give ids to those domains that have none."""
        return tuple(
            replace(domain, authority_id=domain.authority_id or self.new_id(province)) for domain in domains
        )

    def keep_ranges(self, ranges: tuple[IpRange, ...], province: int) -> tuple[IpRange, ...]:
        """Give ids to those ranges that have none."""
        return tuple(
            replace(part, authority_id=part.authority_id or self.new_id(province)) for part in ranges
        )
