"""graphql-transport-ws: credentials, one bad operation beside good ones, contexts, and messages of a wrong shape."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from edge import connections
from tests.edge import small
from tests.edge.small import SECRET

GOOD = {"authorization": "Bearer good"}


@asynccontextmanager
async def socket(
    place: str, payload: Any = None, *, greet: bool = True, **headers: str
) -> AsyncIterator[ClientConnection]:
    origin = headers.pop("origin", None)
    async with connect(
        f"ws://{place}/graphql",
        subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
        additional_headers={"accept-language": "en", **headers},
        origin=origin,  # type: ignore[arg-type]
    ) as connection:
        if greet:
            await say(connection, type="connection_init", payload=payload)
            assert await hear(connection) == {"type": "connection_ack"}
        yield connection


async def say(connection: ClientConnection, **message: Any) -> None:
    await connection.send(json.dumps(message))


async def hear(connection: ClientConnection) -> dict[str, Any]:
    heard = await asyncio.wait_for(connection.recv(), 5)
    assert isinstance(heard, str), "browsers' clients read text frames only"
    message: dict[str, Any] = json.loads(heard)
    return message


async def start(connection: ClientConnection, identity: str, query: str, **more: Any) -> None:
    await say(connection, id=identity, type="subscribe", payload={"query": query, **more})


async def closing(connection: ClientConnection) -> tuple[int | None, str | None]:
    try:
        while True:
            await asyncio.wait_for(connection.recv(), 8)
    except ConnectionClosed:
        return connection.close_code, connection.close_reason


async def test_a_subscription_gives_its_events_and_completes(place: str) -> None:
    async with socket(place) as connection:
        await start(connection, "1", "subscription { events { number } }")

        heard = [await hear(connection) for _ in range(4)]

    assert [message["payload"]["data"]["events"]["number"] for message in heard[:3]] == [1, 2, 3]
    assert heard[3] == {"id": "1", "type": "complete"}


async def test_each_event_has_a_context_of_its_own(place: str) -> None:
    async with socket(place) as connection:
        await start(connection, "1", "subscription { events { generation } }")

        heard = [await hear(connection) for _ in range(3)]

    assert [message["payload"]["data"]["events"]["generation"] for message in heard] == [1, 1, 1]


async def test_each_operation_asks_for_its_context_anew(place: str) -> None:
    async with socket(place, GOOD) as connection:
        before = small.contexts_made
        for identity in ("1", "2"):
            await start(connection, identity, "{ who }")
            assert (await hear(connection))["payload"]["data"] == {"who": "li"}
            assert (await hear(connection))["type"] == "complete"

        assert small.contexts_made == before + 2


async def test_a_mutation_is_refused_and_the_socket_stays_open(place: str) -> None:
    async with socket(place) as connection:
        await start(connection, "1", "mutation { login }")
        refused = await hear(connection)
        await start(connection, "2", "{ ok }")
        answered = await hear(connection)

    assert (refused["id"], refused["type"]) == ("1", "error")
    assert [error["extensions"]["code"] for error in refused["payload"]] == ["BAD_REQUEST"]
    assert answered == {"id": "2", "type": "next", "payload": {"data": {"ok": True}}}


@pytest.mark.parametrize(
    ("query", "more", "code"),
    [
        ("{ ok", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query E($n: Int!) { echo(count: $n) }", {"variables": {"n": "x"}}, "BAD_USER_INPUT"),
        ("query A { ok } query B { ok }", {}, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { ok }", {"operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ("{ __schema { queryType { name } } }", {}, "UNAUTHENTICATED"),
        ("", {}, "BAD_REQUEST"),
        ("{ ok }", {"variables": []}, "BAD_REQUEST"),
    ],
)
async def test_one_bad_operation_ends_itself_and_no_other(
    place: str, query: str, more: dict[str, Any], code: str
) -> None:
    async with socket(place) as connection:
        await start(connection, "quiet", "subscription { silence }")
        await start(connection, "bad", query, **more)
        heard = await hear(connection)
        await start(connection, "good", "{ ok }")
        after = await hear(connection)

    errors = heard["payload"] if heard["type"] == "error" else heard["payload"]["errors"]
    assert heard["id"] == "bad"
    assert [error["extensions"]["code"] for error in errors] == [code]
    assert after["id"] in ("bad", "good")


async def test_an_exception_is_masked(place: str) -> None:
    async with socket(place) as connection:
        await start(connection, "1", "subscription { failing }")
        first, second = await hear(connection), await hear(connection)

    assert first["payload"]["data"] == {"failing": 1}
    errors = second["payload"] if second["type"] == "error" else second["payload"]["errors"]
    assert errors[0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert SECRET not in json.dumps(second)


@pytest.mark.parametrize("payload", [{"authorization": "Bearer wrong"}, {"authorization": "wrong"}])
async def test_a_wrong_credential_closes_with_4403(place: str, payload: dict[str, str]) -> None:
    async with socket(place, greet=False) as connection:
        await say(connection, type="connection_init", payload=payload)

        assert (await closing(connection))[0] == 4403


async def test_a_credential_that_ends_during_a_subscription_closes_with_4403(place: str) -> None:
    async with socket(place, GOOD) as connection:
        await start(connection, "1", "subscription { revoked }")

        assert (await closing(connection))[0] == 4403


async def test_a_database_that_is_away_asks_the_socket_to_come_back(place: str) -> None:
    async with socket(place, greet=False) as connection:
        await say(connection, type="connection_init", payload={"authorization": "Bearer away"})

        assert (await closing(connection))[0] == 1013


async def test_a_page_of_another_site_cannot_open_a_socket(place: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with socket(place, origin="https://evil.example"):
            pass

    assert refusal.value.response.status_code == 403


async def test_the_cookie_counts_only_with_our_own_origin(place: str) -> None:
    async with socket(place, origin=f"http://{place}", cookie="beian=good") as connection:
        await start(connection, "1", "{ who }")
        ours = await hear(connection)
    async with socket(place, cookie="beian=good") as connection:
        await start(connection, "1", "{ who }")
        bare = await hear(connection)

    assert ours["payload"]["data"] == {"who": "li"}
    assert bare["payload"]["data"] == {"who": None}


async def test_who_does_not_greet_within_five_seconds_is_let_go(place: str) -> None:
    async with socket(place, greet=False) as connection:
        started = asyncio.get_running_loop().time()

        assert (await closing(connection))[0] == 4408
        assert 4.5 < asyncio.get_running_loop().time() - started < 6.5


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "5",
        '"x"',
        "[]",
        "{",
        "{}",
        '{"type":5}',
        '{"type":"unknown"}',
        '{"type":"ping","payload":"x"}',
        '{"type":"subscribe","id":5,"payload":{"query":"{ ok }"}}',
        '{"type":"subscribe","id":"","payload":{"query":"{ ok }"}}',
        '{"type":"subscribe","id":"1","payload":null}',
        '{"type":"subscribe","id":"1","payload":[]}',
        '{"type":"complete","id":{}}',
        '{"type":"ping","type":"ping"}',
        '{"type":"ping","payload":' + '{"a":' * 40 + "1" + "}" * 41,
    ],
)
async def test_a_message_of_the_wrong_shape_closes_with_4400(place: str, text: str) -> None:
    async with socket(place) as connection:
        await connection.send(text)

        assert (await closing(connection))[0] == 4400


async def test_a_binary_message_closes_with_4400_and_a_large_one_with_1009(place: str) -> None:
    async with socket(place) as connection:
        await connection.send(b"{}")
        assert (await closing(connection))[0] == 4400
    async with socket(place) as connection:
        await connection.send(" " * 65537)
        assert (await closing(connection))[0] == 1009


async def test_the_twenty_first_socket_of_an_account_is_refused_and_a_closed_one_gives_place(
    place: str,
) -> None:
    assert connections.MAX_SOCKETS == 20
    opened = [socket(place, GOOD) for _ in range(20)]
    held = [await one.__aenter__() for one in opened]
    try:
        async with socket(place, greet=False) as connection:
            await say(connection, type="connection_init", payload=GOOD)
            assert (await closing(connection))[0] == 4429
        await held[0].close()
        await asyncio.sleep(0.2)
        async with socket(place, GOOD):
            pass
    finally:
        for one in opened:
            await one.__aexit__(None, None, None)


async def test_the_hundred_and_first_operation_is_refused_and_the_socket_stays_open(place: str) -> None:
    async with socket(place) as connection:
        for number in range(100):
            await start(connection, f"quiet-{number}", "subscription { silence }")
        await start(connection, "extra", "{ ok }")
        heard = await hear(connection)
        await say(connection, id="quiet-0", type="complete")
        await start(connection, "again", "{ ok }")
        after = await hear(connection)

    assert (heard["id"], heard["type"]) == ("extra", "error")
    assert heard["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert after["payload"] == {"data": {"ok": True}}
