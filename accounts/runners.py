"""How an act's transaction is run: by the plain unit of work, or by one that also remembers an idempotency key."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Run(Protocol):
    """Runs `work` in one write transaction; `unit_of_work` is one."""

    async def __call__(self, work: Callable[[], Awaitable[T]]) -> T:
        """Give what `work` gives, once it is committed."""
        ...
