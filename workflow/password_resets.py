"""Resets of the filing password by staff: at once to the principal's approved address, elsewhere only by two people."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.account import Account
from models.attachment import Attachment, StoredFile
from models.clock import now
from models.event import AuditEntry
from models.joint_act import JointAct
from models.node_ids import node_id, number_of
from models.refusal import Invalid, WrongState
from models.states import FilingAction, JointKind, RecordStatus, Role
from models.subject import Subject
from rules.contact import is_email
from rules.masks import mask_email
from settings import current
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.events import write_event
from workflow.filing_passwords import fresh_password, mail_password, replace_password
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
from workflow.post import queue_mail

MOST_DOCUMENTS = 20
LONGEST_ADDRESS = 128
USE = "RESET"  # what a document is attached for to an act of two people


async def reset_filing_password(
    actor: Actor,
    *,
    subject_id: str,
    reason: str,
    deliver_to: str | None,
    document_ids: Sequence[str],
    key: str | None,
) -> Outcome:
    """Make a new filing password, of which every older proof and grant ends (C49).

    It goes to the principal's approved address at once. To any other, `deliver_to`, it goes with documents and once a
    second reviewer has confirmed it (C83).
    """
    prepared = await fresh_password() if actor.role is Role.REVIEWER else {}

    async def work() -> Outcome:
        seen = await find_subject(actor, subject_id)
        with about(subject=seen.id):
            require_reviewer(actor)
            subject = await hold(seen.id)
            mark = await refuse_own(actor, subject)
            said = check_reason(reason)
            _require_resettable(subject)
            to = _address(subject, deliver_to)
            if _is_approved(subject, to):
                await _reset_at_once(actor, subject, to, mark + said, prepared)
                return Outcome(ids={"subject": subject.id})
            files = await _documents(actor, document_ids)
            act = await ask(actor, JointKind.RESET_PASSWORD, subject, said, {"deliver_to": to})
            await _keep(files, act)
        return Outcome(ids={"subject": subject.id, "joint_act": act.id})

    request = {
        "subject_id": subject_id,
        "reason": reason,
        "deliver_to": deliver_to,
        "documents": list(document_ids),
    }
    return await carry_out(actor, "resetFilingPassword", request, key, work)


async def reset_elsewhere(deed: Deed) -> None:
    """The second reviewer agrees: the new password goes to the other address, and the old one is told."""
    subject, to = deed.subject, str(deed.detail["deliver_to"])
    _require_resettable(subject)
    generation = await replace_password(
        subject.id, deed.prepared["password_hash"], deed.at, restricted=not _is_approved(subject, to)
    )
    documents = await Attachment.filter(record=node_id(JointAct, deed.act.id)).values_list("file_id")
    await _put_on_record(
        deed.actor,
        subject,
        f"{deed.both} → {mask_email(to)}",
        generation=generation,
        reason=deed.act.reason,
        asked_by=node_id(Account, deed.asker.id),
        documents=[node_id(StoredFile, row[0]) for row in documents],
    )
    await mail_password("filing_password_reset", subject, to, deed.prepared["password"], generation)
    if subject.principal_email:
        await queue_mail(
            "filing_password_elsewhere",
            subject.principal_email,
            {"subject": subject.name, "number": subject.filing_number or "", "to": mask_email(to)},
            key=f"filing_password_elsewhere:{subject.id}:{generation}",
            lane=f"principal:{subject.id}:{generation}",
            subject_id=subject.id,
        )


async def _reset_at_once(
    actor: Actor, subject: Subject, to: str, note: str, prepared: Mapping[str, str]
) -> None:
    generation = await replace_password(subject.id, prepared["password_hash"], now(), restricted=False)
    await _put_on_record(actor, subject, note, generation=generation, reason=note)
    await mail_password("filing_password_reset", subject, to, prepared["password"], generation)


def _require_resettable(subject: Subject) -> None:
    if current().filing_password != "local":  # noqa: S105 - a mode
        zh, en = (
            "备案密码由管局生成，本系统不能重置",
            "the authority makes filing passwords; none is reset here",
        )
        raise WrongState(zh, en)
    if subject.status is not RecordStatus.FILED:
        zh, en = "主体尚未备案或已注销，没有备案密码", "only a filed subject has a filing password"
        raise WrongState(zh, en, blocking_id=node_id(Subject, subject.id))


def _addresses(subject: Subject) -> list[str]:
    """The principal's approved addresses; several are separated by ";"."""
    return [part.strip() for part in (subject.principal_email or "").split(";") if part.strip()]


def _is_approved(subject: Subject, address: str) -> bool:
    return address.casefold() in [known.casefold() for known in _addresses(subject)]


def _address(subject: Subject, deliver_to: str | None) -> str:
    """Where the password is to go: the address that was given, or the principal's first; raises Invalid, WrongState."""
    if deliver_to is None:
        known = _addresses(subject)
        if not known:
            raise WrongState("负责人没有电子邮箱", "the principal has no address to mail it to")
        return known[0]
    address = deliver_to.strip()
    if len(address) > LONGEST_ADDRESS or not is_email(address):
        raise Invalid(("deliverTo",), "电子邮箱地址不正确", "this is no address that mail can be sent to")
    return address


async def _documents(actor: Actor, ids: Sequence[str]) -> list[int]:
    """The files that prove the request, which the asking reviewer must have brought in himself; raises Invalid."""
    if not 1 <= len(ids) <= MOST_DOCUMENTS:
        raise Invalid(
            ("documentIds",),
            f"发送至其他邮箱须附1至{MOST_DOCUMENTS}份证明文件",
            f"another address takes 1 to {MOST_DOCUMENTS} documents",
        )
    found = []
    for place, named in enumerate(ids):
        number = number_of(StoredFile, named)
        if number is None or not await StoredFile.exists(id=number, account_id=actor.account_id):
            raise Invalid(("documentIds", str(place)), "没有此文件", "there is no such file of yours")
        found.append(number)
    return list(dict.fromkeys(found))


async def _keep(files: Sequence[int], act: JointAct) -> None:
    """Attach the documents to the act, so that they stay as long as its record does."""
    for number in files:
        await Attachment.create(
            file_id=number, record=node_id(JointAct, act.id), use=USE, created_at=act.created_at
        )


async def _put_on_record(actor: Actor, subject: Subject, note: str, **detail: Any) -> None:
    event = await write_event(
        subject_id=subject.id,
        filing_id=None,
        action=FilingAction.RESET_PASSWORD,
        actor_name=actor.name,
        account_id=actor.account_id,
        record=node_id(Subject, subject.id),
        note=note,
    )
    await AuditEntry.create(
        at=event.at,
        account_id=actor.account_id,
        credential=actor.credential,
        action=FilingAction.RESET_PASSWORD.value,
        record=node_id(Subject, subject.id),
        detail=detail,
    )
