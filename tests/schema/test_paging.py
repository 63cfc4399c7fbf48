"""Pages: what cursors say and do not take, and that walking a list in either direction meets every row once."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.filing import Filing
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from schema.paging import Arguments, Order, Position
from schema.statements import first_of_each
from tests.schema.asking import Person
from tests.support.lives import draft
from workflow.actors import visible_websites

NAME = Order("name", "text")
MADE = Order("created_at", "moment", descending=True)
DUE = Order("due_at", "moment", nullable=True)


def packed(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_is_read_back_as_the_place_it_names() -> None:
    assert NAME.position(packed(1, "name", "沈阳", 7)) == Position("沈阳", 7)
    assert MADE.position(packed(1, "created_at", "2026-01-31T08:30:00.000001+08:00", 7)) == Position(
        datetime(2026, 1, 31, 0, 30, 0, 1, tzinfo=UTC), 7
    )
    assert DUE.position(packed(1, "due_at", None, 7)) == Position(None, 7)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "沈阳",
        "bm9uc2Vuc2U",
        packed(),
        packed(1, "name", "x"),
        packed(2, "name", "x", 7),
        packed(1, "id", 7, 7),
        packed(1, "name", None, 7),
        packed(1, "name", 7, 7),
        packed(1, "name", "x\0", 7),
        packed(1, "name", "\ud800", 7),
        packed(1, "name", "x" * 2000, 7),
        packed(1, "name", "x", True),
        packed(1, "name", "x", 0),
        packed(1, "name", "x", 2**63),
        packed(1, "name", "x", "7"),
        "W" * 100_000,
    ],
)
def test_a_malformed_cursor_names_no_place(cursor: str) -> None:
    assert NAME.position(cursor) is None


@pytest.mark.parametrize(
    "value", ["2026-01-31T08:30:00", "yesterday", "0001-01-01T00:00:00+23:00", 5, None, ""]
)
def test_a_cursor_of_moments_takes_moments_with_a_zone_alone(value: Any) -> None:
    assert MADE.position(packed(1, "created_at", value, 7)) is None


def test_a_page_is_twenty_from_the_front_where_nothing_is_said() -> None:
    page = Arguments(None, None, None, None).page(NAME, "en")
    assert (page.size, page.backwards, page.after, page.before) == (20, False, None, None)


SUBJECTS = """query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: SubjectOrder) {
  subjects(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    totalCount totalCountIsExact edges { cursor node { name } } nodes { name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": 101},
        {"first": -1},
        {"last": 101},
        {"first": 1, "last": 1},
        {"after": "nonsense"},
        {"before": packed(1, "id", 7, 7)},
    ],
)
async def test_a_page_that_cannot_be_is_bad_input(owner: Person, wrong: dict[str, Any]) -> None:
    assert await owner.code_of(SUBJECTS, **wrong) == "BAD_USER_INPUT"


async def _make_subjects(owner: Person, names: str) -> None:
    account = owner.actor.account_id

    async def work() -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        for place, name in enumerate(names):
            moment = at + timedelta(seconds=place // 2)
            await Subject.create(
                name=name,
                mode="SELF",
                owner_id=account,
                filed_by_id=account,
                created_at=moment,
                updated_at=moment,
            )

    await unit_of_work(work)


async def _walk(owner: Person, size: str, cursor: str, edge: str, more: str, **said: Any) -> list[list[str]]:
    pages: list[list[str]] = []
    place: dict[str, Any] = {}
    while True:
        page = (await owner.ask(SUBJECTS, **{size: 2}, **place, **said))["subjects"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert page["totalCount"] == 5
        assert page["totalCountIsExact"] is True
        pages.append([node["name"] for node in page["nodes"]])
        if not page["pageInfo"][more]:
            return pages
        place = {cursor: page["pageInfo"][edge]}


async def test_walking_forwards_meets_every_row_once(owner: Person) -> None:
    await _make_subjects(owner, "cabde")
    assert await _walk(owner, "first", "after", "endCursor", "hasNextPage", orderBy="NAME") == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


async def test_walking_backwards_meets_every_row_once_in_the_same_order(owner: Person) -> None:
    await _make_subjects(owner, "cabde")
    assert await _walk(owner, "last", "before", "startCursor", "hasPreviousPage", orderBy="NAME") == [
        ["d", "e"],
        ["b", "c"],
        ["a"],
    ]


async def test_rows_of_one_moment_are_told_apart_by_their_ids(owner: Person) -> None:
    await _make_subjects(owner, "abcde")
    assert await _walk(owner, "first", "after", "endCursor", "hasNextPage") == [["e", "d"], ["c", "b"], ["a"]]
    assert await _walk(owner, "last", "before", "startCursor", "hasPreviousPage") == [
        ["b", "a"],
        ["d", "c"],
        ["e"],
    ]


async def test_a_page_of_nothing_is_a_page(owner: Person) -> None:
    await _make_subjects(owner, "ab")
    page = (await owner.ask(SUBJECTS, first=0))["subjects"]
    assert page["nodes"] == []
    assert page["totalCount"] == 2
    assert page["pageInfo"]["hasNextPage"] is True


FILINGS = """query ($first: Int, $after: String, $last: Int, $before: String) {
  filings(first: $first, after: $after, last: $last, before: $before, orderBy: DUE) {
    nodes { id dueAt } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def _walk_filings(owner: Person, size: str, cursor: str, edge: str, more: str) -> list[list[str]]:
    pages: list[list[str]] = []
    place: dict[str, Any] = {}
    while True:
        page = (await owner.ask(FILINGS, **{size: 2}, **place))["filings"]
        pages.append([node["id"] for node in page["nodes"]])
        if not page["pageInfo"][more]:
            return pages
        place = {cursor: page["pageInfo"][edge]}


async def test_filings_without_a_due_date_come_last_in_both_directions(owner: Person) -> None:
    made = [await draft(owner.actor, index) for index in range(5)]
    at = datetime(2026, 2, 1, tzinfo=UTC)

    async def work() -> None:
        for place, filing in ((3, made[0]), (1, made[2]), (2, made[4])):
            await Filing.filter(id=filing.id).update(due_at=at + timedelta(days=place))

    await unit_of_work(work)
    expected = [f"fil_{made[place].id}" for place in (2, 4, 0, 1, 3)]
    forwards = await _walk_filings(owner, "first", "after", "endCursor", "hasNextPage")
    backwards = await _walk_filings(owner, "last", "before", "startCursor", "hasPreviousPage")
    assert forwards == [expected[:2], expected[2:4], expected[4:]]
    assert backwards[::-1] == [expected[:1], expected[1:3], expected[3:]]


async def test_each_subject_has_its_own_page_of_websites(owner: Person) -> None:
    await _make_subjects(owner, "ab")
    rows = await Subject.all().order_by("id")

    async def work() -> None:
        for count, row in ((3, rows[0]), (1, rows[1])):
            for place in range(1, count + 1):
                await Website.create(
                    subject_id=row.id, serial=place, name=f"{row.name}{place}", created_at=row.created_at,
                    updated_at=row.created_at,
                )  # fmt: skip

    await unit_of_work(work)
    asked = (
        "{ subjects(orderBy: NAME) { nodes { name websites(%s) { totalCount nodes { name } "
        "pageInfo { hasNextPage hasPreviousPage } } } } }"
    )
    first = (await owner.ask(asked % "first: 2"))["subjects"]["nodes"]
    assert [[site["name"] for site in node["websites"]["nodes"]] for node in first] == [["a1", "a2"], ["b1"]]
    assert [node["websites"]["pageInfo"]["hasNextPage"] for node in first] == [True, False]
    assert [node["websites"]["totalCount"] for node in first] == [3, 1]
    last = (await owner.ask(asked % "last: 2"))["subjects"]["nodes"]
    assert [[site["name"] for site in node["websites"]["nodes"]] for node in last] == [["a2", "a3"], ["b1"]]
    assert [node["websites"]["pageInfo"]["hasPreviousPage"] for node in last] == [True, False]


async def test_no_more_rows_of_a_parent_are_read_than_its_page_holds(owner: Person) -> None:
    await _make_subjects(owner, "ab")
    rows = await Subject.all().order_by("id")

    async def work() -> None:
        for row in rows:
            for place in range(1, 6):
                await Website.create(
                    subject_id=row.id,
                    serial=place,
                    name="w",
                    created_at=row.created_at,
                    updated_at=row.created_at,
                )

    await unit_of_work(work)
    found = await first_of_each(visible_websites(owner.actor), "subject_id", ["-serial", "-id"], 2)
    assert sorted((row.subject_id, row.serial) for row in found) == [
        (rows[0].id, 4), (rows[0].id, 5), (rows[1].id, 4), (rows[1].id, 5),
    ]  # fmt: skip
