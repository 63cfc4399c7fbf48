"""The HTTP end point: what goes by GET and POST, and what every refusal and error looks like."""

import logging
from typing import Any

import httpx
import pytest

from tests.edge.small import SECRET

GOOD = {"authorization": "Bearer good"}


async def ask(
    client: httpx.AsyncClient, query: str, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    return await client.post(
        "/graphql", json={"query": query, **more}, headers={"accept-language": "en", **(headers or {})}
    )


def codes(answer: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in answer.json()["errors"]]


async def test_a_query_by_post_is_answered_and_not_kept_by_anyone(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ ok }")

    assert (answer.status_code, answer.json()) == (200, {"data": {"ok": True}})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_query_by_get_is_answered_with_its_variables(client: httpx.AsyncClient) -> None:
    parameters = {"query": "query E($n: Int!) { echo(count: $n) }", "variables": '{"n": 4}', "extensions": ""}

    answer = await client.get("/graphql", params=parameters)

    assert (answer.status_code, answer.json()) == (200, {"data": {"echo": 4}})


async def test_a_mutation_by_get_is_refused_and_changes_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get(
        "/graphql", params={"query": "mutation { login }"}, headers={"accept-language": "en"}
    )

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["message"] == "Mutations must be sent by POST."
    assert codes(answer) == ["BAD_REQUEST"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_told_which_are_accepted(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/graphql", json={"query": "{ ok }"})

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert codes(answer) == ["BAD_REQUEST"]


async def test_a_page_of_another_site_is_refused_and_changes_nothing(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "mutation { login }", {"origin": "https://evil.example"})

    assert (answer.status_code, codes(answer)) == (403, ["FORBIDDEN"])
    assert "set-cookie" not in answer.headers


async def test_a_form_cannot_send_an_operation(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", data={"query": "mutation { login }"})

    assert (answer.status_code, codes(answer)) == (415, ["BAD_REQUEST"])
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": None},
        {"query": ""},
        {"query": 5},
        {"query": "{ ok }", "variables": []},
        {"query": "{ ok }", "variables": "{}"},
        {"query": "{ ok }", "operationName": 5},
        {"query": "{ ok }", "extensions": "x"},
    ],
)
async def test_a_field_of_the_wrong_type_is_a_bad_request(
    client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await client.post("/graphql", json=body)

    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])
    assert "data" not in answer.json()


async def test_a_repeated_parameter_is_a_bad_request(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphql?query={ok}&query={ok}")

    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


@pytest.mark.parametrize(
    ("name", "query"), [(None, "query A { ok } query B { ok }"), ("C", "query A { ok }")]
)
async def test_an_operation_that_is_not_clear_is_not_guessed(
    client: httpx.AsyncClient, name: str | None, query: str
) -> None:
    answer = await ask(client, query, operationName=name)

    assert (answer.status_code, codes(answer)) == (400, ["OPERATION_RESOLUTION_FAILURE"])


async def test_a_subscription_by_post_is_refused(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "subscription { events { number } }")

    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ ok", None, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ echo }", None, "GRAPHQL_VALIDATION_FAILED"),
        ('{ echo(count: "x") }', None, "GRAPHQL_VALIDATION_FAILED"),
        ("query E($n: Int!) { echo(count: $n) }", None, "BAD_USER_INPUT"),
        ("query E($n: Int!) { echo(count: $n) }", {"n": "x"}, "BAD_USER_INPUT"),
        ("query E($n: Int!) { echo(count: $n) }", {"n": 9999999999}, "BAD_USER_INPUT"),
        ("{ " * 900 + "ok" + " }" * 900, None, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_every_mistake_of_the_client_has_its_code(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any] | None, code: str
) -> None:
    answer = await ask(client, query, variables=variables)

    assert codes(answer) == [code]
    assert answer.status_code < 500
    assert "data" not in answer.json()


async def test_an_argument_that_only_shows_wrong_while_running_is_the_clients_mistake(
    client: httpx.AsyncClient,
) -> None:
    query = "query E($n: Int = 3) { ok echo(count: $n) }"

    assert codes(await ask(client, query, variables={"n": None})) == ["BAD_USER_INPUT"]


async def test_an_exception_is_masked_and_logged_without_its_text(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await ask(client, "{ ok broken }")

    assert answer.json()["data"] == {"ok": True, "broken": None}
    error = answer.json()["errors"][0]
    assert error["message"] == "Something went wrong on the server."
    assert error["path"] == ["broken"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert len(error["extensions"]["errorId"]) == 16
    written = caplog.text + "".join(capfd.readouterr())
    assert error["extensions"]["errorId"] in written
    assert "hunter2" not in written + answer.text
    assert "430102199003077755" not in written + answer.text


async def test_an_error_of_a_resolver_is_shown_only_with_a_code(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ coded uncoded }")

    coded, uncoded = sorted(answer.json()["errors"], key=lambda error: error["path"])
    assert (coded["message"], coded["extensions"]) == ("该角色不能查询。", {"code": "FORBIDDEN"})
    assert uncoded["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert SECRET not in answer.text


async def test_a_database_that_is_away_asks_to_come_back(client: httpx.AsyncClient) -> None:
    within = await ask(client, "{ away }")
    before = await ask(client, "{ ok }", {"authorization": "Bearer away"})

    assert within.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 3}
    assert (before.status_code, before.headers["retry-after"]) == (503, "7")
    assert before.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 7}


async def test_a_fault_before_the_operation_is_masked_too(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ ok }", {"authorization": "Bearer broken"})

    assert (answer.status_code, codes(answer)) == (500, ["INTERNAL_SERVER_ERROR"])
    assert SECRET not in answer.text


async def test_a_wrong_credential_is_401_with_a_graphql_body(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ ok }", {"authorization": "Bearer wrong"})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert "data" not in answer.json()


async def test_a_cookie_that_no_longer_counts_is_401_and_taken_out_so_that_one_can_sign_in_again(
    client: httpx.AsyncClient,
) -> None:
    client.cookies.set("beian", "stale", domain="127.0.0.1", path="/")

    refused = await ask(client, "{ ok }")
    again = await ask(client, "mutation { login }")

    assert (refused.status_code, codes(refused)) == (401, ["UNAUTHENTICATED"])
    assert refused.headers["set-cookie"].startswith('beian=""; expires=')
    assert again.json() == {"data": {"login": True}}


async def test_a_wrong_token_leaves_the_cookie_alone(client: httpx.AsyncClient) -> None:
    refused = await ask(client, "{ ok }", {"authorization": "Bearer wrong", "cookie": "beian=good"})

    assert refused.status_code == 401
    assert "set-cookie" not in refused.headers


async def test_a_credential_that_ends_meanwhile_is_unauthenticated(client: httpx.AsyncClient) -> None:
    assert codes(await ask(client, "{ ended }")) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ ...A } fragment A on Query { __type(name: "Query") { name } }',
    ],
)
async def test_visitors_may_not_ask_for_the_schema_and_signed_in_callers_may(
    client: httpx.AsyncClient, query: str
) -> None:
    refused = await ask(client, query)
    answered = await ask(client, query, GOOD)

    assert codes(refused) == ["UNAUTHENTICATED"]
    assert "data" not in refused.json()
    assert "Query" in answered.text
    assert "errors" not in answered.json()
    assert (await ask(client, "{ __typename }")).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("query", ["{ brokn }", "{ echo(cont: 1) }", "{ ok @skip(fi: true) }"])
