"""Keyset paging: a page is found by the sort key and id of its neighbour, so that rows never shift under inserts."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

from tortoise.expressions import Q, RawSQL
from tortoise.models import Model
from tortoise.queryset import QuerySet

from schema.errors import BadUserInput
from schema.statements import first_of_each

M = TypeVar("M", bound=Model)

MOST = 100
DEFAULT = 20
_VERSION = 1
_LARGEST = 2**63 - 1
_LONGEST_KEY = 1024
# what JSON can write and no database takes: NUL and halves of surrogate pairs
_NO_TEXT = frozenset("\0") | frozenset(map(chr, range(0xD800, 0xE000)))


@dataclass(frozen=True)
class Order:
    """What a connection is sorted by: a column, then the id. Rows without a value come last."""

    column: str
    kind: Literal["number", "text", "moment"] = "number"
    descending: bool = False
    nullable: bool = False

    def orderings(self, *, backwards: bool) -> list[str]:
        """The columns to sort by, a minus before those that descend."""
        sign = "-" if self.descending is not backwards else ""
        nulls = ["-without" if backwards else "without"] if self.nullable else []
        keys = ["id"] if self.column == "id" else [self.column, "id"]
        return [*nulls, *(f"{sign}{key}" for key in keys)]

    def cursor(self, row: Model) -> str:
        """The opaque text that names the row's place in this order."""
        value = getattr(row, self.column)
        told = value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        packed = json.dumps([_VERSION, self.column, told, row.pk], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    def position(self, cursor: str) -> "Position | None":
        """The place that a cursor names; None for one that is malformed or of another order."""
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            version, column, value, row_id = json.loads(base64.b64decode(padded, b"-_", validate=True))
        except (ValueError, TypeError, RecursionError, binascii.Error):
            return None
        if (
            version != _VERSION
            or column != self.column
            or type(row_id) is not int
            or not 0 < row_id <= _LARGEST
        ):
            return None
        return self._position(value, row_id)

    def _position(self, value: object, row_id: int) -> "Position | None":
        if value is None:
            return Position(None, row_id) if self.nullable else None
        if self.kind == "number":
            fits = type(value) is int and abs(value) <= _LARGEST
            return Position(value, row_id) if fits else None
        if not isinstance(value, str) or len(value) > _LONGEST_KEY or not _NO_TEXT.isdisjoint(value):
            return None
        if self.kind == "text":
            return Position(value, row_id)
        try:
            moment = datetime.fromisoformat(value)
            return Position(moment.astimezone(UTC), row_id) if moment.tzinfo is not None else None
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class Position:
    """A place in an order: the sort key, and the id that settles ties."""

    value: Any
    id: int


@dataclass(frozen=True)
class Page:
    """Which rows are asked for: `size` of them from the front or, `backwards`, from the end."""

    size: int
    backwards: bool
    after: Position | None
    before: Position | None


@dataclass(frozen=True)
class Slice(Generic[M]):
    """The rows of a page in the connection's order, and whether there are more on either side."""

    rows: Sequence[M]
    cursors: Sequence[str]
    has_previous: bool
    has_next: bool


@dataclass(frozen=True)
class Arguments:
    """What a client said about the page he wants."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None

    def page(self, order: Order, language: str) -> Page:
        """The page; raises BadUserInput for both `first` and `last`, a size outside 0 to 100, or a bad cursor."""
        if self.first is not None and self.last is not None:
            raise BadUserInput(
                "first 与 last 不能同时使用。", "Use either first or last, not both.", language
            )
        for name, size in (("first", self.first), ("last", self.last)):
            if size is not None and not 0 <= size <= MOST:
                raise BadUserInput(f"{name} 须为0至{MOST}。", f"{name} must be 0 to {MOST}.", language)
        size = self.last if self.last is not None else self.first
        return Page(
            size=DEFAULT if size is None else size,
            backwards=self.last is not None,
            after=self._position("after", self.after, order, language),
            before=self._position("before", self.before, order, language),
        )

    @staticmethod
    def _position(name: str, cursor: str | None, order: Order, language: str) -> Position | None:
        if cursor is None:
            return None
        position = order.position(cursor)
        if position is None:
            raise BadUserInput(f"{name} 不是有效的游标。", f"{name} is not a cursor of this list.", language)
        return position


def _q(**conditions: Any) -> Q:
    return Q(**conditions)


def _beyond(order: Order, position: Position, *, forwards: bool) -> Q:
    """The condition on rows that come after the position (before it, unless `forwards`)."""
    column = order.column
    operator = "gt" if order.descending is not forwards else "lt"
    tie = _q(**{column: position.value, f"id__{operator}": position.id})
    if column == "id":
        return _q(**{f"id__{operator}": position.id})
    missing = _q(**{f"{column}__isnull": True})
    if position.value is None:
        same = missing & _q(**{f"id__{operator}": position.id})
        return same if forwards else same | _q(**{f"{column}__isnull": False})
    further = tie | _q(**{f"{column}__{operator}": position.value})
    return further | missing if order.nullable and forwards else further


def _narrow(rows: QuerySet[M], order: Order, page: Page) -> QuerySet[M]:
    if page.after is not None:
        rows = rows.filter(_beyond(order, page.after, forwards=True))
    if page.before is not None:
        rows = rows.filter(_beyond(order, page.before, forwards=False))
    return rows


def _slice(found: list[M], order: Order, page: Page) -> Slice[M]:
    more, rows = len(found) > page.size, found[: page.size]
    if page.backwards:
        rows.reverse()
    return Slice(
        rows=rows,
        cursors=[order.cursor(row) for row in rows],
        has_previous=more if page.backwards else page.after is not None,
        has_next=page.before is not None if page.backwards else more,
    )


async def fetch_page(rows: QuerySet[M], order: Order, page: Page) -> Slice[M]:
    """The page of `rows` in one statement."""
    query = _narrow(rows, order, page)
    if order.nullable:
        table = rows.model._meta.db_table
        query = query.annotate(without=RawSQL(f'"{table}"."{order.column}" IS NULL'))
    orderings = order.orderings(backwards=page.backwards)
    found = await query.order_by(*orderings).limit(page.size + 1)
    return _slice(list(found), order, page)


async def fetch_pages(
    rows: QuerySet[M], parent: str, parents: Sequence[int], order: Order, page: Page
) -> dict[int, Slice[M]]:
    """The same page of each parent's rows, in one statement however many parents there are."""
    of_parents = rows.filter(**{f"{parent}__in": list(parents)})
    if len(parents) == 1:
        return {parents[0]: await fetch_page(of_parents, order, page)}
    orderings = order.orderings(backwards=page.backwards)
    found = await first_of_each(_narrow(of_parents, order, page), parent, orderings, page.size + 1)
    groups: dict[int, list[M]] = {number: [] for number in parents}
    for row in found:
        groups[getattr(row, parent)].append(row)
    return {number: _slice(group, order, page) for number, group in groups.items()}
