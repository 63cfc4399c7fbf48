"""Queries for codes and divisions: what can be chosen."""

from typing import Annotated

import strawberry

from rules.codes import CERTIFICATE_TYPE, CodeBook
from rules.codes import Code as CodeValue
from schema.absent import told
from schema.context import Info
from schema.sources import DivisionSource
from schema.types.code import Code, Division
from workflow.codes import code_book

DIVISIONS_AT_MOST = 1000


def find_codes(
    book: CodeBook, table: str, search: str | None, unit_nature: str | None, include_inactive: bool
) -> list[CodeValue]:
    """The codes of a table that match; nothing for a table that there is not."""
    fitting = (
        book.certificate_types(unit_nature)
        if unit_nature is not None and table == CERTIFICATE_TYPE and not include_inactive
        else book.codes(table)
    )
    wanted = (search or "").strip().casefold()
    return [
        code
        for code in fitting
        if (code.active or include_inactive)
        and (wanted in code.zh.casefold() or wanted in (code.en or "").casefold() or wanted == code.code)
    ]


def find_divisions(book: CodeBook, parent: str | None, search: str | None) -> list[DivisionSource]:
    """The active divisions right under a parent, or of any level where one is searched for; at most 1000."""
    wanted = (search or "").strip()
    found = [
        DivisionSource(division, book)
        for division in book.divisions()
        if division.active
        and wanted in division.name
        and (division.parent == parent or (bool(wanted) and parent is None))
    ]
    return found[:DIVISIONS_AT_MOST]


async def query_codes(
    info: Info,
    table: Annotated[str, strawberry.argument(description="The table, such as `unit_nature`. 代码表")],
    search: Annotated[
        str | None, strawberry.argument(description="Part of a name, or the code. 搜索词")
    ] = strawberry.UNSET,
    unit_nature: Annotated[
        str | None,
        strawberry.argument(
            description="For certificate_type: only those that fit this unit nature. 单位性质"
        ),
    ] = strawberry.UNSET,
    include_inactive: Annotated[
        bool, strawberry.argument(description="Also those that can no longer be chosen. 包括失效代码")
    ] = False,
) -> list[CodeValue]:
    """The codes of a table."""
    return find_codes(await code_book(), table, told(search), told(unit_nature), include_inactive)


async def query_divisions(
    info: Info,
    parent: Annotated[
        str | None,
        strawberry.argument(description="Those right under this one; provinces if left out. 上级区划"),
    ] = strawberry.UNSET,
    search: Annotated[
        str | None, strawberry.argument(description="Part of a name; of any level without `parent`. 搜索词")
    ] = strawberry.UNSET,
) -> list[DivisionSource]:
    """Divisions to choose from."""
    return find_divisions(await code_book(), told(parent), told(search))


@strawberry.type
class CodeQueries:
    """The roots about what can be chosen."""

    codes = strawberry.field(
        resolver=query_codes,
        graphql_type=list[Code],
        description="The codes of one table; empty for a table that there is not. 代码",
    )
    divisions = strawberry.field(
        resolver=query_divisions,
        graphql_type=list[Division],
        description=f"Administrative divisions, at most {DIVISIONS_AT_MOST}. 行政区划",
    )
