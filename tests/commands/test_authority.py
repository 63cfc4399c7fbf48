"""`authority foreign-access`, as an operator types it, beside a running server and where it cannot be done."""

import sqlite3
from pathlib import Path

import httpx

from tests.commands.serving import run, serving

WEBSITE = "沪ICP备10900096号-2"


def providers(var: Path) -> list[int]:
    with sqlite3.connect(var / "authority.db") as connection:
        rows = connection.execute(
            "SELECT provider FROM accesses JOIN websites ON websites.id = website WHERE number = ?"
            " ORDER BY accesses.id",
            (WEBSITE,),
        ).fetchall()
    connection.close()
    return [provider for (provider,) in rows]


def test_a_website_gets_accesses_at_other_providers_while_a_server_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.wait_until_ready()
        one = run(tmp_path, "authority", "foreign-access", WEBSITE)
        two = run(tmp_path, "authority", "foreign-access", WEBSITE, "--provider", "440000000031")
        ready = httpx.get(f"{server.url}/readyz", trust_env=False).status_code

    assert (one.returncode, one.stderr, two.returncode, two.stderr) == (0, "", 0, "")
    assert one.stdout == (
        "沪ICP备10900096号-2 has an access at provider 110000000017; "
        "nothing is told of it: the record is not ours\n"
    )
    assert providers(tmp_path) == [310000000023, 110000000017, 440000000031]
    assert ready == 200


def test_what_cannot_be_done_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    served = "provider 310000000023 has an access of 沪ICP备10900096号-2 already"
    ours = "210000000001 is the provider that reports here: its accesses come by upload"
    by_hand = "the authority is not simulated here (BEIAN_AUTHORITY)"
    cases: list[tuple[list[str], dict[str, str], str]] = [
        (["沪ICP备10900096号-9"], {}, "no website is filed under 沪ICP备10900096号-9"),
        (["nothing"], {}, "no website is filed under nothing"),
        ([WEBSITE, "--provider", "310000000023"], {}, served),
        ([WEBSITE, "--provider", "210000000001"], {}, ours),
        ([WEBSITE], {"BEIAN_AUTHORITY": "manual"}, by_hand),
    ]

    for words, settings, line in cases:
        done = run(tmp_path, "authority", "foreign-access", *words, **settings)

        assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{line}\n")
    assert providers(tmp_path) == [310000000023]


def test_an_id_that_is_no_providers_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "authority", "foreign-access", WEBSITE, "--provider", "12")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("an id of a provider has twelve digits")
    assert not (tmp_path / "authority.db").exists()
