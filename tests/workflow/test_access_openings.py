"""Openings of an access: of a website that lost its own, and of one that another provider filed (C61)."""

from typing import Any

import pytest

from authority.messages import NewAccess
from authority.simulator.counter import Simulator
from demo.forms import filing_form
from models.access import Access
from models.account import Account
from models.event import FilingEvent
from models.filing import Filing, FilingPassword, FilingProof, Target
from models.node_ids import node_id
from models.refusal import Refused
from models.report import Report
from models.states import FilingAction, FilingKind, FilingMode, FilingStatus, RecordOrigin, RecordStatus, Role
from models.subject import Subject
from models.website import OtherAccess, Website, WebsiteDomain
from tests.support import filed
from tests.support.filed import ACCESS, PASSWORD, name
from tests.support.lives import give_back, make_actor, named, plain, submit, take_answers
from tests.workflow import desks
from tests.workflow.doings import edit_access, edit_subject, edit_website, said
from tests.workflow.everything import everything
from workflow import steps
from workflow.access_openings import Typed, start_add_access
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.messages import OWN_IDS
from workflow.proofs import verify

# 大连听涛航海器材有限公司, filed through other providers with two websites
NUMBER = "辽ICP备13900063号"
SECRET = "tingtao63HAI"
PERSON = {
    "name": "孙望潮",
    "office_phone": "086-0411-85550006",
    "mobile": "13800000006",
    "email": "beian@tingtao-hanghai.com",
    "certificate_type": "2",
    "certificate_number": plain(filing_form(0).subject.principal)["certificate_number"],
}
SUBJECT = {
    "name": "大连听涛航海器材公司",
    "unit_nature": "4",
    "certificate_type": "1",
    "certificate_number": "91210202000002225P",
    "certificate_address": "辽宁省大连市中山区松风路42号",
    "division": "210202",
    "address": "松风路42号",
    "principal": PERSON,
}
SHOP = {
    "name": "听涛商城",
    "home_url": "www.tingtao-hanghai.com",
    "domains": ["tingtao-hanghai.com"],
    "service_contents": ["8"],
    "languages": ["1"],
    "principal": PERSON,
}
CLASSROOM = {
    "name": "听涛课堂",
    "home_url": "www.tingtao-ketang.com",
    "domains": ["tingtao-ketang.com"],
    "service_contents": ["8"],
    "languages": ["1"],
    "principal": PERSON,
}


async def adopt(actor: Actor, website: dict[str, Any], **other: Any) -> Outcome:
    """Ask for an access of a website that another provider filed."""
    asked: dict[str, Any] = {
        "website_id": None,
        "website_filing_number": f"{NUMBER}-1",
        "filing_password": SECRET,
        "typed": Typed(SUBJECT, website, ACCESS),
        "key": None,
        **other,
    }
    return await start_add_access(actor, **asked)


