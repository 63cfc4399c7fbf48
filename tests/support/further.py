"""Further filings: the states of a change, an addition or a cancellation of what is filed, each reached by the commands."""

from collections.abc import Mapping, Sequence

import settings as settings_module
from models.access import Access
from models.attachment import StoredFile
from models.clock import now
from models.filing import Filing, Target
from models.node_ids import node_id
from models.subject import Subject
from models.website import Website
from tests.support import filed, lives
from tests.support.desk import decision
from tests.support.places import (
    Life,
    Walk,
    approve,
    drop,
    give_back,
    hold,
    hold_by_colleague,
    provide,
    receive_error,
    receive_no,
    receive_yes,
    report,
    send,
    submit,
    withdraw,
)
from workflow import cancellations, drafts, website_drafts
from workflow.attachments import attach_file
from workflow.password_resets import reset_filing_password
from workflow.targets import numbers_among

SITES = 2  # of every subject that is filed: one that is changed or ended, one that is left as it is
FURTHER_SITE = filed.site(2, 5)


async def subject_of(life: Life) -> Subject:
    """The subject as it is now."""
    return await Subject.get(id=life.filing.subject_id)


async def first_website(life: Life) -> Website:
    """The website that was entered first."""
    found = await Website.filter(subject_id=life.filing.subject_id).order_by("serial").first()
    assert found is not None
    return found


async def drafted_website(life: Life) -> Website:
    """The website that the filing brings."""
    records = await Target.filter(filing_id=life.filing.id).values_list("record", flat=True)
    return await Website.get(id__in=numbers_among(Website, [str(record) for record in records]))


async def drafted_access(life: Life) -> Access:
    """The access of the website that the filing brings, or the access that it brings."""
    records = [
        str(row) for row in await Target.filter(filing_id=life.filing.id).values_list("record", flat=True)
    ]
    website_ids, access_ids = numbers_among(Website, records), numbers_among(Access, records)
    return await (Access.get(id__in=access_ids) if access_ids else Access.get(website_id__in=website_ids))


async def _attach(life: Life, record: Subject | Website, use: str) -> Filing:
    file = await StoredFile.get(account_id=life.filer.account_id)
    outcome = await attach_file(
        life.filer, owner_id=filed.name(record), version=record.version,
        file_id=node_id(StoredFile, file.id), use=use, remark=None, key=None,
    )  # fmt: skip
    assert not outcome.problems, outcome.problems
    return await Filing.get(id=life.filing.id)


async def attach_to_subject(life: Life) -> Filing:
    """The filer attaches the subject's certificate."""
    return await _attach(life, await subject_of(life), "2")


async def attach_to_website(life: Life) -> Filing:
    """The filer attaches a paper of the website that is drafted."""
    return await _attach(life, await drafted_website(life), "1")


async def attach_to_first_website(life: Life) -> Filing:
    """The filer attaches a paper of the website that is served anew."""
    return await _attach(life, await first_website(life), "1")


async def know_the_password(life: Life) -> Filing:
    """The filing password is one that the tests know."""
    await filed.know_password(life.filing.subject_id)
    return life.filing


async def reset(life: Life) -> Filing:
    """A reviewer has a new password made, of which every older proof ends; it is one that the tests know, too."""
    subject = await subject_of(life)
    outcome = await reset_filing_password(
        life.cast.colleague, subject_id=filed.name(subject), reason="客户遗失", deliver_to=None,
        document_ids=[], key=None,
    )  # fmt: skip
    assert not outcome.problems, outcome.problems
    return await know_the_password(life)


async def open_change(life: Life) -> Filing:
    """The filer opens a change of the subject, the first website and its access."""
    subject, website = await subject_of(life), await first_website(life)
    rows = subject, website, await Access.get(website_id=website.id)
    return await filed.opened(await filed.start_change(life.filer, subject, *rows))


async def propose(life: Life) -> Filing:
    """The filer changes something."""
    subject = await subject_of(life)
    return await filed.opened(
        await drafts.update_subject(
            life.filer, id=filed.name(subject), version=subject.version,
            fields={"remark": "已迁入新址"}, key=None,
        )
    )  # fmt: skip


async def open_websites(life: Life) -> Filing:
    """The filer opens a filing for further websites."""
    return await filed.opened(await filed.start_add_website(life.filer, await subject_of(life)))


async def add_website(life: Life) -> Filing:
    """The filer enters the website."""
    await filed.add_site(life.filer, await subject_of(life), FURTHER_SITE)
    return await Filing.get(id=life.filing.id)


async def forget_the_access(life: Life) -> Filing:
    """The filer takes the access out of the website."""
    access = await drafted_access(life)
    return await filed.opened(
        await website_drafts.remove_access(
            life.filer, id=filed.name(access), version=access.version, key=None
        )
    )


async def open_access(life: Life) -> Filing:
    """The filer opens a filing for a new access of the first website."""
    return await filed.opened(await filed.start_access(life.filer, await first_website(life)))


async def forget_the_ranges(life: Life) -> Filing:
    """The filer leaves out the IP ranges."""
    access = await drafted_access(life)
    return await filed.opened(
        await website_drafts.update_access(
            life.filer, id=filed.name(access), version=access.version, fields={"ip_ranges": []}, key=None
        )
    )


async def cancel_access(life: Life) -> Filing:
    """The filer asks for the end of the first website's access."""
    website = await first_website(life)
    return await filed.opened(await filed.cancel(life.filer, await Access.get(website_id=website.id)))


