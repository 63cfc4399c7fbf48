"""The authority's library (备案库): every filed record, what it is found by, and the numbers given to it."""

import sqlite3
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from authority.messages import Access, FiledRecord, NewFiling, Website
from authority.numbers import FilingNumber, make_filing_number, province_prefix
from authority.simulator.vault import Vault

CHINA = timezone(timedelta(hours=8))


class Library:
    """The library within one transaction of the ledger. Only what is in force (FILED) conflicts with anything."""

    def __init__(self, db: sqlite3.Connection, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def is_legible(self) -> bool:
        """Do the keys at hand fit the records? Raises what they raise when a record does not open."""
        body, certificate = self._db.execute(
            "SELECT body, certificate FROM subjects ORDER BY id LIMIT 1"
        ).fetchone()
        record = self._vault.open_answer(FiledRecord.tag, body)
        return isinstance(record, FiledRecord) and certificate == self._vault.mark(
            record.subject.certificate.number
        )

    def has_organiser(self, certificate_number: str) -> bool:
        """Is a subject filed under this certificate number, whatever the certificate's type?"""
        return self._found(
            "SELECT 1 FROM subjects WHERE certificate = ? AND state = 'FILED'",
            self._vault.mark(certificate_number),
        )

    def has_unit(self, name: str) -> bool:
        """Is there a filed organiser of exactly this name?"""
        return self._found("SELECT 1 FROM subjects WHERE name = ? AND state = 'FILED'", plain(name))

    def has_domain(self, name: str) -> bool:
        """Does a filed website have this domain?"""
        return self._found(
            "SELECT 1 FROM domains JOIN websites ON websites.id = domains.website"
            " WHERE domains.name = ? AND websites.state = 'FILED'",
            plain_domain(name),
        )

    def has_home_url(self, url: str) -> bool:
        """Does a filed website have this home page?"""
        return self._found("SELECT 1 FROM websites WHERE home_url = ? AND state = 'FILED'", plain_url(url))

    def has_website(self, provider_id: int | None) -> bool:
        """Did the provider file a website under this id of its own before?"""
        return self._found("SELECT 1 FROM websites WHERE provider_id = ?", provider_id)

    def issue_number(self, division: int, at: datetime) -> FilingNumber:
        """Give the next subject number of the province that the division lies in; raises UnknownProvince."""
        year = at.astimezone(CHINA).year
        return make_filing_number(division, year, self.count(f"serial {province_prefix(division)} {year}"))

    def register(self, filing: NewFiling, number: FilingNumber, provider: int, at: datetime) -> FiledRecord:
        """Enter a new filing under its number, with ids of ours, and give the record as it is now held.

        `provider` is whose accesses are that name none; websites are numbered in their order, from 1.
        """
        province = filing.subject.address.province
        subject = replace(filing.subject, authority_id=self._new_id(province), number=str(number))
        websites = tuple(
            self._number_website(website, number.website(index), province, provider)
            for index, website in enumerate(filing.websites, 1)
        )
        record = FiledRecord(subject, websites, at)
        self._enter(record)
        return record

    def count(self, name: str) -> int:
        """Give the next value of a counter, from 1; never the same twice."""
        (value,) = self._db.execute(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1 RETURNING value",
            (name,),
        ).fetchone()
        return int(value)

    def _enter(self, record: FiledRecord) -> None:
        subject = record.subject
        self._db.execute(
            "INSERT INTO subjects (id, provider_id, number, name, certificate, websites_issued, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                subject.authority_id,
                subject.provider_id,
                subject.number,
                plain(subject.name),
                self._vault.mark(subject.certificate.number),
                len(record.websites),
                self._vault.seal(record),
            ),
        )
        for website in record.websites:
            self._enter_website(subject.authority_id, website)

    def _enter_website(self, subject_id: int | None, website: Website) -> None:
        self._db.execute(
            "INSERT INTO websites (id, subject, provider_id, number, home_url) VALUES (?, ?, ?, ?, ?)",
            (
                website.authority_id,
                subject_id,
                website.provider_id,
                website.number,
                website.home_url and plain_url(website.home_url),
            ),
        )
        self._db.executemany(
            "INSERT INTO domains (id, website, name) VALUES (?, ?, ?)",
            [(d.authority_id, website.authority_id, plain_domain(d.name)) for d in website.domains],
        )
        self._db.executemany(
            "INSERT INTO accesses (id, website, provider, provider_id) VALUES (?, ?, ?, ?)",
            [(a.authority_id, website.authority_id, a.provider, a.provider_id) for a in website.accesses],
        )

    def _number_website(
        self, website: Website, number: FilingNumber, province: int, provider: int
    ) -> Website:
        return replace(
            website,
            authority_id=self._new_id(province),
            number=str(number),
            domains=tuple(replace(domain, authority_id=self._new_id(province)) for domain in website.domains),
            accesses=tuple(self._number_access(access, province, provider) for access in website.accesses),
        )

    def _number_access(self, access: Access, province: int, provider: int) -> Access:
        return replace(
            access,
            authority_id=self._new_id(province),
            provider=provider if access.provider is None else access.provider,
            ranges=tuple(replace(part, authority_id=self._new_id(province)) for part in access.ranges),
        )

    def _new_id(self, province: int) -> int:
        # twelve digits that begin with the area code, as the ids seen in the field
        return int(f"{province}{self.count(f'id {province}'):06d}")

    def _found(self, question: str, value: str | int | None) -> bool:
        return self._db.execute(f"{question} LIMIT 1", (value,)).fetchone() is not None


def plain(name: str) -> str:
    """Give a name without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def plain_domain(name: str) -> str:
    """Give a domain without differences of case and a closing dot."""
    return plain(name).rstrip(".")


def plain_url(url: str) -> str:
    """Give a home page's address without scheme and closing slash."""
    return plain(url).removeprefix("http://").removeprefix("https://").rstrip("/")
