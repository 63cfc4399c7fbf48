"""Each guard with a right and a wrong example, on cases made by hand: no database, no clock."""

import inspect
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import settings
from models.access import Access
from models.filing import Approval, Note, Revision
from models.report import Report
from models.states import FilingKind, FilingStatus, RecordOrigin, RecordStatus, ReportState
from models.website import Website
from rules.findings import Finding, Severity
from rules.form import FilingForm, SubjectForm
from tests.workflow.cases import AT, COLLEAGUE, REVIEWER, case, filing, made, subject
from workflow import guards
from workflow.case import Case, House
from workflow.judgement import Judged
from workflow.proofs import Proof
from workflow.revisions import text_of
from workflow.standing import Standing
from workflow.surroundings import OpenFiling, Surroundings
from workflow.transitions import TABLE

FORM = FilingForm(
    "NEW_FILING", SubjectForm(id="sub_7", name="大连海岸测试科技有限公司", address="示例路1号"), ()
)


def said(guard: guards.Guard, about: Case) -> list[tuple[str, str | None]]:
    """The codes and rules of what a guard has against a case."""
    return [(problem.code, problem.rule) for problem in guard(about)]


@pytest.mark.shows("C42")
@pytest.mark.parametrize("asked", [{}, {"revision": None}, {"revision": 2}])
def test_a_decision_on_the_current_revision_passes(asked: dict[str, Any]) -> None:
    assert said(guards.names_the_current_revision, case(request=asked)) == []


@pytest.mark.shows("C42")
@pytest.mark.parametrize("asked", [1, 3])
def test_a_decision_on_another_revision_is_stale(asked: int) -> None:
    [problem] = guards.names_the_current_revision(case(request={"revision": asked}))
    assert (problem.code, problem.path, problem.current_version) == ("STALE_VERSION", ("revision",), 9)


@pytest.mark.parametrize(
    "columns",
    [
        {"reviewer_id": None, "claimed_until": None},
        {"reviewer_id": REVIEWER, "claimed_until": AT + timedelta(minutes=30)},
        {"reviewer_id": COLLEAGUE, "claimed_until": AT},
        {"reviewer_id": COLLEAGUE, "claimed_until": AT - timedelta(seconds=1)},
        {"reviewer_id": COLLEAGUE, "claimed_until": None},
    ],
)
def test_no_claim_ones_own_or_one_that_ran_out_keeps_nobody_off(columns: dict[str, Any]) -> None:
    assert said(guards.no_other_claims_it, case(filing(**columns))) == []


def test_a_living_claim_of_another_keeps_off() -> None:
    held = filing(reviewer_id=COLLEAGUE, claimed_until=AT + timedelta(seconds=1))
    [problem] = guards.no_other_claims_it(case(held))
    assert (problem.code, problem.rule, problem.blocking_id) == ("WRONG_STATE", "BEIAN-CLAIMED", "fil_5")


def test_who_holds_it_can_give_it_up() -> None:
    assert said(guards.is_claimed_by_actor, case(filing(reviewer_id=REVIEWER))) == []


@pytest.mark.parametrize("holder", [None, COLLEAGUE])
def test_who_does_not_hold_it_cannot_give_it_up(holder: int | None) -> None:
    wrong = [("WRONG_STATE", "BEIAN-NOT-CLAIMED")]
    assert said(guards.is_claimed_by_actor, case(filing(reviewer_id=holder))) == wrong


@pytest.mark.shows("C41")
def test_a_reviewer_decides_what_others_own_typed_and_edited() -> None:
    assert said(guards.is_not_his_own, case()) == []


@pytest.mark.shows("C41")
@pytest.mark.parametrize("column", ["owner_id", "filed_by_id", "last_editor_id"])
def test_nobody_decides_what_he_owns_typed_or_last_edited(column: str) -> None:
    own = filing(**{column: REVIEWER})
    assert said(guards.is_not_his_own, case(own)) == [("NOT_PERMITTED", "BEIAN-SELF-REVIEW")]


@pytest.mark.shows("C41")
def test_a_provider_with_one_person_lets_him_decide_his_own() -> None:
    house = House(self_review=True, manual=False)
    assert said(guards.is_not_his_own, case(filing(filed_by_id=REVIEWER), house=house)) == []


