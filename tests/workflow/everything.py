"""Everything that the database holds, so that a test can see that nothing changed, or find a secret wherever it lies."""

from typing import Any

from tortoise.connection import get_connection

from models.database import READER, is_sqlite

_TABLES = {
    True: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%_fts%'",
    False: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}
_KEPT = {"code", "division", "tortoise_migrations"}
# the memory of answered commands is no part of what a refused command may leave alone
_MEMORY = {"idempotency_record"}


async def everything(*, memory: bool = False) -> dict[str, list[str]]:
    """The rows of every table but the codes, as text; the remembered commands only with `memory`."""
    reader: Any = get_connection(READER)
    names = [row["name"] for row in await reader.execute_query_dict(_TABLES[is_sqlite()])]
    left_out = _KEPT if memory else _KEPT | _MEMORY
    found = {}
    for name in sorted(set(names) - left_out):
        rows = await reader.execute_query_dict(f'SELECT * FROM "{name}"')
        found[name] = sorted(repr(dict(row)) for row in rows)
    return found
