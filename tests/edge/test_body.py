"""The body guard, with raw bytes against an application that does nothing else."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from edge.body import parse_object, read_body
from edge.refusals import TurnedAway


async def echo(request: Request) -> Response:
    try:
        return JSONResponse(parse_object(await read_body(request)))
    except TurnedAway as refusal:
        return refusal.answer(english=True)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/", echo, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_clean_object_passes_with_chinese_text_and_escapes(client: httpx.AsyncClient) -> None:
    raw = '{"query":"{ ok }","variables":{"name":"沈阳市 \\u6c88 \\ud83d\\ude00 😀","n":-12.5e3}}'.encode()

    answer = await client.post("/", content=raw)

    assert answer.status_code == 200
    assert answer.json()["variables"] == {"name": "沈阳市 沈 😀 😀", "n": -12500.0}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The body is not valid JSON."),
        (b"null", "The request must be a JSON object."),
        (b"5", "The request must be a JSON object."),
        (b'"x"', "The request must be a JSON object."),
        (b"true", "The request must be a JSON object."),
        (b'[{"query":"{ ok }"}]', "The request must be a JSON object."),
        (b'{"query":', "The body is not valid JSON."),
        (b'{"query":"a"} {"query":"b"}', "The body is not valid JSON."),
        (b"\xff\xfe{}", "The body is not valid UTF-8."),
        (b'{"query":"\xed\xa0\x80"}', "The body is not valid UTF-8."),
        (b'{"operationName":"\\ud800"}', "A text in the JSON holds NUL or a lone surrogate."),
        (b'{"\\udc00":1}', "A text in the JSON holds NUL or a lone surrogate."),
        (b'{"variables":{"a":["\\u0000"]}}', "A text in the JSON holds NUL or a lone surrogate."),
        (b'{"query":"a","query":"b"}', "A JSON object has the same key twice."),
        (b'{"variables":{"a":1,"\\u0061":2}}', "A JSON object has the same key twice."),
        (b'{"n":NaN}', "A number in the JSON is too large or not a number."),
        (b'{"n":-Infinity}', "A number in the JSON is too large or not a number."),
        (b'{"n":1e999}', "A number in the JSON is too large or not a number."),
        (b'{"n":' + b"9" * 6000 + b"}", "A number in the JSON is too large or not a number."),
        (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "The JSON is nested more than 32 levels deep."),
        (b"[" * 100_000, "The JSON is nested more than 32 levels deep."),
        (b'{"a":' * 40_000, "The JSON is nested more than 32 levels deep."),
    ],
)
async def test_what_is_no_clean_object_is_refused_with_a_coded_error(
    client: httpx.AsyncClient, raw: bytes, message: str
) -> None:
    answer = await client.post("/", content=raw)

    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]}


async def test_thirty_two_levels_pass_and_brackets_in_texts_do_not_count(client: httpx.AsyncClient) -> None:
    raw = b'{"a":' + b"[" * 31 + b"]" * 31 + b',"b":"' + b"[" * 500 + b'\\"{"}'

    assert (await client.post("/", content=raw)).status_code == 200


async def test_a_body_of_256_kib_passes_and_one_byte_more_is_refused(client: httpx.AsyncClient) -> None:
    largest = b'{"query":"' + b"a" * (256 * 1024 - 12) + b'"}'

    assert (await client.post("/", content=largest)).status_code == 200
    answer = await client.post("/", content=largest + b" ")
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_a_body_that_does_not_tell_its_length_is_cut_off_all_the_same(
    client: httpx.AsyncClient,
) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 64:
            given += 1
            yield b" " * 65536

    assert (await client.post("/", content=endless())).status_code == 413
    assert given <= 6


def test_an_open_text_full_of_quotes_is_read_once() -> None:
    started = time.perf_counter()

    with pytest.raises(TurnedAway):
        parse_object(b'{"a":"' + b'\\"' * 125_000)

    assert time.perf_counter() - started < 1