def test_the_second_approval_is_another_reviewers() -> None:
    by_colleague = [made(Approval, filing_id=5, revision=2, account_id=COLLEAGUE)]
    by_himself = [made(Approval, filing_id=5, revision=2, account_id=REVIEWER)]
    assert said(guards.has_not_approved_yet, case()) == []
    assert said(guards.has_not_approved_yet, case(approvals=by_colleague)) == []
    assert said(guards.has_not_approved_yet, case(approvals=by_himself)) == [
        ("NOT_PERMITTED", "BEIAN-FOUR-EYES")
    ]


def finding(rule: str, severity: Severity) -> Finding:
    return Finding(rule, severity, ("subject", "name"), "不对", "wrong", "改", "test")


@pytest.mark.shows("C30", "N2")
def test_every_error_is_named_at_once_and_nothing_less_than_an_error_blocks() -> None:
    mild = (finding("A", Severity.WARNING), finding("B", Severity.INFO))
    bad = (finding("C", Severity.ERROR), *mild, finding("D", Severity.ERROR))
    assert said(guards.satisfies_the_rules, case(judged=Judged(mild, "v"))) == []
    assert said(guards.satisfies_the_rules, case(judged=Judged(bad, "v"))) == [
        ("FINDINGS", "C"),
        ("FINDINGS", "D"),
    ]


@pytest.mark.shows("N2")
def test_a_finding_keeps_its_words_and_place_as_a_reason() -> None:
    problem = guards.finding_problem(finding("MIIT-1041", Severity.ERROR))
    assert (problem.zh, problem.en, problem.path) == ("不对", "wrong", ("subject", "name"))
    assert (problem.rule, problem.suggestion, problem.severity) == ("MIIT-1041", "改", "ERROR")


def noted(path: list[str], form: FilingForm) -> Case:
    """A case with a blocking note on a field, `FORM` submitted last and `form` as it is now."""
    note = made(Note, id=8, filing_id=5, revision=2, path=path, text="改")
    return case(
        notes=[note],
        open_notes=[note],
        form=form,
        revision=made(Revision, number=2, data=text_of(FORM), filing_id=5),
    )


@pytest.mark.shows("N3")
def test_a_note_is_met_when_its_field_changed() -> None:
    moved = replace(FORM, subject=replace(FORM.subject, address="示例路2号"))
    assert said(guards.notes_are_met, noted(["subject", "address"], moved)) == []
    assert said(guards.notes_are_met, noted(["subject"], moved)) == []


@pytest.mark.shows("N3")
def test_a_note_stands_while_only_other_fields_changed() -> None:
    renamed = replace(FORM, subject=replace(FORM.subject, name="大连海岸实验科技有限公司"))
    for form in (FORM, renamed):
        [problem] = guards.notes_are_met(noted(["subject", "address"], form))
        assert (problem.code, problem.rule) == ("FINDINGS", "BEIAN-NOTE-OPEN")
        assert (problem.path, problem.blocking_id) == (("subject", "address"), "note_8")


@pytest.mark.shows("N3")
def test_only_a_filing_with_a_note_has_something_to_answer() -> None:
    assert said(guards.has_a_note_to_answer, noted(["subject"], FORM)) == []
    assert said(guards.has_a_note_to_answer, case()) == [("WRONG_STATE", "BEIAN-NO-NOTE")]


def reported(state: ReportState) -> Report:
    return made(Report, id=6, filing_id=5, number=1, revision=2, state=state, key="f5-r1")


@pytest.mark.shows("C43")
@pytest.mark.parametrize("state", [None, "WAITING", "REJECTED"])
def test_what_nobody_has_taken_can_be_called_back(state: str | None) -> None:
    report = None if state is None else reported(ReportState(state))
    assert said(guards.report_is_not_out, case(report=report)) == []


@pytest.mark.shows("C43")
@pytest.mark.parametrize("state", ["SENDING", "UNKNOWN"])
def test_what_the_courier_has_taken_cannot_be_called_back(state: str) -> None:
    out = [("WRONG_STATE", "BEIAN-BEING-REPORTED")]
    assert said(guards.report_is_not_out, case(report=reported(ReportState(state)))) == out


def test_only_a_processing_error_is_reported_again() -> None:
    assert said(guards.has_an_error_to_settle, case(filing(error_codes=[1009]))) == []
    assert said(guards.has_an_error_to_settle, case(filing(error_codes=[]))) == [
        ("WRONG_STATE", "BEIAN-NO-ERROR")
    ]


