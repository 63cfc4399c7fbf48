"""GraphQL documents before they run: parsed once, the operation chosen, introspection seen."""

from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

MAX_TOKENS = 4000
KEPT_LENGTH = 8192


def parse_document(text: str) -> DocumentNode:
    """Gives the parsed document; raises GraphQLError (syntax, more than 4,000 tokens, nested too deeply)."""
    if len(text) > KEPT_LENGTH:
        return _parse(text)
    return _parse_kept(text)


def _parse(text: str) -> DocumentNode:
    return parse(text, max_tokens=MAX_TOKENS)


_parse_kept = lru_cache(maxsize=128)(_parse)


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """Gives the document's operations in their order."""
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def choose_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """Gives the operation to run: the named one, or the only one; None where that does not say which."""
    operations = operations_of(document)
    if name is None:
        return operations[0] if len(operations) == 1 else None
    return next((node for node in operations if node.name and node.name.value == name), None)


def asks_schema(document: DocumentNode, operation: OperationDefinitionNode) -> bool:
    """Whether the operation selects `__schema` or `__type` at its root, through fragments too."""
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    seen: set[str] = set()
    waiting: list[SelectionSetNode] = [operation.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FieldNode):
                if selection.name.value in ("__schema", "__type"):
                    return True
            elif isinstance(selection, InlineFragmentNode):
                waiting.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name in fragments and name not in seen:
                    seen.add(name)
                    waiting.append(fragments[name].selection_set)
    return False
