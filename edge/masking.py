"""What a client is told of an error: a code always, an exception's text never."""

import secrets
from collections.abc import Iterable
from typing import Any

import structlog
from graphql import ArgumentNode, GraphQLError, GraphQLSyntaxError, ValueNode, VariableDefinitionNode
from tortoise.exceptions import OperationalError

from accounts.refusals import CredentialRefused
from edge.frames import frames_of
from edge.refusals import TurnedAway, say
from models.database import UNREACHABLE
from models.faults import StoreAway, Unavailable

# what reads outside a unit of work raise while the database is away; a wrong statement is no such thing
AWAY: tuple[type[BaseException], ...] = (
    Unavailable,
    *(kind for kind in UNREACHABLE if kind not in (TimeoutError, OperationalError)),
)

log = structlog.get_logger(__name__)


def refusal_for(error: BaseException) -> TurnedAway:
    """Gives what a client is told of an exception; one that nobody foresaw is logged and masked."""
    if isinstance(error, TurnedAway):
        return error
    if isinstance(error, CredentialRefused):
        return TurnedAway("credential", "UNAUTHENTICATED", 401, headers={"www-authenticate": "Bearer"})
    if isinstance(error, TimeoutError):
        return TurnedAway("timeout", "TIMEOUT", 503)
    if isinstance(error, AWAY):
        log.warning("away", exception=type(error).__name__, frames=frames_of(error.__traceback__))
        seconds = (error if isinstance(error, Unavailable) else StoreAway()).retry_after
        headers, extensions = {"retry-after": str(seconds)}, {"retryAfter": seconds}
        return TurnedAway("away", "UNAVAILABLE", 503, headers=headers, extensions=extensions)
    if isinstance(error, RecursionError):
        return TurnedAway("too_deep", "GRAPHQL_VALIDATION_FAILED")
    error_id = log_fault(error)
    return TurnedAway("fault", "INTERNAL_SERVER_ERROR", 500, extensions={"errorId": error_id})


def log_fault(error: BaseException) -> str:
    """Logs where an exception came from, without its text, and gives the id that the client is told."""
    error_id = secrets.token_hex(8)
    log.error(
        "fault", error_id=error_id, exception=type(error).__name__, frames=frames_of(error.__traceback__)
    )
    return error_id


def present_errors(errors: Iterable[GraphQLError], *, english: bool) -> list[dict[str, Any]]:
    """Gives the errors as they are sent: each with a code, and masked where its text is not meant for clients."""
    return [_present(error, english=english) for error in errors]


def has_refused_credential(errors: Iterable[GraphQLError] | None) -> bool:
    """Whether one of the errors says that the session or token is no longer good."""
    return any(isinstance(error.original_error, CredentialRefused) for error in errors or ())


def _present(error: GraphQLError, *, english: bool) -> dict[str, Any]:
    extensions = dict(error.extensions or {})
    if "code" not in extensions:
        code = _code_of(error)
        if code is None:
            return _mask(error, english=english)
        extensions["code"] = code
    return {**error.formatted, "extensions": extensions}


def _code_of(error: GraphQLError) -> str | None:
    """Gives the code of an error that the client made; None for one that is masked."""
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    if any(isinstance(node, VariableDefinitionNode) for node in error.nodes or ()):
        return "BAD_USER_INPUT"
    is_argument = any(isinstance(node, (ArgumentNode, ValueNode)) for node in error.nodes or ())
    return "BAD_USER_INPUT" if is_argument and isinstance(error.original_error, GraphQLError) else None


def _mask(error: GraphQLError, *, english: bool) -> dict[str, Any]:
    refusal = refusal_for(error.original_error or error)
    shown = {key: value for key, value in error.formatted.items() if key in ("locations", "path")}
    return {
        "message": say(refusal.sentence, english=english),
        **shown,
        "extensions": {"code": refusal.code, **refusal.extensions},
    }