async def test_visitors_get_no_suggestions_and_signed_in_callers_do(
    client: httpx.AsyncClient, query: str
) -> None:
    assert "Did you mean" not in (await ask(client, query)).text
    assert "Did you mean" in (await ask(client, query, GOOD)).text


async def test_refusals_speak_the_callers_language(client: httpx.AsyncClient) -> None:
    chinese = await client.post("/graphql", json={}, headers={"accept-language": "zh-CN,en;q=0.5"})
    english = await client.post("/graphql", json={}, headers={"accept-language": "fr, en-GB;q=0.8, zh;q=0.1"})

    assert chinese.json()["errors"][0]["message"] == "请求中没有 query。"
    assert english.json()["errors"][0]["message"] == "The request has no query."


async def test_a_login_lays_the_cookie_and_a_logout_takes_it_out(client: httpx.AsyncClient) -> None:
    login = await ask(client, "mutation { login }")
    client.cookies.clear()
    logout = await ask(client, "mutation { logout }")

    assert login.headers["set-cookie"] == "beian=s3cret; HttpOnly; Max-Age=60; Path=/; SameSite=lax"
    assert logout.headers["set-cookie"].startswith('beian=""; expires=')


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient, place: str) -> None:
    for answer in (
        await ask(client, "{ ok }"),
        await client.get("/nothing"),
        await client.post("/graphql", json={}),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy == (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            f"font-src 'self' data:; connect-src 'self' ws://{place}; worker-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
