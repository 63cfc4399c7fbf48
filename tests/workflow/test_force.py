"""Coming into force: what an approved change or addition writes, once, however late its answer, and the new password."""

import dataclasses
import json
from typing import Any

import pytest

from authority.messages import (
    Change,
    Decision,
    Delivery,
    FiledRecord,
    NewWebsites,
    ProcessingResult,
    ResultCode,
)
from authority.simulator.counter import Simulator
from models.access import Access, IpRange
from models.clock import now
from models.filing import Filing, FilingPassword, FilingProof, Revision
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingAction, FilingStatus, RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import approve, submit, take_answers
from tests.workflow import desks
from tests.workflow.answering import moves, told
from tests.workflow.doings import edit_access, edit_subject, edit_website
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import in_mode
from workflow import results_by_hand, steps, website_drafts
from workflow.actors import Actor
from workflow.forms import load_forms
from workflow.proofs import verify
from workflow.proposed import proposed_for
from workflow.revisions import form_of

NEW_ADDRESS = "xin.fuzeren@example.net"


class Remembering(desks.Counter):
    """Remembers every upload."""

    def __init__(self, real: Simulator) -> None:
        super().__init__(real)
        self.uploads: list[Any] = []

    async def upload(self, message: Any, key: str) -> Any:
        self.uploads.append(message)
        return await super().upload(message, key)


async def held(desk: Simulator) -> dict[type, Delivery]:
    """The files that wait at the authority, taken from it by what they hold."""
    found = {}
    while (delivery := await desk.download()) is not None:
        await desk.acknowledge(delivery.file_name)
        found[type(delivery.answers[0])] = delivery
    return found


async def mails(template: str) -> list[dict[str, Any]]:
    """The mails of a template that wait."""
    rows = await OutboxMessage.filter(kind="MAIL", payload__isnull=False).order_by("id")
    return [mail for row in rows if (mail := json.loads(row.payload or ""))["template"] == template]


async def changed(owner: Actor, subject: Subject, **fields: Any) -> Filing:
    """A change of the subject with these fields proposed."""
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    assert not (await edit_subject(owner, filing, **fields)).problems
    return await Filing.get(id=filing.id)


