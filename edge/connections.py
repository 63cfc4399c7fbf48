"""One socket's credential: checked when it greets, for every operation, and while nothing happens."""

import asyncio
from collections import Counter
from typing import Any, NoReturn

from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected

from accounts.callers import Caller, still_valid
from accounts.refusals import CredentialRefused
from edge.callers import MakeContext, OperationContext
from edge.masking import AWAY, log_fault
from schema.credentials import prefers_english
from settings import Settings

WATCH_SECONDS = 10
MAX_SOCKETS = 20

Crowd = Counter[int]
"""How many sockets each account has open in this process."""


class Connection:
    """One socket: its credential as it was given, from which every operation's context is made anew."""

    def __init__(
        self, websocket: WebSocket, make_context: MakeContext, settings: Settings, crowd: Crowd
    ) -> None:
        self.websocket = websocket
        self.connection_params: dict[str, Any] = {}
        self.english = prefers_english(websocket.headers)
        self._make_context = make_context
        self._settings = settings
        self._crowd = crowd
        self._caller: Caller | None = None

    async def make_context(self) -> OperationContext:
        """Gives a context for one operation; raises CredentialRefused once session or token has ended."""
        return await self._make_context(self.websocket, self.connection_params, self._settings)

    async def greet(self) -> None:
        """Checks the credential of connection_init.

        A wrong one closes with 4403, the 21st socket of an account with 4429, a database away with 1013.
        """
        try:
            caller = (await self.make_context()).caller
        except CredentialRefused as error:
            raise ConnectionRejectionError from error
        except AWAY:
            await self._close(1013, "Try again later")
        if caller is None:
            return
        if self._crowd[caller.account_id] >= MAX_SOCKETS:
            await self._close(4429, "Too many sockets")
        self._caller = caller
        self._crowd[caller.account_id] += 1

    def leave(self) -> None:
        """Gives the account's place free."""
        if self._caller is not None:
            self._crowd[self._caller.account_id] -= 1
            if not self._crowd[self._caller.account_id]:
                del self._crowd[self._caller.account_id]
            self._caller = None

    async def watch(self) -> None:
        """Closes with 4403 when session or token ends while the socket is silent."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self._caller is None:
                continue
            try:
                await still_valid(self._caller)
            except CredentialRefused:
                await self.websocket.close(4403, "Forbidden")
                return
            except AWAY:
                continue
            except Exception as error:  # a watch that dies would leave the socket open for ever
                log_fault(error)

    async def _close(self, code: int, reason: str) -> NoReturn:
        await self.websocket.close(code, reason)
        raise WebSocketDisconnected
