"""The code tables at work: loaded from files into the database, and read from there into one book kept in memory."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.code import CodeRow, DivisionRow
from models.unit_of_work import unit_of_work
from rules.codes import TABLES, Code, CodeBook, Division, shipped_codes, shipped_divisions

_book: list[CodeBook] = []
_BATCH = 500


class CodeFileFault(Exception):
    """A code file that cannot be loaded; the text says what is wrong with it."""


async def code_book() -> CodeBook:
    """The book of all codes and divisions as the database has them; read once and kept."""
    if not _book:
        _book[:] = [CodeBook(await _codes(), await _divisions())]
    return _book[0]


def forget_code_book() -> None:
    """Let the next caller read the tables anew."""
    _book.clear()


async def _codes() -> list[Code]:
    return [
        Code(row.table, row.code, row.name, row.name_en or None, row.active, row.extra)
        for row in await CodeRow.all().order_by("table", "position")
    ]


async def _divisions() -> list[Division]:
    return [
        Division(row.code, row.name, row.level, row.parent, row.active)
        for row in await DivisionRow.all().order_by("code")
    ]


async def load_shipped_codes() -> None:
    """Fill the tables from the shipped files where they are empty; what was loaded since stays."""

    async def work() -> None:
        if not await CodeRow.exists():
            await _write_codes(shipped_codes())
        if not await DivisionRow.exists():
            await _write_divisions(shipped_divisions())

    await unit_of_work(work)
    forget_code_book()


async def _write_codes(codes: Iterable[Code]) -> None:
    positions: dict[str, int] = {}
    rows = []
    for code in codes:
        position = positions[code.table] = positions.get(code.table, 0) + 1
        rows.append(
            CodeRow(
                table=code.table,
                code=code.code,
                name=code.zh,
                name_en=code.en or "",
                active=code.active,
                extra=dict(code.extras),
                position=position,
            )
        )
    await CodeRow.bulk_create(rows, batch_size=_BATCH)


async def _write_divisions(divisions: Iterable[Division]) -> None:
    await DivisionRow.bulk_create(
        [
            DivisionRow(code=d.code, name=d.name, level=d.level, parent=d.parent, active=d.active)
            for d in divisions
        ],
        batch_size=_BATCH,
    )


async def load_codes(path: Path) -> int:
    """Replace one table by a file `{"table": …, "items": [{"code", "zh", "en", "active", …}]}`; gives how many rows.

    Codes that the file no longer has become inactive, since old records may carry them. Raises CodeFileFault.
    """
    table, codes = _read(path)

    async def work() -> None:
        await CodeRow.filter(table=table).update(active=False)
        known = {row[0] for row in await CodeRow.filter(table=table).values_list("code")}
        for code in codes:
            if code.code in known:
                await CodeRow.filter(table=table, code=code.code).update(
                    name=code.zh, name_en=code.en or "", active=code.active, extra=dict(code.extras)
                )
        start = len(known)
        fresh = [code for code in codes if code.code not in known]
        await CodeRow.bulk_create(
            [
                CodeRow(
                    table=table,
                    code=code.code,
                    name=code.zh,
                    name_en=code.en or "",
                    active=code.active,
                    extra=dict(code.extras),
                    position=start + place,
                )
                for place, code in enumerate(fresh, 1)
            ],
            batch_size=_BATCH,
        )

    await unit_of_work(work)
    forget_code_book()
    return len(codes)


def _read(path: Path) -> tuple[str, list[Code]]:
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        table, items = data["table"], data["items"]
        codes = [
            Code(
                table,
                str(item["code"]),
                str(item["zh"]),
                item.get("en"),
                bool(item.get("active", True)),
                {name: value for name, value in item.items() if name not in ("code", "zh", "en", "active")},
            )
            for item in items
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CodeFileFault(f"{path.name}: {type(error).__name__}: {error}") from error
    if table not in TABLES:
        raise CodeFileFault(f"{path.name}: no table is called {table}")
    if len({code.code for code in codes}) != len(codes):
        raise CodeFileFault(f"{path.name}: a code stands twice")
    return table, codes
