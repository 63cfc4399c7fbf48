"""The log: one JSON object a line on stderr, of fields that are known to hold no personal data."""

import logging
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.frames import frames_of
from edge.metrics import OTHER, Meters
from settings import Settings

FIELDS = frozenset(
    {
        *("event", "level", "timestamp", "logger", "request_id", "error_id", "exception", "frames"),
        *("method", "route", "status", "ms", "code", "outcome", "reason", "attempt", "seconds", "count"),
        *(
            "role",
            "kind",
            "table",
            "file",
            "pid",
            "port",
            "authority",
            "database",
            "mail",
            "setting",
            "sentence",
            "action",
            "variant",
            "codes",
            "fault",
        ),
        *(
            "account_id",
            "subject_id",
            "website_id",
            "access_id",
            "filing_id",
            "file_id",
            "message_id",
            "answer",
            "report",
            "revision",
            "version",
        ),
    }
)
"""What a line may hold; ids are the opaque ones. Anything else is left out and only its name is told."""

ROOMS = ("commands", "edge", "schema", "workflow", "accounts", "rules", "authority", "models", "demo")
"""Whose lines are written from `BEIAN_LOG_LEVEL` on; libraries are heard from warnings on."""

log = structlog.get_logger(__name__)


def keep_known_fields(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leaves out every field that is not in `FIELDS`; `left_out` tells their names."""
    unknown = sorted(name for name in line if name not in FIELDS and not name.startswith("_"))
    for name in unknown:
        del line[name]
    if unknown:
        line["left_out"] = unknown
    return line


def tell_exception(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Puts an exception's class and the places it passed in the stead of its text, which may hold a client's data."""
    raised = line.pop("exc_info", None)
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    elif raised and not isinstance(raised, tuple):
        raised = sys.exc_info()
    if raised and raised[0]:
        line["exception"] = raised[0].__name__
        line["frames"] = frames_of(raised[2])
    return line


def keep_template(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keeps of a library's line its template, without what the library would fill in."""
    record: logging.LogRecord | None = line.get("_record")
    if record is not None and not line.get("_from_structlog"):
        line["event"] = str(record.msg).partition("\n")[0][:200]
        line.setdefault("exc_info", record.exc_info)
    return line


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Sends our own lines, from `BEIAN_LOG_LEVEL` on, and libraries' warnings to stderr (or `stream`) as JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            keep_template,
            tell_exception,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            keep_known_fields,
            structlog.processors.JSONRenderer(lambda line, **_: orjson.dumps(line, default=str).decode()),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for room in ROOMS:
        logging.getLogger(room).setLevel(settings.log_level.upper())
    for library in ("uvicorn", "uvicorn.error", "tortoise", "aiosqlite"):
        logging.getLogger(library).handlers.clear()
        logging.getLogger(library).setLevel(logging.WARNING)


class RequestLog:
    """Middleware that gives each request an id, times it, counts it and logs one line without its address."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is not HTTP."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_request_id()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            route = route_of(scope)
            self.meters.observe_request(route, scope["method"], status, seconds)
            quiet = route in ("/healthz", "/readyz", "/metrics")
            write = log.debug if quiet else log.info
            write("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def new_request_id() -> str:
    """Gives 16 hexadecimal digits."""
    return secrets.token_hex(8)


def route_of(scope: Scope) -> str:
    """Gives the pattern of the route that answered, `other` where none did."""
    route = scope.get("route")
    return str(getattr(route, "path", OTHER)) if route else OTHER
