"""The saved operations as the console offers them."""

from pathlib import Path

from graphql import parse

from edge.saved import saved_operations


def test_an_operation_comes_with_its_comment_and_the_fragments_it_needs(tmp_path: Path) -> None:
    fragments = tmp_path / "fragments"
    fragments.mkdir()
    (fragments / "a.graphql").write_text("fragment A on Subject { id ...B }\nfragment C on Subject { id }\n")
    (fragments / "b.graphql").write_text("fragment B on Subject { name }\n")
    (tmp_path / "subject.graphql").write_text(
        "# 查看主体\n# One subject\nquery subject($id: ID!) { subject(id: $id) { ...A } }\n", encoding="utf-8"
    )

    (operation,) = saved_operations(tmp_path)

    assert (operation["name"], operation["kind"], operation["about"]) == (
        "subject",
        "query",
        "查看主体 One subject",
    )
    defined = [
        node.name.value
        for node in parse(operation["query"]).definitions
        if hasattr(node, "name") and node.name
    ]
    assert defined == ["subject", "A", "B"]


def test_a_file_that_is_no_document_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "broken.graphql").write_text("query {")

    assert saved_operations(tmp_path) == ()
