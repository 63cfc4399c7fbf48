"""Snapshots: the whole database as text, to see what a step wrote and to put everything back as it stood."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tortoise.connection import get_connection

from models.database import READER, WRITER, is_sqlite

_KEPT = {"code", "code_stamp", "division", "key_check", "tortoise_migrations"}
_TABLES = {
    True: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_fts%'",
    False: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}
_reading: dict[bool, str] = {}
Rows = dict[str, dict[str, str]]  # table -> where the row lies now -> the row as its database writes it


async def _statement() -> str:
    """One statement that reads every row of every table but the codes."""
    sqlite = is_sqlite()
    if sqlite not in _reading:
        reader: Any = get_connection(READER)
        names = sorted({row["name"] for row in await reader.execute_query_dict(_TABLES[sqlite])} - _KEPT)
        parts = [await _of_sqlite(reader, name) if sqlite else _of_postgres(name) for name in names]
        _reading[sqlite] = " UNION ALL ".join(parts)
    return _reading[sqlite]


async def _of_sqlite(reader: Any, name: str) -> str:
    columns = await reader.execute_query_dict(f'PRAGMA table_info("{name}")')
    row = " || ',' || ".join(f'quote("{column["name"]}")' for column in columns)
    return f"SELECT '{name}' AS name, rowid AS place, {row} AS row FROM \"{name}\""


def _of_postgres(name: str) -> str:
    return f"SELECT '{name}' AS name, ctid::text AS place, t::text AS row FROM \"{name}\" t"


async def _read() -> Rows:
    reader: Any = get_connection(READER)
    found: Rows = {}
    for line in await reader.execute_query_dict(await _statement()):
        found.setdefault(line["name"], {})[str(line["place"])] = line["row"]
    return found


@dataclass(frozen=True)
class Snapshot:
    """Every row of every table but the codes, as it stood."""

    rows: Rows

    @classmethod
    async def take(cls) -> "Snapshot":
        """The database as it is now."""
        return cls(await _read())

    def differing(self, other: "Snapshot") -> list[str]:
        """The tables that do not hold the same rows."""
        tables = self.rows.keys() | other.rows.keys()
        return sorted(name for name in tables if _texts(self, name) != _texts(other, name))

    async def restore(self) -> None:
        """Make the database what it was: what came since goes, what went comes back."""
        now = await Snapshot.take()
        script = [line for name in now.differing(self) for line in _changes(name, now, self)]
        if not script:
            return
        opening, closing = (
            ("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", "COMMIT; PRAGMA foreign_keys = ON")
            if is_sqlite()
            else ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        )
        await get_connection(WRITER).execute_script("; ".join((opening, *script, closing)))


def _texts(snapshot: Snapshot, name: str) -> Counter[str]:
    return Counter(snapshot.rows.get(name, {}).values())


def _changes(name: str, now: Snapshot, wanted: Snapshot) -> list[str]:
    here, there = _texts(now, name), _texts(wanted, name)
    extra, missing = here - there, there - here
    lines = []
    for place, row in now.rows.get(name, {}).items():
        if extra[row] > 0:
            extra[row] -= 1
            where = f"rowid = {place}" if is_sqlite() else f"ctid = '{place}'::tid"
            lines.append(f'DELETE FROM "{name}" WHERE {where}')
    for row in missing.elements():
        quoted = row.replace("'", "''")
        values = f"VALUES ({row})" if is_sqlite() else f"SELECT (E'{_escaped(quoted)}'::\"{name}\").*"
        lines.append(f'INSERT INTO "{name}" {values}')
    return lines


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\")
