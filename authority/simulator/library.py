"""The authority's library (备案库): every filed record entered, changed and cancelled, and its catalogue kept in step."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from authority.messages import Access, Change, FiledRecord, IpRange, NewFiling, Subject, Website
from authority.numbers import FilingNumber, parse_filing_number
from authority.passwords import travelling
from authority.simulator.catalogue import AccessEntry, Catalogue, WebsiteEntry, plain, plain_domain, plain_url
from authority.simulator.numbering import Numbering
from authority.simulator.vault import Vault

COLOCATION = 2
BEIJING = 2
ELSEWHERE = "198.51.100.1"
"""Where an invented access of another provider stands: an address set apart for documentation."""


class AccessNotAdded(Exception):
    """An access at another provider could not be given to a website; the text says why."""


class Library(Catalogue):
    """The library within one transaction of the ledger.

    A record lies here whole and sealed with its subject, as it is in force; what was cancelled leaves it, and stays
    in the catalogue so that its number, its ids and the provider's ids are known again.
    """

    def __init__(self, db: sqlite3.Connection, vault: Vault) -> None:
        super().__init__(db, vault)
        self.numbering = Numbering(db)

    def register(
        self,
        filing: NewFiling,
        number: FilingNumber,
        provider: int,
        at: datetime,
        password: str | None = None,
    ) -> FiledRecord:
        """Enter a new filing under its number, with ids of ours, and give the record as it is now held.

        `provider` is whose accesses are that name none; websites are numbered in their order, from 1. `password`
        is the filing password in clear, for a record whose password is known here.
        """
        subject_id = self.numbering.new_id(filing.subject.address.province)
        subject = replace(filing.subject, authority_id=subject_id, number=str(number))
        self._db.execute(
            "INSERT INTO subjects (id, provider_id, number, name, certificate, websites_issued, body)"
            " VALUES (?, ?, ?, '', '', 0, ?)",
            (subject_id, subject.provider_id, subject.number, self._vault.seal(FiledRecord(subject, (), at))),
        )
        if password is not None:
            self.set_password(str(number), password)
        return self.add_websites(subject_id, filing.websites, provider, at)

    def set_password(self, number: str, password: str) -> None:
        """Let the filing password of a subject, given in clear, be known here."""
        mark = self._vault.mark(travelling(password))
        self._db.execute("UPDATE subjects SET password = ? WHERE number = ?", (mark, number))

    def forget_password(self, subject_id: int) -> None:
        """Leave a subject's filing password to its provider, who keeps and checks it from now on."""
        self._db.execute("UPDATE subjects SET password = NULL WHERE id = ?", (subject_id,))

    def add_websites(
        self, subject_id: int, websites: tuple[Website, ...], provider: int, at: datetime
    ) -> FiledRecord:
        """Enter further websites of a subject under its next serials, which are never used again."""
        record = self.record_of(subject_id)
        province = record.subject.address.province
        entered = tuple(
            self.numbering.enter_website(website, self._next_number(subject_id), province, provider)
            for website in websites
        )
        return self._keep(subject_id, record.subject, record.websites + entered, at)

    def add_access(self, website: WebsiteEntry, access: Access, provider: int, at: datetime) -> FiledRecord:
        """Enter a further access of a website; it is `provider`'s if it names none."""
        record = self.record_of(website.subject.id)
        entered = self.numbering.enter_access(access, record.subject.address.province, provider)
        websites = tuple(
            replace(site, accesses=(*site.accesses, entered)) if site.authority_id == website.id else site
            for site in record.websites
        )
        return self._keep(website.subject.id, record.subject, websites, at)

    def add_foreign_access(self, number: str, provider: int, at: datetime) -> FiledRecord:
        """Give the website of this filing number an access at another provider, as if that one had reported it.

        Raises AccessNotAdded for a number under which no website is in force, and where the provider serves it.
        """
        website = self.find_website(number, None)
        if website is None or not website.filed:
            raise AccessNotAdded(f"no website is filed under {number}")
        if provider in self.providers_of(website.id):
            raise AccessNotAdded(f"provider {provider} has an access of {website.number} already")
        ranges = (IpRange(None, None, ELSEWHERE, ELSEWHERE),)
        return self.add_access(
            website, Access(None, None, provider, (COLOCATION,), (BEIJING,), ranges), provider, at
        )

    def change(self, subject_id: int, change: Change, at: datetime) -> FiledRecord:
        """Put a change in force as a whole: the subject, and the websites that it names with our accesses of them.

        What the upload cannot say stays as it was: numbers, the ids that the provider gave, the mode, other
        providers' accesses, websites and accesses that it does not name. Domains and ranges without an id get one.
        """
        record = self.record_of(subject_id)
        before = record.subject
        subject = replace(
            change.subject, provider_id=before.provider_id, number=before.number, mode=before.mode
        )
        named = {website.authority_id: website for website in change.websites}
        websites = tuple(
            self._changed(site, named[site.authority_id], before.address.province)
            if site.authority_id in named
            else site
            for site in record.websites
        )
        return self._keep(subject_id, subject, websites, at)

    def cancel_access(self, access: AccessEntry, at: datetime) -> FiledRecord:
        """Cancel one access, and give the record without it."""
        subject_id = access.website.subject.id
        record = self.record_of(subject_id)
        self._db.execute("UPDATE accesses SET state = 'CANCELLED' WHERE id = ?", (access.id,))
        websites = tuple(
            replace(site, accesses=tuple(item for item in site.accesses if item.authority_id != access.id))
            for site in record.websites
        )
        return self._keep(subject_id, record.subject, websites, at)

    def cancel_website(self, website: WebsiteEntry, at: datetime) -> FiledRecord:
        """Cancel a website with its accesses, and give the record without it."""
        record = self.record_of(website.subject.id)
        self._strike(website.id)
        websites = tuple(site for site in record.websites if site.authority_id != website.id)
        return self._keep(website.subject.id, record.subject, websites, at)

    def cancel_subject(self, subject_id: int, at: datetime) -> None:
        """Cancel a subject with everything under it."""
        record = self.record_of(subject_id)
        for website in record.websites:
            self._strike(website.authority_id)
        self._db.execute("UPDATE subjects SET state = 'CANCELLED' WHERE id = ?", (subject_id,))
        self._keep(subject_id, record.subject, (), at)

    def _strike(self, website_id: int | None) -> None:
        self._db.execute("UPDATE websites SET state = 'CANCELLED' WHERE id = ?", (website_id,))
        self._db.execute("UPDATE accesses SET state = 'CANCELLED' WHERE website = ?", (website_id,))

    def _next_number(self, subject_id: int) -> FilingNumber:
        number, serial = self._db.execute(
            "UPDATE subjects SET websites_issued = websites_issued + 1 WHERE id = ?"
            " RETURNING number, websites_issued",
            (subject_id,),
        ).fetchone()
        return parse_filing_number(number).website(serial)

    def _changed(self, site: Website, to_be: Website, province: int) -> Website:
        named = {access.authority_id: access for access in to_be.accesses}
        return replace(
            to_be,
            provider_id=site.provider_id,
            number=site.number,
            domains=self.numbering.keep_domains(to_be.domains, province),
            accesses=tuple(
                self._changed_access(access, named[access.authority_id], province)
                if access.authority_id in named
                else access
                for access in site.accesses
            ),
        )

    def _changed_access(self, access: Access, to_be: Access, province: int) -> Access:
        ranges = self.numbering.keep_ranges(to_be.ranges, province)
        return replace(access, methods=to_be.methods, locations=to_be.locations, ranges=ranges)

    def _keep(
        self, subject_id: int, subject: Subject, websites: tuple[Website, ...], at: datetime
    ) -> FiledRecord:
        """Write a record anew with all it is found by; what is cancelled was marked so before."""
        record = FiledRecord(subject, websites, at)
        self._db.execute(
            "UPDATE subjects SET name = ?, certificate = ?, body = ? WHERE id = ?",
            (
                plain(subject.name),
                self._vault.mark(subject.certificate.number),
                self._vault.seal(record),
                subject_id,
            ),
        )
        for website in websites:
            self._keep_website(subject_id, website)
        return record

    def _keep_website(self, subject_id: int, website: Website) -> None:
        self._db.execute(
            "INSERT INTO websites (id, subject, provider_id, number, home_url) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET home_url = excluded.home_url",
            (
                website.authority_id,
                subject_id,
                website.provider_id,
                website.number,
                website.home_url and plain_url(website.home_url),
            ),
        )
        self._db.execute("DELETE FROM domains WHERE website = ?", (website.authority_id,))
        self._db.executemany(
            "INSERT INTO domains (id, website, name) VALUES (?, ?, ?)",
            [(d.authority_id, website.authority_id, plain_domain(d.name)) for d in website.domains],
        )
        self._db.executemany(
            "INSERT INTO accesses (id, website, provider, provider_id) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO NOTHING",
            [(a.authority_id, website.authority_id, a.provider, a.provider_id) for a in website.accesses],
        )
