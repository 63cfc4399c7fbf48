"""The figures over the API: who is told them, for which days, and nothing of what a filing holds."""

from typing import Any

import pytest

from models.states import Role, TokenScope
from tests.schema.asking import Person, make_person
from tests.support.lives import approve, draft, give_back, submit
from workflow.judgement import today

TEXT = "query($from: Date!, $to: Date!) { figures(from: $from, to: $to) { first last kind } }"
DAYS = {"from": "2026-03-02", "to": "2026-03-03"}


@pytest.mark.shows("N12")
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMIN, Role.AUDITOR])
async def test_staff_are_told_the_figures(lawful: str, role: Role) -> None:
    person = await make_person(role)
    assert (await person.ask(TEXT, **DAYS))["figures"] == {
        "first": "2026-03-02",
        "last": "2026-03-03",
        "kind": None,
    }


@pytest.mark.shows("N12")
async def test_applicants_are_not(owner: Person) -> None:
    assert await owner.code_of(TEXT, **DAYS) == "FORBIDDEN"
    assert await owner.by_token(TokenScope.READ).code_of(TEXT, **DAYS) == "FORBIDDEN"


@pytest.mark.shows("N12")
async def test_the_whole_desk_is_told_with_the_reviewers_names_and_nothing_personal(
    owner: Person, reviewer: Person
) -> None:
    day = today().isoformat()
    await approve(reviewer.actor, await submit(owner.actor, await draft(owner.actor)))
    returned = await submit(owner.actor, await draft(owner.actor, 1))
    await give_back(reviewer.actor, returned, {"path": ["subject", "remark"], "text": "请说明"})
    auditor = await make_person(Role.AUDITOR)
    told = await auditor.run("figures", **{"from": day, "to": day})
    assert told["throughput"] == [
        {
            "day": day,
            "submitted": 2,
            "returned": 1,
            "accepted": 1,
            "approved": 0,
            "refused": 0,
            "abandoned": 0,
        }
    ]
    assert [(one["status"], one["count"]) for one in told["openNow"]] == [("RETURNED", 1), ("ACCEPTED", 1)]
    assert [(one["status"], one["count"]) for one in told["stages"]] == [("DRAFT", 2), ("SUBMITTED", 2)]
    assert told["returnReasons"] == [{"rule": None, "part": "subject", "count": 1}]
    assert told["firstPass"]["rate"] == 0.5
    assert told["people"] == [
        {
            "account": {"id": reviewer.id, "username": reviewer.actor.name},
            "approved": 1,
            "returned": 1,
            "medianHours": 0.0,
        }
    ]
    only = await auditor.run("figures", **{"from": day, "to": day, "kind": "CHANGE"})
    assert (only["kind"], only["openNow"], only["people"]) == ("CHANGE", [], [])


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-03-03", "2026-03-02"), ("2025-01-01", "2026-01-02"), ("0001-01-01", "0001-01-02")],
)
async def test_days_that_cannot_be_counted_are_refused(reviewer: Person, first: str, last: str) -> None:
    assert await reviewer.code_of(TEXT, **{"from": first, "to": last}) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20260302", "2026-W10-1", "2026-03-02T00:00:00Z", 20260302, ""]
)
async def test_what_is_no_day_is_no_date(reviewer: Person, day: object) -> None:
    days: dict[str, Any] = {"from": day, "to": "2026-03-03"}
    result = await reviewer.execute(TEXT, **days)
    assert result.errors
    assert "Date" in result.errors[0].message
