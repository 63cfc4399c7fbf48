"""graphql-transport-ws as we speak it: one bad operation ends itself and no other, a stalled reader is let go."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, cast

from graphql import GraphQLError
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    CompleteMessage,
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)
from strawberry.types.execution import ExecutionResult, PreExecutionError

from accounts.refusals import CredentialRefused
from edge.admission import Question, admit, shape_question
from edge.body import parse_object
from edge.connections import Connection
from edge.masking import has_refused_credential, present_errors, refusal_for
from edge.refusals import TurnedAway, say
from edge.served import may_introspect

SEND_SECONDS = 30
MAX_ID_LENGTH = 128


class GuardedSocket(ASGIWebSocketAdapter):
    """Reads only clean JSON objects, and does not wait for ever for a client that does not read."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        """Gives each message; raises NonJsonMessageReceived for one that the body guard refuses."""
        messages = super().iter_json(ignore_parsing_errors=ignore_parsing_errors)
        try:
            async with aclosing(messages):
                async for message in messages:
                    yield message
        except TurnedAway as error:
            raise NonJsonMessageReceived from error

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Sends one message; after 30 s without progress the client counts as gone."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await super().send_json(message)
        except (TimeoutError, RuntimeError) as error:  # RuntimeError: Starlette's word for "closed already"
            raise WebSocketDisconnected from error


def decode_message(text: str | bytes) -> dict[str, Any]:
    """Gives a socket's message as a checked object; raises TurnedAway."""
    return parse_object(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


class TransportHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """The protocol's rules where Strawberry's handler leaves them open, and a context for each operation."""

    context: Connection

    async def handle(self) -> None:
        """Speaks until the socket ends, and ends it itself once session or token has ended."""
        watch = asyncio.create_task(self.context.watch())
        try:
            await super().handle()
        finally:
            watch.cancel()
            self.context.leave()

    async def handle_message(self, message: Message) -> None:
        """Refuses a message of the wrong shape with 4400 before anything acts on it."""
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            await self.handle_invalid_message("payload must be an object")
        elif message.get("type") in ("subscribe", "complete") and not _is_id(message.get("id")):
            await self.handle_invalid_message("id must be a text of 1 to 128 characters")
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Takes a payload of null as an empty one."""
        await super().handle_connection_init(
            {"type": "connection_init", "payload": message.get("payload") or {}}
        )

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Starts the operation; one too many is told so and the socket stays open."""
        if not isinstance(message.get("payload"), dict):
            await self.handle_invalid_message("payload must be an object")
            return
        full = len(self.operations) >= (self.max_subscriptions_per_connection or 0)
        if self.connection_acknowledged and full and message["id"] not in self.operations:
            await self._refuse(message["id"], TurnedAway("too_many_operations", "RATE_LIMITED"))
            return
        message["payload"].setdefault("query", "")
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """Runs one operation to its end; whatever goes wrong in it ends it alone."""
        try:
            await self._run(operation)
        except WebSocketDisconnected:
            pass
        except CredentialRefused:
            await self.websocket.close(4403, "Forbidden")
        except GraphQLError as error:
            await self._send_errors(operation, present_errors([error], english=self.context.english))
        except Exception as error:  # one operation's fault must not end its neighbours on the socket
            await self._send_errors(operation, [self._tell(refusal_for(error))])

    async def _run(self, operation: Operation[Any, None]) -> None:
        question = shape_question(
            {
                "query": operation.query,
                "variables": operation.variables,
                "operationName": operation.operation_name,
            }
        )
        context = await self.context.make_context()
        admit(question, "SOCKET", may_introspect=may_introspect(context))
        async with aclosing(await self._stream(question, context)) as results:
            async for result in results:
                if has_refused_credential(result.errors):
                    raise CredentialRefused("ended while an operation ran")
                if isinstance(result, PreExecutionError):
                    errors = present_errors(result.errors or (), english=self.context.english)
                    await self._send_errors(operation, errors)
                    return
                await self._send_next(operation, result)
        await operation.send_operation_message(CompleteMessage(id=operation.id, type="complete"))

    async def _stream(self, question: Question, context: Any) -> AsyncGenerator[ExecutionResult, None]:
        stream = await self.schema.stream(
            question.query,
            variable_values=question.variables,
            context_value=context,
            operation_name=question.operation_name,
        )
        return cast("AsyncGenerator[ExecutionResult, None]", stream)

    async def _send_next(self, operation: Operation[Any, None], result: ExecutionResult) -> None:
        payload: dict[str, Any] = {"data": result.data}
        if result.errors:
            payload["errors"] = present_errors(result.errors, english=self.context.english)
        if result.extensions:
            payload["extensions"] = result.extensions
        message = {"id": operation.id, "type": "next", "payload": payload}
        await operation.send_operation_message(cast("Message", message))

    async def _send_errors(self, operation: Operation[Any, None], errors: list[dict[str, Any]]) -> None:
        message = {"id": operation.id, "type": "error", "payload": errors}
        await operation.send_operation_message(cast("Message", message))

    async def _refuse(self, operation_id: str, refusal: TurnedAway) -> None:
        message = {"id": operation_id, "type": "error", "payload": [self._tell(refusal)]}
        await self.send_message(cast("Message", message))

    def _tell(self, refusal: TurnedAway) -> dict[str, Any]:
        message = say(refusal.sentence, english=self.context.english)
        return {"message": message, "extensions": {"code": refusal.code, **refusal.extensions}}


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH
