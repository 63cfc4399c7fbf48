"""The saved operations of queries/: one a file, valid, explained in both languages, and none missing."""

import re

import pytest
from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, build_schema, parse, validate

from schema.schema import schema
from tests.schema.asking import QUERIES, saved

NAMES = sorted(path.stem for path in QUERIES.glob("*.graphql"))
FRAGMENTS = sorted(path.stem for path in (QUERIES / "fragments").glob("*.graphql"))
SDL = build_schema(schema.as_str())


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_operation_is_valid_and_named_like_its_file(name: str) -> None:
    document = parse(saved(name))
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    assert [node.name and node.name.value for node in operations] == [name]
    assert validate(SDL, document) == []


@pytest.mark.parametrize(
    "path", [*QUERIES.glob("*.graphql"), *QUERIES.glob("fragments/*.graphql")], ids=lambda p: p.stem
)
def test_a_file_begins_by_saying_what_it_is_for_in_both_languages(path) -> None:  # type: ignore[no-untyped-def]
    chinese, english, *_ = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# .*[一-鿿].*。", chinese)
    assert re.fullmatch(r"# [A-Z][ -~]*\.", english)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_is_named_like_its_file_and_used(name: str) -> None:
    text = (QUERIES / "fragments" / f"{name}.graphql").read_text(encoding="utf-8")
    definitions = parse(text).definitions
    assert [node.name.value for node in definitions if isinstance(node, FragmentDefinitionNode)] == [name]
    assert len(definitions) == 1
    assert any(f"...{name}" in path.read_text(encoding="utf-8") for path in QUERIES.rglob("*.graphql"))


def test_every_root_field_has_a_saved_operation() -> None:
    asked = {
        selection.name.value
        for name in NAMES
        for node in parse(saved(name)).definitions
        if isinstance(node, OperationDefinitionNode)
        for selection in node.selection_set.selections
        if isinstance(selection, FieldNode)
    }
    roots = (SDL.query_type, SDL.mutation_type, SDL.subscription_type)
    assert asked == {name for root in roots if root for name in root.fields}
