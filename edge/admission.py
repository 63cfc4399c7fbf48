"""Which operation of a document runs over which way in, and what is refused before anything is executed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from graphql import OperationDefinitionNode
from starlette.requests import Request

from edge.body import parse_object, read_body
from edge.documents import asks_schema, choose_operation, operations_of, parse_document
from edge.origin import check_post
from edge.refusals import TurnedAway

WayIn = Literal["GET", "POST", "SOCKET"]


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks, checked in shape: the document's text and what goes with it."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None


async def read_question(request: Request, public_url: str) -> Question:
    """Gives the question of an HTTP request; raises TurnedAway for a wrong method, origin, type or body."""
    if request.method == "GET":
        return shape_question(_read_parameters(request))
    if request.method != "POST":
        raise TurnedAway("method", status=405, headers={"allow": "GET, POST"})
    check_post(request.headers, public_url)
    return shape_question(parse_object(await read_body(request)))


def shape_question(fields: Mapping[str, Any]) -> Question:
    """Gives the question in a JSON object; raises TurnedAway for a field of the wrong type or no query."""
    query = fields.get("query")
    if query is None or query == "":
        raise TurnedAway("no_query")
    if not isinstance(query, str):
        raise TurnedAway("query")
    name = fields.get("operationName")
    if name is not None and not isinstance(name, str):
        raise TurnedAway("operation_name")
    variables, extensions = fields.get("variables"), fields.get("extensions")
    if variables is not None and not isinstance(variables, dict):
        raise TurnedAway("variables")
    if extensions is not None and not isinstance(extensions, dict):
        raise TurnedAway("extensions")
    return Question(query, variables, name or None, extensions)


def _read_parameters(request: Request) -> dict[str, Any]:
    pairs = request.query_params.multi_items()
    fields: dict[str, Any] = {name: value for name, value in pairs if value}
    if len(dict(pairs)) != len(pairs):
        raise TurnedAway("parameters")
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = parse_object(fields[name].encode("utf-8", "surrogatepass"))
    return fields


def admit(question: Question, way: WayIn, *, may_introspect: bool) -> OperationDefinitionNode:
    """Gives the operation to run.

    Raises GraphQLError for a document that cannot be parsed, TurnedAway where it is not clear which operation is
    meant, where that kind does not go this way, or where the schema is asked for by one who may not.
    """
    document = parse_document(question.query)
    operation = choose_operation(document, question.operation_name)
    if operation is None:
        several = question.operation_name is None and len(operations_of(document)) > 1
        sentence = "which_operation" if several else "unknown_operation"
        raise TurnedAway(sentence, "OPERATION_RESOLUTION_FAILURE")
    kind = operation.operation.value
    if kind == "mutation" and way == "GET":
        raise TurnedAway("mutation_by_get", status=405, headers={"allow": "POST"})
    if kind == "mutation" and way == "SOCKET":
        raise TurnedAway("mutation_by_socket")
    if kind == "subscription" and way != "SOCKET":
        raise TurnedAway("subscription_by_post")
    if not may_introspect and asks_schema(document, operation):
        raise TurnedAway("introspection", "UNAUTHENTICATED", 200)
    return operation
