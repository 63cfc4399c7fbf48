"""What the edge needs to know of an operation's context, whoever makes it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, Self

from starlette.requests import Request
from starlette.websockets import WebSocket

from settings import Settings


class OperationContext(Protocol):
    """The context of one operation: who asks, and loaders that no other operation shares."""

    @property
    def is_signed_in(self) -> bool:
        """Whether a session or a token stands behind the request."""

    def fork(self) -> Self:
        """Gives the same caller with fresh loaders, for the next event of a subscription."""


MakeContext = Callable[[Request | WebSocket, Mapping[str, Any] | None, Settings], Awaitable[Any]]
