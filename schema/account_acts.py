"""Acts on accounts, whose rooms know no idempotency keys, carried out once under a key by the workflow's means."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from tortoise.models import Model

from accounts.runners import Run
from models.refusal import Problem, Refused
from schema.context import Context
from workflow.command import Outcome, carry_out

T = TypeVar("T")
M = TypeVar("M", bound=Model)


class _NotDoneYet(Exception):
    """Nothing is remembered under the key."""


async def attempt(act: Awaitable[T]) -> tuple[T | None, tuple[Problem, ...]]:
    """What the act gives, or the problems for which it was refused."""
    try:
        return await act, ()
    except Refused as refused:
        return None, refused.problems


class OnceUnderKey(Generic[M]):
    """Runs an act's transaction together with its idempotency record; `noun` is what the act makes or changes."""

    def __init__(
        self,
        context: Context,
        operation: str,
        request: Mapping[str, Any],
        key: str | None,
        noun: str,
        model: type[M],
    ) -> None:
        self.context = context
        self.operation = operation
        self.request = request
        self.key = key
        self.noun = noun
        self.model = model
        self.outcome = Outcome()

    async def carry(self, act: Callable[[Run], Awaitable[object]]) -> Outcome:
        """The outcome of the act, remembered or new; what it needs before its transaction is not asked twice."""
        try:
            return await self._remembered()
        except _NotDoneYet:
            _, problems = await attempt(act(self))
            return Outcome(problems=problems) if problems else self.outcome

    async def _remembered(self) -> Outcome:
        async def probe() -> Outcome:
            raise _NotDoneYet

        if self.key is None:
            raise _NotDoneYet
        return await carry_out(self.context.actor, self.operation, self.request, self.key, probe)

    async def __call__(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` in one transaction with the record; raises Refused as it does."""
        made: list[T] = []

        async def once() -> Outcome:
            made[:] = [await work()]
            return Outcome({self.noun: made[0].id})  # type: ignore[attr-defined]  # acts give rows

        self.outcome = await carry_out(self.context.actor, self.operation, self.request, self.key, once)
        if self.outcome.problems:
            raise Refused(*self.outcome.problems)
        if self.outcome.replayed:
            return await self.model.get(id=self.outcome.ids[self.noun])  # type: ignore[return-value]  # as above
        return made[0]
