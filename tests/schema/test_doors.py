"""The doors: who may ask for which root, told at the top of the answer before anything is done."""

import pytest
from graphql import GraphQLObjectType, build_schema

from models.account import Account
from models.event import AuditEntry
from models.filing import Filing
from models.states import Role, TokenScope
from models.subject import Subject
from schema.doors import DOORS
from schema.schema import schema
from tests.schema.asking import VISITOR, Person, codes, make_person
from tests.support.lives import draft, submit

SDL = build_schema(schema.as_str())
ROOTS = [root for root in (SDL.query_type, SDL.mutation_type, SDL.subscription_type) if root]
OPEN = {
    *("viewer", "site", "codes", "divisions", "createCaptcha", "register", "login"),
    *("requestPasswordReset", "resetPassword", "articles", "article", "readArticle"),
}
CLOSED = sorted({name for root in ROOTS[:2] for name in root.fields} - OPEN)
INPUTS = {
    "id": "x", "ownerId": "x", "subjectId": "x", "websiteId": "x", "accountId": "x", "version": 1, "revision": 1,
    "name": "x", "title": "x", "body": "x", "text": "x", "message": "x", "notes": [], "path": ["x"], "reason": "x",
    "scopes": ["READ"], "days": 1,
    "role": "ADMIN", "day": "2028-03-07", "currentPassword": "x", "newPassword": "x", "outcome": "REFUSED",
    "email": "x", "number": "x", "filingPassword": "x", "actions": ["START_CHANGE"], "minutes": 1,
    "cursor": "x", "fileId": "x", "use": "2", "targetId": "x", "targetIds": ["x"],
    "reportedAt": "2026-01-01T00:00:00Z", "decidedAt": "2026-01-01T00:00:00Z",
}  # fmt: skip


def test_every_root_field_has_a_door_and_no_door_is_left_over() -> None:
    assert set(DOORS) == {name for root in ROOTS for name in root.fields}


def asking(name: str) -> tuple[str, dict[str, object]]:
    """A text that asks for one root, with as much of an input as it demands."""
    root = next(root for root in ROOTS if name in root.fields)
    field = root.fields[name]
    kind = getattr(field.type, "of_type", field.type)
    bare = not isinstance(kind, GraphQLObjectType) and "[" not in str(field.type) and name != "node"
    body = "" if bare else " { __typename }"
    verb = "mutation" if root is SDL.mutation_type else "query"
    needed = {arg: it for arg, it in field.args.items() if str(it.type).endswith("!")}
    head = ", ".join(f"${arg}: {it.type}" for arg, it in needed.items())
    given = ", ".join(f"{arg}: ${arg}" for arg in needed)
    values: dict[str, object] = {}
    for arg, it in needed.items():
        wanted = getattr(SDL.type_map.get(str(it.type).rstrip("!")), "fields", None)
        scalar = "2026-01-01" if str(it.type) == "Date!" else "x"
        values[arg] = scalar if wanted is None else {
            key: INPUTS[key] for key, part in wanted.items() if str(part.type).endswith("!") and key in INPUTS
        }  # fmt: skip
    call = f"{name}({given})" if given else name
    return (f"{verb}({head})" if head else verb) + f" {{ {call}{body} }}", values


@pytest.mark.shows("C05")
@pytest.mark.parametrize("name", CLOSED)
async def test_a_visitor_is_told_to_sign_in(lawful: str, name: str) -> None:
    text, values = asking(name)
    assert await VISITOR.code_of(text, **values) == "UNAUTHENTICATED"
    assert await AuditEntry.all().count() == 0
    assert await Subject.all().count() == 0


async def test_a_visitor_is_told_in_his_language(lawful: str) -> None:
    for language, message in (("zh", "请先登录。"), ("en", "Sign in first.")):
        result = await VISITOR.speaking(language).execute("{ subjects { totalCount } }")
        assert result.errors
        assert result.errors[0].message == message


async def test_what_is_open_answers_a_visitor(lawful: str) -> None:
    assert await VISITOR.run("viewer") is None
    assert (await VISITOR.run("site"))["provider"] == ""
    assert [code["code"] for code in await VISITOR.run("codes", table="unit_nature")]
    assert (await VISITOR.run("divisions"))[0]["name"] == "北京市"


READ_ROOTS = [
    "node",
    "apiTokens",
    "subject",
    "subjects",
    "website",
    "access",
    "accesses",
    "filings",
    "checkFiling",
]


@pytest.mark.shows("C12")
@pytest.mark.parametrize("name", READ_ROOTS)
async def test_a_token_without_read_may_not_ask(owner: Person, name: str) -> None:
    text, values = asking(name)
    token = owner.by_token(TokenScope.FILE, TokenScope.REVIEW, TokenScope.ADMIN, TokenScope.GATE)
    assert await token.code_of(text, **values) == "FORBIDDEN"
    result = await owner.by_token(TokenScope.READ).execute(text, **values)
    assert result.errors is None


