"""Filed subjects: made at once as a first approval leaves them, or by their whole life, with a password that is known."""

import dataclasses
import itertools
import json
from typing import Any

from demo.forms import filing_form
from models.access import Access
from models.account import Account
from models.clock import now
from models.filing import Filing, FilingPassword, Revision
from models.hashing import hash_secret
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.states import FilingKind, FilingMode, FilingStatus, RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from rules.form import FilingForm, WebsiteForm
from tests.support.lives import approve, carry_reports, plain, submit, take_answers
from workflow import cancellations, drafts, openings, steps, website_drafts
from workflow.access_openings import Typed, start_add_access
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.forms import load_forms
from workflow.revisions import text_of
from workflow.rows import create_website, refresh_grams, subject_columns

PASSWORD = "TEST2PASS3WD"
REASON = "1"
ACCESS = {"methods": ["3"], "server_locations": ["19"], "ip_ranges": [{"start": "203.0.113.77", "end": None}]}
_numbers = itertools.count(1)
_hashes: dict[str, str] = {}


def form_with(index: int, websites: int) -> FilingForm:
    """The demonstration's form number `index`, with so many websites."""
    form = filing_form(index)
    return dataclasses.replace(form, websites=tuple(site(index, turn) for turn in range(websites)))


def site(index: int, turn: int) -> WebsiteForm:
    """Website number `turn` of the form number `index`: of one brand, each with a domain of its own."""
    first, word = filing_form(index).websites[0], "甲乙丙丁戊己庚辛"[turn]
    domain = f"site-{index}-{turn}.example"
    return dataclasses.replace(first, name=f"{first.name}{word}", home_url=f"www.{domain}", domains=(domain,))


async def known_hash(password: str) -> str:
    """The slow hash of a password, made once a run."""
    if password not in _hashes:
        _hashes[password] = await hash_secret(password)
    return _hashes[password]


async def filed_subject(
    owner: Actor, index: int = 0, websites: int = 1, password: str = PASSWORD, typist: Actor | None = None
) -> Subject:
    """A subject in force with its websites and accesses, its rows as an approval leaves them; quick.

    The authority's desk knows nothing of it: for what is reported and answered take `file_at`.
    """
    secret = await known_hash(password)
    number = await unit_of_work(lambda: _lay(owner, form_with(index, websites), secret, typist or owner))
    return await Subject.get(id=number)


async def _lay(owner: Actor, form: FilingForm, secret: str, typist: Actor) -> int:
    at, running = now(), next(_numbers)
    people: dict[str, Any] = {
        "owner_id": owner.account_id,
        "filed_by_id": typist.account_id,
        "mode": FilingMode.SELF if typist is owner else FilingMode.ON_BEHALF,
    }
    marks: dict[str, Any] = {"status": RecordStatus.FILED, "submitted": True}
    number = f"辽ICP备2025{running:06d}号"
    subject = await Subject.create(
        created_at=at, filing_number=number, authority_id=running * 1000, **marks, **people,
        **subject_columns(form.subject),
    )  # fmt: skip
    for serial, told in enumerate(form.websites, 1):
        website = await create_website(subject.id, told)
        ids = {"filing_number": f"{number}-{serial}", "authority_id": running * 1000 + serial}
        await Website.filter(id=website.id).update(**marks, **ids)
        await WebsiteDomain.filter(website_id=website.id).update(status=RecordStatus.FILED)
        await Access.filter(website_id=website.id).update(**marks, authority_id=running * 1000 + 500 + serial)
    filing = await Filing.create(
        kind=FilingKind.NEW_FILING, status=FilingStatus.APPROVED, revision=1, subject_id=subject.id,
        last_editor_id=typist.account_id, submitted_at=at, created_at=at, updated_at=at, **people,
    )  # fmt: skip
    await Revision.create(
        filing_id=filing.id, number=1, data=text_of((await load_forms([filing]))[filing.id]),
        rules_version="test", submitted_by_id=typist.account_id, submitted_at=at,
    )  # fmt: skip
    await FilingPassword.create(subject_id=subject.id, password_hash=secret, created_at=at)
    await refresh_grams(subject.id)
    return int(subject.id)


async def file_at(
    desk: Any,
    owner: Actor,
    reviewer: Actor,
    index: int = 0,
    websites: int = 1,
    on_behalf_of: Actor | None = None,
) -> Subject:
    """A subject filed by its whole first life at the desk; its password is PASSWORD from then on."""
    form = form_with(index, websites)
    outcome = await drafts.create_subject(
        owner, fields=plain(form.subject), websites=[plain(told) for told in form.websites], key=None,
        owner_id=node_id(Account, on_behalf_of.account_id or 0) if on_behalf_of else None,
    )  # fmt: skip
    assert not outcome.problems, outcome.problems
    filing = await through(desk, owner, reviewer, await Filing.get(id=outcome.ids["filing"]))
    assert filing.status is FilingStatus.APPROVED, filing.status
    await know_password(filing.subject_id)
    return await Subject.get(id=filing.subject_id)


