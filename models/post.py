"""The post: mails are laid into the outbox by the transaction that decided on them, and carried afterwards."""

import json

from models.clock import now
from models.outbox import OutboxMessage
from models.states import OutboxKind


async def enqueue_mail(
    template: str,
    to: str,
    data: dict[str, str],
    *,
    key: str,
    lane: str,
    filing_id: int | None = None,
    subject_id: int | None = None,
) -> None:
    """Lay one mail, made from `template` and `data`, into the outbox; call it inside a unit of work.

    `key` names the mail for ever (at most 96 characters): a second one of the same key is an IntegrityError. Mails of
    one `lane` are carried in order.
    """
    moment = now()
    await OutboxMessage.create(
        key=key,
        kind=OutboxKind.MAIL,
        lane=lane,
        payload=json.dumps({"template": template, "to": to, "data": data}, ensure_ascii=False),
        filing_id=filing_id,
        subject_id=subject_id,
        due_at=moment,
        created_at=moment,
    )
