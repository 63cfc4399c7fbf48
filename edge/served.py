"""The schema as the edge serves it: documents parsed once, suggestions for known callers, loaders per event."""

import copy
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError, validate
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext

from edge.callers import OperationContext
from edge.documents import parse_document
from settings import current


class Documents(SchemaExtension):
    """Takes the document that admission parsed, and validates it without telling visitors what exists."""

    def on_parse(self) -> Iterator[None]:
        """Lays the parsed document where execution looks for it."""
        self.execution_context.graphql_document = parse_document(self.execution_context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        """Validates, and marks each error as one of validation."""
        context = self.execution_context
        assert context.graphql_document
        errors = validate(
            context.schema._schema,
            context.graphql_document,
            (*context.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule),
            hide_suggestions=not may_introspect(context.context),
        )
        for error in errors:
            error.extensions = {"code": "GRAPHQL_VALIDATION_FAILED", **(error.extensions or {})}
        context.pre_execution_errors = errors
        yield


class PerEventContext(StrawberryGraphQLCoreExecutionContext):
    """An executor that gives each event of a subscription loaders of its own, so that none sees stale rows."""

    def build_per_event_executor(self, payload: Any) -> Any:
        """Gives the executor of one event, with a forked context."""
        executor = super().build_per_event_executor(payload)
        executor.context_value = self.context_value.fork()
        return executor


def may_introspect(context: OperationContext) -> bool:
    """Whether this caller may ask for the schema: a signed-in one, or everyone where the operator says so."""
    return current().introspection == "public" or context.caller is not None


def _say_nothing(errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
    """Strawberry would log each error with its text, which may hold a client's data; masking logs what it hides."""


def serve_schema(schema: Schema) -> Schema:
    """Gives a copy of the schema that the edge serves; the given one stays as it is."""
    served = copy.copy(schema)
    served.extensions = (*schema.extensions, Documents)
    base = schema.execution_context_class or StrawberryGraphQLCoreExecutionContext
    served.execution_context_class = type("ServedExecutor", (PerEventContext, base), {})
    served.process_errors = _say_nothing  # type: ignore[method-assign]  # a hook meant to be replaced
    return served
