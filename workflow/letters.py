"""Letters: the mails a transition lays into the outbox. Their data name things, and hold nothing personal."""

from models.account import Account
from models.filing import Filing, FilingPassword
from models.node_ids import node_id
from models.states import KIND_LABELS, FilingKind
from models.subject import Subject
from settings import current
from workflow.case import Case
from workflow.filing_passwords import mail_password
from workflow.post import queue_mail


async def mail_the_return(case: Case) -> None:
    """Tell the owner that the filing came back, and that the reasons stand in the system."""
    await _mail_owner(case, "filing_returned", message=str(case.request.get("message", "")))


async def mail_the_wrong_password(case: Case) -> None:
    """Tell the owner that the authority did not take the filing password, and that he must give it anew."""
    await _mail_owner(case, "filing_password_wrong")


async def mail_the_refusal(case: Case) -> None:
    """Tell the owner that the authority said no."""
    await _mail_owner(case, "filing_refused", opinion=str(case.request.get("opinion") or ""))


async def mail_the_approval(case: Case) -> None:
    """Tell the owner that the filing is approved: a first filing with the subject's number, the others by their kind."""
    subject = await Subject.get(id=case.filing.subject_id)
    number = subject.filing_number or ""
    if case.filing.kind is FilingKind.NEW_FILING:
        await _mail_owner(case, "filing_approved", subject=subject.name, number=number)
    else:
        kind = KIND_LABELS[case.filing.kind]
        await _mail_owner(case, "filing_done", subject=subject.name, number=number, kind=kind)


async def mail_the_password(case: Case) -> None:
    """Send the filing password to the principal's mailbox; the clear text stands nowhere else (C47, C48, C84).

    A first filing has its first one; a change of the principal or his address replaces it, and the old address is told.
    """
    password = case.request.get("password")
    if password is None:
        return
    subject = await Subject.get(id=case.filing.subject_id)
    if case.filing.kind is FilingKind.NEW_FILING:
        await queue_mail(
            "filing_password",
            subject.principal_email or "",
            {"subject": subject.name, "number": subject.filing_number or "", "password": password},
            key=f"filing_password:{subject.id}:1",
            lane=f"subject:{subject.id}",
            filing_id=case.filing.id,
            subject_id=subject.id,
        )
    elif case.request.get("rotated"):
        await _mail_the_next_password(case, subject, password)


async def _mail_the_next_password(case: Case, subject: Subject, password: str) -> None:
    generation = (await FilingPassword.get(subject_id=subject.id)).generation
    address, old = subject.principal_email or "", case.request["old_address"]
    await mail_password("filing_password_renewed", subject, address, password, generation, case.filing.id)
    if old and old != address:
        await queue_mail(
            "filing_password_replaced",
            old,
            {"subject": subject.name, "number": subject.filing_number or ""},
            key=f"filing_password_replaced:{subject.id}:{generation}",
            lane=f"told:{subject.id}:{generation}",
            filing_id=case.filing.id,
            subject_id=subject.id,
        )


async def _mail_owner(case: Case, template: str, **data: str) -> None:
    owner = await Account.get(id=case.filing.owner_id)
    filing = case.filing
    await queue_mail(
        template,
        owner.email,
        {
            "name": owner.username,
            "subject": case.subject.name,
            "url": f"{current().public_url}/app/filings/{node_id(Filing, filing.id)}",
            **data,
        },
        key=f"{template}:{filing.id}:{filing.version + 1}",
        lane=f"account:{owner.id}",
        filing_id=filing.id,
        subject_id=filing.subject_id,
    )
