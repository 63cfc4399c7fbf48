"""How the simulator decides cancellations (ZXBA): of an access, of a website, of a subject."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authority.messages import Cancellation, Cancelled, Decision, FiledRecord
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing
from tests.authority.simulator.conftest import Clock, Open
from tests.authority.simulator.deciding import (
    codes_of,
    decide,
    file,
    library_of,
    record_of,
    result_of,
    states_of,
)
from tests.authority.simulator.drain import fetch_all

SUBJECT, WEBSITE, ACCESS = 0, 1, 2
OTHER = 310000000023
AT_FOUR = datetime(2026, 5, 6, 1, 30, 4, tzinfo=UTC)


def cancel(category: int, record_id: int | None, remark: str | None = None) -> Cancellation:
    assert record_id is not None
    return Cancellation(category, record_id, 1, remark, None)


@pytest.mark.shows("C62")
async def test_an_access_is_cancelled_where_another_providers_stays(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    site = record.websites[0]
    await desk.add_foreign_access(site.number or "", OTHER)
    ours = site.accesses[0].authority_id
    await fetch_all(desk)

    after, decision = await decide(desk, clock, cancel(ACCESS, ours, "不再使用"), "r2")
    assert decision == Decision(5, ours or 0, True, None, "模拟管局", AT_FOUR)
    assert isinstance(after, FiledRecord)
    assert [access.provider for access in after.websites[0].accesses] == [OTHER]
    assert after.websites[1] == record.websites[1]
    states = states_of(path, "accesses")
    assert states[ours or 0] == "CANCELLED"
    assert list(states.values()).count("CANCELLED") == 1
    assert set(states_of(path, "websites").values()) == {"FILED"}


async def test_the_only_access_of_a_website_is_1025(desk: Simulator, clock: Clock, path: Path) -> None:
    record = await file(desk, clock, websites=2)
    ours = record.websites[0].accesses[0].authority_id
    before = library_of(path)
    answers = await decide(desk, clock, cancel(ACCESS, ours), "r2")
    assert codes_of(answers) == [1025]
    assert (result_of(answers).operation, result_of(answers).reference) == (5, str(ours))
    assert library_of(path) == before


async def test_the_only_access_may_go_where_the_switch_allows_it(
    open_desk: Open, clock: Clock, path: Path
) -> None:
    desk = await open_desk(last_access="allow")
    record = await file(desk, clock)
    after = record_of(
        await decide(desk, clock, cancel(ACCESS, record.websites[0].accesses[0].authority_id), "r2")
    )
    assert after.websites[0].accesses == ()
    assert replace(after.websites[0], accesses=record.websites[0].accesses) == record.websites[0]
    assert set(states_of(path, "accesses").values()) == {"CANCELLED"}
    assert set(states_of(path, "websites").values()) == {"FILED"}


async def test_another_providers_access_is_1047_and_an_unknown_one_1016(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    site = (await file(desk, clock)).websites[0]
    await desk.add_foreign_access(site.number or "", OTHER)
    theirs = record_of(await fetch_all(desk)).websites[0].accesses[1].authority_id
    before = library_of(path)
    assert codes_of(await decide(desk, clock, cancel(ACCESS, theirs), "r2")) == [1047]
    answers = await decide(desk, clock, cancel(ACCESS, 210000999999), "r3")
    assert codes_of(answers) == [1016]
    assert (result_of(answers).operation, result_of(answers).reference) == (5, "210000999999")
    assert library_of(path) == before


async def test_an_access_cancelled_before_is_1032(open_desk: Open, clock: Clock, path: Path) -> None:
    desk = await open_desk(last_access="allow")
    record = await file(desk, clock, websites=2)
    alone, with_site = (site.accesses[0].authority_id for site in record.websites)
    await decide(desk, clock, cancel(ACCESS, alone), "r2")
    await decide(desk, clock, cancel(WEBSITE, record.websites[1].authority_id), "r3")
    before = library_of(path)
    assert codes_of(await decide(desk, clock, cancel(ACCESS, alone), "r4")) == [1032]
    assert codes_of(await decide(desk, clock, cancel(ACCESS, with_site), "r5")) == [1032]
    assert library_of(path) == before


@pytest.mark.shows("C64")
async def test_a_website_is_cancelled_with_its_accesses(desk: Simulator, clock: Clock, path: Path) -> None:
    record = await file(desk, clock, websites=2)
    first, second = record.websites
    answers = await decide(desk, clock, cancel(WEBSITE, first.authority_id), "r2")
    assert answers == [
        Cancelled(1, first.authority_id or 0, None),
        Decision(7, first.authority_id or 0, True, None, "模拟管局", AT_FOUR),
    ]
    assert states_of(path, "websites") == {
        first.authority_id: "CANCELLED",
        second.authority_id: "FILED",
    }
    assert states_of(path, "accesses") == {
        first.accesses[0].authority_id: "CANCELLED",
        second.accesses[0].authority_id: "FILED",
    }
    # its domain is free, and its number is not used again
    rival = replace(make_filing(200).websites[0], domains=first.domains)
    assert record_of(await decide(desk, clock, replace(make_filing(200), websites=(rival,)), "r3"))


async def test_an_unknown_website_is_1059_and_a_cancelled_one_1050(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    gone = record.websites[0].authority_id
    await decide(desk, clock, cancel(WEBSITE, gone), "r2")
    before = library_of(path)
    for key, named, code in (("r3", gone, 1050), ("r4", record.subject.authority_id, 1059), ("r5", 7, 1059)):
        answers = await decide(desk, clock, cancel(WEBSITE, named), key)
        assert codes_of(answers) == [code]
        assert (result_of(answers).operation, result_of(answers).reference) == (7, str(named))
    assert library_of(path) == before


@pytest.mark.shows("C65")
async def test_a_subject_is_cancelled_with_everything_under_it(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    await file(desk, clock, 200)
    ztid = record.subject.authority_id or 0
    decision, told = await decide(desk, clock, cancel(SUBJECT, ztid), "r3")
    assert isinstance(decision, Decision)
    assert (decision.operation, decision.record_id, decision.approved) == (6, ztid, True)
    assert told == Cancelled(0, ztid, None)
    for table, gone, kept in (("subjects", 1, 1), ("websites", 2, 1), ("accesses", 2, 1)):
        states = list(states_of(path, table).values())
        assert (states.count("CANCELLED"), states.count("FILED")) == (gone, kept)
    # organiser, domains and name are free: the same firm may file anew, under new ids of the provider
    anew = replace(make_filing(300), subject=replace(record.subject, provider_id=300, number=None))
    assert record_of(await decide(desk, clock, anew, "r4")).subject.number == "辽ICP备2026000003号"


async def test_under_a_cancelled_subject_everything_is_1049(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock)
    await decide(desk, clock, cancel(SUBJECT, record.subject.authority_id), "r2")
    before = library_of(path)
    assert codes_of(await decide(desk, clock, cancel(SUBJECT, record.subject.authority_id), "r3")) == [1049]
    answers = await decide(desk, clock, cancel(WEBSITE, record.websites[0].authority_id), "r4")
    assert codes_of(answers) == [1049]
    assert library_of(path) == before


async def test_an_unknown_subject_is_1058(desk: Simulator, clock: Clock, path: Path) -> None:
    record = await file(desk, clock)
    before = library_of(path)
    for key, named in (("r2", record.websites[0].authority_id), ("r3", 100)):
        answers = await decide(desk, clock, cancel(SUBJECT, named), key)
        assert codes_of(answers) == [1058]
        assert (result_of(answers).operation, result_of(answers).reference) == (6, str(named))
    assert library_of(path) == before


@pytest.mark.shows("C39")
async def test_a_remark_with_the_word_for_refusal_is_refused_whatever_is_cancelled(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock)
    site = record.websites[0]
    await desk.add_foreign_access(site.number or "", OTHER)
    await fetch_all(desk)
    before = library_of(path)
    ids = {5: site.accesses[0].authority_id, 7: site.authority_id, 6: record.subject.authority_id}
    for key, category, operation in (("r3", ACCESS, 5), ("r4", WEBSITE, 7), ("r5", SUBJECT, 6)):
        answers = await decide(desk, clock, cancel(category, ids[operation], "请管局拒绝本申请"), key)
        opinion = "注销说明中含有“拒绝”，不予注销。"
        assert answers == [Decision(operation, ids[operation] or 0, False, opinion, "模拟管局", clock.moment)]
    assert library_of(path) == before


async def test_a_subject_filed_elsewhere_asks_for_its_filing_password(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    before = library_of(path)
    subject = 210000000001  # 大连听涛航海器材, the first that the simulator numbered in its province
    for key, password in (("r1", None), ("r2", "641fc1cf3bc1d9827ce02922e64e2313")):
        upload = replace(cancel(SUBJECT, subject), password=password)
        assert codes_of(await decide(desk, clock, upload, key)) == [1018]
    assert library_of(path) == before
    right = replace(cancel(SUBJECT, subject), password="9cf076ef032ef4e41fd106168b45776e")
    assert Cancelled(0, subject, None) in await decide(desk, clock, right, "r3")


@pytest.mark.parametrize(("category", "reason"), [(3, 1), (-1, 1), (0, 0), (1, 1000)])
async def test_what_breaks_the_schema_is_5001_without_a_reference(
    desk: Simulator, clock: Clock, path: Path, category: int, reason: int
) -> None:
    ztid = (await file(desk, clock)).subject.authority_id or 0
    before = library_of(path)
    answers = await decide(desk, clock, Cancellation(category, ztid, reason, None, None), "r2")
    assert codes_of(answers) == [5001]
    assert result_of(answers).reference is None
    assert library_of(path) == before
