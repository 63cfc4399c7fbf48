"""People over the schema: customers found and invited, acts of two reviewers, grants shown once, and who is let in."""

from datetime import timedelta

import pytest

import settings as settings_module
from accounts.administration import disable_account
from models.account import Account
from models.clock import now
from models.credential import Throttle
from models.event import AuditEntry
from models.filing import Filing, PasswordGrant
from models.joint_act import JointAct
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.states import FilingStatus, OutboxState, Role, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import WebsiteDomain
from tests.schema.asking import Person, codes, make_person, saved
from tests.support.counting import counting
from tests.support.lives import actor_of, approve, draft, make_account, submit
from tests.support.places import Cast, Life, Lives, gather_cast
from tests.workflow.filed_subjects import password_of, uploaded_by
from workflow.gate import decide


@pytest.fixture
async def colleague(lawful: str) -> Person:
    """Another reviewer at a browser."""
    return await make_person(Role.REVIEWER)


async def several_filed(owner: Person, reviewer: Person, count: int) -> list[Life]:
    """Subjects in force that the owner filed himself."""
    cast = await gather_cast()
    lives = Lives(Cast(**{**cast.__dict__, "owner": owner.actor, "reviewer": reviewer.actor}))
    return [await lives.reach("APPROVED", on_behalf=False) for _ in range(count)]


async def filed_of(owner: Person, reviewer: Person) -> Life:
    """A subject in force that the owner filed himself."""
    [life] = await several_filed(owner, reviewer, 1)
    return life


def subject_id(life: Life) -> str:
    return node_id(Subject, life.filing.subject_id)


async def asked_transfer(reviewer: Person, life: Life, to: Person, **more: object) -> dict[str, object]:
    version = (await Subject.get(id=life.filing.subject_id)).version
    given = {"subjectId": subject_id(life), "version": version, "ownerId": to.id, "reason": "合并", **more}
    payload = await reviewer.do("transferSubject", **given)
    assert payload["errors"] == []
    act: dict[str, object] = payload["jointAct"]
    return act


async def test_a_reviewer_finds_a_customer_and_files_for_an_invited_one_at_once(
    owner: Person, reviewer: Person
) -> None:
    assert owner.caller is not None
    found = await reviewer.run("customer", username=owner.caller.username)
    assert (found["id"], found["email"]) == (owner.id, f"{owner.caller.username}@example.com")
    assert await reviewer.run("customer", email="nobody@example.com") is None
    invited = await reviewer.do("inviteCustomer", email="han@example.org", idempotencyKey="k")
    assert invited["errors"] == []
    again = await reviewer.do("inviteCustomer", email="han@example.org", idempotencyKey="k")
    assert again == invited
    assert codes(await reviewer.do("inviteCustomer", email="han@example.org")) == ["DUPLICATE"]
    made = await reviewer.do("createSubject", name="甲", ownerId=invited["account"]["id"])
    assert (made["errors"], made["subject"]["mode"]) == ([], "ON_BEHALF")


async def test_a_look_that_cannot_be_answered_is_told_at_the_top(owner: Person, reviewer: Person) -> None:
    assert await reviewer.code_of(saved("customer")) == "BAD_USER_INPUT"
    await reviewer.run("customer", username="nobody")
    await unit_of_work(lambda: Throttle.filter(key__startswith="find-customer").update(tries=60))
    result = await reviewer.execute(saved("customer"), username="nobody")
    assert result.errors
    extensions = result.errors[0].extensions or {}
    assert extensions["code"] == "RATE_LIMITED"
    assert 0 < extensions["retryAfter"] <= 3600


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ADMIN, Role.AUDITOR])
async def test_only_reviewers_look_for_customers_or_invite_them(lawful: str, role: Role) -> None:
    person = await make_person(role)
    assert await person.code_of(saved("customer"), username="x") == "FORBIDDEN"
    accounts = await Account.all().count()
    assert codes(await person.do("inviteCustomer", email="han@example.org")) == ["NOT_PERMITTED"]
    assert await Account.all().count() == accounts
    assert await AuditEntry.all().count() == 0


