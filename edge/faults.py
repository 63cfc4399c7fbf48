"""The last net: an exception that no route foresaw becomes an answer with an id, and a line in the log."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.masking import log_fault


class FaultNet:
    """Middleware that answers 500 with the error's id and never its text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is not HTTP; where the answer has begun, ends it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_begun = False

        async def watch(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:  # the outermost net: nothing may reach a client as a bare 500
            error_id = log_fault(error)
            if is_begun:
                raise
            answer = PlainTextResponse(f"Internal Server Error {error_id}", status_code=500)
            await answer(scope, receive, send)