async def cancel_website(life: Life) -> Filing:
    """The filer asks for the end of the first website."""
    return await filed.opened(await filed.cancel(life.filer, await first_website(life)))


async def cancel_subject(life: Life) -> Filing:
    """The filer asks for the end of the subject."""
    return await filed.opened(await filed.cancel(life.filer, await subject_of(life)))


async def forget_the_reason(life: Life) -> Filing:
    """The filer leaves out the reason."""
    return await filed.opened(
        await cancellations.update_cancellation(
            life.filer, **lives.named(life.filing), fields={"reason": None}
        )
    )


async def approve_by_colleague(life: Life) -> Filing:
    """Another reviewer approves it."""
    return await lives.approve(life.cast.colleague, life.filing)


async def approve_by_holder(life: Life) -> Filing:
    """Who would hold it approves it, in a house where one may review what one typed."""
    given = settings_module.current()
    provide(self_review="allow")
    assert life.holder is not None
    filing = await lives.approve(life.holder, life.filing)
    settings_module.use(given)
    return filing


async def remember_the_refusal(life: Life) -> Filing:
    """The cancellation that was just refused is kept in mind."""
    life.refused = life.desk.last
    return life.filing


async def think_otherwise(life: Life) -> Filing:
    """The authority cancels what it would not before: whatever else is open on it ends."""
    assert life.refused is not None
    life.desk.answer(decision(life.refused, approved=True, at=now()))
    return await life.answered()


FIRST: Sequence[Walk] = (attach_to_subject, submit, approve, report, receive_yes, know_the_password)
_FOUR_EYES = (approve, approve_by_colleague)
_IN_VAIN = (cancel_subject, *_FOUR_EYES, report, receive_no, remember_the_refusal, drop)
_WITHOUT_ACCESS = (cancel_access, approve, report, receive_yes)


def _given_to_the_reviewer(submitted: Sequence[Walk], approved: Sequence[Walk]) -> dict[str, Sequence[Walk]]:
    """What becomes of a filing once it is submitted, alike for all kinds."""
    accepted = (*submitted, *approved)
    reported = (*accepted, report)
    return {
        "SUBMITTED": submitted,
        "SUBMITTED_MINE": (*submitted, hold),
        "SUBMITTED_CLAIMED": (*submitted, hold_by_colleague),
        "SUBMITTED_ERROR": (*reported, receive_error),
        "RETURNED": (*submitted, give_back),
        "REFUSED": (*reported, receive_no),
        "ACCEPTED_WAITING": accepted,
        "ACCEPTED_SENDING": (*accepted, send),
        "AT_AUTHORITY": reported,
        "APPROVED": (*reported, receive_yes),
    }


def _of_draft(before: Sequence[Walk], *drafted: Walk) -> dict[str, Sequence[Walk]]:
    """A kind that begins as a draft: what goes `before` it, and how it is drafted."""
    draft = (*before, *drafted)
    submitted = (*draft, submit)
    return {
        "DRAFT": draft,
        "DRAFT_UNPROVEN": (*draft, reset),
        "DRAFT_AGAIN": (*submitted, give_back, submit, withdraw),
        **_given_to_the_reviewer(submitted, (approve,)),
        "ABANDONED": (*draft, drop),
        "VOIDED": (*before, *_IN_VAIN, *drafted, think_otherwise),
    }


def _of_cancellation(ask: Walk, approved: Sequence[Walk] = (approve,)) -> dict[str, Sequence[Walk]]:
    """A cancellation, which is a draft only after it came back."""
    asked = (*FIRST, ask)
    draft = (*asked, withdraw)
    return {
        "DRAFT": draft,
        "DRAFT_UNPROVEN": (*draft, reset),
        "DRAFT_INCOMPLETE": (*draft, forget_the_reason),
        **_given_to_the_reviewer(asked, approved),
        "ABANDONED": (*draft, drop),
        "VOIDED": (*FIRST, *_IN_VAIN, ask, think_otherwise),
    }


_ADDING = (*FIRST, *_WITHOUT_ACCESS)
# what lies before the filing that is looked at
BEFORE: Mapping[str, Sequence[Walk]] = {"add_access": _ADDING}
STATES: Mapping[str, Mapping[str, Sequence[Walk]]] = {
    "change": {
        **_of_draft(FIRST, open_change, attach_to_subject, propose),
        "DRAFT_INCOMPLETE": (*FIRST, open_change),
    },
    "add_website": {
        **_of_draft(FIRST, open_websites, add_website, attach_to_website),
        "DRAFT_INCOMPLETE": (*FIRST, open_websites, add_website, attach_to_website, forget_the_access),
        "DRAFT_EMPTY": (*FIRST, open_websites),
    },
    "add_access": {
        **_of_draft(_ADDING, open_access, attach_to_first_website),
        "DRAFT_INCOMPLETE": (*_ADDING, open_access, attach_to_first_website, forget_the_ranges),
    },
    "cancel_access": _of_cancellation(cancel_access),
    "cancel_website": _of_cancellation(cancel_website),
    "cancel_subject": {
        **_of_cancellation(cancel_subject, _FOUR_EYES),
        "SUBMITTED_APPROVED": (*FIRST, cancel_subject, approve_by_colleague),
        "SUBMITTED_APPROVED_MINE": (*FIRST, cancel_subject, approve_by_holder),
    },
}
