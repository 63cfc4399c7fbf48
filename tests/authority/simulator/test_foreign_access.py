"""Accesses of other providers: given to a website in the authority's own file, and told of like any other news."""

from pathlib import Path

import pytest

from authority.messages import Cancellation
from authority.simulator.counter import Simulator
from authority.simulator.library import AccessNotAdded
from tests.authority.simulator.conftest import PROVIDER, Clock, Open
from tests.authority.simulator.deciding import decide, file, library_of, record_of
from tests.authority.simulator.drain import fetch_all

OTHER = 310000000023


async def test_a_website_of_ours_gets_it_and_the_record_is_told(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock, websites=2)
    clock.turn(60)
    assert await desk.add_foreign_access("辽icp备2026000001号-2", OTHER)

    told = record_of(await fetch_all(desk))
    assert told.reviewed_at == clock.moment
    assert (told.subject, told.websites[0]) == (record.subject, record.websites[0])
    ours, theirs = told.websites[1].accesses
    assert ours == record.websites[1].accesses[0]
    assert (theirs.provider, theirs.provider_id) == (OTHER, None)
    assert theirs.ranges[0].provider_id is None
    assert str(theirs.authority_id).startswith("210000")
    assert await fetch_all(desk) == []


async def test_another_desk_on_the_same_ledger_hears_of_it(open_desk: Open, clock: Clock) -> None:
    serving, console = await open_desk(), await open_desk()
    record = await file(serving, clock)
    await console.add_foreign_access(record.websites[0].number or "", OTHER)
    assert len(record_of(await fetch_all(serving)).websites[0].accesses) == 2


async def test_of_a_record_that_is_not_ours_nothing_is_told(desk: Simulator, path: Path) -> None:
    before = len(library_of(path)["accesses"])
    assert not await desk.add_foreign_access("沪ICP备10900096号-2", 110000000017)
    assert await fetch_all(desk) == []
    assert len(library_of(path)["accesses"]) == before + 1


async def test_what_cannot_be_given_is_refused_and_changes_nothing(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    gone = record.websites[1]
    await decide(desk, clock, Cancellation(1, gone.authority_id or 0, 1, None, None), "r2")
    number = record.websites[0].number or ""
    await desk.add_foreign_access(number, OTHER)
    await fetch_all(desk)
    before = library_of(path)
    for unknown in ("辽ICP备2026000001号-9", "辽ICP备2026000001号", "", gone.number or ""):
        with pytest.raises(AccessNotAdded, match=f"no website is filed under {unknown}"):
            await desk.add_foreign_access(unknown, OTHER)
    with pytest.raises(AccessNotAdded, match="already"):
        await desk.add_foreign_access(number, OTHER)
    with pytest.raises(AccessNotAdded, match="reports here"):
        await desk.add_foreign_access(number, PROVIDER)
    assert library_of(path) == before
    assert await fetch_all(desk) == []
