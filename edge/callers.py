"""What the edge needs of an operation's context, whoever makes it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, Self

from starlette.requests import Request
from starlette.websockets import WebSocket

from accounts.callers import Caller
from settings import Settings


class OperationContext(Protocol):
    """The context of one operation: who asks, and loaders that no other operation shares."""

    @property
    def caller(self) -> Caller | None:
        """Who stands behind the session or token; None for a visitor."""

    def has_scope(self, scope: str) -> bool:
        """Whether a token of that scope stands behind the request; a session is no token."""

    def fork(self) -> Self:
        """Gives the same caller with fresh loaders, for the next event of a subscription."""


MakeContext = Callable[[Request | WebSocket, Mapping[str, Any] | None, Settings], Awaitable[OperationContext]]
