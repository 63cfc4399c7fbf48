"""The catalogue of the library (备案库): what is on file, found by numbers, ids, names and domains."""

import sqlite3
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from authority.messages import FiledRecord
from authority.numbers import MalformedFilingNumber, parse_filing_number
from authority.simulator.vault import Vault

FILED = "FILED"


@dataclass(frozen=True, slots=True)
class SubjectEntry:
    """A subject on file; `filed` is False once it is cancelled."""

    id: int
    number: str
    filed: bool


@dataclass(frozen=True, slots=True)
class WebsiteEntry:
    """A website on file, with its subject; `filed` is False once it is cancelled."""

    id: int
    number: str
    filed: bool
    subject: SubjectEntry


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """An access on file, with its website; `filed` is False once it is cancelled."""

    id: int
    provider: int
    filed: bool
    website: WebsiteEntry


class Catalogue:
    """What can be asked of the library within one transaction of the ledger.

    Only what is in force (FILED) conflicts with anything.
    """

    def __init__(self, db: sqlite3.Connection, vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def is_legible(self) -> bool:
        """Do the keys at hand fit the records? Raises what they raise when a record does not open."""
        (first, certificate) = self._db.execute(
            "SELECT id, certificate FROM subjects ORDER BY id LIMIT 1"
        ).fetchone()
        return bool(certificate == self._vault.mark(self.record_of(first).subject.certificate.number))

    def record_of(self, subject_id: int) -> FiledRecord:
        """Give the record of a subject as it is in force: what was cancelled is not in it."""
        (body,) = self._db.execute("SELECT body FROM subjects WHERE id = ?", (subject_id,)).fetchone()
        return self._vault.open_record(body)

    def find_subject(self, number: str | None, id: int | None) -> SubjectEntry | None:
        """Find a subject by its id or, where none is given, by its number as people write it."""
        row = self._find("SELECT id, number, state FROM subjects", number, id)
        return SubjectEntry(row[0], row[1], row[2] == FILED) if row else None

    def find_website(self, number: str | None, id: int | None) -> WebsiteEntry | None:
        """Find a website by its id or, where none is given, by its number as people write it."""
        row = self._find("SELECT id, number, state, subject FROM websites", number, id)
        subject = self.find_subject(None, row[3]) if row else None
        return WebsiteEntry(row[0], row[1], row[2] == FILED, subject) if row and subject else None

    def find_access(self, id: int) -> AccessEntry | None:
        """Find an access by its id."""
        row = self._db.execute(
            "SELECT id, provider, state, website FROM accesses WHERE id = ?", (id,)
        ).fetchone()
        website = self.find_website(None, row[3]) if row else None
        return AccessEntry(row[0], row[1], row[2] == FILED, website) if row and website else None

    def has_organiser(self, certificate_number: str, besides: int | None = None) -> bool:
        """Is a subject, other than `besides`, filed under this certificate number, whatever the type?"""
        return self._found(
            "SELECT id FROM subjects WHERE certificate = ? AND state = 'FILED'",
            self._vault.mark(certificate_number),
            () if besides is None else (besides,),
        )

    def has_unit(self, name: str, besides: int | None = None) -> bool:
        """Is there a filed organiser, other than `besides`, of exactly this name?"""
        return self._found(
            "SELECT id FROM subjects WHERE name = ? AND state = 'FILED'",
            plain(name),
            () if besides is None else (besides,),
        )

    def has_domain(self, name: str, besides: Collection[int] = ()) -> bool:
        """Does a filed website, other than those in `besides`, have this domain?"""
        return self._found(
            "SELECT websites.id FROM domains JOIN websites ON websites.id = domains.website"
            " WHERE domains.name = ? AND websites.state = 'FILED'",
            plain_domain(name),
            besides,
        )

    def has_home_url(self, url: str, besides: Collection[int] = ()) -> bool:
        """Does a filed website, other than those in `besides`, have this home page?"""
        return self._found(
            "SELECT id FROM websites WHERE home_url = ? AND state = 'FILED'", plain_url(url), besides
        )

    def has_website(self, provider_id: int | None) -> bool:
        """Did the provider file a website under this id of its own before?"""
        return self._found("SELECT id FROM websites WHERE provider_id = ?", provider_id)

    def has_access(self, provider_id: int | None) -> bool:
        """Did the provider file an access under this id of its own before?"""
        return self._found("SELECT id FROM accesses WHERE provider_id = ?", provider_id)

    def providers_of(self, website_id: int) -> list[int]:
        """Give the providers whose accesses of this website are in force."""
        rows = self._db.execute(
            "SELECT provider FROM accesses WHERE website = ? AND state = 'FILED' ORDER BY id", (website_id,)
        )
        return [provider for (provider,) in rows]

    def accepts_password(self, subject_id: int, given: str | None) -> bool:
        """Is this (ICPmm) the subject's filing password? Where none is known here, any is taken, and none too."""
        (known,) = self._db.execute("SELECT password FROM subjects WHERE id = ?", (subject_id,)).fetchone()
        return known is None or (given is not None and known == self._vault.mark(given))

    def _find(self, question: str, number: str | None, id: int | None) -> tuple[int, str, str, int] | None:
        if id is not None:
            found = self._db.execute(f"{question} WHERE id = ?", (id,))
        else:
            found = self._db.execute(f"{question} WHERE number = ?", (_normal_number(number or ""),))
        row: tuple[int, str, str, int] | None = found.fetchone()
        return row

    def _found(self, question: str, value: str | int | None, besides: Collection[int] = ()) -> bool:
        return any(found not in besides for (found,) in self._db.execute(question, (value,)))


def _normal_number(text: str) -> str | None:
    try:
        return str(parse_filing_number(text))
    except MalformedFilingNumber:
        return None


def plain(name: str) -> str:
    """Give a name without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def plain_domain(name: str) -> str:
    """Give a domain without differences of case and a closing dot."""
    return plain(name).rstrip(".")


def plain_url(url: str) -> str:
    """Give a home page's address without scheme and closing slash."""
    return plain(url).removeprefix("http://").removeprefix("https://").rstrip("/")
