"""The simulator's counter: takes uploads in sequence, decides them when their time has come, hands out the answers."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from authority.desk import Desk, NotConfigured, PayloadRefused, Receipt, refusal
from authority.messages import Answer, Delivery, Upload
from authority.simulator.ledger import EMPTY, RETRY_AFTER, VERSION, Ledger, lay_out
from authority.simulator.library import AccessNotAdded, Library
from authority.simulator.numbering import CHINA
from authority.simulator.reviews.opening import open_review
from authority.simulator.reviews.review import Terms
from authority.simulator.seed import enter_filed_elsewhere, tell_passwords
from authority.simulator.vault import Sealing, Vault

TOO_MANY_WAITING = 15
NO_FILE_NAME = 21

KEPT = timedelta(days=92)
"""How long the bytes of uploads and acknowledged files are kept: the interface asks for three months."""

DECIDED_AT_ONCE = 20

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")


def utc_now() -> datetime:
    """Give the present moment."""
    return datetime.now(UTC)


class Simulator(Desk):
    """A desk whose authority sits in this process. Made by `Simulator.open`.

    Several may stand on one ledger, in one process or many. Nothing runs by itself: what is due is decided when
    somebody asks for the next file, so a stopped process resumes where it was.
    """

    def __init__(
        self,
        ledger: Ledger,
        vault: Vault,
        terms: Terms,
        delay: timedelta,
        now: Callable[[], datetime],
        waiting_limit: int,
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._terms = terms
        self._delay = delay
        self._now = now
        self._waiting_limit = waiting_limit

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        provider: int,
        sealing: Sealing,
        delay: float,
        now: Callable[[], datetime] = utc_now,
        waiting_limit: int = 10_000,
        last_access: Literal["refuse", "allow"] = "refuse",
    ) -> "Simulator":
        """Open the ledger at `path`, made and filled with the records of other providers where there is none.

        `provider` is the id of the one provider (接入商ID) that reports here; `sealing` the keys that the ledger is
        sealed with; `delay` the seconds from an upload to its decision; `now` gives aware moments; more than
        `waiting_limit` undecided uploads are turned away; `last_access` says whether the only access of a website
        may be cancelled. Raises NotConfigured for a file that is not a ledger.
        """
        ledger = await asyncio.to_thread(Ledger, path)
        terms = Terms(provider, refuses_last_access=last_access == "refuse")
        desk = cls(ledger, Vault(sealing), terms, timedelta(seconds=delay), now, waiting_limit)
        try:
            await asyncio.to_thread(desk._lay_out)
        except BaseException:
            ledger.close()
            raise
        return desk

    async def upload(self, message: Upload, key: str) -> Receipt:
        """Take one message, as `Desk.upload` says; PayloadRefused for another message under a key already used."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"a key is 1-64 letters, digits, '-' or '_': {key!r}")
        return await asyncio.to_thread(self._take, message, key)

    async def settle(self, key: str) -> Receipt | None:
        """Give the receipt of an upload, or None where none was accepted under this key."""
        return await asyncio.to_thread(self._look_up, key)

    async def download(self) -> Delivery | None:
        """Decide what is due, and give the first file that was not acknowledged; it comes again until it is."""
        return await asyncio.to_thread(self._hand_out)

    async def acknowledge(self, file_name: str) -> None:
        """Note that a file has arrived; PayloadRefused (21) for a name that was never handed out."""
        await asyncio.to_thread(self._tick_off, file_name)

    async def add_foreign_access(self, number: str, provider: int) -> bool:
        """Give the website of this filing number an access at another provider, and lay its record ready to download.

        Gives whether there was anything to tell: of a record with which our provider has nothing to do there is
        not. Raises AccessNotAdded, where the provider is ours too; DeskAway and NotConfigured as every call.
        """
        return await asyncio.to_thread(self._add_foreign_access, number, provider)

    async def close(self) -> None:
        """Close the ledger; a running call ends first."""
        await asyncio.to_thread(self._ledger.close)

    def _lay_out(self) -> None:
        with self._ledger.transaction() as db:
            library = Library(db, self._vault)
            found = lay_out(db)
            if found == EMPTY:
                enter_filed_elsewhere(library)
            elif not library.is_legible():
                raise NotConfigured("the simulator's ledger is sealed with other keys")
            elif found < VERSION:
                tell_passwords(library)

    def _take(self, message: Upload, key: str) -> Receipt:
        fingerprint = self._vault.fingerprint(message)
        with self._ledger.transaction(key) as db:
            earlier = db.execute("SELECT sequence, fingerprint FROM uploads WHERE key = ?", (key,)).fetchone()
            if earlier is not None and earlier[1] != fingerprint:
                raise PayloadRefused(f"another message was uploaded under the key {key}")
            if earlier is not None:
                return _receipt(earlier[0], key)
            (waiting,) = db.execute("SELECT count(*) FROM uploads WHERE decided_at IS NULL").fetchone()
            if waiting >= self._waiting_limit:
                raise refusal(TOO_MANY_WAITING, max(self._delay, RETRY_AFTER))
            (sequence,) = db.execute(
                "INSERT INTO uploads (sequence, key, fingerprint, tag, body, accepted_at)"
                " SELECT coalesce(max(sequence), 0) + 1, ?, ?, ?, ?, ? FROM uploads RETURNING sequence",
                (key, fingerprint, message.tag, self._vault.seal(message), self._now().timestamp()),
            ).fetchone()
        return _receipt(sequence, key)

    def _look_up(self, key: str) -> Receipt | None:
        with self._ledger.transaction() as db:
            row = db.execute("SELECT sequence FROM uploads WHERE key = ?", (key,)).fetchone()
        return None if row is None else _receipt(row[0], key)

    def _hand_out(self) -> Delivery | None:
        with self._ledger.transaction() as db:
            self._decide_due(db)
            row = db.execute(
                "SELECT file_name, tag, body FROM deliveries WHERE acknowledged_at IS NULL ORDER BY id LIMIT 1"
            ).fetchone()
        return None if row is None else Delivery(row[0], (self._vault.open_answer(row[1], row[2]),))

    def _decide_due(self, db: sqlite3.Connection) -> None:
        now = self._now()
        library = Library(db, self._vault)
        due = db.execute(
            "SELECT sequence, tag, body FROM uploads WHERE decided_at IS NULL AND accepted_at <= ?"
            " ORDER BY sequence LIMIT ?",
            ((now - self._delay).timestamp(), DECIDED_AT_ONCE),
        ).fetchall()
        for sequence, tag, body in due:
            review = open_review(self._vault.open_upload(tag, body), library, self._terms)
            for answer in review.answer(sequence, now):
                self._lay_ready(db, library, answer, now)
            db.execute("UPDATE uploads SET decided_at = ? WHERE sequence = ?", (now.timestamp(), sequence))

    def _lay_ready(self, db: sqlite3.Connection, library: Library, answer: Answer, now: datetime) -> None:
        number = library.numbering.count("delivery")
        name = f"{now.astimezone(CHINA):%Y%m%d%H%M%S}_{number:06d}.xml"
        db.execute(
            "INSERT INTO deliveries (id, file_name, tag, body) VALUES (?, ?, ?, ?)",
            (number, name, answer.tag, self._vault.seal(answer)),
        )

    def _add_foreign_access(self, number: str, provider: int) -> bool:
        if provider == self._terms.provider:
            raise AccessNotAdded(f"{provider} is the provider that reports here: its accesses come by upload")
        now = self._now()
        with self._ledger.transaction() as db:
            library = Library(db, self._vault)
            record = library.add_foreign_access(number, provider, now)
            providers = {access.provider for website in record.websites for access in website.accesses}
            concerned = record.subject.provider_id is not None or self._terms.provider in providers
            if concerned:
                self._lay_ready(db, library, record, now)
        return concerned

    def _tick_off(self, file_name: str) -> None:
        now = self._now()
        with self._ledger.transaction() as db:
            ticked = db.execute(
                "UPDATE deliveries SET acknowledged_at = ? WHERE file_name = ?",
                (now.timestamp(), file_name),
            )
            if ticked.rowcount == 0:
                raise refusal(NO_FILE_NAME, RETRY_AFTER)
            _drop_old(db, (now - KEPT).timestamp())


def _receipt(sequence: int, key: str) -> Receipt:
    return Receipt(sequence, f"{key}.xml")


def _drop_old(db: sqlite3.Connection, before: float) -> None:
    db.execute("DELETE FROM deliveries WHERE acknowledged_at < ?", (before,))
    db.execute("UPDATE uploads SET body = NULL WHERE body IS NOT NULL AND decided_at < ?", (before,))
