"""Filing passwords (备案密码): made here while the authority does not make them itself, replaced, and mailed."""

import secrets
from datetime import datetime

from models.filing import FilingPassword, PasswordGrant
from models.hashing import hash_secret
from models.outbox import OutboxMessage
from models.states import FilingAction, OutboxKind, OutboxState
from models.subject import Subject
from settings import current
from workflow.events import write_event
from workflow.post import ACTOR, queue_mail

# letters and digits that cannot be mistaken for one another, 32 of them: 12 make 60 bits
SYMBOLS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12
REPLACED = "replaced by a newer password before it was sent"


async def fresh_password() -> dict[str, str]:
    """A new filing password and its slow hash, made outside any unit of work; nothing where the authority makes them."""
    if current().filing_password != "local":  # noqa: S105 - a mode
        return {}
    password = "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))
    return {"password": password, "password_hash": await hash_secret(password)}


async def replace_password(subject_id: int, password_hash: str, at: datetime, *, restricted: bool) -> int:
    """Put a new filing password in the old one's place, in a unit of work; gives its generation.

    Grants of older generations end, and mails with an older password that wait are not sent any more. `restricted`:
    it goes to an address that is not the principal's, so only a change may be started with it (C83).
    """
    await Subject.filter(id=subject_id).update(password_restricted=restricted)
    known = await FilingPassword.filter(subject_id=subject_id).select_for_update().first()
    if known is None:
        made = await FilingPassword.create(subject_id=subject_id, password_hash=password_hash, created_at=at)
        return made.generation
    generation = known.generation + 1
    await FilingPassword.filter(id=known.id).update(
        password_hash=password_hash, generation=generation, created_at=at
    )
    older = PasswordGrant.filter(subject_id=subject_id, generation__lt=generation, revoked_at=None)
    await older.update(revoked_at=at)
    await _stop_older_mails(subject_id)
    return generation


async def mail_password(
    template: str, subject: Subject, to: str, password: str, generation: int, filing_id: int | None = None
) -> None:
    """Mail a replaced password; the clear text stands nowhere else. Inside a unit of work.

    Its lane is its own: behind an earlier mail to a dead mailbox it would wait for days.
    """
    await queue_mail(
        template,
        to,
        {"subject": subject.name, "number": subject.filing_number or "", "password": password},
        key=f"{_prefix(subject.id)}{generation}",
        lane=f"password:{subject.id}:{generation}",
        filing_id=filing_id,
        subject_id=subject.id,
    )


async def _stop_older_mails(subject_id: int) -> None:
    waiting = await OutboxMessage.filter(
        kind=OutboxKind.MAIL,
        subject_id=subject_id,
        state=OutboxState.WAITING,
        key__startswith=_prefix(subject_id),
    )
    for mail in waiting:
        held = OutboxMessage.filter(id=mail.id, state=OutboxState.WAITING)
        if not await held.update(state=OutboxState.PARKED, payload=None, last_error=REPLACED):
            continue
        await write_event(
            subject_id=subject_id,
            filing_id=mail.filing_id,
            action=FilingAction.MAIL_FAILED,
            actor_name=ACTOR,
            account_id=None,
            note=f"failed: filing_password: {REPLACED}",
        )


def _prefix(subject_id: int) -> str:
    return f"filing_password:{subject_id}:"
