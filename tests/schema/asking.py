"""Asking the schema in tests: as somebody, by a saved operation or a text."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from strawberry.types import ExecutionResult

from accounts.callers import Caller
from models.account import Account
from models.node_ids import node_id
from models.states import Role, TokenScope
from schema.context import Context
from schema.schema import schema
from settings import current
from tests.support.lives import make_account
from workflow.actors import Actor

QUERIES = Path(__file__).parents[2] / "queries"


def saved(name: str) -> str:
    """The saved operation of that name with all the fragments it needs."""
    text = (QUERIES / f"{name}.graphql").read_text(encoding="utf-8")
    parts, waiting = {name: text}, [text]
    while waiting:
        for fragment in re.findall(r"\.\.\.([a-z]\w+)", waiting.pop()):
            if fragment not in parts:
                parts[fragment] = (QUERIES / "fragments" / f"{fragment}.graphql").read_text(encoding="utf-8")
                waiting.append(parts[fragment])
    return "\n".join(parts.values())


class Person:
    """Somebody who asks: an account by session, or by a token of some scopes."""

    def __init__(self, caller: Caller | None, language: str = "en") -> None:
        self.caller = caller
        self.language = language

    def by_token(self, *scopes: TokenScope) -> "Person":
        """The same account, by a token."""
        assert self.caller is not None
        return Person(
            replace(self.caller, scopes=frozenset(scopes), session_id=None, token_id=1), self.language
        )

    def speaking(self, language: str) -> "Person":
        """The same caller in another language."""
        return Person(self.caller, language)

    @property
    def actor(self) -> Actor:
        """The same account for the commands themselves."""
        assert self.caller is not None
        return Actor(self.caller.account_id, self.caller.role, self.caller.scopes, self.caller.username, None)

    @property
    def id(self) -> str:
        """The opaque id of the account."""
        assert self.caller is not None
        return node_id(Account, self.caller.account_id)

    def context(self) -> Context:
        """A fresh context, as every operation gets one."""
        return Context(self.caller, self.language, current(), "192.0.2.7")

    async def execute(self, text: str, context: Context | None = None, **variables: Any) -> ExecutionResult:
        """The whole result of a text."""
        result = await schema.execute(text, variables, context_value=context or self.context())
        assert isinstance(result, ExecutionResult) or result.errors
        return result  # type: ignore[return-value]

    async def ask(self, text: str, **variables: Any) -> dict[str, Any]:
        """The data of a text; fails for any top-level error."""
        result = await self.execute(text, **variables)
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    async def run(self, name: str, **variables: Any) -> Any:
        """The one root field of a saved operation that was asked."""
        data = await self.ask(saved(name), **variables)
        return next(iter(data.values()))

    async def do(self, mutation: str, **given: Any) -> Any:
        """The payload of a saved mutation."""
        return await self.run(mutation, input=given)

    async def code_of(self, text: str, **variables: Any) -> str:
        """The code of the one top-level error."""
        result = await self.execute(text, **variables)
        assert result.errors is not None
        assert len(result.errors) == 1, result.errors
        code = (result.errors[0].extensions or {}).get("code")
        assert isinstance(code, str), result.errors
        return code


VISITOR = Person(None)


async def make_person(role: Role, name: str | None = None) -> Person:
    """A new account at a browser."""
    account = await make_account(role, name)
    return Person(Caller(account.id, account.username, role, None, 1, None, "192.0.2.7"))


def codes(payload: Any) -> list[str]:
    """The codes of a payload's errors."""
    return [error["code"] for error in payload["errors"]]
