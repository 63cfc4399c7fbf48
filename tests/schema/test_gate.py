"""mayServe, allowedHosts and gateChanges: what the hosting edge is told, in its language, and that nobody else is."""

import asyncio
from typing import Any

import pytest
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from accounts.callers import Caller
from accounts.sessions import open_session
from models.account import Account
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from schema.doors import DOORS
from schema.schema import schema
from tests.schema.asking import VISITOR, Person, make_person, saved
from tests.workflow.sites import DRAFT, NUMBER, Site, approve, cancel_website, make_site
from workflow.watch import stop_tailer

pytestmark = pytest.mark.shows("N1")
SITE = "beian-test.cn"
TEXTS = {
    "mayServe": 'query { mayServe(hosts: ["beian-test.cn"]) { decision } }',
    "allowedHosts": "query { allowedHosts { hosts { host } } }",
}


async def make_filed_site() -> Site:
    site = await make_site(SITE, status=DRAFT, number=None)
    await approve(site)
    return site


async def test_an_edge_is_told_decision_reason_number_basis_and_remedy(reviewer: Person) -> None:
    site = await make_filed_site()
    allowed, denied = await reviewer.run("mayServe", hosts=[f"WWW.{SITE}:443", "nobodys-test.cn"])
    assert allowed.pop("validUntil") > denied.pop("validUntil")
    in_force = dict.fromkeys(("domain", "website", "subject", "access"), "FILED")
    assert allowed == {
        "host": f"www.{SITE}", "domain": SITE, "decision": "ALLOW", "reason": "FILED", "filingNumber": NUMBER,
        "basis": in_force, "graceUntil": None, "remedy": None,
    }  # fmt: skip
    remedy = denied.pop("remedy")
    assert remedy.startswith("File the domain")
    assert denied == {
        "host": "nobodys-test.cn", "domain": "nobodys-test.cn", "decision": "DENY", "reason": "NOT_FILED",
        "filingNumber": None, "basis": None, "graceUntil": None,
    }  # fmt: skip
    (answer,) = await reviewer.speaking("zh").run("mayServe", hosts=["nobodys-test.cn"])
    assert answer["remedy"].startswith("请为该域名办理备案")
    await cancel_website(site)
    (answer,) = await reviewer.run("mayServe", hosts=[SITE], ip="203.0.113.9")
    assert (answer["decision"], answer["reason"]) == ("DENY", "CANCELLED")
    assert answer["basis"] == {
        **in_force,
        "domain": "CANCELLED",
        "website": "CANCELLED",
        "access": "CANCELLED",
    }
    assert "filed anew" in answer["remedy"]


async def test_an_address_outside_the_ranges_is_told_so(reviewer: Person) -> None:
    await make_filed_site()
    answers = {
        ip: (await reviewer.run("mayServe", hosts=[SITE], ip=ip))[0]["reason"]
        for ip in ("203.0.113.9", "192.0.2.1", "nonsense", None)
    }
    assert answers == {
        "203.0.113.9": "FILED", "192.0.2.1": "IP_MISMATCH", "nonsense": "IP_MISMATCH", None: "FILED",
    }  # fmt: skip


async def test_five_hundred_hosts_are_answered_at_once_and_one_more_is_too_many(reviewer: Person) -> None:
    hosts = [f"site{number}-test.cn" for number in range(501)]
    answers = await reviewer.run("mayServe", hosts=hosts[:500])
    assert [answer["host"] for answer in answers] == hosts[:500]
    assert await reviewer.code_of(saved("mayServe"), hosts=hosts) == "BAD_USER_INPUT"
    assert await reviewer.run("mayServe", hosts=[]) == []


@pytest.mark.parametrize("wanted", [{"first": 0}, {"first": 1001}, {"first": -1}, {"after": "no domain"}])
async def test_a_page_that_there_cannot_be_is_bad_input(reviewer: Person, wanted: dict[str, Any]) -> None:
    assert await reviewer.code_of(saved("allowedHosts"), **wanted) == "BAD_USER_INPUT"


