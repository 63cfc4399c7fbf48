"""The body guard: what a JSON body must be before anything else looks at it."""

import json
import re
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect, Request

from edge.refusals import TurnedAway

MAX_BYTES = 256 * 1024
MAX_NESTING = 32
MAX_DIGITS = 40

# the closing quote is optional: an open text would be scanned again from each quote in it
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_BAD_CHARACTERS = re.compile("[\0\ud800-\udfff]")


async def read_body(request: Request) -> bytes:
    """Gives the raw body; raises TurnedAway above 256 KiB, without reading the rest."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:12]) > MAX_BYTES:
        raise TurnedAway("too_large", status=413)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BYTES:
                raise TurnedAway("too_large", status=413)
    except ClientDisconnect:
        raise TurnedAway("cut_off") from None
    return bytes(body)


def parse_object(raw: bytes) -> dict[str, Any]:
    """Gives the JSON object in `raw`; raises TurnedAway for anything that is not one clean object.

    TurnedAway are: invalid UTF-8, NUL and lone surrogates, more than 32 levels (counted without recursion),
    a key twice in one object, NaN and Infinity, numbers of more than 40 digits.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise TurnedAway("utf8") from None
    _check_nesting(raw)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_number,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError:
        raise TurnedAway("json") from None
    if not isinstance(value, dict):
        raise TurnedAway("not_object")
    _check_characters(value)
    return value


def _check_nesting(raw: bytes) -> None:
    depth = 0
    for token in _TOKENS.finditer(raw):
        first = token.group()[:1]
        if first in b"[{":
            depth += 1
            if depth > MAX_NESTING:
                raise TurnedAway("nesting")
        elif first in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TurnedAway("duplicate_key")
    return found


def _refuse_number(_: str) -> NoReturn:
    raise TurnedAway("number")


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise TurnedAway("number")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if len(text) > MAX_DIGITS or value in (float("inf"), float("-inf")):
        raise TurnedAway("number")
    return value


def _check_characters(value: object) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if _BAD_CHARACTERS.search(item):
                raise TurnedAway("characters")
        elif isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item
