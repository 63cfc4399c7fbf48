"""Accounts over the schema: the session that goes to the cookie, tokens shown once, roles, and what a visitor sees."""

import pytest

from accounts.callers import caller_of_session, caller_of_token
from accounts.refusals import CredentialRefused
from models.account import Account
from models.credential import ApiToken, Captcha, Session
from models.event import FilingEvent
from models.states import Role, TokenScope
from tests.schema.asking import VISITOR, Person, codes, make_person, saved
from tests.support.lives import draft, submit
from workflow.events import cursor_of

SECRET = "correct horse battery"


async def register(name: str = "haian") -> Person:
    payload = await VISITOR.do("register", username=name, password=SECRET, email="haian@example.com")
    assert payload["errors"] == []
    assert payload["account"]["email"] == "haian@example.com"
    return await sign_in(name)


async def sign_in(name: str, secret: str = SECRET) -> Person:
    context = VISITOR.context()
    result = await VISITOR.execute(saved("login"), context, input={"username": name, "password": secret})
    assert result.errors is None
    assert result.data
    assert result.data["login"]["errors"] == []
    assert context.session_change is not None
    assert context.session_change.value is not None
    return Person(await caller_of_session(context.session_change.value, "192.0.2.7"))


@pytest.mark.shows("C01", "C03")
async def test_a_visitor_registers_and_signs_in(lawful: str) -> None:
    person = await register()
    viewer = await person.run("viewer")
    assert viewer["role"] == "APPLICANT"
    assert viewer["scopes"] is None
    assert viewer["account"]["username"] == "haian"


@pytest.mark.shows("C01")
async def test_a_new_session_lives_in_the_cookie_for_as_long_as_it_counts(lawful: str) -> None:
    await register()
    context = VISITOR.context()
    await VISITOR.execute(saved("login"), context, input={"username": "haian", "password": SECRET})
    assert context.session_change
    assert context.session_change.max_age in (7 * 24 * 3600, 7 * 24 * 3600 - 1)


async def test_a_wrong_password_leaves_the_cookie_alone(lawful: str) -> None:
    await register()
    sessions = await Session.all().count()
    context = VISITOR.context()
    result = await VISITOR.execute(saved("login"), context, input={"username": "haian", "password": "wrong"})
    assert result.data
    assert codes(result.data["login"]) == ["WRONG_CREDENTIALS"]
    assert result.data["login"]["account"] is None
    assert context.session_change is None
    assert await Session.all().count() == sessions


async def test_a_taken_name_is_a_duplicate(lawful: str) -> None:
    await register()
    payload = await VISITOR.do("register", username="HAIAN", password=SECRET, email="b@example.com")
    assert codes(payload) == ["DUPLICATE"]
    assert payload["errors"][0]["path"] == ["username"]
    assert await Account.all().count() == 1


@pytest.mark.shows("C02")
async def test_a_captcha_names_its_picture(lawful: str) -> None:
    for text in (saved("createCaptcha"), "mutation { createCaptcha { captchaId imageUrl expiresAt } }"):
        variables = {"input": {}} if "$input" in text else {}
        payload = (await VISITOR.ask(text, **variables))["createCaptcha"]
        assert await Captcha.exists(id=payload["captchaId"])
        assert payload["imageUrl"] == f"/captcha/{payload['captchaId']}"
        assert payload["expiresAt"].endswith("Z")


@pytest.mark.shows("C12")
async def test_signing_out_ends_the_session_and_takes_the_cookie_away(lawful: str) -> None:
    person = await register()
    context = person.context()
    result = await person.execute(
        "mutation { logout { errors { code } } viewer: logout { errors { code } } }", context
    )
    assert context.session_change is not None
    assert context.session_change.value is None
    assert result.errors
    assert result.errors[0].path == ["viewer"]  # from there on it is a visitor who asks
    assert (await Session.get()).ended_at is not None


@pytest.mark.shows("C12")
async def test_signing_out_everywhere_ends_every_session(lawful: str) -> None:
    person = await register()
    await sign_in("haian")
    await person.do("logoutEverywhere")
    assert await Session.filter(ended_at=None).count() == 0


@pytest.mark.shows("C04")
async def test_asking_for_a_reset_tells_nothing(lawful: str) -> None:
    await register()
    known = await VISITOR.do("requestPasswordReset", usernameOrEmail="haian")
    unknown = await VISITOR.do("requestPasswordReset", usernameOrEmail="nobody")
    assert known == unknown
    assert codes(await VISITOR.do("resetPassword", token="x", newPassword=SECRET)) == ["INVALID"]


@pytest.mark.shows("C12")
async def test_a_password_is_changed_once_under_its_key(lawful: str) -> None:
    person = await register()
    change = {"currentPassword": SECRET, "newPassword": "another horse battery", "idempotencyKey": "k"}
    assert (await person.do("changePassword", **change))["errors"] == []
    hashed = (await Account.get()).password_hash
    again = await person.do("changePassword", **change)
    assert again["errors"] == []
    assert again["account"]["username"] == "haian"
    assert (await Account.get()).password_hash == hashed
    other = await person.do("changePassword", **{**change, "newPassword": "third horse battery"})
    assert codes(other) == ["IDEMPOTENCY_KEY_REUSED"]
    wrong = await person.do("changePassword", currentPassword="wrong", newPassword="third horse battery")
    assert codes(wrong) == ["WRONG_CREDENTIALS"]
    assert (await Account.get()).password_hash == hashed