async def know_password(subject_id: int, password: str = PASSWORD) -> None:
    """The subject's filing password is this one; its generation and what is restricted stay."""
    secret = await known_hash(password)
    await unit_of_work(lambda: FilingPassword.filter(subject_id=subject_id).update(password_hash=secret))


async def through(
    desk: Any, owner: Actor, reviewer: Actor, filing: Filing, second: Actor | None = None
) -> Filing:
    """A filing from its owner's hands, submitted where it was not, to whatever the desk answers; gives how it stands.

    `second` approves after `reviewer` where two must.
    """
    await sent(desk, owner, reviewer, filing, second)
    await take_answers(desk)
    return await Filing.get(id=filing.id)


async def sent(
    desk: Any, owner: Actor, reviewer: Actor, filing: Filing, second: Actor | None = None
) -> Filing:
    """The same until the report lies at the desk; nothing is answered yet."""
    filing = await Filing.get(id=filing.id)
    if filing.status is not FilingStatus.SUBMITTED:
        filing = await submit(owner, filing)
    filing = await approve(reviewer, filing)
    if second is not None:
        await approve(second, filing)
    await carry_reports(desk)
    return await Filing.get(id=filing.id)


async def websites_of(subject: Subject) -> list[Website]:
    """The websites of a subject that are not archived, in entry order."""
    return await Website.filter(subject_id=subject.id, archived=False).order_by("serial")


async def access_of(website: Website) -> Access:
    """The access of a website that is not archived."""
    return await Access.get(website_id=website.id, archived=False)


def name(row: Subject | Website | Access | Filing) -> str:
    """The opaque id of a row."""
    return node_id(type(row), row.id)


async def start_change(
    actor: Actor, subject: Subject, *rows: Subject | Website | Access, password: str | None = PASSWORD
) -> Outcome:
    """Ask for a change of these records of the subject."""
    return await openings.start_change(
        actor, subject_id=name(subject), target_ids=[name(row) for row in rows],
        filing_password=password, key=None,
    )  # fmt: skip


async def start_add_website(actor: Actor, subject: Subject, password: str | None = PASSWORD) -> Outcome:
    """Ask for further websites of the subject."""
    return await openings.start_add_website(
        actor, subject_id=name(subject), filing_password=password, key=None
    )


async def add_site(owner: Actor, subject: Subject, form: WebsiteForm) -> Website:
    """A website typed into the subject's open filing for it."""
    version = (await Subject.get(id=subject.id)).version
    outcome = await website_drafts.add_website(
        owner, subject_id=name(subject), version=version, filing_id=None, fields=plain(form), key=None
    )
    assert not outcome.problems, outcome.problems
    return await Website.get(id=outcome.ids["website"])


async def start_access(actor: Actor, website: Website, password: str | None = PASSWORD) -> Outcome:
    """Ask for an access of a website that is filed here."""
    return await start_add_access(
        actor, website_id=name(website), website_filing_number=None, filing_password=password,
        typed=Typed({}, {}, ACCESS), key=None,
    )  # fmt: skip


_CANCELS = {
    Subject: cancellations.cancel_subject,
    Website: cancellations.cancel_website,
    Access: cancellations.cancel_access,
}


async def cancel(
    actor: Actor, row: Subject | Website | Access, password: str | None = PASSWORD, **other: Any
) -> Outcome:
    """Ask for the end of a record at the version it was read with."""
    asked = {"version": row.version, "reason": REASON, "remark": None, "key": None, **other}
    return await _CANCELS[type(row)](actor, id=name(row), filing_password=password, **asked)


async def opened(outcome: Outcome) -> Filing:
    """The filing that an opening made; fails where it was refused."""
    assert not outcome.problems, outcome.problems
    return await Filing.get(id=outcome.ids["filing"])


async def give_up(owner: Actor, filing: Filing) -> Filing:
    """Whatever a filing stands at in its provider's hands: withdrawn and dropped."""
    if filing.status is FilingStatus.SUBMITTED:
        taken_back = await steps.withdraw_filing(owner, id=name(filing), version=filing.version, key=None)
        filing = await opened(taken_back)
    return await opened(await steps.drop_filing(owner, id=name(filing), version=filing.version, key=None))


async def end_access(access: Access) -> None:
    """The access is cancelled, as an approval of that leaves it."""
    await unit_of_work(lambda: Access.filter(id=access.id).update(status=RecordStatus.CANCELLED))


async def told_password(subject: Subject) -> str:
    """The filing password as the last mail that was laid tells it."""
    row = (
        await OutboxMessage.filter(key__startswith=f"filing_password:{subject.id}:", payload__isnull=False)
        .order_by("-id")
        .first()
    )
    assert row is not None
    return str(json.loads(row.payload or "")["data"]["password"])
