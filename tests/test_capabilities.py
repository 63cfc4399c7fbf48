"""Every capability that is promised so far is shown by a test that says so."""

import ast
from pathlib import Path

TESTS = Path(__file__).parent


def span(letter: str, first: int, last: int) -> set[str]:
    return {
        f"{letter}{number:02d}" if letter == "C" else f"{letter}{number}" for number in range(first, last + 1)
    }


PROMISED = span("C", 1, 78) | span("C", 82, 85) | span("N", 1, 4) | span("N", 6, 9) | {"N12"}


def shown_in(path: Path) -> set[str]:
    """The ids in the `shows` marks of one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "shows"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_promised_capability_is_shown_by_a_test() -> None:
    shown = set().union(*(shown_in(path) for path in TESTS.rglob("test_*.py")))
    assert PROMISED - shown == set()


def test_no_test_shows_a_capability_that_does_not_exist() -> None:
    known = span("C", 1, 85) | span("N", 1, 12)
    for path in TESTS.rglob("test_*.py"):
        assert shown_in(path) <= known, path
