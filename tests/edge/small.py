"""A small schema behind the real view on a real server, to try the edge without the rest of the house."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import strawberry
import uvicorn
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

import settings as settings_module
from accounts.callers import Caller
from accounts.refusals import CredentialRefused
from edge.faults import FaultNet
from edge.headers import SecurityHeaders
from edge.metrics import Meters
from edge.view import GraphQLView
from models.faults import StoreAway
from models.states import Role
from settings import Settings

SECRET = "password=hunter2 430102199003077755"
EVENTS = 3


class Context:
    """A context that counts how often it was forked, and that a mutation can log in."""

    def __init__(self, caller: Caller | None, generation: int = 0) -> None:
        self.caller = caller
        self.generation = generation
        self.session_change: Any = None

    def fork(self) -> "Context":
        return Context(self.caller, self.generation + 1)


contexts_made = 0
"""How often a context was made since the server began."""


async def make_context(
    connection: Request | WebSocket, parameters: Mapping[str, Any] | None, settings: Settings
) -> Context:
    global contexts_made
    contexts_made += 1
    given = (parameters or {}).get("authorization") or connection.headers.get("authorization")
    if given == "Bearer away":
        raise StoreAway(7)
    if given == "Bearer broken":
        raise RuntimeError(SECRET)
    if given == "Bearer good" or (given is None and connection.cookies.get("beian") == "good"):
        return Context(Caller(1, "li", Role.APPLICANT, None, 1, None, "127.0.0.1"))
    if given or "beian" in connection.cookies:
        raise CredentialRefused("unknown")
    return Context(None)


@strawberry.type
class Query:
    @strawberry.field
    def ok(self) -> bool:
        return True

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def uncoded(self) -> str | None:
        raise GraphQLError(SECRET)

    @strawberry.field
    def coded(self) -> str | None:
        raise GraphQLError("该角色不能查询。", extensions={"code": "FORBIDDEN"})

    @strawberry.field
    def away(self) -> str | None:
        raise StoreAway(3)

    @strawberry.field
    def ended(self) -> str | None:
        raise CredentialRefused("revoked")

    @strawberry.field
    def echo(self, count: int) -> int:
        return count

    @strawberry.field
    def who(self, info: strawberry.Info) -> str | None:
        caller: Caller | None = info.context.caller
        return caller.username if caller else None


class Change:
    """What a log-in asks of the cookie."""

    def __init__(self, value: str | None, max_age: int | None) -> None:
        self.value = value
        self.max_age = max_age


@strawberry.type
class Mutation:
    @strawberry.mutation
    def login(self, info: strawberry.Info) -> bool:
        info.context.session_change = Change("s3cret", 60)
        return True

    @strawberry.mutation
    def logout(self, info: strawberry.Info) -> bool:
        info.context.session_change = Change(None, None)
        return True


@strawberry.type
class Event:
    number: int

    @strawberry.field
    def generation(self, info: strawberry.Info) -> int:
        return int(info.context.generation)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def events(self, last: int = EVENTS) -> AsyncGenerator[Event, None]:
        for number in range(1, last + 1):
            yield Event(number=number)

    @strawberry.subscription
    async def silence(self) -> AsyncGenerator[int, None]:
        await asyncio.sleep(3600)
        yield 0

    @strawberry.subscription
    async def revoked(self) -> AsyncGenerator[int, None]:
        yield 1
        raise CredentialRefused("revoked")

    @strawberry.subscription
    async def failing(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError(SECRET)


schema = strawberry.Schema(Query, Mutation, Subscription)


@asynccontextmanager
async def small_server() -> AsyncIterator[str]:
    """Serves the small schema on a free port; gives `127.0.0.1:PORT`."""
    listener = socket.create_server(("127.0.0.1", 0))
    place = f"127.0.0.1:{listener.getsockname()[1]}"
    settings = settings_module.load(public_url=f"http://{place}")
    settings_module.use(settings)
    view = GraphQLView(schema, make_context, settings, Meters(frozenset({"Known"})))
    app = Starlette(
        routes=[Route("/graphql", view), WebSocketRoute("/graphql", view)],
        middleware=[Middleware(SecurityHeaders, settings=settings), Middleware(FaultNet)],
    )
    app.state.view = view
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", ws_max_size=65536, ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve([listener]))
    try:
        yield place
    finally:
        server.should_exit = True
        await task
