"""The log: JSON lines of known fields, and nothing of what a client or a library wrote into a text."""

import ast
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from edge.faults import FaultNet
from edge.logs import FIELDS, ROOMS, RequestLog, configure_logs
from edge.metrics import Meters
from settings import ROOT, load

Lines = Callable[[], list[dict[str, Any]]]
ID_NUMBER = "430102199003077755"


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Sets the log up and gives what was written since."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    configure_logs(load(log_level="info"), written)

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_holds_known_fields_and_the_names_of_others(lines: Lines) -> None:
    structlog.get_logger("workflow.engine").info(
        "status moved", filing_id="f1", mobile="13800138000", name="张三"
    )

    (line,) = lines()

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "status moved",
        "level": "info",
        "logger": "workflow.engine",
        "filing_id": "f1",
        "left_out": ["mobile", "name"],
    }


def test_below_the_level_nothing_is_written(lines: Lines) -> None:
    structlog.get_logger("workflow.x").debug("quiet")

    assert lines() == []


def test_of_a_librarys_line_only_the_template_and_the_places_are_kept(lines: Lines) -> None:
    try:
        raise ValueError(f"bad row {ID_NUMBER}")
    except ValueError:
        logging.getLogger("tortoise").error("query %s failed", ID_NUMBER, exc_info=sys.exc_info())

    (line,) = lines()

    assert (line["event"], line["exception"], line["logger"]) == ("query %s failed", "ValueError", "tortoise")
    assert line["frames"][-1].startswith("test_logs.py:")
    assert ID_NUMBER not in json.dumps(line)


def test_of_our_own_exceptions_too_the_text_is_left_out(lines: Lines) -> None:
    try:
        raise ValueError(f"bad row {ID_NUMBER}")
    except ValueError:
        structlog.get_logger("workflow.x").error("courier_failed", exc_info=True)

    (line,) = lines()

    assert line["exception"] == "ValueError"
    assert ID_NUMBER not in json.dumps(line)


async def ask(path: str, handler: Callable[[Request], Response]) -> httpx.Response:
    app = Starlette(
        routes=[Route("/things/{thing}", handler)],
        middleware=[Middleware(RequestLog, meters=Meters(frozenset())), Middleware(FaultNet)],
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get(path)


async def test_a_request_is_logged_by_its_route_without_address_or_query(lines: Lines) -> None:
    def answer(request: Request) -> Response:
        structlog.get_logger("workflow.x").info("within")
        return PlainTextResponse("ok")

    response = await ask(f"/things/{ID_NUMBER}?mobile=13800138000", answer)

    within, request = lines()
    assert (request["event"], request["method"], request["route"], request["status"]) == (
        "request",
        "GET",
        "/things/{thing}",
        200,
    )
    assert within["request_id"] == request["request_id"] == response.headers["x-request-id"]
    assert ID_NUMBER not in json.dumps([within, request])
    assert "13800138000" not in json.dumps([within, request])


async def test_an_unforeseen_exception_is_a_500_with_an_id_and_no_text(lines: Lines) -> None:
    def fail(request: Request) -> Response:
        raise RuntimeError(ID_NUMBER)

    response = await ask("/things/1", fail)

    fault, request = lines()
    assert response.status_code == 500
    assert response.text == f"Internal Server Error {fault['error_id']}"
    assert (fault["exception"], request["status"]) == ("RuntimeError", 500)
    assert ID_NUMBER not in json.dumps([fault, request])


async def test_an_unknown_address_is_counted_as_other(lines: Lines) -> None:
    assert (await ask(f"/{ID_NUMBER}", lambda _: Response())).status_code == 404

    (request,) = lines()
    assert request["route"] == "other"


def written(source: str) -> list[tuple[str, set[str]]]:
    """The events that a source logs, each with the names of its fields."""
    found = []
    for node in ast.walk(ast.parse(source)):
        call = node if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
        if call is None or not isinstance(call.func, ast.Attribute):
            continue
        of = call.func.value
        if isinstance(of, ast.Name) and of.id in ("log", "_log") and call.args:
            names = {keyword.arg for keyword in call.keywords}
            names |= {name for name in _unpacked(source) if None in names}
            found.append((ast.unparse(call.args[0]), {name for name in names if name is not None}))
    return found


def _unpacked(source: str) -> set[str]:
    """The fields of the dictionaries called `about`, which are unpacked into log lines."""
    return {
        str(key.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "about"
        if isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }


def test_a_line_that_loses_a_field_is_seen() -> None:
    about = 'about = {"filing": 1}\n_log.error("late", **about)\n'
    assert written(about) == [("'late'", {"filing"})]
    assert written('log.info("x", codes=[1])') == [("'x'", {"codes"})]


@pytest.mark.parametrize("room", ROOMS)
def test_no_line_of_ours_loses_a_field(room: str) -> None:
    lost = {
        f"{path.name}: {event}": sorted(names - FIELDS - {"exc_info"})
        for path in (ROOT / room).rglob("*.py")
        for event, names in written(path.read_text(encoding="utf-8"))
        if names - FIELDS - {"exc_info"}
    }
    assert lost == {}


def test_an_alarm_names_what_it_is_about(lines: Lines) -> None:
    structlog.get_logger("workflow.verdicts").error(
        "answer_moves_nothing", filing_id="fil_7", action="RECEIVE_ERROR", variant="DATA", codes=[1003]
    )
    structlog.get_logger("workflow.answers").error(
        "answer_set_aside", file="a.xml", kind="GJSHS", fault="AboutNothing", codes=[]
    )
    structlog.get_logger("workflow.outbox").warning(
        "outbox_not_delivered", message_id=3, attempt=2, reason="busy"
    )

    told = [
        {name: line[name] for name in line if name not in ("timestamp", "level", "logger")}
        for line in lines()
    ]
    assert told == [
        {
            "event": "answer_moves_nothing",
            "filing_id": "fil_7",
            "action": "RECEIVE_ERROR",
            "variant": "DATA",
            "codes": [1003],
        },
        {"event": "answer_set_aside", "file": "a.xml", "kind": "GJSHS", "fault": "AboutNothing", "codes": []},
        {"event": "outbox_not_delivered", "message_id": 3, "attempt": 2, "reason": "busy"},
    ]
