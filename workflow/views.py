"""Views: whether a caller sees the living draft of a filing, or the revision that was submitted last."""

from collections.abc import Sequence

from tortoise.expressions import Q

from models.filing import Filing
from models.states import OWNERS_TURN, FilingStatus, RecordStatus, Role
from rules.form import FilingForm
from workflow.actors import Actor, visible_filings
from workflow.revisions import form_of, last_revisions

_DRAFTED = OWNERS_TURN | {FilingStatus.ABANDONED}


def is_drafted(filing: Filing) -> bool:
    """Whether its rows may say more than was submitted: in its owner's turn, and after he dropped it in one."""
    return filing.status in _DRAFTED


def _sees_every_draft(actor: Actor) -> bool:
    """An applicant sees his own filings alone, and the house sees all there is."""
    return actor.role in (None, Role.APPLICANT)


def sees_the_draft(actor: Actor, filing: Filing) -> bool:
    """A drafted filing shows its living draft to its owner and to who typed it, the last revision to other staff."""
    return not is_drafted(filing) or _sees_every_draft(actor) or filing.filed_by_id == actor.account_id


async def shown_forms(actor: Actor, filings: Sequence[Filing]) -> list[FilingForm | None]:
    """For each filing the form of its last revision where that is what the actor sees, None for the rows as they are."""
    revisions = await last_revisions([filing for filing in filings if not sees_the_draft(actor, filing)])
    return [form_of(revisions[filing.id]) if filing.id in revisions else None for filing in filings]


async def shown_form(actor: Actor, filing: Filing) -> FilingForm | None:
    """`shown_forms` of one."""
    return (await shown_forms(actor, [filing]))[0]


async def kept_forms(actor: Actor, subject_ids: Sequence[int]) -> dict[int, FilingForm]:
    """By subject, what `shown_forms` gives of its newest drafted filing; no entry where its rows are shown.

    A dropped filing hides the rows of a first filing alone: what is in force is not its draft.
    """
    if _sees_every_draft(actor):
        return {}
    drafted = Q(status__in=list(OWNERS_TURN)) | Q(
        status=FilingStatus.ABANDONED, subject__status=RecordStatus.DRAFT
    )
    filings = await visible_filings(actor).filter(drafted, subject_id__in=subject_ids).order_by("id")
    forms = await shown_forms(actor, filings)
    return {filing.subject_id: form for filing, form in zip(filings, forms, strict=True) if form is not None}
