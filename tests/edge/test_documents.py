"""Documents: which operation is meant, and whether it asks for the schema."""

import time

import pytest
from graphql import GraphQLError

from edge.documents import asks_schema, choose_operation, parse_document


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { types { name } } }",
        '{ ok t: __type(name: "X") { name } }',
        "{ ...A } fragment A on Query { ... on Query { ...B } } fragment B on Query { __schema { description } }",
        "{ ... @include(if: true) { __schema { description } } }",
        "{ ...A } fragment A on Query { ...B __schema { description } } fragment B on Query { ...A }",
    ],
)
def test_introspection_is_seen_through_aliases_and_fragments(text: str) -> None:
    document = parse_document(text)
    operation = choose_operation(document, None)

    assert operation is not None
    assert asks_schema(document, operation)


@pytest.mark.parametrize(
    "text", ["{ __typename }", "{ subject { __typename schema __type } }", "{ ...Missing }"]
)
def test_a_type_name_is_no_introspection(text: str) -> None:
    document = parse_document(text)
    operation = choose_operation(document, None)

    assert operation is not None
    assert not asks_schema(document, operation)


def test_fragments_that_each_spread_the_next_twice_are_walked_once() -> None:
    fragments = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    document = parse_document("{ ...F0 } " + fragments + " fragment F60 on Query { ok }")
    operation = choose_operation(document, None)
    started = time.perf_counter()

    assert operation is not None
    assert not asks_schema(document, operation)
    assert time.perf_counter() - started < 0.5


def test_several_operations_need_a_name() -> None:
    document = parse_document("query A { a } query B { b } fragment C on Query { c }")

    assert choose_operation(document, None) is None
    assert choose_operation(document, "C") is None
    chosen = choose_operation(document, "B")
    assert chosen is not None
    assert chosen.name is not None
    assert chosen.name.value == "B"


@pytest.mark.parametrize("text", ["{ a " * 900 + "}" * 900, "{" + " a" * 4000 + "}", "{", "query"])
def test_what_cannot_be_parsed_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(GraphQLError):
        parse_document(text)
