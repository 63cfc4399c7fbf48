"""Letters: the mails a transition lays into the outbox. Their data name things, and hold nothing personal."""

from models.account import Account
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingKind
from models.subject import Subject
from settings import current
from workflow.case import Case
from workflow.post import queue_mail


async def mail_the_return(case: Case) -> None:
    """Tell the owner that the filing came back, and that the reasons stand in the system."""
    await _mail_owner(case, "filing_returned", message=str(case.request.get("message", "")))


async def mail_the_refusal(case: Case) -> None:
    """Tell the owner that the authority said no."""
    await _mail_owner(case, "filing_refused", opinion=str(case.request.get("opinion") or ""))


async def mail_the_approval(case: Case) -> None:
    """Tell the owner that the filing is approved, with the subject's number."""
    filed = case.request["filed"]
    await _mail_owner(case, "filing_approved", number=filed.subject_number)


async def mail_the_password(case: Case) -> None:
    """Send the filing password to the principal's mailbox; the clear text stands nowhere else (C47, C48)."""
    password = case.request.get("password")
    if case.filing.kind is not FilingKind.NEW_FILING or password is None:
        return
    subject = await Subject.get(id=case.filing.subject_id)
    await queue_mail(
        "filing_password",
        subject.principal_email or "",
        {"subject": subject.name, "number": subject.filing_number or "", "password": password},
        key=f"filing_password:{subject.id}:1",
        lane=f"subject:{subject.id}",
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