async def test_a_token_needs_the_scope_and_makes_no_grant(owner: Person, reviewer: Person) -> None:
    assert await reviewer.by_token(TokenScope.REVIEW).code_of(saved("customer"), username="x") == "FORBIDDEN"
    for name, given in (
        ("inviteCustomer", {"email": "han@example.org"}),
        ("confirmJointAct", {"id": "act_1"}),
        ("rejectJointAct", {"id": "act_1", "reason": "x"}),
        ("resetFilingPassword", {"subjectId": "sub_1", "reason": "x"}),
        ("transferSubject", {"subjectId": "sub_1", "version": 1, "ownerId": "acc_1", "reason": "x"}),
        ("correctFilingNumber", {"id": "sub_1", "version": 1, "number": "x", "reason": "x"}),
    ):
        token = reviewer.by_token(*(set(TokenScope) - {TokenScope.REVIEW}))
        assert await token.code_of(saved(name), input=given) == "FORBIDDEN"
    every = owner.by_token(*TokenScope)
    grant = {"subjectId": "sub_1", "filingPassword": "x", "actions": ["START_CHANGE"], "minutes": 1}
    assert await every.code_of(saved("createPasswordGrant"), input=grant) == "FORBIDDEN"
    assert await every.code_of(saved("revokePasswordGrant"), input={"id": "grant_1"}) == "FORBIDDEN"


@pytest.mark.shows("C82")
async def test_a_transfer_waits_on_the_list_until_a_colleague_confirms_it(
    owner: Person, reviewer: Person, colleague: Person
) -> None:
    life, to = await filed_of(owner, reviewer), await make_person(Role.APPLICANT)
    act = await asked_transfer(reviewer, life, to)
    [listed] = (await colleague.run("jointActs"))["nodes"]
    assert (listed["id"], listed["kind"], listed["state"]) == (act["id"], "TRANSFER", "WAITING")
    assert (listed["newOwner"]["id"], listed["askedBy"]["id"]) == (to.id, reviewer.id)
    assert listed["subject"]["id"] == subject_id(life)
    assert codes(await reviewer.do("confirmJointAct", id=act["id"])) == ["NOT_PERMITTED"]
    payload = await colleague.do("confirmJointAct", id=act["id"])
    assert payload["errors"] == []
    assert (payload["jointAct"]["state"], payload["jointAct"]["newOwner"]) == ("CONFIRMED", None)
    assert (await colleague.run("jointActs"))["totalCount"] == 0
    assert await owner.run("subject", id=subject_id(life)) is None
    assert (await to.run("subject", id=subject_id(life)))["id"] == subject_id(life)


async def test_only_staff_of_the_desk_see_what_waits(owner: Person, reviewer: Person, admin: Person) -> None:
    life, to = await filed_of(owner, reviewer), await make_person(Role.APPLICANT)
    act = await asked_transfer(reviewer, life, to)
    for person in (owner, admin):
        assert await person.code_of(saved("jointActs")) == "FORBIDDEN"
        payload = await person.do("confirmJointAct", id=act["id"])
        assert (codes(payload), payload["jointAct"]) == (["NOT_FOUND"], None)
    auditor = await make_person(Role.AUDITOR)
    assert (await auditor.run("jointActs"))["totalCount"] == 1
    assert codes(await auditor.do("rejectJointAct", id=act["id"], reason="x")) == ["NOT_PERMITTED"]
    assert (await JointAct.get()).state == "WAITING"


async def test_the_list_is_told_by_state_and_subject(
    owner: Person, reviewer: Person, colleague: Person
) -> None:
    life, to = await filed_of(owner, reviewer), await make_person(Role.APPLICANT)
    first = await asked_transfer(reviewer, life, to)
    rejected = await colleague.do("rejectJointAct", id=first["id"], reason="无证明")
    assert (rejected["jointAct"]["state"], rejected["jointAct"]["answer"]) == ("REJECTED", "无证明")
    second = await asked_transfer(reviewer, life, to)
    await unit_of_work(
        lambda: JointAct.filter(state="WAITING").update(expires_at=now() - timedelta(seconds=1))
    )
    third = await reviewer.run("jointActs", state="EXPIRED")
    assert [(act["id"], act["newOwner"]) for act in third["nodes"]] == [(second["id"], None)]
    assert [act["id"] for act in (await reviewer.run("jointActs", state="REJECTED"))["nodes"]] == [
        first["id"]
    ]
    assert (await reviewer.run("jointActs", state="WAITING"))["totalCount"] == 0
    assert (await reviewer.run("jointActs", state=None, subjectId=subject_id(life)))["totalCount"] == 2
    assert (await reviewer.run("jointActs", state=None, subjectId="sub_999"))["totalCount"] == 0


