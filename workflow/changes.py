"""What changed between two submissions of a filing, or since the last one, as the caller may see it."""

from models.filing import Filing, Revision
from models.states import FilingKind
from rules.form import FilingForm
from workflow.actors import Actor
from workflow.forms import load_base, load_forms
from workflow.revisions import FieldChange, difference, form_of, masked
from workflow.views import is_drafted, sees_the_draft


async def changes(actor: Actor, filing: Filing, from_: int | None, to: int | None) -> list[FieldChange]:
    """The fields that differ between revision `from_` and `to` (None: the living draft).

    Without `from_`: what was edited since the last submission, or once submitted, what that submission changed.
    Revision 0 of a change is what was in force when its records were taken up.
    Who may not see the living draft gets the last revision instead. Nothing where a revision does not exist.
    """
    if to is None and not sees_the_draft(actor, filing):
        to = filing.revision
    if from_ is None:
        from_ = filing.revision if to is None and is_drafted(filing) else (to or filing.revision) - 1
    before = await _form_at(filing, from_)
    if before is None:
        return []
    if to is None:
        after = (await load_forms([filing]))[filing.id]
    else:
        later = await _form_at(filing, to)
        if later is None:
            return []
        after = later
    return [masked(actor, change) for change in difference(before, after)]


async def _form_at(filing: Filing, number: int) -> FilingForm | None:
    """The form of a revision; of revision 0, which only a change has, what was in force."""
    if number == 0 and filing.kind is FilingKind.CHANGE:
        return await load_base(filing)
    revision = await Revision.get_or_none(filing_id=filing.id, number=number)
    return None if revision is None else form_of(revision)
