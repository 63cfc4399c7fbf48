"""Drafts of subjects: who may enter one for whom, what is stored, and what is refused even to a draft."""

import asyncio
from typing import Any

import pytest

from models.account import Account
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingKind, FilingMode, FilingStatus, RecordStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.lives import approve, draft, give_back, make_account, make_actor, submit
from tests.workflow.doings import PERSON, codes, edit_subject, fresh, said, subject_of, websites_of
from tests.workflow.everything import everything
from workflow import drafts
from workflow.actors import Actor, visible_filings, visible_subjects
from workflow.command import Outcome


async def enter(actor: Actor, owner_id: str | None = None, **fields: Any) -> Outcome:
    given = {"name": "大连听涛科技有限公司", **fields}
    return await drafts.create_subject(actor, owner_id=owner_id, fields=given, websites=[], key=None)


@pytest.mark.shows("C20", "C21")
async def test_a_subject_that_is_saved_is_listed_at_once_as_a_draft_of_its_owners_own(owner: Actor) -> None:
    outcome = await enter(owner)
    assert outcome.problems == ()
    filing = await Filing.get(id=outcome.ids["filing"])
    assert (filing.kind, filing.status) == (FilingKind.NEW_FILING, FilingStatus.DRAFT)
    assert (filing.version, filing.revision, filing.mode) == (1, 0, FilingMode.SELF)
    assert (filing.owner_id, filing.filed_by_id) == (owner.account_id, owner.account_id)
    [subject] = await visible_subjects(owner)
    assert (subject.id, subject.status, subject.version) == (outcome.ids["subject"], RecordStatus.DRAFT, 1)


@pytest.mark.shows("C14", "C17")
async def test_a_whole_filing_is_entered_in_one_call(owner: Actor) -> None:
    access = {"methods": ["2"], "server_locations": ["19"], "ip_ranges": [{"start": "192.0.2.1"}]}
    outcome = await drafts.create_subject(
        owner,
        owner_id=None,
        fields={"name": "大连听涛科技有限公司", "principal": PERSON, "investor": "大连港"},
        websites=[
            {"name": "听涛", "domains": ["tingtao.cn", "tingtao.com"], "principal": PERSON, "access": access},
            {"name": "听涛论坛"},
        ],
        key=None,
    )
    subject = await Subject.get(id=outcome.ids["subject"])
    assert (subject.principal_email, subject.principal_mobile) == ("han@example.com", "13912345678")
    assert (subject.investor, subject.division) == ("大连港", None)
    first, second = await websites_of(await Filing.get(id=outcome.ids["filing"]))
    assert (first.serial, first.name, first.principal_name) == (1, "听涛", "韩望潮")
    assert (second.serial, second.name, second.principal_name) == (2, "听涛论坛", None)


@pytest.mark.shows("C21")
async def test_a_reviewer_files_on_behalf_of_a_customer_who_sees_it_as_his(
    owner: Actor, reviewer: Actor
) -> None:
    outcome = await enter(reviewer, node_id(Account, owner.account_id or 0))
    filing = await visible_filings(owner).get(id=outcome.ids["filing"])
    assert filing.mode is FilingMode.ON_BEHALF
    assert (filing.owner_id, filing.filed_by_id) == (owner.account_id, reviewer.account_id)
    assert not await visible_filings(await make_actor(Role.REVIEWER)).exists()


async def test_what_is_not_an_applicant_that_may_be_named_is_not_found(owner: Actor, reviewer: Actor) -> None:
    disabled = await make_account(Role.APPLICANT)
    admin = await make_account(Role.ADMIN)
    await _disable(disabled)
    before = await everything()
    assert said(await enter(reviewer)) == [("INVALID", None, ("ownerId",))]
    for named in (
        "acc_999999",
        "sub_1",
        "nonsense",
        node_id(Account, admin.id),
        node_id(Account, disabled.id),
    ):
        assert said(await enter(reviewer, named)) == [("NOT_FOUND", None, ("ownerId",))]
    assert said(await enter(owner, node_id(Account, reviewer.account_id or 0))) == [
        ("NOT_FOUND", None, ("ownerId",))
    ]
    assert await everything() == before


