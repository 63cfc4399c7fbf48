"""The other verbs, as an operator types them: what they print, and one line and code 1 where they cannot."""

import sqlite3
from pathlib import Path

from tests.commands.serving import run

PASSWORD = "correct horse battery staple"


def accounts(var: Path) -> list[tuple[str, str, bool]]:
    with sqlite3.connect(var / "beian.db") as connection:
        rows = connection.execute("SELECT username, role, disabled FROM account ORDER BY id").fetchall()
    connection.close()
    return [(name, role, bool(disabled)) for name, role, disabled in rows]


def test_an_account_is_made_given_another_role_and_disabled(tmp_path: Path) -> None:
    run(tmp_path, "account", "create", "boss", "--role", "admin", given=PASSWORD)
    run(tmp_path, "account", "create", "wang", given=f"{PASSWORD}\n", BEIAN_LOG_LEVEL="debug")
    assert accounts(tmp_path) == [("boss", "ADMIN", False), ("wang", "APPLICANT", False)]

    role = run(tmp_path, "account", "set-role", "wang", "reviewer")
    disabled = run(tmp_path, "account", "disable", "wang")

    assert (role.returncode, role.stdout) == (0, "account wang has role reviewer\n")
    assert (disabled.returncode, disabled.stdout) == (0, "account wang disabled\n")
    assert accounts(tmp_path) == [("boss", "ADMIN", False), ("wang", "REVIEWER", True)]


def test_what_cannot_be_done_to_an_account_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, "account", "create", "boss", "--role", "admin", given=PASSWORD)

    last = run(tmp_path, "account", "disable", "boss")
    unknown = run(tmp_path, "account", "set-role", "nobody", "admin")
    weak = run(tmp_path, "account", "create", "li", given="12345678")
    silent = run(tmp_path, "account", "create", "li", given="")

    for done in (last, unknown, weak, silent):
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert silent.stderr == "no password was given\n"
    assert accounts(tmp_path) == [("boss", "ADMIN", False)]


def test_a_file_that_is_no_code_table_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "table.json").write_text("{}", encoding="utf-8")

    done = run(tmp_path / "var", "codes", "load", str(tmp_path / "table.json"))

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)


def test_a_database_of_other_keys_is_refused_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    run(tmp_path / "own", "account", "create", "boss", "--role", "admin", given=PASSWORD)
    url = f"sqlite://{tmp_path}/own/beian.db"

    for words in (["serve"], ["account", "disable", "boss"], ["migrate"]):
        done = run(tmp_path / "other", *words, BEIAN_DATABASE_URL=url)

        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines()[-1] == (
            "INDEX_KEY is not the key that this database was written under"
        )
    assert accounts(tmp_path / "own") == [("boss", "ADMIN", False)]


def test_the_schema_and_the_life_of_a_filing_are_printed_alone(tmp_path: Path) -> None:
    schema = run(tmp_path / "var", "schema")
    lifecycle = run(tmp_path / "var", "lifecycle")

    assert (schema.returncode, schema.stderr) == (0, "")
    assert "\ntype Subject implements Node" in schema.stdout
    assert (lifecycle.returncode, lifecycle.stderr) == (0, "")
    assert lifecycle.stdout.startswith("stateDiagram-v2\n")
    assert not (tmp_path / "var").exists()


def test_an_unknown_verb_is_refused_with_the_list_of_verbs(tmp_path: Path) -> None:
    done = run(tmp_path, "sevre")

    assert done.returncode == 2
    assert "serve" in done.stderr.splitlines()[-1]
