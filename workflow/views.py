"""Views: whether a caller sees the living draft of a filing, or the revision that was submitted last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tortoise.expressions import Q

from models.filing import Filing
from models.states import OWNERS_TURN, FilingKind, FilingStatus, RecordStatus, Role
from rules.form import AccessForm, FilingForm, SubjectForm, WebsiteForm
from workflow.actors import Actor, visible_filings
from workflow.revisions import form_of, last_revisions

K = FilingKind
# kinds of which the rows themselves are the draft
_ROWS = (K.NEW_FILING, K.ADD_WEBSITE, K.ADD_ACCESS)
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


@dataclass(frozen=True)
class Kept:
    """What is shown of a subject in the place of its drafted rows; empty where the rows themselves are shown."""

    subject: SubjectForm | None = None
    websites: tuple[WebsiteForm, ...] = ()
    accesses: Mapping[str, AccessForm] = field(default_factory=dict)  # by the website's id

    def website(self, website_id: str) -> WebsiteForm | None:
        """The form that is shown of a website; None where its row is."""
        return next((form for form in self.websites if form.id == website_id), None)

    def access(self, website_id: str) -> AccessForm | None:
        """The form that is shown of a website's access; None where its row is."""
        site = self.website(website_id)
        return self.accesses.get(website_id) or (site.access if site else None)


async def kept_forms(actor: Actor, subject_ids: Sequence[int]) -> dict[int, Kept]:
    """By subject, what its last revisions show in the place of drafted rows; no entry where all rows are shown.

    Only rows that a filing drafts are hidden by it: a first filing's, added websites', an added access's. What is in
    force is nobody's draft, and a change shows its proposal apart.
    """
    if _sees_every_draft(actor):
        return {}
    drafted = Q(status__in=list(OWNERS_TURN), kind__in=list(_ROWS)) | Q(
        Q(kind=K.NEW_FILING, subject__status=RecordStatus.DRAFT) | Q(kind=K.ADD_WEBSITE),
        status=FilingStatus.ABANDONED,
    )
    filings = await visible_filings(actor).filter(drafted, subject_id__in=list(subject_ids)).order_by("id")
    forms = await shown_forms(actor, filings)
    found: dict[int, Kept] = {}
    for filing, form in zip(filings, forms, strict=True):
        if form is not None:
            found[filing.subject_id] = _kept(filing, form, found.get(filing.subject_id, Kept()))
    return found


def _kept(filing: Filing, form: FilingForm, before: Kept) -> Kept:
    """What one filing adds to what others already keep."""
    if filing.kind is K.ADD_ACCESS and not form.elsewhere:
        accesses = {site.id: site.access for site in form.websites if site.id and site.access}
        return replace(before, accesses={**before.accesses, **accesses})
    own = filing.kind is K.NEW_FILING or (filing.kind is K.ADD_ACCESS and form.division_in_force is None)
    subject = form.subject if own else before.subject
    return replace(before, subject=subject, websites=(*before.websites, *form.websites))
