"""The desk over the API: canned reasons, the calendar, who looks at what, and what is due when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.clock import now
from models.desk import CalendarDay, CannedReason, Presence
from models.filing import Filing
from models.node_ids import node_id
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from tests.schema.asking import Person, codes, make_person
from tests.support.counting import counting
from tests.support.lives import draft, submit

READS = {
    "cannedReasons": ("{ cannedReasons { id } }", {Role.REVIEWER, Role.ADMIN}),
    "calendarDays": (
        '{ calendarDays(from: "2026-02-14", to: "2026-02-15") { working } }',
        {Role.REVIEWER, Role.ADMIN, Role.AUDITOR},
    ),
}
DUE = """query($after: String, $last: Int, $before: String, $first: Int) {
  filings(orderBy: DUE, first: $first, after: $after, last: $last, before: $before) {
    pageInfo { endCursor startCursor hasNextPage hasPreviousPage } nodes { id dueAt }
  }
}"""
OVERDUE = "query($overdue: Boolean) { filings(filter: {overdue: $overdue}) { nodes { id overdue } } }"
LOOKERS = "{ filings { nodes { id lookers { username } } } }"


@pytest.mark.shows("N12")
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("root", list(READS))
async def test_the_desk_is_read_by_its_staff_with_the_scope_to_read(
    lawful: str, root: str, role: Role
) -> None:
    text, roles = READS[root]
    person = await make_person(role)
    if role not in roles:
        assert await person.code_of(text) == "FORBIDDEN"
        return
    await person.ask(text)
    await person.by_token(TokenScope.READ).ask(text)
    assert await person.by_token(TokenScope.REVIEW, TokenScope.ADMIN).code_of(text) == "FORBIDDEN"


async def desk_mutations(filing_id: str) -> dict[str, dict[str, Any]]:
    """Each mutation with an input that would do something."""
    rows = [CannedReason(text="a", updated_at=now()), CannedReason(text="b", updated_at=now())]
    await unit_of_work(lambda: CannedReason.bulk_create(rows))
    first, second = [node_id(CannedReason, row.id) for row in await CannedReason.all().order_by("id")]
    return {
        "createCannedReason": {"text": "c"},
        "updateCannedReason": {"id": first, "version": 1, "text": "d"},
        "removeCannedReason": {"id": second, "version": 1},
        "setCalendarDay": {"day": "2028-03-07", "working": False},
        "lookAtFiling": {"id": filing_id},
        "stopLooking": {"id": filing_id},
    }


@pytest.mark.parametrize("role", list(Role))
async def test_each_mutation_of_the_desk_is_for_one_role(owner: Person, role: Role) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    person = await make_person(role)
    for name, given in (await desk_mutations(node_id(Filing, filing.id))).items():
        mine = role is (Role.REVIEWER if "ook" in name else Role.ADMIN)
        payload = await person.do(name, **given)
        assert (codes(payload) == []) is mine, name
    changed = await CannedReason.filter(version__gt=1).count()
    assert changed == (2 if role is Role.ADMIN else 0)
    assert await CannedReason.all().count() == (3 if role is Role.ADMIN else 2)
    assert await CalendarDay.all().count() == (1 if role is Role.ADMIN else 0)
    assert not await Presence.exists()


@pytest.mark.parametrize("name", ["createCannedReason", "setCalendarDay", "lookAtFiling"])
async def test_a_token_without_the_scope_is_stopped_at_the_door(owner: Person, name: str) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    given = (await desk_mutations(node_id(Filing, filing.id)))[name]
    needed = TokenScope.REVIEW if name == "lookAtFiling" else TokenScope.ADMIN
    person = await make_person(Role.REVIEWER if name == "lookAtFiling" else Role.ADMIN)
    kind = name[0].upper() + name[1:]
    text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    others = person.by_token(*(scope for scope in TokenScope if scope is not needed))
    assert await others.code_of(text, input=given) == "FORBIDDEN"
    assert await CannedReason.all().count() == 2
    assert not await CalendarDay.exists()
    assert not await Presence.exists()
    assert (await person.by_token(needed).ask(text, input=given))[name]["errors"] == []


@pytest.mark.shows("N12")
async def test_an_administrator_keeps_the_canned_reasons(admin: Person, reviewer: Person) -> None:
    added = (await admin.do("createCannedReason", text="域名未注册", rule="MIIT-1004"))["cannedReason"]
    assert added["version"] == 1
    edited = await admin.do("updateCannedReason", id=added["id"], version=1, suggestion="请先注册")
    assert edited["cannedReason"] == {**added, "version": 2, "suggestion": "请先注册"}
    assert await reviewer.run("cannedReasons", rule="MIIT-1004") == [edited["cannedReason"]]
    gone = await admin.do("removeCannedReason", id=added["id"], version=2)
    assert gone["cannedReason"]["active"] is False
    assert await reviewer.run("cannedReasons") == []
    assert len(await reviewer.run("cannedReasons", includeInactive=True)) == 1
    wrong = await admin.do("createCannedReason", text="x", rule="NO-SUCH-RULE")
    assert codes(wrong) == ["INVALID"]
    assert wrong["cannedReason"] is None


@pytest.mark.shows("N12")
async def test_an_administrator_edits_the_calendar(admin: Person, reviewer: Person) -> None:
    shipped = await reviewer.run("calendarDays", **{"from": "2026-02-14", "to": "2026-02-16"})
    assert [(day["day"], day["working"], day["source"]) for day in shipped] == [
        ("2026-02-14", True, "SHIPPED"),
        ("2026-02-15", False, "WEEKDAY"),
        ("2026-02-16", False, "SHIPPED"),
    ]
    payload = await admin.do("setCalendarDay", day="2028-03-07", working=False, remark="停电")
    edited = {"day": "2028-03-07", "working": False, "source": "EDITED", "remark": "停电"}
    assert payload["calendarDay"] == edited
    assert payload["moved"] == 0
    assert await reviewer.run("calendarDays", **{"from": "2028-03-07", "to": "2028-03-07"}) == [edited]
    back = await admin.do("setCalendarDay", day="2028-03-07", working=None)
    assert back["calendarDay"] == {**edited, "working": True, "source": "WEEKDAY", "remark": None}
    refused = await admin.do("setCalendarDay", day="2001-01-01", working=False)
    assert (codes(refused), refused["calendarDay"], refused["moved"]) == (["INVALID"], None, None)


@pytest.mark.parametrize(("first", "last"), [("2026-01-02", "2026-01-01"), ("2026-01-01", "2027-01-02")])
async def test_a_stretch_without_a_day_or_of_too_many_is_refused(
    reviewer: Person, first: str, last: str
) -> None:
    text = f'{{ calendarDays(from: "{first}", to: "{last}") {{ day }} }}'
    assert await reviewer.code_of(text) == "BAD_USER_INPUT"


async def due_filings(owner: Person) -> list[str]:
    """Five filings in the order in which they are due; the last two are due never."""
    filings = [await draft(owner.actor, index) for index in range(5)]
    start = datetime(2026, 3, 2, tzinfo=UTC)
    days = {filings[4].id: 1, filings[1].id: 2, filings[3].id: 2}  # two at the same moment

    async def wind() -> None:
        for number, day in days.items():
            await Filing.filter(id=number).update(due_at=start + timedelta(days=day))

    await unit_of_work(wind)
    return [node_id(Filing, filings[place].id) for place in (4, 1, 3, 0, 2)]


@pytest.mark.shows("N12")
async def test_by_due_date_those_without_one_come_last_and_pages_do_not_shift(owner: Person) -> None:
    expected = await due_filings(owner)
    walked: list[str] = []
    after = None
    for _ in range(5):
        page = (await owner.ask(DUE, first=1, after=after))["filings"]
        walked += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert walked == expected
    assert page["pageInfo"]["hasNextPage"] is False
    walked, before = [], None
    for _ in range(5):
        page = (await owner.ask(DUE, last=1, before=before))["filings"]
        walked += [node["id"] for node in page["nodes"]]
        before = page["pageInfo"]["startCursor"]
    assert walked == expected[::-1]


@pytest.mark.shows("N12")
async def test_what_is_overdue_is_found_and_said(owner: Person) -> None:
    late, soon, *_ = names = await due_filings(owner)
    number = int(soon.removeprefix("fil_"))
    await unit_of_work(lambda: Filing.filter(id=number).update(due_at=now() + timedelta(hours=1)))

    async def found(overdue: bool | None) -> dict[str, bool]:
        rows = (await owner.ask(OVERDUE, overdue=overdue))["filings"]["nodes"]
        return {row["id"]: row["overdue"] for row in rows}

    assert await found(True) == {late: True, names[2]: True}
    assert await found(False) == {soon: False, names[3]: False, names[4]: False}
    assert len(await found(None)) == 5


@pytest.mark.shows("N12")
async def test_a_reviewer_sees_who_else_has_a_filing_open(owner: Person, reviewer: Person) -> None:
    other = await make_person(Role.REVIEWER, "zhou")
    filing = node_id(Filing, (await submit(owner.actor, await draft(owner.actor))).id)
    payload = await other.do("lookAtFiling", id=filing)
    assert payload["filing"]["lookers"] == []  # the others
    assert (await reviewer.ask(LOOKERS))["filings"]["nodes"][0]["lookers"] == [{"username": "zhou"}]
    for person in (owner, await make_person(Role.AUDITOR)):
        assert (await person.ask(LOOKERS))["filings"]["nodes"][0]["lookers"] == []
    await other.do("stopLooking", id=filing)
    assert (await reviewer.ask(LOOKERS))["filings"]["nodes"][0]["lookers"] == []


async def test_lookers_of_a_page_are_read_at_once(owner: Person, reviewer: Person) -> None:
    other = await make_person(Role.REVIEWER)
    for index in range(3):
        filing = await submit(owner.actor, await draft(owner.actor, index))
        await other.do("lookAtFiling", id=node_id(Filing, filing.id))
    async with counting() as statements:
        await reviewer.ask(LOOKERS)
    assert len([text for text in statements if "presence" in text]) == 1