@pytest.mark.shows("C54", "C56")
async def test_an_approved_change_is_in_force_as_a_whole_and_raises_the_versions_of_what_it_changed(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [website, other] = await filed.websites_of(subject)
    access, untouched = await filed.access_of(website), await filed.access_of(other)
    filing = await filed.opened(await filed.start_change(owner, subject, subject, website, access))
    await edit_subject(owner, filing, address="人民路7号", remark="搬迁")
    await edit_website(owner, website, name="潮汐观测站")
    await edit_access(owner, access, access.version, methods=["5"])
    versions = [
        (await Subject.get(id=subject.id)).version,
        (await Website.get(id=website.id)).version,
        (await Access.get(id=access.id)).version,
    ]
    filing = await filed.through(desk, owner, reviewer, await Filing.get(id=filing.id))
    assert filing.status is FilingStatus.APPROVED
    now_subject, site = await Subject.get(id=subject.id), await Website.get(id=website.id)
    reach = await Access.get(id=access.id)
    assert (now_subject.address, now_subject.remark, site.name, reach.methods) == (
        "人民路7号", "搬迁", "潮汐观测站", ["5"],
    )  # fmt: skip
    assert [now_subject.version, site.version, reach.version] == [number + 1 for number in versions]
    assert [row.status for row in (now_subject, site)] == [RecordStatus.FILED] * 2
    assert (now_subject.filing_number, site.filing_number) == (subject.filing_number, website.filing_number)
    assert (await Website.get(id=other.id)).version == other.version
    assert (await Access.get(id=untouched.id)).version == untouched.version
    assert await proposed_for(owner, [name(subject), name(website), name(access)]) == {}
    assert not await FilingProof.filter(travelling__isnull=False).exists()


@pytest.mark.shows("C58")
async def test_a_change_reports_the_whole_subject_and_whole_websites_as_they_are_to_be(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    remembering = Remembering(desk)
    subject = await filed.file_at(desk, owner, reviewer, websites=3)
    [first, second, _] = await filed.websites_of(subject)
    filing = await changed(owner, subject, remark="搬迁")
    await filed.through(remembering, owner, reviewer, filing)
    filing = await filed.opened(await filed.start_change(owner, subject, await filed.access_of(second)))
    access = await filed.access_of(second)
    await edit_access(owner, access, access.version, methods=["5"])
    await filed.through(remembering, owner, reviewer, await Filing.get(id=filing.id))
    alone, of_access = remembering.uploads
    assert isinstance(alone, Change)
    assert isinstance(of_access, Change)
    assert (alone.subject.authority_id, alone.subject.number, alone.subject.remark) == (
        subject.authority_id, subject.filing_number, "搬迁",
    )  # fmt: skip
    assert [site.authority_id for site in alone.websites] == [first.authority_id]
    assert [site.name for site in alone.websites] == [first.name]
    assert [site.authority_id for site in of_access.websites] == [second.authority_id]
    assert of_access.websites[0].accesses[0].methods == (5,)
    assert of_access.websites[0].accesses[0].authority_id == access.authority_id
    assert of_access.subject.remark == "搬迁"


@pytest.mark.shows("C45", "C46", "C59")
async def test_an_added_website_gets_the_next_number_and_the_old_ones_stay_as_they_are(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    remembering = Remembering(desk)
    subject = await filed.file_at(desk, owner, reviewer)
    [old] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_add_website(owner, subject))
    first = await filed.add_site(owner, subject, filed.site(0, 3))
    second = await filed.add_site(owner, subject, filed.site(0, 4))
    filing = await filed.through(remembering, owner, reviewer, filing)
    assert filing.status is FilingStatus.APPROVED
    sites = [await Website.get(id=row.id) for row in (first, second)]
    assert [site.filing_number for site in sites] == [
        f"{subject.filing_number}-2",
        f"{subject.filing_number}-3",
    ]
    assert [site.status for site in sites] == [RecordStatus.FILED] * 2
    for site in sites:
        access = await filed.access_of(site)
        assert (access.status, access.authority_id is not None) == (RecordStatus.FILED, True)
        assert {row.status for row in await WebsiteDomain.filter(website_id=site.id)} == {RecordStatus.FILED}
    [message] = remembering.uploads
    assert isinstance(message, NewWebsites)
    assert (message.subject_number, [site.name for site in message.websites]) == (
        subject.filing_number, [first.name, second.name],
    )  # fmt: skip
    kept = await Website.get(id=old.id)
    assert (kept.filing_number, kept.version) == (old.filing_number, old.version)
    assert (await FilingPassword.get()).generation == 1


async def error_of(subject: Subject, operation: int = 4) -> None:
    """The authority could not process the report about the subject, for its data."""
    reference = str(subject.authority_id)
    await told(
        ProcessingResult(operation, reference, (ResultCode(1009, None),), None), name=f"error{operation}"
    )


@pytest.mark.shows("C38", "C56")
@pytest.mark.parametrize("answer", [Decision, FiledRecord])
@pytest.mark.parametrize("status", [FilingStatus.DRAFT, FilingStatus.ABANDONED])
async def test_a_change_that_was_taken_back_is_in_force_all_the_same_once_the_authority_says_so(
    owner: Actor, reviewer: Actor, desk: Simulator, answer: type, status: FilingStatus
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await filed.sent(desk, owner, reviewer, await changed(owner, subject, remark="第一版"))
    answers = await held(desk)
    await error_of(subject)
    filing = await Filing.get(id=filing.id)
    assert filing.status is FilingStatus.SUBMITTED
    filing = await filed.opened(
        await steps.withdraw_filing(owner, id=name(filing), version=filing.version, key=None)
    )
    await edit_subject(owner, filing, remark="第二版")
    filing = await Filing.get(id=filing.id)
    if status is FilingStatus.ABANDONED:
        filing = await filed.give_up(owner, filing)
    await take_answers(desks.Says(answers[answer]))
    done = await Filing.get(id=filing.id)
    assert (done.status, done.version) == (FilingStatus.APPROVED, filing.version + 1)
    assert (await Subject.get(id=subject.id)).remark == "第一版"
    last = form_of(await Revision.get(filing_id=filing.id, number=done.revision))
    assert (done.revision, last.subject.remark) == (
        2,
        "第二版",
    )  # the later edit is kept, and was never submitted
    assert await Report.filter(filing_id=filing.id).count() == 1
    before = await everything()
    [late] = [delivery for kind, delivery in answers.items() if kind is not answer]
    await take_answers(desks.Says(late))
    after = await everything()
    assert {table for table in after if after[table] != before[table]} <= {"received_answer"}


@pytest.mark.shows("C38")
async def test_answers_that_are_repeated_change_nothing_and_are_quiet(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await filed.sent(desk, owner, reviewer, await changed(owner, subject, remark="搬迁"))
    answers = [delivery.answers[0] for delivery in (await held(desk)).values()]
    await told(*answers, name="first")
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED
    before, steps_taken = await everything(), await moves(filing)
    await told(*answers, *answers, name="again")
    after = await everything()
    assert {table for table in after if after[table] != before[table]} == {"received_answer"}
    assert await moves(filing) == steps_taken


@pytest.mark.shows("C37", "C54")
async def test_a_change_is_done_by_the_decision_alone_and_the_record_that_follows_brings_the_ids(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    filing = await filed.opened(await filed.start_change(owner, subject, website, access))
    await edit_website(owner, website, domains=["second.example"], home_url="www.second.example")
    await edit_access(owner, access, access.version, ip_ranges=[{"start": "203.0.113.201", "end": None}])
    filing = await filed.sent(desk, owner, reviewer, filing)
    answers = await held(desk)
    await take_answers(desks.Says(answers[Decision]))
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED
    assert ((await WebsiteDomain.get()).name, (await IpRange.get()).start) == (
        "second.example",
        "203.0.113.201",
    )
    assert (await WebsiteDomain.get()).authority_id is None
    await take_answers(desks.Says(answers[FiledRecord]))
    assert (await WebsiteDomain.get()).authority_id is not None
    assert (await IpRange.get()).authority_id is not None


@pytest.mark.shows("C37")
async def test_a_record_without_what_was_reported_does_not_end_a_change(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    filing = await filed.sent(desk, owner, reviewer, await changed(owner, subject, remark="搬迁"))
    await held(desk)
    await unit_of_work(lambda: Website.filter(id=website.id).update(remark=None))
    await desk.add_foreign_access(website.filing_number or "", 310000000023)
    record = (await held(desk))[FiledRecord].answers[0]
    assert isinstance(record, FiledRecord)
    old = dataclasses.replace(record, subject=dataclasses.replace(record.subject, remark=None))
    await told(old, name="old")
    assert (await Filing.get(id=filing.id)).status is FilingStatus.AT_AUTHORITY
    assert (await Subject.get(id=subject.id)).remark is None
    await told(record, name="new")
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED


@pytest.mark.shows("C39", "C56")
async def test_a_refused_change_leaves_what_is_in_force_and_is_mended(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_change(owner, subject, website))
    await edit_website(owner, website, name="松禾茶事文化传播有限公司")  # an organiser filed elsewhere
    filing = await filed.through(desk, owner, reviewer, await Filing.get(id=filing.id))
    assert (filing.status, (await Website.get(id=website.id)).name) == (FilingStatus.REFUSED, website.name)
    await edit_website(owner, website, name="潮汐观测站")
    filing = await filed.through(desk, owner, reviewer, await Filing.get(id=filing.id))
    assert (filing.status, (await Website.get(id=website.id)).name) == (FilingStatus.APPROVED, "潮汐观测站")


@pytest.mark.shows("C47", "C84", "N9")
async def test_another_address_of_the_principal_gets_a_new_password_and_the_old_one_is_told(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    old = subject.principal_email
    await unit_of_work(lambda: Subject.all().update(password_restricted=True))
    filing = await changed(owner, subject, principal={"email": NEW_ADDRESS})
    filing = await filed.sent(desk, owner, reviewer, filing)
    assert await mails("filing_password_renewed") == []
    await take_answers(desk)
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED
    kept = await FilingPassword.get()
    assert (kept.generation, (await Subject.get()).password_restricted) == (2, False)
    [told_new], [told_old] = await mails("filing_password_renewed"), await mails("filing_password_replaced")
    assert (told_new["to"], told_old["to"]) == (NEW_ADDRESS, old)
    fresh = await filed.told_password(subject)
    assert fresh not in json.dumps(told_old)
    assert await verify(owner, subject, fresh, FilingAction.START_CHANGE) == 2
    assert [p.code for p in (await filed.start_change(owner, subject, subject)).problems] == [
        "WRONG_FILING_PASSWORD"
    ]
    rows = [
        row
        for table, found in (await everything(memory=True)).items()
        for row in found
        if table != "outbox_message"
    ]
    assert not any(fresh in row for row in rows)


@pytest.mark.shows("C84")
async def test_another_principal_at_the_same_address_gets_a_new_one_and_nobody_else_is_told(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await changed(owner, subject, principal={"name": "韩望潮"})
    assert (await filed.through(desk, owner, reviewer, filing)).status is FilingStatus.APPROVED
    assert (await FilingPassword.get()).generation == 2
    [letter] = await mails("filing_password_renewed")
    assert letter["to"] == subject.principal_email
    assert await mails("filing_password_replaced") == []


@pytest.mark.shows("C84")
async def test_any_other_change_leaves_the_password_as_it_is(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await changed(owner, subject, remark="搬迁", principal={"mobile": "13998765432"})
    assert (await filed.through(desk, owner, reviewer, filing)).status is FilingStatus.APPROVED
    assert (await FilingPassword.get()).generation == 1
    assert await verify(owner, subject, PASSWORD, FilingAction.START_CHANGE) == 1
    assert await mails("filing_password_renewed") == []
    [letter] = await mails("filing_done")
    assert letter["data"]["number"] == subject.filing_number


@pytest.mark.shows("C83", "C84")
async def test_a_change_of_something_else_does_not_lift_what_a_dead_mailbox_forbids(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    await unit_of_work(lambda: Subject.all().update(password_restricted=True))
    filing = await changed(owner, subject, remark="搬迁")
    assert (await filed.through(desk, owner, reviewer, filing)).status is FilingStatus.APPROVED
    refused = await filed.start_add_website(owner, subject)
    assert [problem.rule for problem in refused.problems] == ["BEIAN-PASSWORD-RESTRICTED"]


@pytest.mark.shows("C37", "C59")
async def test_under_the_loose_matrix_answers_find_the_filing_that_they_are_about(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    in_mode(coexistence="loose")
    subject = await filed.file_at(desk, owner, reviewer, websites=2)
    [first, second] = await filed.websites_of(subject)
    change = await filed.opened(await filed.start_change(owner, subject, subject, second))
    await edit_subject(owner, change, remark="搬迁")
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    await filed.add_site(owner, await Subject.get(id=subject.id), filed.site(0, 5))
    ending = await filed.opened(await filed.cancel(owner, first))
    for filing in (change, adding, ending):
        await filed.sent(desk, owner, reviewer, filing)
    answers = []
    while (delivery := await desk.download()) is not None:
        await desk.acknowledge(delivery.file_name)
        answers.append(delivery)
    await take_answers(desks.Says(*reversed(answers)))
    left = [(await Filing.get(id=row.id)).status for row in (change, adding, ending)]
    assert left == [FilingStatus.APPROVED] * 3
    subject = await Subject.get(id=subject.id)
    sites = await Website.filter(subject_id=subject.id).order_by("serial")
    assert (subject.remark, [site.status for site in sites]) == (
        "搬迁", [RecordStatus.CANCELLED, RecordStatus.FILED, RecordStatus.FILED],
    )  # fmt: skip


@pytest.mark.shows("C38", "C60")
@pytest.mark.parametrize("answers_in_order", [True, False])
async def test_an_added_website_that_was_reported_and_taken_out_since_is_filed_if_the_authority_says_so(
    owner: Actor, reviewer: Actor, desk: Simulator, answers_in_order: bool
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    filing = await filed.opened(await filed.start_add_website(owner, subject))
    site = await filed.add_site(owner, subject, filed.site(0, 3))
    filing = await filed.sent(desk, owner, reviewer, filing)
    answers = [*(await held(desk)).values()]
    reference = subject.filing_number or ""
    await told(ProcessingResult(2, reference, (ResultCode(1009, None),), None), name="error")
    filing = await Filing.get(id=filing.id)
    taken_back = await steps.withdraw_filing(owner, id=name(filing), version=filing.version, key=None)
    filing = await filed.opened(taken_back)
    version = (await Website.get(id=site.id)).version
    removed = await website_drafts.remove_website(owner, id=name(site), version=version, key=None)
    assert removed.problems == ()
    assert (await Website.get(id=site.id)).archived
    await take_answers(desks.Says(*(answers if answers_in_order else reversed(answers))))
    assert (await Filing.get(id=filing.id)).status is FilingStatus.APPROVED
    after = await Website.get(id=site.id)
    assert (after.status, after.archived, after.filing_number) == (
        RecordStatus.FILED, False, f"{subject.filing_number}-2",
    )  # fmt: skip
    assert (await filed.access_of(site)).status is RecordStatus.FILED
    first = await Filing.get(subject_id=subject.id, kind="NEW_FILING")
    [of_the_first] = (await load_forms([first]))[first.id].websites
    assert of_the_first.id != name(site)


async def by_hand(owner: Actor, reviewer: Actor, filing: Filing, **numbers: Any) -> Filing:
    """The filing submitted where it was not, approved, and its report and the authority's yes typed by staff."""
    in_mode(authority="manual")
    filing = await Filing.get(id=filing.id)
    if filing.status is not FilingStatus.SUBMITTED:
        filing = await submit(owner, filing)
    filing = await approve(reviewer, filing)
    moment = now()
    filing = await filed.opened(
        await results_by_hand.record_report(
            reviewer, id=name(filing), version=filing.version, reported_at=moment, key=None
        )
    )
    said: dict[str, Any] = {"subject_number": None, "websites": [], **numbers}
    return await filed.opened(
        await results_by_hand.record_authority_result(
            reviewer, id=name(filing), version=filing.version, outcome="APPROVED", result_codes=[], opinion=None,
            decided_at=moment, key=None, **said,
        )
    )  # fmt: skip


@pytest.mark.shows("C54", "C84")
async def test_by_hand_a_change_is_in_force_as_it_was_submitted_and_replaces_the_password(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_change(owner, subject, subject, website))
    await edit_subject(owner, filing, principal={"email": NEW_ADDRESS})
    await edit_website(
        owner, website, name="潮汐观测站", domains=["second.example"], home_url="www.second.example"
    )
    assert (await by_hand(owner, reviewer, filing)).status is FilingStatus.APPROVED
    after = await Subject.get(id=subject.id)
    assert (after.principal_email, (await Website.get(id=website.id)).name) == (NEW_ADDRESS, "潮汐观测站")
    assert [(row.name, row.status) for row in await WebsiteDomain.all()] == [
        ("second.example", RecordStatus.FILED)
    ]
    assert (await FilingPassword.get()).generation == 2
    assert [letter["to"] for letter in await mails("filing_password_renewed")] == [NEW_ADDRESS]
    assert [letter["to"] for letter in await mails("filing_password_replaced")] == [subject.principal_email]


@pytest.mark.shows("C59", "C61", "C62", "C64", "C67")
async def test_by_hand_websites_and_accesses_come_and_go_too(owner: Actor, reviewer: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [old] = await filed.websites_of(subject)
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    site = await filed.add_site(owner, subject, filed.site(0, 3))
    number = f"{subject.filing_number}-2"
    told = [{"website_id": name(site), "number": number}]
    assert (await by_hand(owner, reviewer, adding, websites=told)).status is FilingStatus.APPROVED
    assert ((await Website.get(id=site.id)).filing_number, (await filed.access_of(site)).status) == (
        number, RecordStatus.FILED,
    )  # fmt: skip
    ending = await filed.opened(await filed.cancel(owner, await filed.access_of(old)))
    await by_hand(owner, reviewer, ending)
    assert (await filed.access_of(old)).status is RecordStatus.CANCELLED
    serving = await filed.opened(await filed.start_access(owner, old))
    await by_hand(owner, reviewer, serving)
    assert ((await filed.access_of(old)).status, (await filed.access_of(old)).methods) == (
        RecordStatus.FILED,
        ["3"],
    )
    last = await filed.opened(await filed.cancel(owner, await Website.get(id=site.id)))
    await by_hand(owner, reviewer, last)
    assert (await Website.get(id=site.id)).status is RecordStatus.CANCELLED
    assert (await filed.access_of(site)).status is RecordStatus.CANCELLED
    assert (await Website.get(id=old.id)).status is RecordStatus.FILED
