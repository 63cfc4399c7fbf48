"""Every state, role and action against the answers typed by hand from the rules of a filing's life."""

import dataclasses
from collections import Counter

import pytest

from models.states import FilingAction, FilingKind, FilingStatus
from tests.support.asking import EVERY_STEP
from tests.support.cells import ROLES_ON_BEHALF, ROLES_SELF_FILED, Difference, read_cells
from tests.support.doing import WITH_PASSWORD
from tests.support.further import STATES
from tests.support.places import PATHS
from tests.support.stages import FIRST_FILING, states_of
from tests.support.trial import Trial
from workflow import guards, permissions, transitions
from workflow.transition import Transition, Turn
from workflow.transitions import rows_of

SIDES = {"its owner's": False, "on behalf": True}
FURTHER_STATES = [(kind, state) for kind in STATES for state in states_of(kind)]


async def differences(kind: str, state: str, *, on_behalf: bool, brief: bool = False) -> list[Difference]:
    return await Trial(kind, state, on_behalf=on_behalf, brief=brief).run()


@pytest.mark.shows("C26", "C29", "C31", "C33", "C36", "C40", "C41", "C43", "C44", "C70", "N6")
@pytest.mark.parametrize("on_behalf", SIDES.values(), ids=[*SIDES])
@pytest.mark.parametrize("state", [*PATHS])
async def test_everybody_gets_in_every_state_what_the_rules_say(
    lawful: str, state: str, on_behalf: bool
) -> None:
    found = await differences(FIRST_FILING, state, on_behalf=on_behalf)
    assert not found, "\n".join(str(difference) for difference in found)


@pytest.mark.shows("C26", "C52", "C53", "C54", "C55", "C56", "C59", "C60", "C61", "C62", "C63", "C64", "C65")
@pytest.mark.shows("C70", "N6")
@pytest.mark.parametrize("on_behalf", SIDES.values(), ids=[*SIDES])
@pytest.mark.parametrize(("kind", "state"), FURTHER_STATES, ids=[" ".join(pair) for pair in FURTHER_STATES])
async def test_everybody_gets_in_every_state_of_what_comes_after_approval_what_the_rules_say(
    lawful: str, kind: str, state: str, on_behalf: bool
) -> None:
    found = await differences(kind, state, on_behalf=on_behalf, brief=lawful == "postgres")
    assert not found, "\n".join(str(difference) for difference in found)


@pytest.mark.parametrize("kind", [FIRST_FILING, *STATES])
def test_the_file_has_one_cell_for_every_state_role_and_action(kind: str) -> None:
    cells, states = read_cells(kind), states_of(kind)
    rows = Counter((cell.role, cell.action, cell.authority, cell.state) for cell in cells)
    modes = [("any", action) for action in EVERY_STEP if not action.startswith("RECORD_")]
    modes += [("simulator", "RECORD_REPORT"), ("simulator", "RECORD_AUTHORITY_RESULT/REFUSED")]
    modes += [("manual", action) for action in EVERY_STEP if action.startswith("RECORD_")]
    roles = {*ROLES_SELF_FILED, *ROLES_ON_BEHALF}
    if kind == FIRST_FILING:  # which needs no password
        modes = [(mode, action) for mode, action in modes if action not in WITH_PASSWORD]
    assert set(rows) == {
        (role, action, mode, at) for role in roles for mode, action in modes for at in states
    }
    assert set(rows.values()) == {1}


def alter(monkeypatch: pytest.MonkeyPatch, row: Transition, **changes: object) -> None:
    """The table with one row changed, for all who read it."""
    altered = dataclasses.replace(row, **changes)  # type: ignore[arg-type]  # the fields are named by the tests
    table = tuple(altered if other is row else other for other in transitions.TABLE)
    assert table != transitions.TABLE
    monkeypatch.setattr(transitions, "TABLE", table)
    monkeypatch.setattr(permissions, "TABLE", table)


async def cells_that_differ(state: str, kind: str = FIRST_FILING) -> set[tuple[str, str]]:
    found = await differences(kind, state, on_behalf=False)
    return {(difference.cell.role, difference.cell.action) for difference in found}


def by_both(action: str, *others: str) -> set[tuple[str, str]]:
    """The owner, in his browser and by his token, and whoever else."""
    return {(role, action) for role in ("owner", "file_token", *others)}


@pytest.mark.shows("C31", "N6")
async def test_a_source_more_turns_it_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows_of(FilingAction.UPDATE_SUBJECT)[0]
    alter(monkeypatch, row, sources=row.sources | {FilingStatus.SUBMITTED})
    assert await cells_that_differ("SUBMITTED") == by_both("UPDATE_SUBJECT")


@pytest.mark.shows("C43", "N6")
async def test_a_guard_less_turns_it_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows_of(FilingAction.WITHDRAW_FILING)[0]
    alter(monkeypatch, row, guards=tuple(g for g in row.guards if g is not guards.report_is_not_out))
    assert await cells_that_differ("ACCEPTED_SENDING") == by_both("WITHDRAW_FILING")


@pytest.mark.shows("C41", "N6")
async def test_another_turn_turns_it_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, rows_of(FilingAction.WITHDRAW_FILING)[0], turn=Turn.REVIEWER)
    assert await cells_that_differ("SUBMITTED") == by_both("WITHDRAW_FILING", "reviewer")


@pytest.mark.shows("C69", "N6")
async def test_a_source_more_turns_a_cancellation_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows_of(FilingAction.UPDATE_CANCELLATION)[0]
    alter(monkeypatch, row, sources=row.sources | {FilingStatus.SUBMITTED})
    assert await cells_that_differ("SUBMITTED", "cancel_website") == by_both("UPDATE_CANCELLATION")


@pytest.mark.shows("C52", "N6")
async def test_a_proof_less_turns_a_change_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows_of(FilingAction.SUBMIT_FILING)[0]
    alter(monkeypatch, row, guards=tuple(g for g in row.guards if g is not guards.is_proven))
    assert await cells_that_differ("DRAFT_UNPROVEN", "change") == by_both("SUBMIT_FILING")


@pytest.mark.shows("C54", "N6")
async def test_another_turn_turns_a_change_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alter(monkeypatch, rows_of(FilingAction.ADD_CHANGE_TARGET)[0], turn=Turn.REVIEWER)
    assert await cells_that_differ("DRAFT_AGAIN", "change") == by_both("ADD_CHANGE_TARGET", "reviewer")


@pytest.mark.shows("C61", "N6")
async def test_a_kind_more_turns_an_added_access_red(lawful: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rows_of(FilingAction.REMOVE_ACCESS)[0]
    alter(monkeypatch, row, kinds=row.kinds | {FilingKind.ADD_ACCESS})
    assert await cells_that_differ("RETURNED", "add_access") == by_both("REMOVE_ACCESS")
