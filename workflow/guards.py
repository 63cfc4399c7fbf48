"""Guards: each looks at a loaded case and gives the problems that stand in the way, or nothing. All are pure."""

from collections.abc import Callable

from models.filing import Filing, Note
from models.node_ids import node_id
from models.refusal import Problem
from models.states import FilingKind, ReportState
from rules.findings import Finding, Severity
from workflow.case import Case
from workflow.proofs import REQUIRED
from workflow.revisions import touches
from workflow.standing import standing_problems

Guard = Callable[[Case], tuple[Problem, ...]]


def names_the_current_revision(case: Case) -> tuple[Problem, ...]:
    """A decision names the revision it judged (C42)."""
    asked = case.request.get("revision")
    if asked is None or asked == case.filing.revision:
        return ()
    return (
        Problem(
            "STALE_VERSION",
            "您核实的版本已不是当前版本",
            "the revision you judged is no longer the current one",
            path=("revision",),
            current_version=case.filing.version,
        ),
    )


def no_other_claims_it(case: Case) -> tuple[Problem, ...]:
    """Another reviewer's living claim keeps everybody else's hands off."""
    filing = case.filing
    if filing.reviewer_id in (None, case.actor.account_id):
        return ()
    if filing.claimed_until is None or filing.claimed_until <= case.at:
        return ()
    return (
        Problem(
            "WRONG_STATE",
            "该备案正由其他核实人员处理",
            "another reviewer is working on this filing",
            rule="BEIAN-CLAIMED",
            blocking_id=node_id(Filing, filing.id),
        ),
    )


def is_claimed_by_actor(case: Case) -> tuple[Problem, ...]:
    """Only who holds a claim can give it up."""
    if case.filing.reviewer_id == case.actor.account_id and case.filing.reviewer_id is not None:
        return ()
    return (
        Problem("WRONG_STATE", "您没有领取该备案", "you do not hold this filing", rule="BEIAN-NOT-CLAIMED"),
    )


def is_not_his_own(case: Case) -> tuple[Problem, ...]:
    """Nobody decides a filing that he owns, typed or last edited (C41), unless the provider has one person only."""
    filing = case.filing
    own = (filing.owner_id, filing.filed_by_id, filing.last_editor_id)
    if case.house.self_review or case.actor.account_id not in own:
        return ()
    return (
        Problem(
            "NOT_PERMITTED",
            "不得核实本人所有、填报或最后编辑的备案",
            "nobody decides a filing that he owns, typed or last edited",
            rule="BEIAN-SELF-REVIEW",
        ),
    )


def has_not_approved_yet(case: Case) -> tuple[Problem, ...]:
    """A second approval is another person's."""
    if all(approval.account_id != case.actor.account_id for approval in case.approvals):
        return ()
    return (
        Problem(
            "NOT_PERMITTED",
            "第二次核实须由另一名核实人员进行",
            "the second approval is another reviewer's",
            rule="BEIAN-FOUR-EYES",
        ),
    )


def satisfies_the_rules(case: Case) -> tuple[Problem, ...]:
    """Every finding of severity ERROR, all at once (C30, N2)."""
    return tuple(finding_problem(finding) for finding in case.findings if finding.severity is Severity.ERROR)


def finding_problem(finding: Finding) -> Problem:
    """A finding as a reason to refuse."""
    return Problem(
        "FINDINGS",
        finding.message_zh,
        finding.message_en,
        path=finding.path,
        rule=finding.rule,
        suggestion=finding.suggestion,
        severity=finding.severity.value,
    )


def notes_are_met(case: Case) -> tuple[Problem, ...]:
    """A blocking note is met when its field changed since, or was answered in words (N3)."""
    changes = case.changes
    return tuple(
        _unmet(note)
        for note in case.open_notes
        if not any(touches(change, tuple(note.path)) for change in changes)
    )


def _unmet(note: Note) -> Problem:
    return Problem(
        "FINDINGS",
        "退回意见所指内容既未修改也未答复",
        "the returned field was neither changed nor answered",
        path=tuple(note.path),
        rule="BEIAN-NOTE-OPEN",
        blocking_id=node_id(Note, note.id),
    )


def has_a_note_to_answer(case: Case) -> tuple[Problem, ...]:
    """Where nothing was returned with a note, there is nothing to answer."""
    if case.notes:
        return ()
    return (Problem("WRONG_STATE", "没有退回意见", "no note was made on it", rule="BEIAN-NO-NOTE"),)


def report_is_not_out(case: Case) -> tuple[Problem, ...]:
    """What the courier has taken cannot be called back: the protocol knows no recall (C43)."""
    if not case.report_is_out:
        return ()
    return (Problem("WRONG_STATE", "正在上报管局", "it is being reported", rule="BEIAN-BEING-REPORTED"),)


def has_an_error_to_settle(case: Case) -> tuple[Problem, ...]:
    """Reporting again is for what the authority could not process."""
    if case.filing.error_codes:
        return ()
    return (
        Problem(
            "WRONG_STATE",
            "没有待处理的管局处理错误",
            "there is no processing error to settle",
            rule="BEIAN-NO-ERROR",
        ),
    )


def may_stand(case: Case) -> tuple[Problem, ...]:
    """Its records must be in force, and nothing else open that the coexistence matrix keeps it from."""
    return standing_problems(case.standing) if case.standing is not None else ()


def is_proven(case: Case) -> tuple[Problem, ...]:
    """Whatever touches what is filed needs the filing password (C52): shown before, or now with this step."""
    proof = case.request.get("proof")
    shown = case.proven or (proof is not None and proof.generation == case.generation)
    if case.filing.kind is FilingKind.NEW_FILING or shown:
        return ()
    return (REQUIRED,)


def is_recorded_by_hand(case: Case) -> tuple[Problem, ...]:
    """Reports and results are typed by staff only where the provider works without a line to the authority."""
    if case.house.manual:
        return ()
    return (
        Problem(
            "WRONG_STATE",
            "未启用人工登记方式",
            "reports and results are carried by the system here, not recorded by hand",
            rule="BEIAN-NOT-MANUAL",
        ),
    )


def is_the_latest_report(case: Case) -> tuple[Problem, ...]:
    """A negative answer moves a filing only if it answers the latest report."""
    report, asked = case.report, case.request.get("report_id")
    live = report is not None and report.state in (ReportState.ACCEPTED, ReportState.DECIDED)
    if live and (asked is None or (report is not None and report.id == asked)):
        return ()
    return (
        Problem(
            "WRONG_STATE", "不是最近一次上报的结果", "it answers an earlier report", rule="BEIAN-OLD-REPORT"
        ),
    )
