"""The check before anything is submitted: all findings of a filing at once, without writing anything (N2)."""

from dataclasses import dataclass

from models.filing import Filing
from models.node_ids import number_of
from rules.findings import Finding
from workflow.actors import Actor, visible_filings
from workflow.forms import load_forms
from workflow.judgement import judge_many
from workflow.views import shown_form


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
    """Check a filing that the actor sees."""
    form = await shown_form(actor, filing) or (await load_forms([filing]))[filing.id]
    judged = (await judge_many([(filing, form)]))[filing.id]
    return FilingCheck(filing.id, judged.findings, judged.submittable, judged.rules_version)


async def findings_of(actor: Actor, filing: Filing) -> tuple[Finding, ...]:
    """The findings of a filing that the actor sees."""
    return (await check(actor, filing)).findings
