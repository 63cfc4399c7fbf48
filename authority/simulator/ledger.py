"""The simulator's ledger: one SQLite file that several processes of a machine share, and that survives a kill."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from authority.desk import DeskAway, NotConfigured, OutcomeUnknown

VERSION = 2
APPLICATION = 0x42454941  # "BEIA": how a ledger is told from any other SQLite file
BUSY_SECONDS = 5.0
RETRY_AFTER = timedelta(seconds=2)

_SCHEMA = (
    # uploads in the provider's sequence; a body is dropped when its time is over, the key never
    """CREATE TABLE uploads (
        sequence INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, tag TEXT NOT NULL,
        body TEXT, accepted_at REAL NOT NULL, decided_at REAL)""",
    "CREATE INDEX uploads_waiting ON uploads (sequence) WHERE decided_at IS NULL",
    "CREATE INDEX uploads_kept ON uploads (decided_at) WHERE body IS NOT NULL",
    # files to be downloaded, in order; erased when acknowledged and their time is over
    """CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY, file_name TEXT NOT NULL UNIQUE, tag TEXT NOT NULL, body TEXT NOT NULL,
        acknowledged_at REAL)""",
    "CREATE INDEX deliveries_waiting ON deliveries (id) WHERE acknowledged_at IS NULL",
    "CREATE INDEX deliveries_kept ON deliveries (acknowledged_at) WHERE acknowledged_at IS NOT NULL",
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    # the library: a record whole and sealed with its subject, and beside it what one can be found by
    """CREATE TABLE subjects (
        id INTEGER PRIMARY KEY, provider_id INTEGER, number TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        certificate TEXT NOT NULL, websites_issued INTEGER NOT NULL, body TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'FILED' CHECK (state IN ('FILED', 'CANCELLED')))""",
    "CREATE INDEX subjects_certificate ON subjects (certificate)",
    "CREATE INDEX subjects_name ON subjects (name)",
    """CREATE TABLE websites (
        id INTEGER PRIMARY KEY, subject INTEGER NOT NULL REFERENCES subjects (id), provider_id INTEGER,
        number TEXT NOT NULL UNIQUE, home_url TEXT,
        state TEXT NOT NULL DEFAULT 'FILED' CHECK (state IN ('FILED', 'CANCELLED')))""",
    "CREATE INDEX websites_subject ON websites (subject)",
    "CREATE INDEX websites_provider_id ON websites (provider_id)",
    "CREATE INDEX websites_home_url ON websites (home_url)",
    """CREATE TABLE domains (
        id INTEGER PRIMARY KEY, website INTEGER NOT NULL REFERENCES websites (id), name TEXT NOT NULL)""",
    "CREATE INDEX domains_website ON domains (website)",
    "CREATE INDEX domains_name ON domains (name)",
    """CREATE TABLE accesses (
        id INTEGER PRIMARY KEY, website INTEGER NOT NULL REFERENCES websites (id), provider INTEGER NOT NULL,
        provider_id INTEGER, state TEXT NOT NULL DEFAULT 'FILED' CHECK (state IN ('FILED', 'CANCELLED')))""",
    "CREATE INDEX accesses_website ON accesses (website)",
    f"PRAGMA application_id = {APPLICATION}",
)

EMPTY = 0

_UPGRADES: dict[int, tuple[str, ...]] = {
    # what each version lacks of the next; a new file is made as version 1 and goes the same way
    1: (
        # the keyed mark of the filing password (ICPmm), where it is known
        "ALTER TABLE subjects ADD COLUMN password TEXT",
        "CREATE INDEX accesses_provider_id ON accesses (provider_id)",
    ),
}


def lay_out(db: sqlite3.Connection) -> int:
    """Make the tables of an empty file and those that an older version lacks, inside a transaction.

    Gives the version that was found, EMPTY for an empty file. Raises NotConfigured for a ledger of a newer version,
    and for the database of somebody else.
    """
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if application == APPLICATION and 1 <= version <= VERSION:
        _upgrade(db, version)
        return int(version)
    if db.execute("SELECT 1 FROM sqlite_schema").fetchone() is not None:
        raise NotConfigured(f"this is no simulator's ledger of version {VERSION} or older")
    for statement in _SCHEMA:
        db.execute(statement)
    _upgrade(db, 1)
    return EMPTY


def _upgrade(db: sqlite3.Connection, version: int) -> None:
    for old in range(version, VERSION):
        for statement in _UPGRADES[old]:
            db.execute(statement)
    if version < VERSION:
        db.execute(f"PRAGMA user_version = {VERSION}")


class Ledger:
    """The open file. Its one connection is used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file, made 0600 where there is none; raises NotConfigured if it is not a ledger of ours."""
        self._turn = threading.Lock()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise NotConfigured(f"the simulator's ledger {path} cannot be opened: {error}") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise NotConfigured(f"{path} is no ledger of the simulator: {error}") from error

    def _prepare(self) -> None:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:  # SQLite does not wait by itself when two processes switch the journal at once
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def transaction(self, key: str | None = None) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is kept, on disk, or nothing.

        Raises DeskAway when the file is busy or full, NotConfigured when it is damaged or closed. If the commit
        itself fails, an upload's outcome is unknown: OutcomeUnknown, where `key` names one.
        """
        with self._turn:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
            except sqlite3.OperationalError as error:
                self._roll_back()
                raise DeskAway(f"the simulator's ledger is busy: {error}", RETRY_AFTER) from error
            except sqlite3.DatabaseError as error:
                self._roll_back()
                raise NotConfigured(f"the simulator's ledger does not work: {error}") from error
            except BaseException:
                self._roll_back()
                raise
            self._commit(key)

    def _commit(self, key: str | None) -> None:
        try:
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._roll_back()
            if key is not None:
                raise OutcomeUnknown(f"the simulator's ledger failed while writing: {error}", key) from error
            raise DeskAway(f"the simulator's ledger failed while writing: {error}", RETRY_AFTER) from error

    def _roll_back(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            return  # closed or damaged: then there is nothing to roll back, and the first error is the one to tell

    def close(self) -> None:
        """Close the file once the running call has ended; again is harmless."""
        with self._turn:
            self._db.close()
