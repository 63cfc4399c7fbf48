"""Stories (备案之后的事): each takes a filed subject through further filings, to where the demonstration leaves it."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from demo.life import Life
from demo.moves import (
    CERTIFICATE,
    VERIFICATION_SHEET,
    approve,
    attach,
    done,
    give_back,
    named,
    note,
    plain,
    submit,
    take_answers,
)
from models.access import Access
from models.account import Account
from models.filing import Filing
from models.node_ids import node_id
from models.refusal import Refused
from models.subject import Subject
from models.website import Website
from workflow import cancellations, drafts, openings, steps, transfers, website_drafts
from workflow.access_openings import Typed, start_add_access
from workflow.command import Outcome

ANOTHER_PROVIDER = 310000000023
AT_REQUEST, NOT_USED, MOVED, DISSOLVED = "1", "2", "3", "4"  # why a cancellation is asked for
_CANCELS = {
    Subject: cancellations.cancel_subject,
    Website: cancellations.cancel_website,
    Access: cancellations.cancel_access,
}


def _name(row: Subject | Website | Access) -> str:
    return node_id(type(row), row.id)


async def _open_change(life: Life, *rows: Subject | Website) -> Filing:
    outcome = await openings.start_change(
        life.owner, subject_id=node_id(Subject, life.subject_id), target_ids=[_name(row) for row in rows],
        filing_password=await life.password(), key=None,
    )  # fmt: skip
    return await done(outcome)


async def _move_house(life: Life, room: str) -> Filing:
    """The subject's address becomes another room of the same house."""
    subject = await life.subject()
    fields = {"address": f"{life.form.subject.address}{room}"}
    return await done(
        await drafts.update_subject(
            life.owner, id=_name(subject), version=subject.version, fields=fields, key=None
        )
    )


async def _change_subject(life: Life, *, proven: bool = False, sent: bool = True) -> Filing:
    """The owner opens a change of the subject, edits it, and submits it."""
    filing = await _open_change(life, await life.subject())
    filing = await _move_house(life, "06室")
    if proven:
        await attach(life.owner, await life.subject(), CERTIFICATE, life.index)
    return await submit(life.owner, filing) if sent else filing


def _asked(life: Life) -> Sequence[dict[str, Any]]:
    whole = f"{life.form.subject.address}06室（整层租赁）"
    return (
        note("subject", "address", text="请与租赁合同的写法一致", suggestion=whole),
        {**note("subject", "remark", text="如有房产证明，可一并说明"), "blocking": False},
    )


async def subject_changed(life: Life) -> None:
    """Returned once, then approved: the address in force is a new one."""

    async def again(filing: Filing) -> Filing:
        await _move_house(life, "06室（整层租赁）")
        return await submit(life.owner, filing)

    filing = await life.scene(life.days, _change_subject(life, proven=life.index % 2 == 0))
    filing = await life.scene(life.days - 1, give_back(life.reviewer, filing, *_asked(life)))
    filing = await life.scene(life.days - 2, again(filing))
    await life.decide(filing, life.days - 3)


async def website_changed(life: Life) -> None:
    """The website has moved to another domain."""

    async def change() -> Filing:
        website = await life.website()
        filing = await _open_change(life, website)
        domain = f"new-{life.form.websites[0].domains[0]}"
        await done(
            await website_drafts.update_website(
                life.owner, id=_name(website), version=website.version,
                fields={"domains": [domain], "home_url": f"www.{domain}"}, key=None,
            )
        )  # fmt: skip
        return await submit(life.owner, filing)

    await life.decide(await life.scene(life.days, change()), life.days - 1)


async def change_drafted(life: Life) -> None:
    """A change lies as a draft, with a proposal beside what is in force."""
    await life.scene(2, _change_subject(life, sent=False))


async def change_submitted(life: Life) -> None:
    """A change waits for the provider, with its document."""
    await life.scene(0.5, _change_subject(life, proven=True))


async def change_returned(life: Life) -> None:
    """A change came back with notes."""
    filing = await life.scene(4, _change_subject(life))
    await life.scene(3, give_back(life.reviewer, filing, *_asked(life)))


async def change_at_authority(life: Life) -> None:
    """A change waits for the authority."""
    filing = await life.scene(6, _change_subject(life))
    await life.report(filing, 5, life.cast.slow_desk)


async def change_dropped(life: Life) -> None:
    """A change was given up, and what was in force stays so."""

    async def drop(filing: Filing) -> Filing:
        return await done(await steps.drop_filing(life.owner, **named(filing)))

    filing = await life.scene(14, _change_subject(life, sent=False))
    await life.scene(11, drop(filing))  # after thirty days it would be erased


