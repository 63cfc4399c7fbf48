"""The GraphQL end point: one operation a request, queries and subscriptions on a socket."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET, UnsetType

from edge.admission import WayIn, admit, read_question
from edge.callers import MakeContext
from edge.connections import Connection, Crowd
from edge.cookies import clear_session, set_session
from edge.masking import present_errors, refusal_for
from edge.metrics import Meters
from edge.origin import is_own_origin
from edge.served import may_introspect, serve_schema
from edge.sockets import GuardedSocket, TransportHandler, decode_message
from schema.credentials import prefers_english
from settings import Settings

INIT_SECONDS = 5
MAX_OPERATIONS = 100


class GraphQLView(GraphQL[Any, None]):
    """Answers GET (queries), POST and graphql-transport-ws; every error carries a code, no exception its text."""

    websocket_adapter_class = GuardedSocket
    graphql_transport_ws_handler_class = TransportHandler

    def __init__(self, schema: Schema, make_context: MakeContext, settings: Settings, meters: Meters) -> None:
        super().__init__(
            serve_schema(schema),
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            multipart_uploads_enabled=False,
            max_subscriptions_per_connection=MAX_OPERATIONS,
            allowed_origins=(settings.public_url,),
        )
        self.make_context = make_context
        self.settings = settings
        self.meters = meters
        self.crowd: Crowd = Crowd()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or speaks with one socket until it ends."""
        if scope["type"] == "websocket":
            await self._speak(scope, receive, send)
            return
        request = Request(scope, receive)
        english = prefers_english(request.headers)
        try:
            response = await self._answer(request, english=english)
        except GraphQLError as error:
            response = self._respond({"errors": present_errors([error], english=english)})
        except Exception as error:  # masked with an id: the one place where HTTP answers are made of faults
            refusal = refusal_for(error)
            self.meters.count_errors([refusal.code])
            response = refusal.answer(english=english)
            if refusal.status == 401 and "authorization" not in request.headers:
                # else the browser would show a session that has ended for ever, and could not sign in again
                clear_session(response, self.settings)
        await response(scope, receive, send)

    async def _answer(self, request: Request, *, english: bool) -> Response:
        question = await read_question(request, self.settings.public_url)
        context = await self.make_context(request, None, self.settings)
        way: WayIn = "GET" if request.method == "GET" else "POST"
        operation = admit(question, way, may_introspect=may_introspect(context))
        started = time.perf_counter()
        result = await self.schema.execute(
            question.query,
            variable_values=question.variables,
            context_value=context,
            operation_name=operation.name.value if operation.name else None,
        )
        self.meters.observe_operation(operation, time.perf_counter() - started)
        response = self._respond(self._shape(result, english=english))
        self._lay_session(context, response)
        return response

    def _shape(self, result: ExecutionResult, *, english: bool) -> dict[str, Any]:
        """Gives the answer's body; `data` is left out where nothing was executed."""
        body: dict[str, Any] = {}
        errors = present_errors(result.errors or (), english=english)
        if result.data is not None or any("path" in error for error in errors):
            body["data"] = result.data
        if errors:
            body["errors"] = errors
            self.meters.count_errors(error["extensions"]["code"] for error in errors)
        if result.extensions:
            body["extensions"] = result.extensions
        return body

    def _respond(self, body: Mapping[str, Any]) -> Response:
        return Response(self.encode_json(body), media_type="application/json")

    def _lay_session(self, context: Any, response: Response) -> None:
        """Carries a log-in or log-out of this operation into the browser's cookie."""
        change = getattr(context, "session_change", None)
        if change is None:
            return
        if change.value is None:
            clear_session(response, self.settings)
        else:
            set_session(response, change.value, self.settings, max_age=change.max_age)

    async def _speak(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if not is_own_origin(websocket.headers, self.settings.public_url):
            await websocket.close(1008)
            return
        if "origin" not in websocket.headers:
            # without an Origin nothing shows that our own page opened the socket: its cookie counts for nothing
            bare = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            websocket = WebSocket({**scope, "headers": bare}, receive, send)
        with self.meters.sockets.track_inprogress():
            await self.run(websocket)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:
        """Gives a socket's connection; each of its operations makes a context of its own from it."""
        assert isinstance(request, WebSocket)
        return Connection(request, self.make_context, self.settings, self.crowd)

    async def on_ws_connect(self, context: Connection) -> UnsetType | dict[str, object] | None:
        """Lets the socket in; its credential is checked here and again for every operation."""
        await context.greet()
        unset: UnsetType = UNSET  # an acknowledgement without a payload
        return unset

    def decode_json(self, data: str | bytes) -> object:
        """Gives a socket's message as a checked object."""
        return decode_message(data)

    def encode_json(self, data: object) -> str:
        """Gives JSON as text: bytes would go out as binary frames, which browsers' clients do not read."""
        return orjson.dumps(data).decode()
