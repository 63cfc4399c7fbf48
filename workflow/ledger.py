"""The order of a ledger: a place in it, what stands behind that place, and which of it is settled.

On SQLite commits follow each other, and `id` is the order. On PostgreSQL a transaction may commit behind one that began
later. There the order is (transaction, `id`), and a line is settled once every transaction before its own has ended:
nothing can come in front of it any more.
"""

from dataclasses import dataclass
from typing import Any

from tortoise.connection import get_connection

from models.database import READER, UNREACHABLE, is_sqlite
from models.faults import StoreAway
from workflow.events import BadCursor

# The text of the transaction has a name of its own: under that of the column ORDER BY would sort by it, 1000 before 999.
_POSTGRES = (
    "SELECT xid::text AS number, {columns}, xid < pg_snapshot_xmin(pg_current_snapshot()) AS settled "
    "FROM {table} WHERE (xid, id) > ($1::text::xid8, $2::bigint) {scope} ORDER BY xid, id LIMIT {limit}"
)
_SQLITE = (
    "SELECT 0 AS number, {columns}, 1 AS settled FROM {table} "
    "WHERE ?1 >= 0 AND id > ?2 {scope} ORDER BY id LIMIT {limit}"
)
_NOW_ON_POSTGRES = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin, ARRAY(SELECT id FROM {table} "
    "WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())) AS known"
)
_LAST_ON_POSTGRES = (
    "SELECT id FROM {table} WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY xid DESC, id DESC LIMIT 1"
)


@dataclass(frozen=True)
class Place:
    """Behind the line `id` of the transaction `xid` (0 on SQLite); `known` are ids further on that are not news."""

    xid: int
    id: int
    known: frozenset[int] = frozenset()


BEGINNING = Place(0, 0)


@dataclass(frozen=True)
class Ledger:
    """A table that is only added to; `columns` are those that `read` gives. Every method raises StoreAway."""

    table: str
    columns: str

    async def read(self, place: Place, limit: int, **scope: int | None) -> list[dict[str, Any]]:
        """The next lines behind `place`, of those rows alone that `scope` names by column; the settled ones first."""
        statement, mark = (_SQLITE, "?") if is_sqlite() else (_POSTGRES, "$")
        conditions, values = "", [place.xid if is_sqlite() else str(place.xid), place.id]
        for column, value in scope.items():
            if value is not None:
                values.append(value)
                conditions += f" AND {column} = {mark}{len(values)}"
        return await self._ask(statement, *values, scope=conditions, limit=limit)

    async def present(self) -> Place:
        """The place behind all that is committed now."""
        if is_sqlite():
            return Place(0, (await self._ask("SELECT coalesce(max(id), 0) AS id FROM {table}"))[0]["id"])
        row = (await self._ask(_NOW_ON_POSTGRES))[0]
        return Place(int(row["xmin"]), 0, frozenset(row["known"]))

    async def behind(self, number: int) -> Place:
        """The place behind line `number`; BadCursor where there is none."""
        if is_sqlite():
            rows = await self._ask("SELECT 0 AS number FROM {table} WHERE id = ?", number)
        else:
            rows = await self._ask("SELECT xid::text AS number FROM {table} WHERE id = $1", number)
        if not rows:
            raise BadCursor
        return Place(int(rows[0]["number"]), number)

    async def last_settled(self) -> int | None:
        """The id of the last settled line, None where there is none: whoever reads on from it misses nothing."""
        last = "SELECT id FROM {table} ORDER BY id DESC LIMIT 1" if is_sqlite() else _LAST_ON_POSTGRES
        rows = await self._ask(last)
        return rows[0]["id"] if rows else None

    async def _ask(self, statement: str, *values: object, **parts: object) -> list[dict[str, Any]]:
        text = statement.format(table=self.table, columns=self.columns, **parts)
        try:
            return await get_connection(READER).execute_query_dict(text, list(values))
        except UNREACHABLE as error:
            raise StoreAway from error


EVENTS = Ledger("filing_event", "id, filing_id, subject_id")
GATE_CHANGES = Ledger("gate_change", "id, key, decision, reason, filing_number, at")
