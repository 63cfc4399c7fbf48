"""The table of transitions, against what the rules of a filing's life say of it as a whole."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.filing import Approval
from models.states import FilingAction, FilingStatus
from tests.support import lives
from tests.support.places import Lives, gather_cast
from tests.workflow.cases import case, filing, made
from workflow import reviews, steps
from workflow.case import completes_the_approvals, wants_another_approval
from workflow.effects import clear_the_error, end_the_claim, keep_the_approval, lay_a_report
from workflow.guards import is_proven, may_stand
from workflow.transition import Transition, Turn
from workflow.transitions import TABLE, rows_of

SOURCE = Path(__file__).parent.parent.parent
ROOMS = ("commands", "edge", "schema", "demo", "workflow", "accounts", "rules", "authority", "models")
WRITES = {"update", "create", "get_or_create", "update_or_create"}

PEOPLE = {
    "OWNER": {
        "UPDATE_SUBJECT", "ADD_WEBSITE", "UPDATE_WEBSITE", "REMOVE_WEBSITE", "ADD_ACCESS", "UPDATE_ACCESS",
        "REMOVE_ACCESS", "ATTACH_FILE", "DETACH_FILE", "ADD_CHANGE_TARGET", "UPDATE_CANCELLATION", "SUBMIT_FILING",
        "WITHDRAW_FILING", "DROP_FILING", "RESTORE_FILING", "CLONE_FILING", "REPLY_TO_NOTE",
    },
    "REVIEWER": {
        "CLAIM_FILING", "RELEASE_FILING", "APPROVE_FILING", "RETURN_FILING", "PULL_BACK_FILING",
        "REPORT_FILING_AGAIN", "RECORD_REPORT", "RECORD_AUTHORITY_RESULT",
    },
}  # fmt: skip

MOVES = {
    ("OWNER", "DRAFT", "SUBMITTED"),
    ("OWNER", "RETURNED", "SUBMITTED"),
    ("OWNER", "REFUSED", "SUBMITTED"),
    ("OWNER", "SUBMITTED", "DRAFT"),
    ("OWNER", "ACCEPTED", "DRAFT"),
    ("OWNER", "DRAFT", "ABANDONED"),
    ("OWNER", "RETURNED", "ABANDONED"),
    ("OWNER", "REFUSED", "ABANDONED"),
    ("OWNER", "ABANDONED", "DRAFT"),
    ("REVIEWER", "SUBMITTED", "ACCEPTED"),
    ("REVIEWER", "SUBMITTED", "RETURNED"),
    ("REVIEWER", "ACCEPTED", "SUBMITTED"),
    ("REVIEWER", "ACCEPTED", "AT_AUTHORITY"),
    ("REVIEWER", "AT_AUTHORITY", "APPROVED"),
    ("REVIEWER", "AT_AUTHORITY", "REFUSED"),
    ("REVIEWER", "AT_AUTHORITY", "SUBMITTED"),
    ("SYSTEM", "ACCEPTED", "AT_AUTHORITY"),
    ("SYSTEM", "ACCEPTED", "SUBMITTED"),
    ("AUTHORITY", "AT_AUTHORITY", "APPROVED"),
    ("AUTHORITY", "AT_AUTHORITY", "REFUSED"),
    ("AUTHORITY", "AT_AUTHORITY", "SUBMITTED"),
    # the filing password was wrong: the owner gives it again
    ("AUTHORITY", "AT_AUTHORITY", "RETURNED"),
    # an error of ours, not of the data: the report is made anew
    ("AUTHORITY", "AT_AUTHORITY", "ACCEPTED"),
    # a yes counts in any status: the authority's library is the truth
    ("AUTHORITY", "DRAFT", "APPROVED"),
    ("AUTHORITY", "SUBMITTED", "APPROVED"),
    ("AUTHORITY", "RETURNED", "APPROVED"),
    ("AUTHORITY", "ACCEPTED", "APPROVED"),
    ("AUTHORITY", "REFUSED", "APPROVED"),
    ("AUTHORITY", "ABANDONED", "APPROVED"),
    # whatever is open ends when the authority has cancelled what it is about
    ("AUTHORITY", "DRAFT", "VOIDED"),
    ("AUTHORITY", "SUBMITTED", "VOIDED"),
    ("AUTHORITY", "RETURNED", "VOIDED"),
    ("AUTHORITY", "ACCEPTED", "VOIDED"),
    ("AUTHORITY", "AT_AUTHORITY", "VOIDED"),
    ("AUTHORITY", "REFUSED", "VOIDED"),
}

EVERY_KIND = {
    "NEW_FILING", "ADD_WEBSITE", "ADD_ACCESS", "CHANGE", "CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT",
}  # fmt: skip
OF_DRAFTS = {"NEW_FILING", "ADD_WEBSITE", "ADD_ACCESS"}
# every step that some kinds of filing do not know; all the others are steps of every kind
OF_KINDS = {
    # in a change only the three updates, and a cancellation is edited by updateCancellation alone
    "ADD_WEBSITE": {"NEW_FILING", "ADD_WEBSITE"},
    "REMOVE_WEBSITE": {"NEW_FILING", "ADD_WEBSITE"},
    "ADD_ACCESS": {"NEW_FILING", "ADD_WEBSITE"},
    "REMOVE_ACCESS": {"NEW_FILING", "ADD_WEBSITE"},
    # edits of an added website act on the new website only; of an added access what stands elsewhere is typed
    "UPDATE_SUBJECT": {"NEW_FILING", "ADD_ACCESS", "CHANGE"},
    "UPDATE_WEBSITE": OF_DRAFTS | {"CHANGE"},
    "UPDATE_ACCESS": OF_DRAFTS | {"CHANGE"},
    "ATTACH_FILE": OF_DRAFTS | {"CHANGE"},
    "DETACH_FILE": OF_DRAFTS | {"CHANGE"},
    "ADD_CHANGE_TARGET": {"CHANGE"},
    "UPDATE_CANCELLATION": {"CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT"},
    "CLONE_FILING": {"NEW_FILING"},
    # the authority sends no cancellation data of an access
    "RECEIVE_CANCELLATION": {"CANCEL_WEBSITE", "CANCEL_SUBJECT"},
}


def named(row: Transition) -> str:
    return f"{row.action.value} {row.variant}".strip()


def moves() -> Iterator[tuple[str, str, str]]:
    for row in TABLE:
        if row.target is not None:
            yield from ((row.turn.value, source.value, row.target.value) for source in row.sources)


@pytest.mark.shows("C32", "C33", "C36", "C37", "C38", "C39", "C43", "C44")
def test_a_status_moves_as_the_rules_say_and_not_otherwise() -> None:
    assert set(moves()) == MOVES


@pytest.mark.shows("C41")
def test_every_step_of_a_person_has_its_turn() -> None:
    for turn, actions in PEOPLE.items():
        assert {row.action.value for row in TABLE if row.turn is Turn(turn)} == actions


@pytest.mark.shows("C54", "C55", "C60", "C69")
@pytest.mark.parametrize("row", TABLE, ids=named)
def test_a_step_is_known_to_the_kinds_that_it_is_for(row: Transition) -> None:
    assert {kind.value for kind in row.kinds} == OF_KINDS.get(row.action.value, EVERY_KIND)


@pytest.mark.shows("C52", "C59", "C66")
def test_what_else_is_open_and_the_password_are_asked_whenever_a_filing_goes_forward() -> None:
    gates = (may_stand, is_proven)
    forward = {named(row) for row in TABLE if row.stands}
    assert forward == {"SUBMIT_FILING", "RESTORE_FILING"}
    for guard in gates:
        assert {named(row) for row in TABLE if guard in row.guards} == forward


@pytest.mark.shows("N12")
def test_only_an_approval_has_two_rows_to_choose_from_and_always_exactly_one_fits() -> None:
    chosen = [row for row in TABLE if row.when is not None]
    assert {named(row) for row in chosen} == {"APPROVE_FILING", "APPROVE_FILING FIRST"}
    last, first = rows_of(FilingAction.APPROVE_FILING)
    assert (last.target, first.target) == (FilingStatus.ACCEPTED, None)
    assert first.guards == last.guards
    assert (lay_a_report in last.effects, lay_a_report in first.effects) == (True, False)
    assert keep_the_approval in first.effects
    assert end_the_claim in first.effects
    assert [row.when for row in (last, first)] == [completes_the_approvals, wants_another_approval]


@pytest.mark.shows("N12")
@pytest.mark.parametrize(
    ("needed", "given", "first"), [(1, 0, False), (2, 0, True), (2, 1, False), (3, 1, True), (3, 2, False)]
)
def test_a_yes_is_the_last_when_it_completes_as_many_as_are_needed(
    needed: int, given: int, first: bool
) -> None:
    about = case(filing(approvals_needed=needed), approvals=[made(Approval)] * given)
    assert wants_another_approval(about) is first
    assert completes_the_approvals(about) is not first


def test_every_function_that_a_row_names_is_a_plain_one() -> None:
    named_by_rows = {
        function
        for row in TABLE
        for function in (*row.guards, *row.effects, *row.letters, *([row.when] if row.when else []))
    }
    for function in named_by_rows:
        assert inspect.isfunction(function)
        assert function.__name__ != "<lambda>"
        assert "." not in function.__qualname__


def test_a_row_cannot_be_written_without_a_turn() -> None:
    with pytest.raises(TypeError, match="turn"):
        Transition(FilingAction.VOID, "终止", "void", frozenset(FilingStatus), FilingStatus.VOIDED)  # type: ignore[call-arg]


@pytest.mark.parametrize("row", TABLE, ids=named)
def test_a_row_has_a_turn_a_source_and_a_sentence_in_both_languages(row: Transition) -> None:
    assert isinstance(row.turn, Turn)
    assert row.sources
    assert re.fullmatch(r"[\u4e00-\u9fff，“”]+", row.zh)
    assert re.fullmatch(r"[a-z][a-z ',;-]+", row.en)


def test_no_two_rows_have_one_name() -> None:
    names = [(row.action, row.variant) for row in TABLE]
    assert len(names) == len(set(names))


def test_a_row_is_found_by_action_and_variant() -> None:
    assert [row.variant for row in rows_of(FilingAction.RECORD_AUTHORITY_RESULT)] == [
        "APPROVED",
        "REFUSED",
        "PROCESSING_ERROR",
    ]
    [refused] = rows_of(FilingAction.RECORD_AUTHORITY_RESULT, "REFUSED")
    assert refused.target is FilingStatus.REFUSED
    assert rows_of(FilingAction.SUBMIT_FILING, "REFUSED") == ()


def test_every_status_can_be_reached() -> None:
    reached = {"DRAFT"}
    while more := {target for _, source, target in moves() if source in reached} - reached:
        reached |= more
    assert {status.value for status in FilingStatus} == reached


def test_only_the_authority_ends_what_is_open() -> None:
    assert {named(row) for row in TABLE if row.target is FilingStatus.VOIDED} == {"VOID"}
    assert {turn for turn, _, target in moves() if target == "VOIDED"} == {"AUTHORITY"}


def test_nothing_leads_on_from_approved_or_voided() -> None:
    assert not {source for _, source, _ in moves()} & {"APPROVED", "VOIDED"}


def test_what_moves_a_status_raises_the_version_and_what_people_only_look_at_does_not() -> None:
    assert all(row.raises for row in TABLE if row.target is not None)
    assert {named(row) for row in TABLE if not row.raises and row.turn in (Turn.OWNER, Turn.REVIEWER)} == {
        "APPROVE_FILING FIRST",
        "CLAIM_FILING",
        "RELEASE_FILING",
        "REPLY_TO_NOTE",
        "CLONE_FILING",
    }  # fmt: skip


def test_the_rules_are_asked_at_submission_and_at_approval() -> None:
    assert {named(row) for row in TABLE if row.judges} == {
        "SUBMIT_FILING",
        "APPROVE_FILING",
        "APPROVE_FILING FIRST",
    }


def test_whoever_takes_a_filing_out_of_the_check_settles_its_processing_error() -> None:
    left = FilingStatus.SUBMITTED
    people = (Turn.OWNER, Turn.REVIEWER)
    leaving = [row for row in TABLE if left in row.sources and row.target not in (None, left)]
    assert {named(row) for row in leaving if row.turn in people and clear_the_error in row.effects} == {
        "WITHDRAW_FILING",
        "APPROVE_FILING",
        "RETURN_FILING",
        "REPORT_FILING_AGAIN",
    }


@pytest.mark.shows("C39", "C70")
async def test_an_error_is_no_longer_there_after_the_owner_withdrew_and_submitted_again(lawful: str) -> None:
    cast = await gather_cast()
    life = await Lives(cast).reach("SUBMITTED_ERROR", on_behalf=False)
    assert life.filing.error_codes == [1009]
    withdrawn = await lives.done(await steps.withdraw_filing(cast.owner, **lives.named(life.filing)))
    again = await lives.submit(cast.owner, withdrawn)
    outcome = await reviews.report_filing_again(cast.reviewer, **lives.named(again), revision=again.revision)
    assert [(problem.code, problem.rule) for problem in outcome.problems] == [
        ("WRONG_STATE", "BEIAN-NO-ERROR")
    ]


def status_writes(text: str) -> list[int]:
    """The lines of a source that write a filing's status."""
    parts = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt | ast.expr))
    return sorted({node.lineno for node in parts if _writes_a_status(node)})