async def _disable(account: Account) -> None:
    await unit_of_work(lambda: Account.filter(id=account.id).update(disabled=True))


async def test_who_does_not_file_enters_nothing(owner: Actor) -> None:
    for role in (Role.ADMIN, Role.AUDITOR):
        actor = await make_actor(role)
        before = await everything()
        assert codes(await enter(actor, node_id(Account, owner.account_id or 0))) == ["NOT_PERMITTED"]
        assert await everything() == before


@pytest.mark.shows("C29")
async def test_a_draft_stores_anything_of_the_right_type(owner: Actor) -> None:
    outcome = await enter(
        owner,
        unit_nature="5",
        certificate_type="1",
        certificate_number="12",
        division="210000",
        principal={"email": "no address", "mobile": "12", "office_phone": "?"},
        remark="",
    )
    assert outcome.problems == ()
    subject = await Subject.get(id=outcome.ids["subject"])
    assert (subject.unit_nature, subject.certificate_type, subject.certificate_number) == ("5", "1", "12")
    assert (subject.principal_email, subject.principal_mobile) == ("no address", "12")
    assert (subject.principal_office_phone, subject.division, subject.remark) == ("?", "210000", "")


UNSTORABLE: list[tuple[dict[str, Any], str | None, tuple[str, ...]]] = [
    ({"name": "大连😀公司"}, "MIIT-5008", ("subject", "name")),
    ({"address": "龖\U00020000路1号"}, "MIIT-5008", ("subject", "address")),
    ({"remark": "a\x07b"}, "BEIAN-CONTROL", ("subject", "remark")),
    ({"remark": "a\x00b"}, "BEIAN-CONTROL", ("subject", "remark")),
    ({"name": "长" * 256}, "BEIAN-LENGTH", ("subject", "name")),
    ({"unit_nature": "99"}, None, ("subject", "unitNature")),
    ({"division": "999999"}, None, ("subject", "division")),
    ({"certificate_number": "210***********0010"}, "BEIAN-MASKED", ("subject", "certificateNumber")),
    ({"principal": {"mobile": "139****5678"}}, "BEIAN-MASKED", ("subject", "principal", "mobile")),
    ({"principal": {"office_phone": "086***0000"}}, "BEIAN-MASKED", ("subject", "principal", "officePhone")),
    ({"name": None}, "BEIAN-REQUIRED", ("subject", "name")),
    ({"name": " "}, "BEIAN-REQUIRED", ("subject", "name")),
]


@pytest.mark.shows("C77", "C73")
async def test_what_no_draft_may_hold_is_refused_at_save(owner: Actor) -> None:
    filing = await draft(owner)
    before = await everything()
    for fields, rule, path in UNSTORABLE:
        for outcome in (await enter(owner, **fields), await edit_subject(owner, filing, **fields)):
            [problem] = outcome.problems
            assert (problem.code, problem.path) == ("INVALID", path)
            assert rule is None or problem.rule == rule
    assert await everything() == before


async def test_all_that_cannot_be_stored_is_told_at_once(owner: Actor) -> None:
    outcome = await enter(owner, name="😀", remark="\x01", unit_nature="99", principal={"name": "😀"})
    assert codes(outcome) == ["INVALID"] * 4
    assert {problem.path for problem in outcome.problems} == {
        ("subject", "name"),
        ("subject", "remark"),
        ("subject", "unitNature"),
        ("subject", "principal", "name"),
    }


@pytest.mark.shows("C29")
async def test_an_absent_field_stays_and_a_null_clears(owner: Actor) -> None:
    filing = await draft(owner)  # 北京海岸商贸有限公司, principal 许星野
    await edit_subject(owner, filing, investor="海岸集团", remark="一")
    await edit_subject(owner, filing, remark=None, principal={"mobile": "13800000000", "office_phone": None})
    subject = await subject_of(filing)
    assert (subject.name, subject.investor, subject.remark) == ("北京海岸商贸有限公司", "海岸集团", None)
    assert (subject.principal_name, subject.principal_mobile) == ("许星野", "13800000000")
    assert (subject.principal_office_phone, subject.principal_email) == (None, "xingye.xu34@example.net")
    await edit_subject(owner, filing, principal=None)
    subject = await subject_of(filing)
    assert (subject.principal_name, subject.principal_mobile, subject.principal_email) == (None, None, None)
    assert subject.principal_certificate_number is None


