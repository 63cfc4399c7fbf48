"""Connections: pages of a list with cursors, and a total that is counted only where somebody asks for it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry
from tortoise.models import Model
from tortoise.queryset import QuerySet

from schema.absent import told
from schema.context import Context
from schema.loaders import NestedPages
from schema.paging import Arguments, Order, Slice, fetch_page
from schema.statements import count_up_to

M = TypeVar("M", bound=Model)
N = TypeVar("N")

COUNTED_AT_MOST = 10_000

First: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many from the front: 0 to 100, 20 if left out. 前几条")
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only what follows this cursor. 起始游标")
]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many from the end: 0 to 100; not with `first`. 后几条")
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only what stands before this cursor. 截止游标")
]


def arguments(first: int | None, after: str | None, last: int | None, before: str | None) -> Arguments:
    """What a client said, with what he left out as None."""
    return Arguments(told(first), told(after), told(last), told(before))


@dataclass(frozen=True)
class Total:
    """How many there are; where not exact, there are more than that."""

    number: int
    is_exact: bool


class Tally:
    """Counts once, when first asked."""

    def __init__(self, count: Callable[[], Awaitable[Total]]) -> None:
        self._count = count
        self._taken: asyncio.Future[Total] | None = None

    async def take(self) -> Total:
        """The total."""
        if self._taken is None:
            self._taken = asyncio.ensure_future(self._count())
        return await self._taken


@dataclass(frozen=True)
class PageInfoSource:
    """What stands behind PageInfo."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class EdgeSource:
    """What stands behind an edge."""

    cursor: str
    node: Any


@dataclass(frozen=True)
class ConnectionSource:
    """What stands behind a connection."""

    edges: Sequence[EdgeSource]
    page_info: PageInfoSource
    tally: Tally

    @property
    def nodes(self) -> list[Any]:
        """The nodes without their edges."""
        return [edge.node for edge in self.edges]


@strawberry.type(description="Whether there is more on either side of a page. 分页信息")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="Whether more follow. 是否有后一页")
    has_previous_page: bool = strawberry.field(description="Whether more stand before. 是否有前一页")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge. 首条游标")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge. 末条游标")


@strawberry.type(description="One item of a page with its place in the list. 分页条目")
class Edge(Generic[N]):
    """Relay's edge."""

    cursor: str = strawberry.field(description="Opaque place in the list, for `after` and `before`. 游标")
    node: N = strawberry.field(description="The item. 对象")


async def count_total(connection: strawberry.Parent[ConnectionSource]) -> int:
    """How many there are."""
    return (await connection.tally.take()).number


async def is_total_exact(connection: strawberry.Parent[ConnectionSource]) -> bool:
    """Whether that is all."""
    return (await connection.tally.take()).is_exact


@strawberry.type(description="A page of a list, by stable cursors. 分页列表")
class Connection(Generic[N]):
    """Relay's connection, with the nodes beside the edges."""

    edges: list[Edge[N]] = strawberry.field(description="The items with their cursors. 条目")
    nodes: list[N] = strawberry.field(description="The items alone. 对象")
    page_info: PageInfo = strawberry.field(description="Whether there is more. 分页信息")
    total_count = strawberry.field(
        resolver=count_total,
        description=f"How many there are in all, counted up to {COUNTED_AT_MOST}; costs only if selected. 总数",
    )
    total_count_is_exact = strawberry.field(
        resolver=is_total_exact, description="False where there are more than `totalCount` says. 总数是否精确"
    )


Present = Callable[[Sequence[M]], Awaitable[Sequence[Any]]]


async def as_they_are(rows: Sequence[M]) -> Sequence[M]:
    """For types whose values are the rows themselves."""
    return rows


async def connect(
    context: Context,
    rows: QuerySet[M],
    order: Order,
    asked: Arguments,
    present: Present[M] = as_they_are,
) -> ConnectionSource:
    """The page of `rows` that was asked for; raises BadUserInput for a page that cannot be."""

    async def count() -> Total:
        counted = await count_up_to(rows, COUNTED_AT_MOST + 1)
        return Total(min(counted, COUNTED_AT_MOST), counted <= COUNTED_AT_MOST)

    page = await fetch_page(rows, order, asked.page(order, context.language))
    return _connection(page, await present(page.rows), Tally(count))


async def connect_nested(
    context: Context,
    pages: NestedPages[M],
    parent: int,
    asked: Arguments,
    present: Present[M] = as_they_are,
) -> ConnectionSource:
    """The page of one parent's rows, read together with those of its neighbours; raises BadUserInput."""

    async def count() -> Total:
        return Total(await pages.counts.load(parent), True)

    page = await pages.pages.load((parent, asked.page(pages.order, context.language)))
    return _connection(page, await present(page.rows), Tally(count))


def _connection(page: Slice[M], nodes: Sequence[Any], tally: Tally) -> ConnectionSource:
    edges = [EdgeSource(cursor, node) for cursor, node in zip(page.cursors, nodes, strict=True)]
    info = PageInfoSource(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
    )
    return ConnectionSource(edges, info, tally)