@pytest.mark.shows("C83")
async def test_where_a_password_would_go_is_shown_to_reviewers_alone(
    owner: Person, reviewer: Person, colleague: Person
) -> None:
    life = await filed_of(owner, reviewer)
    file = await uploaded_by(reviewer.actor)
    payload = await reviewer.do(
        "resetFilingPassword",
        subjectId=subject_id(life),
        reason="邮箱停用",
        deliverTo="legal@example.org",
        documentIds=[file],
    )
    assert payload["errors"] == []
    assert (payload["jointAct"]["deliverTo"], payload["jointAct"]["documentIds"]) == (
        "legal@example.org",
        [file],
    )
    auditor = await make_person(Role.AUDITOR)
    [seen] = (await auditor.run("jointActs"))["nodes"]
    assert seen["deliverTo"] == "l***@example.org"
    done = await colleague.do("confirmJointAct", id=payload["jointAct"]["id"])
    assert (done["errors"], done["jointAct"]["deliverTo"]) == ([], None)


@pytest.mark.shows("C49")
async def test_a_reset_to_the_approved_address_is_done_at_once(owner: Person, reviewer: Person) -> None:
    life = await filed_of(owner, reviewer)
    given = {"subjectId": subject_id(life), "reason": "邮件未送达"}
    payload = await reviewer.do("resetFilingPassword", **given)
    assert (payload["errors"], payload["jointAct"], payload["subject"]["id"]) == ([], None, subject_id(life))
    assert codes(await owner.do("resetFilingPassword", **given)) == ["NOT_PERMITTED"]
    short = await reviewer.do("resetFilingPassword", **given, deliverTo="legal@example.org")
    assert short["errors"][0]["path"] == ["documentIds"]


async def test_a_number_is_corrected_in_manual_mode(
    owner: Person, reviewer: Person, colleague: Person
) -> None:
    life = await filed_of(owner, reviewer)
    subject = await Subject.get(id=life.filing.subject_id)
    given = {
        "id": subject_id(life),
        "version": subject.version,
        "number": "辽ICP备2026000777号",
        "reason": "录入错误",
    }
    assert codes(await reviewer.do("correctFilingNumber", **given)) == ["WRONG_STATE"]
    settings_module.use(settings_module.current().model_copy(update={"authority": "manual"}))
    asked = await reviewer.do("correctFilingNumber", **given)
    assert asked["errors"] == []
    assert asked["jointAct"]["record"] == {"__typename": "Subject", "id": subject_id(life)}
    assert asked["jointAct"]["number"] == "辽ICP备2026000777号"
    done = await colleague.do("confirmJointAct", id=asked["jointAct"]["id"])
    assert (done["errors"], done["subject"]["filingNumber"]) == ([], "辽ICP备2026000777号")


@pytest.mark.shows("N9")
async def test_a_grant_is_shown_once_listed_and_taken_back(owner: Person, reviewer: Person) -> None:
    life = await filed_of(owner, reviewer)
    given = {
        "subjectId": subject_id(life), "filingPassword": await password_of(life), "actions": ["START_CHANGE"],
        "minutes": 30, "idempotencyKey": "k",
    }  # fmt: skip
    payload = await owner.do("createPasswordGrant", **given)
    assert payload["errors"] == []
    assert payload["grant"].startswith("bgr_")
    again = await owner.do("createPasswordGrant", **given)
    assert (again["grant"], again["passwordGrant"]) == (None, payload["passwordGrant"])
    assert await owner.run("passwordGrants", subjectId=subject_id(life)) == [payload["passwordGrant"]]
    assert await reviewer.run("passwordGrants", subjectId=subject_id(life)) == []
    assert codes(await reviewer.do("createPasswordGrant", **given)) == ["NOT_PERMITTED"]
    wrong = await owner.do("createPasswordGrant", **{**given, "filingPassword": "x", "idempotencyKey": "w"})
    assert (codes(wrong), wrong["grant"]) == (["WRONG_FILING_PASSWORD"], None)
    assert codes(await reviewer.do("revokePasswordGrant", id=payload["passwordGrant"]["id"])) == ["NOT_FOUND"]
    revoked = await owner.do("revokePasswordGrant", id=payload["passwordGrant"]["id"])
    assert revoked["passwordGrant"]["revokedAt"] is not None
    assert await PasswordGrant.all().count() == 1