@pytest.mark.shows("N8")
async def test_an_edit_raises_the_version_of_the_subject_and_of_its_filing_alone(owner: Actor) -> None:
    filing = await draft(owner)
    outcome = await edit_subject(owner, filing, remark="一")
    assert outcome.problems == ()
    assert outcome.ids == {"subject": filing.subject_id, "filing": filing.id}
    assert ((await subject_of(filing)).version, (await fresh(filing)).version) == (2, 2)
    assert [website.version for website in await websites_of(filing)] == [1]


@pytest.mark.shows("N8")
async def test_a_stale_edit_is_told_the_current_version_and_changes_nothing(owner: Actor) -> None:
    filing = await draft(owner)
    await edit_subject(owner, filing, remark="一")
    before = await everything()
    for version in (1, 3, 0, -1):
        outcome = await drafts.update_subject(
            owner, id=node_id(Subject, filing.subject_id), version=version, fields={"remark": "二"}, key=None
        )
        [problem] = outcome.problems
        assert (problem.code, problem.path, problem.current_version) == ("STALE_VERSION", ("version",), 2)
        assert outcome.ids == {"subject": filing.subject_id, "filing": filing.id}
    assert await everything() == before


@pytest.mark.shows("C23")
async def test_another_persons_subject_is_as_unknown_as_none(owner: Actor) -> None:
    filing = await draft(owner)
    stranger = await make_actor(Role.APPLICANT)
    before = await everything()
    for named in (
        node_id(Subject, filing.subject_id),
        "sub_999999",
        "web_1",
        "sub_01",
        "",
        "sub_" + "9" * 30,
    ):
        outcome = await drafts.update_subject(
            stranger, id=named, version=1, fields={"remark": "二"}, key=None
        )
        assert said(outcome) == [("NOT_FOUND", None, ("id",))]
        assert outcome.ids == {}
    assert await everything() == before


@pytest.mark.shows("C31", "C70")
async def test_a_submission_locks_the_subject_and_says_by_which_filing(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    for stage in ("SUBMITTED", "ACCEPTED"):
        before = await everything()
        [problem] = (await edit_subject(owner, filing, remark="二")).problems
        assert (problem.code, problem.blocking_id) == ("WRONG_STATE", node_id(Filing, filing.id)), stage
        assert await everything() == before
        if stage == "SUBMITTED":
            filing = await approve(reviewer, filing)


@pytest.mark.shows("C33", "C40", "C41")
async def test_a_returned_filing_is_edited_by_its_owner_and_never_by_the_reviewer(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    before = await everything()
    assert codes(await edit_subject(reviewer, filing, remark="二")) == ["NOT_PERMITTED"]
    assert await everything() == before
    assert codes(await edit_subject(owner, filing, remark="二")) == []


@pytest.mark.shows("N8")
async def test_saving_what_is_there_already_changes_nothing(owner: Actor) -> None:
    filing = await draft(owner)
    subject = await subject_of(filing)
    before = await everything()
    outcome = await drafts.update_subject(
        owner, id=f"sub_{subject.id}", version=subject.version, fields={"name": subject.name}, key=None
    )
    assert outcome.problems == ()
    assert await everything() == before


@pytest.mark.shows("N8")
async def test_two_edits_sent_one_after_the_other_without_waiting_both_last(owner: Actor) -> None:
    filing = await draft(owner)
    for turn in range(12):
        subject = await subject_of(filing)
        number, seen = f"sub_{subject.id}", subject.version
        outcomes = await asyncio.gather(
            drafts.update_subject(owner, id=number, version=seen, fields={"remark": f"甲{turn}"}, key=None),
            drafts.update_subject(
                owner, id=number, version=seen + 1, fields={"address": f"乙{turn}"}, key=None
            ),
        )
        after = await subject_of(filing)
        taken = [not outcome.problems for outcome in outcomes]
        assert after.version == seen + sum(taken)
        assert (after.remark == f"甲{turn}") is taken[0]
        assert (after.address == f"乙{turn}") is taken[1]
