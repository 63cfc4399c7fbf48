"""The records filed through other providers: valid, invented, and on file from the first moment."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

from authority.codes import read_table
from authority.messages import Domain, ProcessingResult
from authority.numbers import parse_filing_number, province_prefix
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing, with_website
from tests.authority.simulator.conftest import Clock, Open
from tests.authority.simulator.drain import fetch_all
from tests.authority.simulator.test_counter import count

ROWS: list[dict[str, Any]] = read_table("filed_elsewhere.json", "records")


def test_the_twenty_records_are_valid_and_lie_in_many_provinces() -> None:
    assert len(ROWS) == 20
    assert len({row["province"] for row in ROWS}) == 19
    for row in ROWS:
        assert uscc.is_valid(row["certificate"])
        number = parse_filing_number(row["number"])
        assert str(number) == row["number"]
        assert number.prefix == province_prefix(row["province"])
        assert row["city"] // 10_000 == row["county"] // 10_000 == row["province"] // 10_000
        assert row["websites"]
        assert all(site["accesses"] and site["home_url"] for site in row["websites"])
    domains = [name for row in ROWS for site in row["websites"] for name in site["domains"]]
    assert len(domains) == len(set(domains))
    assert len({row["name"] for row in ROWS}) == len({row["certificate"] for row in ROWS}) == 20


def test_each_has_a_filing_password_of_its_own() -> None:
    passwords = [row["password"] for row in ROWS]
    assert all(re.fullmatch("[A-Za-z0-9]{8,16}", password) for password in passwords)
    assert len(set(passwords)) == 20


async def test_no_password_lies_open_in_the_file(open_desk: Open, path: Path) -> None:
    await (await open_desk()).close()
    with sqlite3.connect(path) as db:
        marks = [row[0] for row in db.execute("SELECT password FROM subjects")]
    db.close()
    assert len(set(marks)) == 20
    # neither in clear nor as the bare MD5 that an upload carries
    assert not set(marks) & {row["password"] for row in ROWS}
    assert "d8af91c6dce65dc52d70cb5ed6274078" not in marks


def test_they_are_served_by_other_providers_than_any_of_ours() -> None:
    providers = {a["provider"] for row in ROWS for site in row["websites"] for a in site["accesses"]}
    assert providers == {110000000017, 310000000023}


async def test_they_are_entered_once(open_desk: Open, path: Path) -> None:
    for _ in range(2):
        await (await open_desk()).close()
    assert count(path, "SELECT count(*) FROM subjects") == 20
    assert count(path, "SELECT count(*) FROM websites") == 23
    assert count(path, "SELECT count(*) FROM domains") == 25
    assert count(path, "SELECT count(*) FROM accesses WHERE provider IN (110000000017, 310000000023)") == 27
    assert count(path, "SELECT count(*) FROM websites WHERE number = '辽ICP备13900063号-2'") == 1


@pytest.mark.parametrize("row", ROWS, ids=[row["number"] for row in ROWS])
async def test_every_one_of_their_domains_is_taken(
    desk: Simulator, clock: Clock, row: dict[str, Any]
) -> None:
    serial = 100
    names = [name for site in row["websites"] for name in site["domains"]]
    for name in names:
        serial += 100
        domains = (Domain(serial + 1, None, name),)
        await desk.upload(with_website(make_filing(serial), domains=domains), f"r{serial}")
    clock.turn(2)
    results = await fetch_all(desk)
    assert [r.codes[0].code for r in results if isinstance(r, ProcessingResult)] == [1005] * len(names)