@pytest.mark.shows("C12")
async def test_a_token_is_shown_once_and_acts_within_its_scopes(owner: Person) -> None:
    asked = {"name": "脚本", "scopes": ["READ", "FILE"], "days": 30, "idempotencyKey": "k"}
    payload = await owner.do("createApiToken", **asked)
    assert payload["token"].startswith("beian_")
    assert payload["apiToken"]["scopes"] == ["READ", "FILE"]
    again = await owner.do("createApiToken", **asked)
    assert again["token"] is None
    assert again["apiToken"]["id"] == payload["apiToken"]["id"]
    assert await ApiToken.all().count() == 1
    machine = Person(await caller_of_token(payload["token"], "192.0.2.7"))
    assert (await machine.run("viewer"))["scopes"] == ["READ", "FILE"]
    assert (await machine.do("createSubject", name="甲"))["errors"] == []
    listed = await owner.run("apiTokens")
    assert [token["id"] for token in listed] == [payload["apiToken"]["id"]]
    revoked = await owner.do("revokeApiToken", id=payload["apiToken"]["id"])
    assert revoked["apiToken"]["revokedAt"] is not None
    with pytest.raises(CredentialRefused):
        await caller_of_token(payload["token"], "192.0.2.7")


async def test_a_strangers_token_is_not_found(owner: Person) -> None:
    made = await owner.do("createApiToken", name="a", scopes=["READ"], days=1)
    stranger = await make_person(Role.APPLICANT)
    payload = await stranger.do("revokeApiToken", id=made["apiToken"]["id"])
    assert codes(payload) == ["NOT_FOUND"]
    assert payload["apiToken"] is None
    assert (await ApiToken.get()).revoked_at is None


async def test_an_unfit_token_is_refused_with_its_field(owner: Person) -> None:
    payload = await owner.do("createApiToken", name="a", scopes=[], days=1, idempotencyKey="k")
    assert codes(payload) == ["INVALID"]
    assert payload["errors"][0]["path"] == ["scopes"]
    assert payload["token"] is None
    assert await ApiToken.all().count() == 0


async def test_an_administrator_sets_roles_and_disables(admin: Person, owner: Person) -> None:
    payload = await admin.do("setRole", accountId=owner.id, role="REVIEWER", idempotencyKey="k")
    assert (payload["account"]["role"], payload["errors"]) == ("REVIEWER", [])
    again = await admin.do("setRole", accountId=owner.id, role="REVIEWER", idempotencyKey="k")
    assert again == payload
    assert (await admin.do("disableAccount", accountId=owner.id))["account"]["disabled"] is True
    assert (await admin.do("enableAccount", accountId=owner.id))["account"]["disabled"] is False
    assert codes(await admin.do("disableAccount", accountId=admin.id)) == ["NOT_PERMITTED"]
    assert codes(await admin.do("setRole", accountId="acc_999", role="ADMIN")) == ["NOT_FOUND"]


async def test_an_address_is_shown_to_staff_and_to_oneself_alone(
    owner: Person, reviewer: Person, admin: Person
) -> None:
    made = await reviewer.do("createSubject", name="甲", ownerId=owner.id)
    asked = "query ($id: ID!) { filing(id: $id) { owner { username email } filedBy { username email } } }"
    mine = (await owner.ask(asked, id=made["filing"]["id"]))["filing"]
    theirs = (await reviewer.ask(asked, id=made["filing"]["id"]))["filing"]
    assert mine["owner"]["email"] is not None
    assert mine["filedBy"]["email"] is None
    assert theirs["owner"]["email"] is not None


def test_a_tokens_scopes_are_its_own_and_a_session_is_no_token() -> None:
    assert VISITOR.context().has_scope("GATE") is False


async def test_only_a_token_of_the_scope_passes_the_gate(owner: Person) -> None:
    assert owner.context().has_scope("GATE") is False
    assert owner.by_token(TokenScope.READ).context().has_scope("GATE") is False
    assert owner.by_token(TokenScope.GATE).context().has_scope("GATE") is True


async def test_a_viewer_sees_how_much_is_unread_and_marks_it_as_seen(owner: Person, reviewer: Person) -> None:
    assert (await owner.run("viewer"))["unread"] == 0
    await submit(owner.actor, await draft(owner.actor))
    assert ((await reviewer.run("viewer"))["unread"], (await owner.run("viewer"))["unread"]) == (1, 0)
    last = await FilingEvent.all().order_by("-id").first()
    assert last is not None
    cursor = cursor_of(last)
    payload = await reviewer.do("markSeen", cursor=cursor, idempotencyKey="k")
    assert payload == {"viewer": {"unread": 0}, "errors": []}
    assert await reviewer.do("markSeen", cursor=cursor, idempotencyKey="k") == payload
    assert codes(await reviewer.do("markSeen", cursor="x")) == ["NOT_FOUND"]
    token = reviewer.by_token(*TokenScope)
    assert await token.code_of(saved("markSeen"), input={"cursor": cursor}) == "FORBIDDEN"