@pytest.fixture
def strict(tmp_path: Path) -> None:
    """The settings as they are when nothing is set: one open filing a subject."""
    settings.use(settings.load(var_dir=tmp_path, web=False))


def standing(kind: str, **fields: Any) -> Standing:
    """How a filing of that kind stands about a subject in force, with nothing else open."""
    about = filing(kind=FilingKind(kind))
    return Standing(
        **{"kind": about.kind, "subject": subject(), "around": Surroundings(), "filing": about, **fields}
    )


def stood(about: Standing) -> list[tuple[str, str | None, str | None]]:
    """Code, rule and what is in the way, of all that `may_stand` has against a filing."""
    found = guards.may_stand(case(about.filing, standing=about))
    return [(problem.code, problem.rule, problem.blocking_id) for problem in found]


def website(status: str = "FILED", **columns: Any) -> Website:
    """A website of the subject; filed here unless it is said otherwise."""
    given: dict[str, Any] = {"id": 21, "subject_id": 7, "origin": RecordOrigin.HERE}
    return made(Website, status=RecordStatus(status), **{**given, **columns})


def access(status: str) -> Access:
    """An access of that website."""
    return made(Access, id=31, website_id=21, status=RecordStatus(status))


LATER = ["ADD_WEBSITE", "ADD_ACCESS", "CHANGE", "CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT"]
KINDS = ["NEW_FILING", *LATER]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_in_force_and_has_nothing_open_may_be_filed_about(strict: None, kind: str) -> None:
    assert stood(standing(kind)) == []
    assert said(guards.may_stand, case()) == []


@pytest.mark.shows("C59", "C66")
@pytest.mark.parametrize("kind", ["NEW_FILING", "ADD_WEBSITE", "ADD_ACCESS", "CANCEL_ACCESS"])
@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "RETURNED", "ACCEPTED", "AT_AUTHORITY", "REFUSED"])
def test_another_open_filing_of_the_subject_stands_in_the_way_drafts_too(
    strict: None, status: str, kind: str
) -> None:
    other = filing(id=11, kind=FilingKind.CHANGE, status=FilingStatus(status))
    rival = OpenFiling(other, frozenset({"web_99"}), frozenset({"web_99"}))
    refused = [("COEXISTENCE", "BEIAN-COEXISTENCE", "fil_11")]
    assert stood(standing(kind, around=Surroundings([rival]))) == refused


@pytest.mark.parametrize("kind", KINDS)
def test_a_filing_does_not_stand_in_its_own_way(strict: None, kind: str) -> None:
    own = filing(kind=FilingKind(kind))
    opened = OpenFiling(own, frozenset({"sub_7"}), frozenset({"sub_7"}))
    assert stood(standing(kind, filing=own, around=Surroundings([opened]))) == []


@pytest.mark.shows("C66")
@pytest.mark.parametrize("kind", KINDS)
def test_a_cancelled_subject_refuses_everything(strict: None, kind: str) -> None:
    assert stood(standing(kind, subject=subject("CANCELLED"))) == [("WRONG_STATE", "MIIT-1049", "sub_7")]


@pytest.mark.shows("C59", "C65")
@pytest.mark.parametrize("kind", LATER)
def test_what_is_not_filed_yet_is_neither_changed_nor_cancelled(strict: None, kind: str) -> None:
    assert stood(standing(kind, subject=subject("DRAFT"))) == [("WRONG_STATE", "BEIAN-NOT-FILED", "sub_7")]


@pytest.mark.shows("C64", "C66")
@pytest.mark.parametrize("kind", ["ADD_ACCESS", "CHANGE", "CANCEL_ACCESS", "CANCEL_WEBSITE"])
def test_a_website_must_be_in_force(strict: None, kind: str) -> None:
    assert stood(standing(kind, websites=[website()])) == []
    for status, rule in (("CANCELLED", "MIIT-1050"), ("DRAFT", "BEIAN-NOT-FILED")):
        assert stood(standing(kind, websites=[website(status)])) == [("WRONG_STATE", rule, "web_21")]