def _writes_a_status(node: ast.stmt | ast.expr) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_is_status(target) for target in targets)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.search(r'\b(update|into)\s+"?filing"?\s', node.value, re.IGNORECASE) is not None
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
        return False
    names = {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
    return "Filing" in names and any(keyword.arg == "status" for keyword in node.keywords)


def _is_status(target: ast.expr) -> bool:
    if isinstance(target, ast.Subscript):
        return isinstance(target.slice, ast.Constant) and target.slice.value == "status"
    own = (
        isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    )
    return isinstance(target, ast.Attribute) and target.attr == "status" and not own


@pytest.mark.parametrize(
    "line",
    [
        "filing.status = FilingStatus.APPROVED",
        'case.values["status"] = FilingStatus.APPROVED',
        "await Filing.filter(id=1).update(status=status, version=2)",
        "await Filing.create(status=FilingStatus.SUBMITTED, **people)",
        "await writer.execute_query('UPDATE filing SET status = 1')",
    ],
)
def test_a_write_of_a_status_is_seen(line: str) -> None:
    assert status_writes(f"async def work():\n    {line}\n") == [2]


def test_only_the_engine_writes_a_status() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for room in ROOMS
        for path in sorted((SOURCE / room).rglob("*.py"))
        if "migrations" not in path.parts and status_writes(path.read_text(encoding="utf-8"))
    }
    assert found == {"workflow/engine.py"}
