"""Approval: numbers of the right form, data as the authority holds them, and a password that lies open nowhere."""

import dataclasses
import json
import re

import pytest

import settings as settings_module
from authority.messages import Access, Delivery, FiledRecord
from authority.simulator.counter import Simulator
from models.access import Access as AccessRow
from models.access import IpRange
from models.clock import now
from models.filing import FilingPassword, Revision
from models.hashing import verify_secret
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.states import FilingStatus, RecordStatus
from models.website import Website, WebsiteDomain
from settings import Settings
from tests.support.lives import approve, draft, named, submit, take_answers
from tests.workflow import desks
from tests.workflow.answering import error, held_back, reported, told
from tests.workflow.doings import (
    access_of,
    add_website,
    edit_subject,
    edit_website,
    fresh,
    subject_of,
    websites_of,
)
from tests.workflow.everything import everything
from workflow import steps, website_drafts
from workflow.actors import Actor
from workflow.revisions import form_of


@pytest.mark.shows("C45", "C46")
async def test_the_subject_and_each_website_get_numbers_of_their_province(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    beijing = await reported(owner, reviewer, desk)
    hebei = await reported(owner, reviewer, desk, 2)
    await take_answers(desk)
    year = now().year
    assert (await subject_of(beijing)).filing_number == f"京ICP备{year}000001号"
    assert [site.filing_number for site in await websites_of(beijing)] == [f"京ICP备{year}000001号-1"]
    assert (await subject_of(hebei)).filing_number == f"冀ICP备{year}000001号"
    assert [site.filing_number for site in await websites_of(hebei)] == [
        f"冀ICP备{year}000001号-1",
        f"冀ICP备{year}000001号-2",
    ]


@pytest.mark.shows("C38", "C45", "C51")
async def test_everything_that_was_reported_is_in_force_with_the_authoritys_ids(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await take_answers(desk)
    subject, [website] = await subject_of(filing), await websites_of(filing)
    access, [domain] = await access_of(website), await WebsiteDomain.filter(website_id=website.id)
    [ip_range] = await IpRange.filter(access_id=access.id)
    assert {row.status for row in (subject, website, access, domain)} == {RecordStatus.FILED}
    assert [subject.version, website.version, access.version] == [2, 2, 2]
    ids = [row.authority_id for row in (subject, website, access, domain, ip_range)]
    assert None not in ids
    assert len(set(ids)) == 5
    assert subject.certificate_number == "91110101Y00000008F"
    assert subject.principal_mobile == "13800009358"
    mails = [
        json.loads(mail.payload or "") for mail in await OutboxMessage.filter(kind="MAIL").order_by("id")
    ]
    assert [(mail["template"], mail["to"]) for mail in mails] == [
        ("filing_password", "xingye.xu34@example.net"),
        ("filing_approved", f"{owner.name}@example.com"),
    ]


@pytest.mark.shows("C47", "C48")
async def test_the_password_is_mailed_to_the_principal_and_lies_open_nowhere(
    owner: Actor, reviewer: Actor, desk: Simulator, capfd: pytest.CaptureFixture[str]
) -> None:
    filing = await reported(owner, reviewer, desk)
    await take_answers(desk)
    mail = await OutboxMessage.get(key=f"filing_password:{filing.subject_id}:1")
    letter = json.loads(mail.payload or "")
    password = letter["data"]["password"]
    assert letter["to"] == "xingye.xu34@example.net"
    assert letter["data"]["number"] == (await subject_of(filing)).filing_number
    assert re.fullmatch("[A-HJ-NP-Z2-9]{12}", password)
    kept = await FilingPassword.get(subject_id=filing.subject_id)
    assert kept.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept.generation == 1
    assert await verify_secret(kept.password_hash, password)
    held = await everything(memory=True)
    assert not [(table, row) for table, rows in held.items() for row in rows if password in row]
    logged = capfd.readouterr()
    assert password not in logged.out + logged.err


@pytest.mark.shows("C47")
async def test_where_the_authority_mails_the_password_ours_makes_none(
    owner: Actor, reviewer: Actor, desk: Simulator, settings: Settings
) -> None:
    settings_module.use(settings.model_copy(update={"filing_password": "authority"}))
    filing = await reported(owner, reviewer, desk)
    await take_answers(desk)
    assert (await fresh(filing)).status is FilingStatus.APPROVED
    assert not await FilingPassword.exists()
    assert not await OutboxMessage.filter(key__startswith="filing_password").exists()


async def test_what_the_authority_holds_is_in_force_even_where_it_is_not_what_was_sent(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, file = await held_back(desk)
    record = file.answers[0]
    assert isinstance(record, FiledRecord)
    stranger = Access(None, 7, 110000000017, (1,), (1,), ())
    site = record.websites[0]
    record = dataclasses.replace(
        record,
        subject=dataclasses.replace(record.subject, name="北京海岸贸易有限公司"),
        websites=(
            dataclasses.replace(site, name="海岸", accesses=(stranger, *site.accesses)),
            dataclasses.replace(
                site, provider_id=None, authority_id=8, number="别人的", accesses=(stranger,)
            ),
        ),
    )
    await take_answers(desks.Says(decision, Delivery("record.xml", (record,))))
    subject, [website] = await subject_of(filing), await websites_of(filing)
    assert (subject.name, website.name, website.status) == (
        "北京海岸贸易有限公司",
        "海岸",
        RecordStatus.FILED,
    )
    assert (await access_of(website)).methods == ["3"]
    assert await Revision.filter(filing_id=filing.id).count() == 1


@pytest.mark.shows("C38", "N8")
async def test_a_late_yes_puts_the_reported_data_in_force_and_keeps_the_later_edits(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk, 2)
    decision, record = await held_back(desk)
    await told(error(filing, 1003))
    await steps.withdraw_filing(owner, **named(await fresh(filing)))
    first, second = await websites_of(filing)
    accesses = [(await access_of(site)).id for site in (first, second)]
    await edit_subject(owner, filing, remark="后来的话")
    await edit_website(owner, first, domains=["another.example"], home_url="www.another.example")
    await website_drafts.remove_access(owner, id=f"axs_{accesses[0]}", version=1, key=None)
    await website_drafts.add_access(
        owner,
        website_id=node_id(Website, first.id),
        version=2,
        fields={"methods": ["2"], "server_locations": ["11"], "ip_ranges": [{"start": "192.0.2.77"}]},
        key=None,
    )
    await website_drafts.remove_website(owner, id=node_id(Website, second.id), version=1, key=None)
    await add_website(owner, filing, name="丰谷论坛", domains=["third.example"])
    await take_answers(desks.Says(record, decision))
    filing, subject = await fresh(filing), await subject_of(filing)
    assert (filing.status, filing.revision, subject.remark) == (FilingStatus.APPROVED, 2, None)
    sites = await websites_of(filing)
    assert [(site.id, site.serial, site.status) for site in sites] == [
        (first.id, 1, RecordStatus.FILED),
        (second.id, 2, RecordStatus.FILED),
    ]
    for site, domain, access in zip(sites, ("fenggu-6.example", "fenggu-7.example"), accesses, strict=True):
        [row] = await WebsiteDomain.filter(website_id=site.id)
        assert (row.name, row.status, row.authority_id is None) == (domain, RecordStatus.FILED, False)
        living = await access_of(site)
        assert (living.id, living.status, living.authority_id is None) == (access, RecordStatus.FILED, False)
        assert all(part.authority_id for part in await IpRange.filter(access_id=access))
    assert await AccessRow.filter(website_id=first.id, status=RecordStatus.FILED).count() == 1
    added = await Website.get(name="丰谷论坛")
    assert (added.archived, added.status, added.filing_number) == (True, RecordStatus.DRAFT, None)
    kept = form_of(await Revision.get(filing_id=filing.id, number=2))
    assert (kept.subject.remark, [site.name for site in kept.websites]) == (
        "后来的话",
        ["丰谷官网", "丰谷论坛"],
    )
    assert kept.websites[0].domains == ("another.example",)
    sent = await Revision.get(filing_id=filing.id, number=1)
    assert (form_of(sent).subject.remark, sent.submitted_at) == (None, filing.submitted_at)


async def test_edits_that_were_submitted_already_are_not_kept_twice(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    await told(error(filing, 1003))
    await steps.withdraw_filing(owner, **named(await fresh(filing)))
    await edit_subject(owner, filing, remark="后来的话")
    filing = await approve(reviewer, await submit(owner, await fresh(filing)))
    await take_answers(desks.Says(decision, record))
    done = await fresh(filing)
    assert (done.status, done.revision, done.submitted_at) == (FilingStatus.APPROVED, 2, filing.submitted_at)
    assert await Revision.filter(filing_id=filing.id).count() == 2
    assert (await subject_of(filing)).remark is None
    assert not await OutboxMessage.filter(kind="REPORT", state="WAITING").exists()


async def test_a_record_that_names_another_subjects_website_does_not_touch_it(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    foreign = (await websites_of(await draft(owner, 1)))[0]
    decision, record = await held_back(desk)
    said = record.answers[0]
    assert isinstance(said, FiledRecord)
    stray = dataclasses.replace(said.websites[0], provider_id=foreign.id, number=f"{said.subject.number}-9")
    said = dataclasses.replace(said, websites=(*said.websites, stray))
    await take_answers(desks.Says(decision, Delivery(record.file_name, (said,))))
    assert (await fresh(filing)).status is FilingStatus.APPROVED
    after = await Website.get(id=foreign.id)
    assert (after.status, after.filing_number, after.version) == (RecordStatus.DRAFT, None, 1)
    assert (after.name, after.archived) == (foreign.name, False)
