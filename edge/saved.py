"""The saved operations of queries/, as the console offers them and as the meters name them."""

import re
from functools import cache
from pathlib import Path
from typing import TypedDict

from graphql import FragmentDefinitionNode, FragmentSpreadNode, GraphQLError, OperationDefinitionNode, parse
from graphql.language import Visitor, visit
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from settings import ROOT


class SavedOperation(TypedDict):
    """One saved operation: its name, kind, what its first comment says, and its text with the fragments."""

    name: str
    kind: str
    about: str
    query: str


@cache
def saved_operations(folder: Path = ROOT / "queries") -> tuple[SavedOperation, ...]:
    """Gives the operations of `folder/*.graphql`, by name, each with the fragments it needs; skips broken files."""
    fragments = _read_fragments(folder / "fragments")
    return tuple(
        operation
        for path in sorted(folder.glob("*.graphql"))
        for operation in _read_operation(path, fragments)
    )


def _read_fragments(folder: Path) -> dict[str, str]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.graphql")))
    return {
        node.name.value: text[node.loc.start : node.loc.end]
        for text in texts
        for node in parse(text).definitions
        if isinstance(node, FragmentDefinitionNode) and node.loc
    }


def _read_operation(path: Path, fragments: dict[str, str]) -> list[SavedOperation]:
    text = path.read_text(encoding="utf-8").strip()
    try:
        operations = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
    except GraphQLError:
        return []
    about = " ".join(line.lstrip("# ").strip() for line in re.findall(r"\A(?:\s*#.*\n)+", text)[:1])
    return [
        SavedOperation(
            name=operation.name.value if operation.name else path.stem,
            kind=operation.operation.value,
            about=about.replace("\n", " ").replace("# ", ""),
            query="\n\n".join([text, *_needed(text, fragments)]),
        )
        for operation in operations[:1]
    ]


def _needed(text: str, fragments: dict[str, str]) -> list[str]:
    needed: dict[str, str] = {}
    waiting = [text]
    while waiting:
        for name in _spreads(waiting.pop()):
            if name in fragments and name not in needed:
                needed[name] = fragments[name]
                waiting.append(fragments[name])
    own = {node.name.value for node in parse(text).definitions if isinstance(node, FragmentDefinitionNode)}
    return [body for name, body in needed.items() if name not in own]


def _spreads(text: str) -> set[str]:
    found: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
            found.add(node.name.value)

    visit(parse(text), Spreads())
    return found


def operation_names() -> frozenset[str]:
    """Gives the names of all saved operations."""
    return frozenset(operation["name"] for operation in saved_operations())


async def saved(request: Request) -> Response:
    """`GET /graphiql/operations.json`: what the console's menu offers."""
    return JSONResponse(list(saved_operations()))