async def test_the_list_is_read_page_by_page(reviewer: Person) -> None:
    await approve(await make_site("c-test.cn", "a-test.cn", "b-test.cn", status=DRAFT, number=None))
    seen, after = [], None
    for _ in range(3):
        page = await reviewer.run("allowedHosts", first=1, after=after)
        seen += page["hosts"]
        after = page["nextAfter"]
    assert after is None
    assert [(host["host"], host["decision"], host["filingNumber"]) for host in seen] == [
        (name, "ALLOW", NUMBER) for name in ("a-test.cn", "b-test.cn", "c-test.cn")
    ]


@pytest.mark.parametrize("name", ["mayServe", "allowedHosts"])
async def test_staff_may_ask_and_so_may_their_tokens_of_the_scope_but_nobody_else(
    lawful: str, name: str
) -> None:
    text = TEXTS[name]
    assert await VISITOR.code_of(text) == "UNAUTHENTICATED"
    for role in (Role.REVIEWER, Role.ADMIN):
        person = await make_person(role)
        assert (await person.execute(text)).errors is None
        assert (await person.by_token(TokenScope.GATE).execute(text)).errors is None
        others = person.by_token(*(set(TokenScope) - {TokenScope.GATE}))
        assert await others.code_of(text) == "FORBIDDEN"
    for role in (Role.APPLICANT, Role.AUDITOR):
        person = await make_person(role)
        assert await person.code_of(text) == "FORBIDDEN"
        assert await person.by_token(TokenScope.GATE).code_of(text) == "FORBIDDEN"


async def signed_in(role: Role) -> Person:
    """Somebody with a session that is really there."""
    person = await make_person(role)
    assert person.caller
    account = await Account.get(id=person.caller.account_id)
    _, session = await unit_of_work(lambda: open_session(account))
    return Person(Caller(account.id, account.username, role, None, session.id, None, "192.0.2.7"))


async def listen(person: Person, after: str | None = None) -> Any:
    text = saved("gateChanges")
    return await schema.subscribe(text, variable_values={"after": after}, context_value=person.context())


async def next_result(stream: Any) -> ExecutionResult:
    async with asyncio.timeout(10):
        result: ExecutionResult = await anext(stream)
    return result


async def refusal(person: Person, after: str | None = None) -> GraphQLError:
    stream = await listen(person, after)
    result = await next_result(stream) if hasattr(stream, "__anext__") else stream
    assert len(result.errors) == 1
    error: GraphQLError = result.errors[0]
    return error


async def test_changes_are_told_from_the_list_s_cursor_on_until_the_listener_s_role_is_taken(
    lawful: str,
) -> None:
    reviewer = await signed_in(Role.REVIEWER)
    listed = await reviewer.run("allowedHosts")
    site = await make_filed_site()
    stream = await listen(reviewer, listed["cursor"])
    result = await next_result(stream)
    assert result.data is not None
    told = result.data["gateChanges"]
    assert (told["host"], told["decision"], told["reason"], told["filingNumber"], told["graceUntil"]) == (
        SITE, "ALLOW", "FILED", NUMBER, None,
    )  # fmt: skip
    assert reviewer.caller
    account = reviewer.caller.account_id
    await unit_of_work(lambda: Account.filter(id=account).update(role=Role.APPLICANT))
    await cancel_website(site)
    result = await next_result(stream)
    assert result.data is None
    assert result.errors
    assert result.errors[0].extensions == {"code": "FORBIDDEN"}
    await stream.aclose()
    await stop_tailer()


async def test_who_may_not_listen_is_told_so_and_so_is_a_wrong_cursor(lawful: str) -> None:
    for role in (Role.APPLICANT, Role.AUDITOR):
        person = await signed_in(role)
        assert (await refusal(person)).extensions == {"code": "FORBIDDEN"}
        assert (await refusal(person.by_token(TokenScope.GATE))).extensions == {"code": "FORBIDDEN"}
    reviewer = await signed_in(Role.REVIEWER)
    assert (await refusal(reviewer.by_token(TokenScope.READ))).extensions == {"code": "FORBIDDEN"}
    for after in ("nonsense", "gate-7", "1.1"):
        assert (await refusal(reviewer, after)).extensions == {"code": "BAD_USER_INPUT"}
    await stop_tailer()


def test_the_three_roots_of_the_gate_have_one_door() -> None:
    assert DOORS["mayServe"] is DOORS["allowedHosts"] is DOORS["gateChanges"]
