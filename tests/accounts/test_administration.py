"""Administration: accounts and roles, by the operator and by administrators, with one administrator always left."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from accounts.administration import (
    bootstrap_admin,
    create_account,
    create_token,
    disable_account,
    disable_account_as,
    enable_account,
    enable_account_as,
    set_role,
    set_role_as,
)
from accounts.callers import Caller, caller_of_session, caller_of_token
from accounts.refusals import CredentialRefused, Duplicate, WrongCredentials
from accounts.signin import sign_in
from models.account import Account
from models.clock import now
from models.credential import ApiToken, Session
from models.event import AuditEntry
from models.filing import Filing
from models.refusal import Invalid, NotFound, NotPermitted
from models.states import FilingKind, FilingMode, FilingStatus, Role, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.accounts.people import HOME, PASSWORD, audited, come_in, come_in_as_caller, make_person


@pytest.fixture
async def admin(db: str) -> Caller:
    """The only administrator, signed in."""
    await make_person("chief", Role.ADMIN)
    return await come_in_as_caller("chief")


async def test_the_operator_makes_accounts_of_any_role(db: str) -> None:
    account = await create_account("Chief", PASSWORD, Role.ADMIN)
    assert (account.username_key, account.role, account.email, account.email_key) == (
        "chief",
        Role.ADMIN,
        "",
        "",
    )
    await sign_in("chief", PASSWORD, address=HOME)
    with pytest.raises(Duplicate):
        await create_account("CHIEF", PASSWORD, Role.REVIEWER)
    assert await Account.all().count() == 1


@pytest.mark.parametrize(
    "password", ["mü7-xQzw", "mü7-xQzw9", "", "the-CHIEF-word", "password1234", "admin@123456"]
)
async def test_staff_need_a_password_of_ten_uncommon_characters(db: str, password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await create_account("chief", password, Role.REVIEWER)
    assert refusal.value.problems[0].path == ("password",)
    assert await Account.all().count() == 0


async def test_the_first_administrator_is_made_from_the_settings_once(db: str, settings: Settings) -> None:
    given = settings.model_copy(update={"bootstrap_admin": SecretStr(f"chief:{PASSWORD}:with:colons")})
    made = await asyncio.gather(*(bootstrap_admin(given) for _ in range(4)))
    assert sum(account is not None for account in made) == 1
    signed = await sign_in("chief", f"{PASSWORD}:with:colons", address=HOME)
    assert signed.account.role is Role.ADMIN
    assert await bootstrap_admin(given) is None
    assert await bootstrap_admin(settings) is None
    assert await Account.all().count() == 1


async def test_a_weak_first_password_is_refused(db: str, settings: Settings) -> None:
    with pytest.raises(Invalid):
        await bootstrap_admin(settings.model_copy(update={"bootstrap_admin": SecretStr("chief:password")}))
    assert await Account.all().count() == 0


@pytest.mark.shows("C82")
async def test_disabling_ends_sessions_and_tokens_at_once(admin: Caller) -> None:
    account = await make_person()
    signed = await come_in()
    text = await create_token("job", "zhang.wei", [TokenScope.READ], 30)
    changed = await disable_account_as(admin, account.id)
    assert changed.disabled
    with pytest.raises(CredentialRefused):
        await caller_of_session(signed.value, HOME)
    with pytest.raises(CredentialRefused):
        await caller_of_token(text, HOME)
    with pytest.raises(WrongCredentials):
        await come_in()
    assert await Session.filter(account_id=account.id, ended_at=None).count() == 0
    entry = await AuditEntry.get(action="DISABLE_ACCOUNT")
    assert (entry.account_id, entry.credential, entry.record) == (
        admin.account_id,
        f"session:{admin.session_id}",
        f"account:{account.id}",
    )


@pytest.mark.shows("C82")
async def test_what_ended_stays_ended_when_the_account_is_enabled(admin: Caller) -> None:
    account = await make_person()
    signed = await come_in()
    text = await create_token("job", "zhang.wei", [TokenScope.READ], 30)
    await disable_account_as(admin, account.id)
    await disable_account_as(admin, account.id)
    assert not (await enable_account_as(admin, account.id)).disabled
    await enable_account_as(admin, account.id)
    with pytest.raises(CredentialRefused):
        await caller_of_session(signed.value, HOME)
    with pytest.raises(CredentialRefused):
        await caller_of_token(text, HOME)
    await come_in()
    actions = await audited()
    assert (actions.count("DISABLE_ACCOUNT"), actions.count("ENABLE_ACCOUNT")) == (1, 1)


async def test_a_role_is_given_and_written_down(admin: Caller) -> None:
    account = await make_person()
    assert (await set_role_as(admin, account.id, Role.REVIEWER)).role is Role.REVIEWER
    await set_role_as(admin, account.id, Role.REVIEWER)
    [entry] = await AuditEntry.filter(action="SET_ROLE")
    assert entry.detail == {"before": "APPLICANT", "after": "REVIEWER"}


async def claimed_filing(reviewer: Account, owner: Account) -> Filing:
    async def work() -> Filing:
        moment = now()
        subject = await Subject.create(
            name="大连测试有限公司",
            mode=FilingMode.SELF,
            owner_id=owner.id,
            filed_by_id=owner.id,
            created_at=moment,
            updated_at=moment,
        )
        return await Filing.create(
            kind=FilingKind.NEW_FILING,
            status=FilingStatus.SUBMITTED,
            mode=FilingMode.SELF,
            subject_id=subject.id,
            owner_id=owner.id,
            filed_by_id=owner.id,
            last_editor_id=owner.id,
            reviewer_id=reviewer.id,
            claimed_until=moment + timedelta(minutes=30),
            created_at=moment,
            updated_at=moment,
        )

    return await unit_of_work(work)


@pytest.mark.parametrize("act", ["disable", "set_role"])
async def test_a_claim_ends_with_its_reviewers_role_and_raises_no_version(admin: Caller, act: str) -> None:
    owner, reviewer = await make_person(), await make_person("li.na", Role.REVIEWER)
    filing = await claimed_filing(reviewer, owner)
    if act == "disable":
        await disable_account_as(admin, reviewer.id)
    else:
        await set_role_as(admin, reviewer.id, Role.AUDITOR)
    after = await Filing.get(id=filing.id)
    assert (after.reviewer_id, after.claimed_until) == (None, None)
    assert (after.version, after.status) == (1, FilingStatus.SUBMITTED)


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER, Role.AUDITOR])
async def test_who_is_no_administrator_finds_no_account_and_may_not_change_his_own(
    db: str, role: Role
) -> None:
    await make_person("chief", Role.ADMIN)
    account = await make_person(role=role)
    other = await make_person("li.na")
    caller = await come_in_as_caller()
    for act in (
        disable_account_as(caller, other.id),
        enable_account_as(caller, other.id),
        set_role_as(caller, other.id, Role.ADMIN),
        set_role_as(caller, 999_999, Role.ADMIN),
    ):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(NotPermitted):
        await set_role_as(caller, account.id, Role.ADMIN)
    assert await Account.filter(role=Role.ADMIN).count() == 1
    assert await Account.filter(disabled=True).count() == 0


async def test_an_unknown_account_is_not_found(admin: Caller) -> None:
    with pytest.raises(NotFound):
        await disable_account_as(admin, 999_999)
    for act in (disable_account("nobody"), enable_account("nobody"), set_role("nobody", Role.ADMIN)):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(NotFound):
        await create_token("job", "nobody", [TokenScope.READ], 1)


async def test_a_token_without_the_scope_administers_nothing(admin: Caller) -> None:
    account = await make_person()
    text = await create_token("job", "chief", [TokenScope.READ, TokenScope.FILE], 30)
    with pytest.raises(NotPermitted):
        await disable_account_as(await caller_of_token(text, HOME), account.id)
    assert not (await Account.get(id=account.id)).disabled
    text = await create_token("job", "chief", [TokenScope.ADMIN], 30)
    assert (await disable_account_as(await caller_of_token(text, HOME), account.id)).disabled


async def test_the_last_administrator_stays(admin: Caller) -> None:
    for act in (
        disable_account_as(admin, admin.account_id),
        set_role_as(admin, admin.account_id, Role.REVIEWER),
        disable_account("chief"),
        set_role("chief", Role.APPLICANT),
    ):
        with pytest.raises(NotPermitted):
            await act
    account = await Account.get(id=admin.account_id)
    assert (account.role, account.disabled) == (Role.ADMIN, False)
    await make_person("deputy", Role.ADMIN)
    assert (await disable_account_as(admin, admin.account_id)).disabled


async def test_a_disabled_administrator_does_not_count_as_one(admin: Caller) -> None:
    deputy = await make_person("deputy", Role.ADMIN)
    await disable_account_as(admin, deputy.id)
    with pytest.raises(NotPermitted):
        await disable_account_as(admin, admin.account_id)
    await set_role("deputy", Role.AUDITOR)
    assert (await Account.get(id=deputy.id)).role is Role.AUDITOR


async def test_two_administrators_who_depose_each_other_leave_one(admin: Caller) -> None:
    for turn in range(5):
        deputy = await make_person(f"deputy{turn}", Role.ADMIN)
        other = await come_in_as_caller(f"deputy{turn}")
        answers = await asyncio.gather(
            set_role_as(admin, deputy.id, Role.AUDITOR),
            set_role_as(other, admin.account_id, Role.AUDITOR),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, Account) for answer in answers) == 1
        assert sum(isinstance(answer, NotPermitted) for answer in answers) == 1
        assert await Account.filter(role=Role.ADMIN, disabled=False).count() == 1
        if (await Account.get(id=admin.account_id)).role is not Role.ADMIN:
            await set_role("chief", Role.ADMIN)
            await set_role(f"deputy{turn}", Role.AUDITOR)


async def test_an_administrator_deposed_meanwhile_changes_nothing(admin: Caller) -> None:
    account = await make_person()
    await make_person("deputy", Role.ADMIN)
    await set_role("chief", Role.AUDITOR)
    with pytest.raises(NotPermitted):
        await set_role_as(admin, account.id, Role.ADMIN)
    assert (await Account.get(id=account.id)).role is Role.APPLICANT


async def test_the_operators_token_is_audited_without_an_acting_account(db: str) -> None:
    await make_person()
    await create_token("job", "Zhang.Wei", [TokenScope.GATE], 7)
    [token] = await ApiToken.all()
    entry = await AuditEntry.get(action="CREATE_API_TOKEN")
    assert (entry.account_id, entry.credential, entry.record) == (None, None, f"token:{token.id}")
    assert entry.detail == {"scopes": ["GATE"], "days": 7}
