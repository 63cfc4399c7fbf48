"""Code tables at work: a code that became invalid shows on what carries it and cannot be submitted; bad files load nothing."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from models.code import CodeRow, DivisionRow
from models.filing import Filing
from models.node_ids import node_id
from models.unit_of_work import unit_of_work
from rules.findings import Severity
from settings import ROOT, Settings
from tests.support.counting import counting
from tests.support.lives import draft, named, submit
from tests.workflow.conftest import empty_tables
from tests.workflow.doings import codes, edit_website, fresh, websites_of
from workflow import steps
from workflow.actors import Actor
from workflow.codes import CodeFileFault, code_book, forget_code_book, load_codes, load_shipped_codes
from workflow.findings import check_filing


def write(folder: Path, data: Any) -> Path:
    path = folder / "codes.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


LANGUAGES = {
    "table": "language",
    "items": [
        {"code": "1", "zh": "中文简体", "en": "Simplified Chinese"},
        {"code": "12", "zh": "英语", "active": False},
        {"code": "77", "zh": "世界语", "en": "Esperanto"},
    ],
}


@pytest.mark.shows("C72")
async def test_the_shipped_tables_are_loaded_once_and_stand(fresh_codes: str) -> None:
    await load_shipped_codes()
    tables = {row[0] for row in await CodeRow.all().values_list("table")}
    assert tables >= {
        "unit_nature",
        "certificate_type",
        "service_content",
        "pre_approval_type",
        "access_method",
        "server_location",
        "language",
        "cancellation_reason",
    }
    assert await DivisionRow.filter(level=1).count() >= 31
    count = await CodeRow.all().count()
    await load_shipped_codes()
    assert await CodeRow.all().count() == count


async def test_of_processes_that_start_together_one_fills_the_tables(fresh_codes: str) -> None:
    count, divisions = await CodeRow.all().count(), await DivisionRow.all().count()
    await unit_of_work(empty_tables)
    await asyncio.gather(*(load_shipped_codes() for _ in range(3)))
    assert (await CodeRow.all().count(), await DivisionRow.all().count()) == (count, divisions)


ELSEWHERE = """
import asyncio, pathlib, sys, settings
from models.database import close_database, open_database
from workflow.codes import load_codes
given = settings.load(var_dir=pathlib.Path(sys.argv[1]), web=False)
given = given.model_copy(update={"database_url": sys.argv[2]})
async def load():
    await open_database(given, pool_size=2)
    await load_codes(pathlib.Path(sys.argv[3]))
    await close_database()
asyncio.run(load())
"""


@pytest.mark.shows("C72")
async def test_what_another_process_loads_is_in_the_book_within_seconds(
    fresh_codes: str, settings: Settings, tmp_path: Path
) -> None:
    english = (await code_book()).find("language", "12")
    assert english is not None
    assert english.active
    arguments = (str(settings.var_dir), settings.database_url, str(write(tmp_path, LANGUAGES)))
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ELSEWHERE, *arguments, cwd=ROOT)
    assert await process.wait() == 0
    async with asyncio.timeout(5):
        while english is None or english.active:
            await asyncio.sleep(0.2)
            english = (await code_book()).find("language", "12")


async def test_the_tables_are_not_asked_for_at_every_look(fresh_codes: str) -> None:
    await code_book()
    async with counting() as statements:
        for _ in range(10):
            await code_book()
    assert statements == []


@pytest.mark.shows("C73")
async def test_a_code_that_became_invalid_stays_on_the_draft_and_keeps_it_back(
    fresh_codes: str, owner: Actor, tmp_path: Path
) -> None:
    filing = await draft(owner)  # languages 1 and 12
    assert await load_codes(write(tmp_path, LANGUAGES)) == 3
    [website] = await websites_of(filing)
    assert website.languages == ["1", "12"]
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    assert [(f.rule, f.path) for f in check.findings if f.severity is Severity.ERROR] == [
        ("MIIT-1066", ("websites", node_id(type(website), website.id), "languages", "12"))
    ]
    assert codes(await steps.submit_filing(owner, **named(filing), filing_password=None)) == ["FINDINGS"]
    assert (await edit_website(owner, website, languages=["1", "77"])).problems == ()
    await submit(owner, await fresh(filing))


async def test_what_a_file_no_longer_has_becomes_invalid_and_is_not_erased(
    fresh_codes: str, tmp_path: Path
) -> None:
    before = await CodeRow.filter(table="language").count()
    await load_codes(write(tmp_path, LANGUAGES))
    rows = {row.code: row for row in await CodeRow.filter(table="language")}
    assert len(rows) == before + 1
    assert {code for code, row in rows.items() if row.active} == {"1", "77"}
    assert (rows["77"].name, rows["77"].name_en) == ("世界语", "Esperanto")
    assert await CodeRow.filter(table="access_method", active=True).exists()
    book = await code_book()
    english, esperanto = book.find("language", "12"), book.find("language", "77")
    assert english is not None
    assert esperanto is not None
    assert (english.active, esperanto.zh) == (False, "世界语")


async def test_a_file_that_is_no_table_loads_nothing(fresh_codes: str, tmp_path: Path) -> None:
    before = await CodeRow.all().order_by("id").values("id", "table", "code", "name", "active")
    twice = {"table": "language", "items": [{"code": "1", "zh": "一"}, {"code": "1", "zh": "二"}]}
    for data in ("{", "[]", {"table": "language"}, {"table": "nothing", "items": []}, twice, {"items": [{}]}):
        with pytest.raises(CodeFileFault, match=r"^codes\.json: "):
            await load_codes(write(tmp_path, data))
    with pytest.raises(CodeFileFault):
        await load_codes(tmp_path / "absent.json")
    assert await CodeRow.all().order_by("id").values("id", "table", "code", "name", "active") == before


async def test_the_book_is_kept_until_it_is_forgotten(fresh_codes: str) -> None:
    book = await code_book()
    assert await code_book() is book
    forget_code_book()
    assert await code_book() is not book
