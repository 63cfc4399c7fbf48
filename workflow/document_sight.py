"""Document sight: which attachments of the records that somebody sees are shown to him, too."""

from collections.abc import Sequence

from models.attachment import Attachment
from models.filing import Filing
from models.states import OWNERS_TURN, FilingKind, FilingStatus, Role
from workflow.actors import Actor

_ENDED = frozenset({FilingStatus.ABANDONED, FilingStatus.VOIDED})


async def shown_to(actor: Actor, attachments: Sequence[Attachment]) -> list[Attachment]:
    """Those of the attachments, on records that the actor sees, that are shown to him, in their order.

    What came with a filing that was dropped or voided belongs to nothing, and what came with one that is no more to
    nobody; a first filing keeps its documents, since its records end with it. What came with a draft is shown to other
    staff once it was submitted, as the draft itself is.
    """
    numbers = {attachment.filing_id for attachment in attachments if attachment.filing_id is not None}
    filings = {filing.id: filing for filing in await Filing.filter(id__in=numbers)} if numbers else {}
    return [
        attachment
        for attachment in attachments
        if attachment.filing_id is None or _is_shown(actor, attachment, filings.get(attachment.filing_id))
    ]


def _is_shown(actor: Actor, attachment: Attachment, filing: Filing | None) -> bool:
    if filing is None or (filing.kind is not FilingKind.NEW_FILING and filing.status in _ENDED):
        return False
    if actor.role in (None, Role.APPLICANT) or actor.account_id in (filing.owner_id, filing.filed_by_id):
        return True
    was_submitted = filing.submitted_at is not None and attachment.created_at <= filing.submitted_at
    return was_submitted or filing.status not in OWNERS_TURN | _ENDED
