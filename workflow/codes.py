"""The code tables at work: loaded from files into the database, and read from there into one book kept in memory."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any

from models.code import CodeRow, CodeStamp, DivisionRow
from models.unit_of_work import unit_of_work
from rules.codes import TABLES, Code, CodeBook, Division, shipped_codes, shipped_divisions

_BATCH = 500
_LOOK_SECONDS = 3.0
_ONLY = "codes"  # the one row of the stamp


class CodeFileFault(Exception):
    """A code file that cannot be loaded; the text says what is wrong with it."""


@dataclass
class _Kept:
    """The book in memory, the stamp of the tables when it was read, and until when nobody looks for another."""

    book: CodeBook
    stamp: str | None
    until: float


_kept: list[_Kept] = []


async def code_book() -> CodeBook:
    """The book of all codes and divisions as the database has them.

    It is kept in memory, and read anew at the latest three seconds after any process has loaded other tables.
    """
    if _kept and monotonic() < _kept[0].until:
        return _kept[0].book
    stamp = await _stamp()  # before the tables: what is loaded in between is then read once more
    if not _kept or _kept[0].stamp != stamp:
        _kept[:] = [_Kept(CodeBook(await _codes(), await _divisions()), stamp, 0.0)]
    _kept[0].until = monotonic() + _LOOK_SECONDS
    return _kept[0].book


def forget_code_book() -> None:
    """Let the next caller read the tables anew."""
    _kept.clear()


async def _stamp() -> str | None:
    row = await CodeStamp.get_or_none(name=_ONLY)
    return None if row is None else row.stamp


async def _stamp_anew() -> None:
    """Give the tables another stamp; whoever loads at the same moment waits here until this unit of work has ended."""
    await CodeStamp.bulk_create([CodeStamp(name=_ONLY, stamp="")], ignore_conflicts=True)
    await CodeStamp.filter(name=_ONLY).update(stamp=token_hex(16))


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
    """Fill the tables from the shipped files where they are empty; what was loaded since stays.

    Several processes may start at once: one of them fills the tables.
    """

    async def work() -> None:
        if await CodeRow.exists() and await DivisionRow.exists():
            return
        await _stamp_anew()
        # asked again, for another process may have filled them while this one waited
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
        await _stamp_anew()
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
