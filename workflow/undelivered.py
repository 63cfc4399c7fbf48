"""Undelivered passwords (备案密码未送达): the filing passwords whose mail has not arrived, which staff must see to (C83)."""

from collections.abc import Sequence
from datetime import timedelta

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from models.clock import now
from models.event import FilingEvent
from models.outbox import OutboxMessage
from models.states import FilingAction, OutboxKind, OutboxState, RecordStatus, Role
from rules.masks import MASK
from workflow.actors import Actor, visible_subjects
from workflow.post import QUEUED

LATE = timedelta(hours=1)

# an older password's mail is of no use to anybody any more; where the authority keeps the password there is but one
_OF_THE_NEWEST = RawSQL(
    '("outbox"."key" = \'filing_password:\' || "outbox"."subject_id" || \':\' || COALESCE('
    '(SELECT known."generation" FROM "filing_password" AS known WHERE known."subject_id" = "outbox"."subject_id"), 1))'
)
_TEMPLATES = ("filing_password", "filing_password_reset")


def undelivered_passwords(actor: Actor) -> QuerySet[OutboxMessage]:
    """The mails with the password that counts now which were given up, or are under way for more than an hour.

    Those of filed subjects that the actor sees; none for others than reviewers. A newer password, however it came,
    takes the older one's place, and a mail that arrives at last leaves the list.
    """
    if actor.role is not Role.REVIEWER:
        return OutboxMessage.filter(id__in=[])
    late = Q(state=OutboxState.WAITING, created_at__lte=now() - LATE)
    filed = visible_subjects(actor).filter(status=RecordStatus.FILED)
    mails = OutboxMessage.filter(Q(state=OutboxState.PARKED) | late, kind=OutboxKind.MAIL)
    return (
        mails.filter(subject_id__in=Subquery(filed.values("id")))
        .annotate(newest=_OF_THE_NEWEST)
        .filter(newest=True)
    )


async def masked_addresses(subject_ids: Sequence[int]) -> list[str | None]:
    """By subject, where its last password was mailed to, masked, as the timeline tells it; None where no address was known.

    The mail itself forgets its address once it is given up, and the principal's may be another one by now.
    """
    heads = [f"{QUEUED}{template} → " for template in _TEMPLATES]
    tells = Q(*(Q(note__startswith=head) for head in heads), join_type="OR")
    rows = FilingEvent.filter(tells, action=FilingAction.SEND_MAIL, subject_id__in=list(subject_ids))
    found = {
        subject_id: (note or "").partition(" → ")[2]
        for subject_id, note in await rows.order_by("id").values_list("subject_id", "note")
    }
    return [None if found.get(number) == MASK else found.get(number) for number in subject_ids]