@pytest.mark.shows("C61")
async def test_a_website_that_lost_its_access_gets_a_new_one_in_its_place(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    [website] = await filed.websites_of(subject)
    lost = await filed.access_of(website)
    await desk.add_foreign_access(website.filing_number or "", 310000000023)
    await take_answers(desk)
    ending = await filed.opened(await filed.cancel(owner, lost))
    assert (await filed.through(desk, owner, reviewer, ending)).status is FilingStatus.APPROVED
    assert (await filed.access_of(website)).status is RecordStatus.CANCELLED
    outcome = await filed.start_access(owner, website)
    filing = await filed.opened(outcome)
    access = await filed.access_of(website)
    assert (filing.kind, access.id != lost.id, access.status) == (
        FilingKind.ADD_ACCESS,
        True,
        RecordStatus.DRAFT,
    )
    assert outcome.ids["access"] == access.id
    assert [row.record for row in await Target.filter(filing_id=filing.id)] == [name(access)]
    assert (await Access.get(id=lost.id)).archived
    done = await filed.through(desk, owner, reviewer, filing)
    access = await filed.access_of(website)
    assert (done.status, access.status) == (FilingStatus.APPROVED, RecordStatus.FILED)
    assert access.authority_id not in (None, lost.authority_id)
    assert (await Website.get(id=website.id)).filing_number == website.filing_number
    assert await OtherAccess.filter(website_id=website.id).count() == 1
    assert [row.kind for row in await Filing.all().order_by("id")] == [
        "NEW_FILING",
        "CANCEL_ACCESS",
        "ADD_ACCESS",
    ]


@pytest.mark.shows("C15", "C61", "N6")
async def test_a_website_that_is_served_here_gets_no_second_access(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    before = await everything()
    for number in (None, website.filing_number):
        outcome = await adopt(
            owner, SHOP, website_id=None if number else name(website), website_filing_number=number,
            filing_password=PASSWORD,
        )  # fmt: skip
        assert [(row.code, row.rule) for row in outcome.problems] == [("WRONG_STATE", "MIIT-1029")]
    assert await everything() == before


@pytest.mark.shows("C61")
async def test_one_of_id_and_number_is_given_and_the_number_is_a_websites(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    before = await everything()
    for given in ({"website_filing_number": None}, {"website_id": name(website)}):
        assert said(await adopt(owner, SHOP, **given)) == [("INVALID", None, ("websiteId",))]
    for wrong in (NUMBER, "", "13900063", "辽ICP备13900063号-0", "某ICP证1号-1", "x" * 5000, "\x00"):
        outcome = await adopt(owner, SHOP, website_filing_number=wrong)
        assert said(outcome) == [("INVALID", None, ("websiteFilingNumber",))]
    assert await everything() == before


@pytest.mark.shows("C61")
async def test_what_was_typed_becomes_draft_records_of_another_origin(owner: Actor) -> None:
    outcome = await adopt(owner, SHOP)
    filing = await filed.opened(outcome)
    subject, website = await Subject.get(id=filing.subject_id), await Website.get(id=outcome.ids["website"])
    access = await Access.get(id=outcome.ids["access"])
    for row in (subject, website):
        assert (row.origin, row.status, row.filing_number) == (
            RecordOrigin.ELSEWHERE,
            RecordStatus.DRAFT,
            None,
        )
    assert (subject.claimed_number, website.claimed_number) == (NUMBER, f"{NUMBER}-1")
    assert (subject.owner_id, subject.mode, filing.mode) == (
        owner.account_id,
        FilingMode.SELF,
        FilingMode.SELF,
    )
    assert (subject.name, website.name, access.methods) == (SUBJECT["name"], SHOP["name"], ["3"])
    assert [row.record for row in await Target.filter(filing_id=filing.id).order_by("id")] == [
        name(access), name(subject), name(website),
    ]  # fmt: skip
    [event] = await FilingEvent.filter(filing_id=filing.id)
    assert event.action is FilingAction.START_ADD_ACCESS


@pytest.mark.shows("C48", "C61")
async def test_the_password_that_the_authority_will_check_travels_sealed_and_is_counted(owner: Actor) -> None:
    await adopt(owner, SHOP)
    proof = await FilingProof.get()
    assert (proof.generation, bool(proof.travelling)) == (0, True)
    rows = [row for found in (await everything(memory=True)).values() for row in found]
    assert not any(SECRET in row or (proof.travelling or "?") in row for row in rows)


@pytest.mark.shows("C53")
async def test_numbers_of_others_cannot_be_tried_for_ever(owner: Actor) -> None:
    for _ in range(5):
        filing = await filed.opened(await adopt(owner, SHOP))
        await filed.give_up(owner, filing)
    assert said(await adopt(owner, SHOP)) == [("THROTTLED", "MIIT-22", ("filingPassword",))]


@pytest.mark.shows("C61", "C47")
async def test_the_authority_tells_what_the_adopted_website_is_and_the_password_is_known_from_then_on(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    outcome = await adopt(owner, SHOP)
    filing = await filed.through(desk, owner, reviewer, await filed.opened(outcome))
    assert filing.status is FilingStatus.APPROVED
    subject, website = await Subject.get(id=filing.subject_id), await Website.get(id=outcome.ids["website"])
    access = await filed.access_of(website)
    assert [row.status for row in (subject, website, access)] == [RecordStatus.FILED] * 3
    assert (subject.filing_number, website.filing_number) == (NUMBER, f"{NUMBER}-1")
    assert (subject.name, website.name) == ("大连听涛航海器材有限公司", "听涛航海器材商城")
    assert None not in (subject.authority_id, website.authority_id, access.authority_id)
    domains = await WebsiteDomain.filter(website_id=website.id).order_by("position")
    assert [(row.name, row.status) for row in domains] == [
        ("tingtao-hanghai.com", RecordStatus.FILED), ("tingtao-hanghai.cn", RecordStatus.FILED),
    ]  # fmt: skip
    assert await OtherAccess.filter(website_id=website.id).count() == 2
    assert (await FilingPassword.get(subject_id=subject.id)).generation == 1
    assert not await FilingProof.filter(travelling__isnull=False).exists()
    assert await verify(owner, subject, SECRET, FilingAction.START_CHANGE) == 1
    with pytest.raises(Refused, match="WRONG_FILING_PASSWORD"):
        await verify(owner, subject, PASSWORD, FilingAction.START_CHANGE)


@pytest.mark.shows("C53", "C61")
async def test_a_wrong_password_comes_back_from_the_authority_and_is_given_anew(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await filed.opened(await adopt(owner, SHOP, filing_password="wrong"))
    filing = await filed.through(desk, owner, reviewer, filing)
    assert filing.status is FilingStatus.RETURNED
    assert not await FilingProof.all().exists()
    again = await steps.submit_filing(
        owner, id=name(filing), version=filing.version, filing_password=None, key=None
    )
    assert said(again) == [("FILING_PASSWORD_REQUIRED", "BEIAN-PROOF", ("filingPassword",))]
    again = await steps.submit_filing(
        owner, id=name(filing), version=filing.version, filing_password=SECRET, key=None
    )
    assert not again.problems
    assert (await filed.through(desk, owner, reviewer, filing)).status is FilingStatus.APPROVED
    assert await Report.filter(filing_id=filing.id).count() == 2


@pytest.mark.shows("C61")
async def test_a_further_website_of_a_number_that_is_his_own_already_comes_under_the_same_subject(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    first = await filed.through(desk, owner, reviewer, await filed.opened(await adopt(owner, SHOP)))
    before = (await Subject.get(id=first.subject_id)).version
    outcome = await adopt(owner, CLASSROOM, website_filing_number=f"{NUMBER}-2")
    filing = await filed.opened(outcome)
    assert filing.subject_id == first.subject_id
    assert await Target.filter(filing_id=filing.id).count() == 2
    assert (
        await FilingProof.filter(filing_id=filing.id).get()
    ).travelling is None  # it is checked here by now
    done = await filed.through(desk, owner, reviewer, filing)
    website = await Website.get(id=outcome.ids["website"])
    assert (done.status, website.status, website.name) == (
        FilingStatus.APPROVED, RecordStatus.FILED, "听涛航海课堂",
    )  # fmt: skip
    assert (await filed.access_of(website)).status is RecordStatus.FILED
    assert (await Subject.get(id=first.subject_id)).version == before
    assert [row.filing_number for row in await Website.all().order_by("id")] == [f"{NUMBER}-1", f"{NUMBER}-2"]


class Remembering(desks.Counter):
    """Remembers every upload."""

    def __init__(self, real: Simulator) -> None:
        super().__init__(real)
        self.uploads: list[Any] = []

    async def upload(self, message: Any, key: str) -> Any:
        self.uploads.append(message)
        return await super().upload(message, key)


@pytest.mark.shows("C61", "C34")
async def test_each_report_of_an_access_bears_an_id_of_ours_that_none_bore_before(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    remembering = Remembering(desk)
    filing = await filed.opened(await adopt(owner, SHOP, filing_password="wrong"))
    filing = await filed.through(remembering, owner, reviewer, filing)
    await steps.submit_filing(
        owner, id=name(filing), version=filing.version, filing_password=SECRET, key=None
    )
    filing = await filed.through(remembering, owner, reviewer, filing)
    assert filing.status is FilingStatus.APPROVED
    assert all(isinstance(message, NewAccess) for message in remembering.uploads)
    ids = [message.access.provider_id for message in remembering.uploads]
    assert len(set(ids)) == 2
    assert min(ids) > OWN_IDS
    assert [message.password is not None for message in remembering.uploads] == [True, True]
    assert (remembering.uploads[0].website_number, remembering.uploads[0].website_id) == (f"{NUMBER}-1", None)


async def archived(model: type[Subject] | type[Website] | type[Access]) -> bool:
    """Whether the only row of this kind is archived."""
    return await model.filter(archived=True).count() == await model.all().count() == 1


@pytest.mark.shows("C44", "C61")
async def test_what_was_typed_is_edited_dropped_and_brought_back_as_a_whole(
    owner: Actor, reviewer: Actor
) -> None:
    outcome = await adopt(owner, SHOP)
    filing = await filed.opened(outcome)
    website, access = await Website.get(id=outcome.ids["website"]), await Access.get(id=outcome.ids["access"])
    for edited in (
        await edit_subject(owner, filing, remark="补"),
        await edit_website(owner, website, remark="补"),
        await edit_access(owner, access, 1, methods=["5"]),
    ):
        assert not edited.problems
    filing = await give_back(reviewer, await submit(owner, await Filing.get(id=filing.id)))
    dropped = await filed.give_up(owner, filing)
    assert [await archived(row) for row in (Subject, Website, Access)] == [True] * 3
    restored = await steps.restore_filing(
        owner, id=name(dropped), version=dropped.version, filing_password=SECRET, key=None
    )
    assert not restored.problems
    assert [await archived(row) for row in (Subject, Website, Access)] == [False] * 3


@pytest.mark.shows("C21", "C61")
async def test_staff_adopt_for_a_customer_and_applicants_for_themselves_alone(
    owner: Actor, reviewer: Actor
) -> None:
    customer = node_id(Account, owner.account_id or 0)
    filing = await filed.opened(await adopt(reviewer, SHOP, owner_id=customer))
    subject = await Subject.get(id=filing.subject_id)
    assert (subject.owner_id, subject.filed_by_id, subject.mode, filing.mode) == (
        owner.account_id, reviewer.account_id, FilingMode.ON_BEHALF, FilingMode.ON_BEHALF,
    )  # fmt: skip
    other = await make_actor(Role.APPLICANT)
    before = await everything()
    foreign = await adopt(other, SHOP, owner_id=customer)
    assert said(foreign) == [("NOT_FOUND", None, ("ownerId",))]
    nobody = await adopt(reviewer, SHOP)
    assert said(nobody) == [("INVALID", None, ("ownerId",))]
    admin = await adopt(await make_actor(Role.ADMIN), SHOP)
    assert [problem.code for problem in admin.problems] == ["NOT_PERMITTED"]
    assert (await everything())["filing"] == before["filing"]


@pytest.mark.shows("C61")
@pytest.mark.parametrize(
    ("part", "field", "rule"),
    [
        ("website", "🚚", "MIIT-5008"),
        ("subject", "🚚", "MIIT-5008"),
        ("website", "", "BEIAN-REQUIRED"),
        ("subject", "", "BEIAN-REQUIRED"),
    ],
)
async def test_what_cannot_be_stored_is_refused_and_leaves_no_record_behind(
    owner: Actor, part: str, field: str, rule: str
) -> None:
    subject, website = {**SUBJECT}, {**SHOP}
    (subject if part == "subject" else website)["name"] = field
    outcome = await adopt(owner, website, typed=Typed(subject, website, ACCESS))
    assert [(row.code, row.rule) for row in outcome.problems] == [("INVALID", rule)]
    assert not await Subject.all().exists()
    assert not await Website.all().exists()
    assert not await Filing.all().exists()


@pytest.mark.shows("C58", "C59")
async def test_beside_an_adoption_under_way_nothing_else_is_opened_for_that_number(owner: Actor) -> None:
    filing = await filed.opened(await adopt(owner, SHOP))
    before = await everything()
    again = await adopt(owner, CLASSROOM, website_filing_number=f"{NUMBER}-2")
    assert [(row.code, row.blocking_id) for row in again.problems] == [("COEXISTENCE", name(filing))]
    assert await everything() == before


@pytest.mark.shows("C26")
async def test_an_adopted_draft_is_no_filed_record_for_anything_else(owner: Actor) -> None:
    outcome = await adopt(owner, SHOP)
    subject = await Subject.get(id=outcome.ids["subject"])
    website = await Website.get(id=outcome.ids["website"])
    before = await everything()
    for asked in (
        filed.start_change(owner, subject, website),
        filed.start_add_website(owner, subject, SECRET),
        filed.cancel(owner, website),
        filed.cancel(owner, subject),
    ):
        assert (await asked).problems[0].rule == "BEIAN-NOT-FILED"
    assert await everything() == before


@pytest.mark.shows("C23", "C53", "C61")
async def test_a_further_website_of_a_number_that_another_account_has_here_opens_to_no_password(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    done = await filed.through(desk, owner, reviewer, await filed.opened(await adopt(owner, SHOP)))
    assert done.status is FilingStatus.APPROVED
    other = await make_actor(Role.APPLICANT)
    outcome = await adopt(other, CLASSROOM, website_filing_number=f"{NUMBER}-2")
    assert said(outcome) == [("WRONG_FILING_PASSWORD", "MIIT-1018", ("filingPassword",))]
    assert await Subject.all().count() == 1


@pytest.mark.shows("C61")
async def test_of_two_who_adopt_one_number_the_later_is_refused_once_it_is_filed_here(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    other = await make_actor(Role.APPLICANT)
    late = await filed.opened(await adopt(other, CLASSROOM, website_filing_number=f"{NUMBER}-2"))
    dropped = await filed.opened(await adopt(owner, CLASSROOM, website_filing_number=f"{NUMBER}-2"))
    dropped = await filed.give_up(owner, dropped)
    done = await filed.through(desk, owner, reviewer, await filed.opened(await adopt(owner, SHOP)))
    assert done.status is FilingStatus.APPROVED
    before = await everything()
    refused = [
        await steps.submit_filing(other, id=name(late), version=late.version, filing_password=None, key=None),
        await steps.restore_filing(
            owner, id=name(dropped), version=dropped.version, filing_password=SECRET, key=None
        ),
    ]
    for outcome in refused:
        assert ("WRONG_STATE", "BEIAN-NUMBER-HERE") in [(row.code, row.rule) for row in outcome.problems]
    after = await everything()
    assert {table for table in after if after[table] != before[table]} <= {"throttle"}


@pytest.mark.shows("C44", "C61")
async def test_a_dropped_added_access_gives_its_place_back_to_the_cancelled_one(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    cancelled = await filed.access_of(website)
    await filed.end_access(cancelled)
    filing = await filed.opened(await filed.start_access(owner, website))
    drafted = await filed.access_of(website)
    assert drafted.id != cancelled.id
    filing = await filed.give_up(owner, filing)
    assert (await filed.access_of(website)).id == cancelled.id
    restored = await steps.restore_filing(owner, **named(filing), filing_password=filed.PASSWORD)
    assert not restored.problems, restored.problems
    assert (await filed.access_of(website)).id == drafted.id