@pytest.mark.shows("C62")
@pytest.mark.parametrize("kind", ["CHANGE", "CANCEL_ACCESS"])
@pytest.mark.parametrize(("status", "rule"), [("DRAFT", "MIIT-1047"), ("CANCELLED", "MIIT-1032")])
def test_only_an_approved_access_is_cancelled_and_once(
    strict: None, kind: str, status: str, rule: str
) -> None:
    good = standing(kind, websites=[website()], accesses=[access("FILED")])
    bad = standing(kind, websites=[website()], accesses=[access(status)])
    assert (stood(good), stood(bad)) == ([], [("WRONG_STATE", rule, "axs_31")])


@pytest.mark.shows("C15", "C61")
def test_an_access_is_added_where_there_is_none_also_to_what_was_filed_elsewhere(strict: None) -> None:
    foreign = {
        "subject": subject("DRAFT", origin=RecordOrigin.ELSEWHERE),
        "websites": [website("DRAFT", origin=RecordOrigin.ELSEWHERE)],
    }
    served = standing("ADD_ACCESS", websites=[website()], served=True)
    assert stood(standing("ADD_ACCESS", **foreign)) == []
    assert stood(served) == [("WRONG_STATE", "MIIT-1029", "web_21")]
    assert stood(standing("CHANGE", **foreign)) == [("WRONG_STATE", "BEIAN-NOT-FILED", "sub_7")]


@pytest.mark.shows("C83")
@pytest.mark.parametrize("kind", LATER)
def test_after_a_password_went_elsewhere_only_a_change_may_be_started(strict: None, kind: str) -> None:
    kept = [] if kind == "CHANGE" else [("WRONG_STATE", "BEIAN-PASSWORD-RESTRICTED", "sub_7")]
    assert stood(standing(kind, subject=subject(password_restricted=True))) == kept


@pytest.mark.shows("C52")
@pytest.mark.parametrize("kind", LATER)
def test_what_touches_what_is_filed_needs_the_filing_password(kind: str) -> None:
    about, required = filing(kind=FilingKind(kind)), [("FILING_PASSWORD_REQUIRED", "BEIAN-PROOF")]
    assert said(guards.is_proven, case(about, generation=3)) == required
    assert said(guards.is_proven, case(about, generation=3, proven=True)) == []
    for generation, kept in ((3, []), (2, required)):
        asked = {"proof": Proof(generation)}
        assert said(guards.is_proven, case(about, generation=3, request=asked)) == kept


@pytest.mark.shows("C52")
def test_a_first_filing_has_no_password_to_show() -> None:
    assert said(guards.is_proven, case()) == []


def test_results_are_typed_only_where_there_is_no_line_to_the_authority() -> None:
    by_hand = House(self_review=False, manual=True)
    assert said(guards.is_recorded_by_hand, case(house=by_hand)) == []
    assert said(guards.is_recorded_by_hand, case()) == [("WRONG_STATE", "BEIAN-NOT-MANUAL")]


@pytest.mark.shows("C39")
@pytest.mark.parametrize("state", ["ACCEPTED", "DECIDED"])
@pytest.mark.parametrize("request_", [{}, {"report_id": 6}])
def test_a_no_to_the_latest_report_counts(state: str, request_: dict[str, Any]) -> None:
    about = case(report=reported(ReportState(state)), request=request_)
    assert said(guards.is_the_latest_report, about) == []


@pytest.mark.shows("C39")
@pytest.mark.parametrize(
    ("state", "answered"),
    [(None, 6), ("WAITING", 6), ("SENDING", 6), ("REJECTED", 6), ("COMPLETE", 6), ("ACCEPTED", 5)],
)
def test_a_no_to_an_earlier_report_moves_nothing(state: str | None, answered: int) -> None:
    report = None if state is None else reported(ReportState(state))
    about = case(report=report, request={"report_id": answered})
    assert said(guards.is_the_latest_report, about) == [("WRONG_STATE", "BEIAN-OLD-REPORT")]


def test_every_guard_of_the_table_is_a_plain_function_of_its_case() -> None:
    used = {guard for row in TABLE for guard in row.guards}
    assert used == {
        guards.names_the_current_revision, guards.no_other_claims_it, guards.is_claimed_by_actor,
        guards.is_not_his_own, guards.has_not_approved_yet, guards.satisfies_the_rules, guards.notes_are_met,
        guards.has_a_note_to_answer, guards.report_is_not_out, guards.has_an_error_to_settle,
        guards.may_stand, guards.is_proven, guards.is_recorded_by_hand, guards.is_the_latest_report,
    }  # fmt: skip
    assert not [guard for guard in used if inspect.iscoroutinefunction(guard)]
