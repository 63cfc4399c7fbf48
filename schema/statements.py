"""Three statements that the ORM cannot say, each wrapped around a query that carries its own conditions of sight."""

from collections.abc import Sequence
from typing import Any, TypeVar

from tortoise.expressions import RawSQL
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.access import Access, IpRange

M = TypeVar("M", bound=Model)

_RANGE_COLUMNS = ("id", "access_id", "start", "end", "position", "authority_id")


def _compile(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The SQL of a query and its values, as the ORM itself would send them."""
    if rows._db is None:
        rows._db = rows._choose_db()
    rows._make_query()
    sql, values = rows.query.get_parameterized_sql()
    return sql, values


async def first_of_each(rows: QuerySet[M], parent: str, orderings: Sequence[str], limit: int) -> list[M]:
    """At most `limit` rows of each parent, in the order given, for any number of parents at once.

    `parent` is a column of the table, `orderings` are columns of it, a minus before those that descend.
    """
    table = rows.model._meta.db_table
    order = ", ".join(
        f'"{table}"."{column.lstrip("-")}" {"DESC" if column.startswith("-") else "ASC"}'
        for column in orderings
    )
    place = RawSQL(f'ROW_NUMBER() OVER (PARTITION BY "{table}"."{parent}" ORDER BY {order})')
    numbered = rows.annotate(place=place)
    sql, values = _compile(numbered)
    executor = numbered._db.executor_class(model=rows.model, db=numbered._db)
    found: list[M] = await executor.execute_select(
        f"SELECT * FROM ({sql}) AS numbered WHERE place <= {int(limit)} ORDER BY place",  # noqa: S608
        values,
        custom_fields=["place"],
    )
    return found


async def count_up_to(rows: QuerySet[M], limit: int) -> int:
    """How many rows there are, `limit` where there are more."""
    few = rows.only("id").limit(limit)
    sql, values = _compile(few)
    counted = await few._db.execute_query_dict(
        f"SELECT COUNT(*) AS counted FROM ({sql}) AS few",  # noqa: S608 - compiled by the ORM, values apart
        values,
    )
    return int(counted[0]["counted"])


async def with_ranges(accesses: QuerySet[Access]) -> list[tuple[Access, list[IpRange]]]:
    """The accesses with their IP ranges in order, an access without any too, in one statement."""
    sql, values = _compile(accesses)
    columns = ", ".join(f'ranges."{name}" AS "range_{name}"' for name in _RANGE_COLUMNS)
    rows = await accesses._db.execute_query_dict(
        f"SELECT found.*, {columns} FROM ({sql}) AS found "  # noqa: S608
        'LEFT JOIN "ip_range" AS ranges ON ranges."access_id" = found."id" '
        'ORDER BY found."id", ranges."position"',
        values,
    )
    grouped: dict[int, tuple[Access, list[IpRange]]] = {}
    for row in rows:
        if row["id"] not in grouped:
            grouped[row["id"]] = (Access._init_from_db(**_own(row)), [])
        if row["range_id"] is not None:
            given = {name: row[f"range_{name}"] for name in _RANGE_COLUMNS}
            grouped[row["id"]][1].append(IpRange._init_from_db(**given))
    return list(grouped.values())


def _own(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("range_")}
