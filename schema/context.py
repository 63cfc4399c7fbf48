"""The context of one operation: who asks, in which language, and loaders that no other operation shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from starlette.requests import HTTPConnection
from strawberry.types import Info as StrawberryInfo

from accounts.callers import Caller
from models.states import TokenScope
from schema.credentials import find_caller, language_of
from schema.errors import Unauthenticated
from schema.loaders import Loaders
from settings import Settings
from workflow.actors import Actor


@dataclass(frozen=True)
class SessionChange:
    """What is to become of the browser's cookie: its new value and its life in seconds, or None to take it away."""

    value: str | None
    max_age: int | None = None


class Context:
    """Made anew for every operation, and for every event of a subscription.

    `session_change` is what a log-in or log-out leaves for whoever writes the HTTP answer.
    """

    def __init__(self, caller: Caller | None, language: str, settings: Settings, address: str = "") -> None:
        self.caller = caller
        self.language = language
        self.settings = settings
        self.address = address
        self.session_change: SessionChange | None = None

    def has_scope(self, scope: str) -> bool:
        """Whether a token of that scope stands behind the operation; a session is no token."""
        return self.caller is not None and scope in (self.caller.scopes or frozenset())

    def is_within(self, scope: TokenScope) -> bool:
        """Whether the credential reaches that far: any session, or a token of that scope."""
        return self.caller is not None and self.caller.has_scope(scope)

    @property
    def known_caller(self) -> Caller:
        """The caller; raises Unauthenticated for a visitor."""
        if self.caller is None:
            raise Unauthenticated(self.language)
        return self.caller

    @cached_property
    def actor(self) -> Actor:
        """The caller as the workflow knows him; raises Unauthenticated for a visitor, who is no actor."""
        return actor_of(self.known_caller, self.address)

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders, made when first needed; raises Unauthenticated for a visitor."""
        return Loaders(self.actor)

    def renew(self) -> None:
        """Forget what was read: something was written since."""
        self.__dict__.pop("loaders", None)

    def fork(self) -> "Context":
        """The same caller with fresh loaders, for the next event of a subscription."""
        return Context(self.caller, self.language, self.settings, self.address)


Info: TypeAlias = StrawberryInfo[Context, None]


def actor_of(caller: Caller, address: str = "") -> Actor:
    """The workflow's word for a caller."""
    return Actor(
        account_id=caller.account_id,
        role=caller.role,
        scopes=caller.scopes,
        name=caller.username,
        credential=caller.credential,
        address=address,
    )


async def make_context(
    connection: HTTPConnection, connection_params: Mapping[str, Any] | None, settings: Settings
) -> Context:
    """The context of an operation on this connection; raises CredentialRefused for a credential that does not count."""
    caller = await find_caller(connection, connection_params, settings)
    address = connection.client.host if connection.client else ""
    return Context(caller, language_of(connection), settings, address)