async def _add_website(life: Life, *, proven: bool = False) -> Filing:
    """The owner opens an addition, enters one website beside the first, and submits it."""
    filing = await done(
        await openings.start_add_website(
            life.owner, subject_id=node_id(Subject, life.subject_id),
            filing_password=await life.password(), key=None,
        )
    )  # fmt: skip
    first, subject = life.form.websites[0], await life.subject()
    domain = f"member-{first.domains[0]}"
    site = dataclasses.replace(
        first, name=f"{first.name.removesuffix('官网')}会员中心" if first.name else None,
        domains=(domain,), home_url=f"www.{domain}",
    )  # fmt: skip
    outcome = await website_drafts.add_website(
        life.owner, subject_id=_name(subject), version=subject.version, filing_id=None,
        fields=plain(site), key=None,
    )  # fmt: skip
    await done(outcome)
    if proven:
        website = await Website.get(id=outcome.ids["website"])
        await attach(life.owner, website, VERIFICATION_SHEET, life.index)
    return await submit(life.owner, filing)


async def website_added(life: Life) -> None:
    """A further website is in force."""
    filing = await life.scene(life.days, _add_website(life, proven=life.index % 2 == 0))
    await life.decide(filing, life.days - 1)


async def website_submitted(life: Life) -> None:
    """A further website waits for the provider, with its verification sheet."""
    await life.scene(1, _add_website(life, proven=True))


async def _cancel(life: Life, row: Subject | Website | Access, reason: str, remark: str | None) -> Filing:
    outcome = await _CANCELS[type(row)](
        life.owner, id=_name(row), version=row.version, reason=reason, remark=remark,
        filing_password=await life.password(), key=None,
    )  # fmt: skip
    return await done(outcome)


async def access_refused(life: Life) -> None:
    """The website's only access was to go, which the authority did not allow (1025)."""
    access = await life.access(await life.website())
    filing = await life.scene(9, _cancel(life, access, MOVED, "已与新接入商签约"))
    await life.decide(filing, 8)


async def access_cancelled(life: Life) -> None:
    """The website is served by another provider alone."""
    website = await life.website()

    async def hear() -> None:
        await life.cast.desk.add_foreign_access(website.filing_number or "", ANOTHER_PROVIDER)
        await take_answers(life.cast.desk)

    await life.scene(life.days, hear())
    access = await life.access(website)
    filing = await life.scene(life.days - 1, _cancel(life, access, MOVED, "网站已迁至其他接入商"))
    await life.decide(filing, life.days - 2)


async def access_again(life: Life) -> None:
    """The website went to another provider and came back."""

    async def come_back() -> Filing:
        first = life.form.websites[0].access
        outcome = await start_add_access(
            life.owner, website_id=_name(await life.website()), website_filing_number=None,
            filing_password=await life.password(), typed=Typed({}, {}, plain(first)), key=None,
        )  # fmt: skip
        return await submit(life.owner, await done(outcome))

    await access_cancelled(life)
    await life.decide(await life.scene(life.days - 6, come_back()), life.days - 7)


async def website_cancelled(life: Life) -> None:
    """A further website came, and the first one ended."""
    await website_added(life)
    first = await life.website()
    filing = await life.scene(life.days - 6, _cancel(life, first, NOT_USED, "改用新网站"))
    await life.decide(filing, life.days - 7)


async def subject_cancelled(life: Life) -> None:
    """Everything of it has ended; two reviewers approved that."""
    filing = await life.scene(life.days, _cancel(life, await life.subject(), DISSOLVED, "公司已清算注销"))
    await life.decide(filing, life.days - 1)


async def subject_half_approved(life: Life) -> None:
    """Its end is asked for, and one of two reviewers has approved that."""
    filing = await life.scene(2, _cancel(life, await life.subject(), AT_REQUEST, None))
    await life.scene(1, approve(life.reviewer, filing))


async def transfer_asked(life: Life) -> None:
    """One reviewer asks for another owner; a second has to confirm it."""

    async def ask() -> Outcome:
        subject = await life.subject()
        place = life.cast.applicants.index(life.owner)
        heir = life.cast.applicants[(place + 1) % len(life.cast.applicants)]
        return await transfers.transfer_subject(
            life.reviewer, subject_id=_name(subject), version=subject.version,
            owner_id=node_id(Account, heir.account_id or 0), reason="业务整体转让，双方已提交书面申请", key=None,
        )  # fmt: skip

    outcome = await life.scene(1, ask())
    if outcome.problems:
        raise Refused(*outcome.problems)
