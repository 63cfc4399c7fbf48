"""Transfers: a subject with all its filings goes to another customer, asked by one reviewer and confirmed by a second."""

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet

from models.account import Account
from models.event import AuditEntry
from models.filing import Filing, FilingProof, PasswordGrant
from models.node_ids import node_id, number_of
from models.post import enqueue_mail
from models.refusal import Invalid, NotFound, StaleVersion, WrongState
from models.states import OPEN_STATUSES, OWNERS_TURN, FilingAction, JointKind, Role
from models.subject import Subject
from settings import current
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.events import write_event
from workflow.joint_acts import (
    Deed,
    about,
    ask,
    check_reason,
    find_subject,
    hold,
    refuse_own,
    require_reviewer,
)


async def transfer_subject(
    actor: Actor, *, subject_id: str, version: int, owner_id: str, reason: str, key: str | None
) -> Outcome:
    """Ask for a new owner of a subject; nothing changes before another reviewer has confirmed it (C82)."""

    async def work() -> Outcome:
        seen = await find_subject(actor, subject_id)
        with about(subject=seen.id):
            require_reviewer(actor)
            subject = await hold(seen.id)
            await refuse_own(actor, subject)
            said = check_reason(reason)
            owner = await _customer(number_of(Account, owner_id))
            if owner is None:
                raise NotFound(("ownerId",))
            if owner.id == subject.owner_id:
                raise Invalid(("ownerId",), "该账号已是所有人", "it belongs to this account already")
            if version != subject.version:
                raise StaleVersion(subject.version)
            act = await ask(actor, JointKind.TRANSFER, subject, said, {"owner": owner.id})
        return Outcome(ids={"subject": subject.id, "joint_act": act.id})

    request = {"subject_id": subject_id, "version": version, "owner_id": owner_id, "reason": reason}
    return await carry_out(actor, "transferSubject", request, key, work)


async def transfer(deed: Deed) -> None:
    """Change the owner of the subject and of all its filings; proofs and grants of the old one end."""
    subject = deed.subject
    old, new = await Account.get(id=subject.owner_id), await _customer(deed.detail["owner"])
    if new is None:
        raise WrongState(
            "新所有人账号已停用", "the account that would own it is no enabled customer any more"
        )
    await Subject.filter(id=subject.id).update(owner_id=new.id, version=F("version") + 1, updated_at=deed.at)
    filings = Filing.filter(subject_id=subject.id)
    await filings.update(owner_id=new.id)
    moved = await filings.filter(status__in=OPEN_STATUSES).order_by("id")
    await filings.filter(status__in=OPEN_STATUSES).update(version=F("version") + 1, updated_at=deed.at)
    await _end_proofs(filings)
    await PasswordGrant.filter(subject_id=subject.id, revoked_at=None).update(revoked_at=deed.at)
    await _tell_the_timeline(deed, moved)
    await _audit(deed, old, new)
    await _tell_the_owners(deed, old, new)


async def _end_proofs(filings: QuerySet[Filing]) -> None:
    """The old owner's proofs end; what of a password is on its way to the authority must still arrive there.

    It opens nothing to the new owner: a proof counts for the account that gave it.
    """
    on_their_way = filings.filter(status__in=OPEN_STATUSES - OWNERS_TURN)
    kept = [row[0] for row in await on_their_way.values_list("id")]
    own = [row[0] for row in await filings.exclude(id__in=kept).values_list("id")]
    ended = Q(filing_id__in=own) | Q(filing_id__in=kept, travelling__isnull=True)
    await FilingProof.filter(ended).delete()


async def _customer(number: int | None) -> Account | None:
    """An enabled customer's account, which alone can own a subject."""
    if number is None:
        return None
    return await Account.get_or_none(id=number, role=Role.APPLICANT, disabled=False)


async def _tell_the_timeline(deed: Deed, moved: list[Filing]) -> None:
    """One event on the subject, and one on each open filing, whose version rose."""
    await _write_event(deed)
    for filing in moved:
        revision = filing.revision or None
        await _write_event(deed, filing_id=filing.id, version=filing.version + 1, revision=revision)


async def _write_event(
    deed: Deed, *, filing_id: int | None = None, version: int | None = None, revision: int | None = None
) -> None:
    await write_event(
        subject_id=deed.subject.id,
        filing_id=filing_id,
        action=FilingAction.TRANSFER,
        actor_name=deed.actor.name,
        account_id=deed.actor.account_id,
        version=version,
        revision=revision,
        record=node_id(Subject, deed.subject.id),
        note=deed.both,
    )


async def _audit(deed: Deed, old: Account, new: Account) -> None:
    await AuditEntry.create(
        at=deed.at,
        account_id=deed.actor.account_id,
        credential=deed.actor.credential,
        action=FilingAction.TRANSFER.value,
        record=node_id(Subject, deed.subject.id),
        detail={
            "from": node_id(Account, old.id),
            "to": node_id(Account, new.id),
            "asked_by": node_id(Account, deed.asker.id),
            "reason": deed.act.reason,
        },
    )


async def _tell_the_owners(deed: Deed, old: Account, new: Account) -> None:
    """A mail to each of them that has a mailbox; about neither subject nor filing, so that no timeline names the other."""
    url = f"{current().public_url}/app/subjects/{node_id(Subject, deed.subject.id)}"
    for template, account in (("subject_taken_over", new), ("subject_given_away", old)):
        if account.email:
            await enqueue_mail(
                template,
                account.email,
                {"name": account.username, "subject": deed.subject.name, "url": url},
                key=f"{template}:{deed.act.id}",
                lane=f"account:{account.id}",
            )
