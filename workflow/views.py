"""Views: whether a caller sees the living draft of a filing, or the revision that was submitted last."""

from collections.abc import Sequence

from models.filing import Filing, Revision
from models.states import OWNERS_TURN, Role
from rules.form import FilingForm
from workflow.actors import Actor
from workflow.revisions import form_of


def sees_the_draft(actor: Actor, filing: Filing) -> bool:
    """In its owner's turn a filing shows its living draft to him and to who typed it, the last revision to other staff."""
    if filing.status not in OWNERS_TURN or actor.role is None:
        return True
    return actor.role is Role.APPLICANT or filing.filed_by_id == actor.account_id


async def shown_forms(actor: Actor, filings: Sequence[Filing]) -> list[FilingForm | None]:
    """For each filing the form of its last revision where that is what the actor sees, None for the rows as they are."""
    hidden = [filing.id for filing in filings if not sees_the_draft(actor, filing)]
    if not hidden:
        return [None] * len(filings)
    revisions = {(row.filing_id, row.number): row for row in await Revision.filter(filing_id__in=hidden)}
    found: list[FilingForm | None] = []
    for filing in filings:
        revision = revisions.get((filing.id, filing.revision))
        found.append(form_of(revision) if revision is not None and filing.id in hidden else None)
    return found


async def shown_form(actor: Actor, filing: Filing) -> FilingForm | None:
    """`shown_forms` of one."""
    return (await shown_forms(actor, [filing]))[0]