@pytest.mark.shows("C12")
@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("createSubject", TokenScope.FILE),
        ("submitFiling", TokenScope.FILE),
        ("replyToNote", TokenScope.FILE),
        ("startChange", TokenScope.FILE),
        ("addChangeTarget", TokenScope.FILE),
        ("startAddWebsite", TokenScope.FILE),
        ("startAddAccess", TokenScope.FILE),
        ("cancelAccess", TokenScope.FILE),
        ("cancelWebsite", TokenScope.FILE),
        ("cancelSubject", TokenScope.FILE),
        ("updateCancellation", TokenScope.FILE),
        ("attachFile", TokenScope.FILE),
        ("detachFile", TokenScope.FILE),
        ("claimNextFiling", TokenScope.REVIEW),
        ("approveFiling", TokenScope.REVIEW),
        ("recordReport", TokenScope.REVIEW),
        ("inviteCustomer", TokenScope.REVIEW),
        ("transferSubject", TokenScope.REVIEW),
        ("resetFilingPassword", TokenScope.REVIEW),
        ("correctFilingNumber", TokenScope.REVIEW),
        ("setRole", TokenScope.ADMIN),
        ("disableAccount", TokenScope.ADMIN),
        ("publishArticle", TokenScope.ADMIN),
        ("updateArticle", TokenScope.ADMIN),
        ("withdrawArticle", TokenScope.ADMIN),
    ],
)
async def test_a_mutation_needs_its_tokens_scope(owner: Person, name: str, scope: TokenScope) -> None:
    text, values = asking(name)
    others = owner.by_token(*(set(TokenScope) - {scope}))
    assert await others.code_of(text, **values) == "FORBIDDEN"
    assert await Subject.all().count() == 0
    result = await owner.by_token(scope).execute(text, **values)
    assert result.errors is None


@pytest.mark.shows("C12")
@pytest.mark.parametrize(
    "name",
    ["login", "logout", "changePassword", "resetPassword", "createApiToken", "revokeApiToken", "revealField"],
)
async def test_no_token_signs_in_changes_passwords_makes_tokens_or_reveals(owner: Person, name: str) -> None:
    text = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ __typename }} }}"
    values = {
        "login": {"username": "x", "password": "x"},
        "logout": {},
        "changePassword": {"currentPassword": "x", "newPassword": "x"},
        "resetPassword": {"token": "x", "newPassword": "x"},
        "createApiToken": {"name": "x", "scopes": ["READ"], "days": 1},
        "revokeApiToken": {"id": "tok_1"},
        "revealField": {"id": "x", "path": [], "reason": "x"},
    }[name]
    token = owner.by_token(*TokenScope)
    assert await token.code_of(text, input=values) == "FORBIDDEN"
    assert await AuditEntry.all().count() == 0


@pytest.mark.parametrize(
    "name", ["subjects", "subject", "websites", "access", "filings", "filing", "checkFiling"]
)
async def test_an_administrator_sees_no_filing(admin: Person, name: str) -> None:
    text, values = asking(name)
    assert await admin.code_of(text, **values) == "FORBIDDEN"


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER, Role.AUDITOR])
async def test_accounts_are_for_administrators(lawful: str, role: Role) -> None:
    person = await make_person(role)
    assert await person.code_of("{ accounts { totalCount } }") == "FORBIDDEN"


async def test_an_administrator_lists_accounts_and_fetches_any(admin: Person, owner: Person) -> None:
    page = await admin.run("accounts", filter={"role": "APPLICANT"})
    assert [node["id"] for node in page["nodes"]] == [owner.id]
    assert (await admin.run("node", id=owner.id))["__typename"] == "Account"
    assert await owner.run("node", id=admin.id) is None
    assert (await owner.run("node", id=owner.id))["username"] == (await owner.run("viewer"))["account"][
        "username"
    ]


@pytest.mark.shows("C41")
async def test_what_one_sees_but_may_not_do_and_what_one_does_not_see(
    owner: Person, reviewer: Person
) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    step = {"id": f"fil_{filing.id}", "version": filing.version}
    assert codes(await owner.do("approveFiling", **step, revision=1)) == ["NOT_PERMITTED"]
    assert codes(await reviewer.do("withdrawFiling", **step)) == ["NOT_PERMITTED"]
    stranger = await make_person(Role.APPLICANT)
    assert codes(await stranger.do("withdrawFiling", **step)) == ["NOT_FOUND"]
    assert (await stranger.do("withdrawFiling", **step))["filing"] is None
    after = await Filing.get(id=filing.id)
    assert (after.status, after.version) == (filing.status, filing.version)


async def test_an_applicant_may_not_set_roles(owner: Person, admin: Person) -> None:
    assert codes(await owner.do("setRole", accountId=owner.id, role="ADMIN")) == ["NOT_PERMITTED"]
    assert codes(await owner.do("setRole", accountId=admin.id, role="APPLICANT")) == ["NOT_FOUND"]
    roles = {f"acc_{row.id}": row.role for row in await Account.all()}
    assert roles == {owner.id: Role.APPLICANT, admin.id: Role.ADMIN}
