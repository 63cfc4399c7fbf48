"""The check before anything is submitted: all findings of a filing at once, without writing anything (N2)."""

from dataclasses import dataclass

from authority.codes import result_meaning
from models.filing import Filing
from models.node_ids import number_of
from models.refusal import Problem
from models.states import OWNERS_TURN, FilingKind, FilingStatus
from rules.findings import Finding, Severity
from workflow.actors import Actor, visible_filings
from workflow.case import load_cases
from workflow.guards import notes_are_met
from workflow.judgement import judge_many, law
from workflow.views import shown_form

_OVER = (FilingStatus.APPROVED, FilingStatus.VOIDED)


@dataclass(frozen=True)
class FilingCheck:
    """The findings of one filing as the caller sees it, and the version of the rules that made them."""

    filing_id: int
    findings: tuple[Finding, ...]
    submittable: bool
    rules_version: str


async def check_filing(actor: Actor, id: str) -> FilingCheck | None:
    """Check the filing that the actor names; None where there is none for him."""
    number = number_of(Filing, id)
    filing = None if number is None else await visible_filings(actor).get_or_none(id=number)
    return None if filing is None else await check(actor, filing)


async def check(actor: Actor, filing: Filing) -> FilingCheck:
    """Check a filing that the actor sees: what the rules say, what a reviewer noted, what the authority could not do.

    What has come into force, or ended, is not held against what it would change any more.
    """
    if filing.status in _OVER and filing.kind is not FilingKind.NEW_FILING:
        return FilingCheck(filing.id, (), submittable=False, rules_version=(await law()).version)
    case = (await load_cases(actor, [filing], judge=True))[0]
    shown = await shown_form(actor, filing)
    if shown is not None:
        case.form = shown
        case.judged = (await judge_many([(filing, shown)]))[filing.id]
    assert case.judged is not None
    notes = notes_are_met(case) if filing.status in OWNERS_TURN else ()
    return FilingCheck(
        filing_id=filing.id,
        findings=(
            *case.judged.findings,
            *(_of_note(problem) for problem in notes),
            *(_of_error(code) for code in filing.error_codes),
        ),
        submittable=case.judged.submittable and not notes,
        rules_version=case.judged.rules_version,
    )


def _of_note(problem: Problem) -> Finding:
    """A returned note that is neither changed nor answered, as the finding that submission refuses with."""
    return Finding(
        rule=problem.rule or "",
        severity=Severity.ERROR,
        path=problem.path or (),
        message_zh=problem.zh,
        message_en=problem.en,
        suggestion=problem.suggestion,
        source="the reviewer's note",
    )


def _of_error(code: int) -> Finding:
    """A processing error of the authority that is not settled yet; it does not block, the reviewer decides."""
    meaning = result_meaning(code)
    return Finding(
        rule=f"MIIT-{code}",
        severity=Severity.WARNING,
        path=(),
        message_zh=meaning.zh,
        message_en=meaning.en,
        suggestion=None,
        source="the authority's processing result",
    )


async def findings_of(actor: Actor, filing: Filing) -> tuple[Finding, ...]:
    """The findings of a filing that the actor sees."""
    return (await check(actor, filing)).findings
