"""The log: JSON lines of known fields, and nothing of what a client or a library wrote into a text."""

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
from edge.logs import RequestLog, configure_logs
from edge.metrics import Meters
from settings import load

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