@pytest.mark.shows("C82")
async def test_a_disabled_owners_filing_goes_on_and_his_sites_stay_open(
    owner: Person, reviewer: Person
) -> None:
    life = await filed_of(owner, reviewer)
    domain = await WebsiteDomain.get(website__subject_id=life.filing.subject_id)
    other = actor_of(await make_account(Role.APPLICANT, "leaving"))
    submitted = await submit(other, await draft(other, 2))
    await disable_account("leaving")
    assert owner.caller is not None
    await disable_account(owner.caller.username)
    assert (await decide(domain.name, None)).decision == "ALLOW"
    accepted = await approve(reviewer.actor, submitted)
    assert (accepted.status, accepted.owner_id) == (FilingStatus.ACCEPTED, other.account_id)


@pytest.mark.shows("C83")
async def test_reviewers_alone_see_which_passwords_have_not_arrived(owner: Person, reviewer: Person) -> None:
    lives = await several_filed(owner, reviewer, 2)
    assert (await reviewer.run("undeliveredPasswords"))["totalCount"] == 0
    passwords = OutboxMessage.filter(key__startswith="filing_password:")
    refused = {"state": OutboxState.PARKED, "payload": None, "attempts": 1, "last_error": "550 5.1.1 unknown"}
    await unit_of_work(lambda: passwords.update(**refused))
    page = await reviewer.run("undeliveredPasswords", first=1)
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    [first] = page["nodes"]
    assert first["subject"]["id"] == subject_id(lives[0])
    assert first["filing"]["id"] == node_id(Filing, lives[0].filing.id)
    email = (await Subject.get(id=lives[0].filing.subject_id)).principal_email or ""
    assert first["address"] == f"{email[0]}***@{email.partition('@')[2]}"
    assert (first["attempts"], first["answer"], first["givenUp"]) == (1, "550 5.1.1 unknown", True)
    laid = (await OutboxMessage.get(key=f"filing_password:{lives[0].filing.subject_id}:1")).created_at
    assert first["since"] == laid.isoformat().replace("+00:00", "Z")
    [second] = (await reviewer.run("undeliveredPasswords", after=page["pageInfo"]["endCursor"]))["nodes"]
    assert second["subject"]["id"] == subject_id(lives[1])
    for role in (Role.APPLICANT, Role.ADMIN, Role.AUDITOR):
        assert await (await make_person(role)).code_of(saved("undeliveredPasswords")) == "FORBIDDEN"


async def test_a_page_of_undelivered_passwords_costs_the_same_however_long_it_is(
    owner: Person, reviewer: Person
) -> None:
    await several_filed(owner, reviewer, 3)
    passwords = OutboxMessage.filter(key__startswith="filing_password:")
    await unit_of_work(lambda: passwords.update(created_at=now() - timedelta(hours=2)))
    costs = []
    for size in (1, 3):
        async with counting() as statements:
            page = await reviewer.run("undeliveredPasswords", first=size)
        assert len(page["nodes"]) == size
        costs.append(len(statements))
    assert costs[0] == costs[1]


async def test_a_subject_tells_staff_what_waits_for_a_second_of_them(owner: Person, reviewer: Person) -> None:
    life, other = await several_filed(owner, reviewer, 2)
    act = await asked_transfer(reviewer, life, await make_person(Role.APPLICANT))
    assert [it["id"] for it in (await reviewer.run("subject", id=subject_id(life)))["jointActs"]] == [
        act["id"]
    ]
    assert (await reviewer.run("subject", id=subject_id(other)))["jointActs"] == []
    assert (await owner.run("subject", id=subject_id(life)))["jointActs"] == []
    text = "{ subjects { nodes { id jointActs { id } } } }"
    async with counting() as statements:
        told = (await reviewer.ask(text))["subjects"]["nodes"]
    assert {it["id"]: len(it["jointActs"]) for it in told} == {subject_id(life): 1, subject_id(other): 0}
    assert sum('"joint_act"' in statement for statement in statements) == 1
    await reviewer.do("rejectJointAct", id=act["id"], reason="误操作")
    assert (await reviewer.run("subject", id=subject_id(life)))["jointActs"] == []
