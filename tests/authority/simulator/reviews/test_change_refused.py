"""What the simulator finds against a change (BGBA), and that such a change alters nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from authority.messages import (
    Address,
    Cancellation,
    Certificate,
    Change,
    Domain,
    Website,
)
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing
from tests.authority.simulator.changing import altered, change_of, with_access
from tests.authority.simulator.conftest import Clock
from tests.authority.simulator.deciding import (
    codes_of,
    decide,
    decision_of,
    file,
    library_of,
    record_of,
    result_of,
)
from tests.authority.simulator.drain import fetch_all

OTHER = 310000000023


async def test_an_unknown_subject_is_1058_and_a_cancelled_one_1049(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock)
    unknown = change_of(record, authority_id=210000999999)
    before = library_of(path)
    answers = await decide(desk, clock, unknown, "r2")
    assert codes_of(answers) == [1058]
    assert (result_of(answers).operation, result_of(answers).reference) == (4, "210000999999")
    assert library_of(path) == before

    ztid = record.subject.authority_id or 0
    await decide(desk, clock, Cancellation(0, ztid, 1, None, None), "r3")
    before = library_of(path)
    answers = await decide(desk, clock, change_of(record), "r4")
    assert codes_of(answers) == [1049]
    assert result_of(answers).reference == str(ztid)
    assert library_of(path) == before


@pytest.mark.shows("C57")
async def test_a_move_to_another_province_is_1046_and_within_the_province_is_not(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock)
    before = library_of(path)
    away = Address(220000, 220100, 220102, "示例路9号")
    assert codes_of(await decide(desk, clock, change_of(record, address=away), "r2")) == [1046]
    assert library_of(path) == before
    near = Address(210000, 210100, 210102, "示例路9号")
    after = record_of(await decide(desk, clock, change_of(record, address=near), "r3"))
    assert after.subject.address == near


async def test_a_website_that_is_unknown_or_another_subjects_is_1059_and_a_cancelled_one_1050(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    foreign = (await file(desk, clock, 200)).websites[0]
    first, gone = record.websites
    await decide(desk, clock, Cancellation(1, gone.authority_id or 0, 1, None, None), "r3")
    before = library_of(path)
    for key, site, code in (
        ("r4", altered(first, authority_id=210000999999), 1059),
        ("r5", foreign, 1059),
        ("r6", gone, 1050),
    ):
        assert codes_of(await decide(desk, clock, change_of(record, first, site), key)) == [code]
    assert library_of(path) == before


async def test_conflicts_with_other_websites_are_1005_1021_and_with_another_organiser_1003(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    await file(desk, clock, 200)
    first, second = record.websites
    before = library_of(path)

    def having(name: str, page: str | None = None) -> Website:
        return altered(first, domains=(*first.domains, Domain(199, None, name)), home_url=page)

    taken = Certificate(1, "91210202000002225P", None)
    for key, change, codes in (
        ("r3", change_of(record, having("haian-210.com")), [1005]),
        ("r4", change_of(record, having("haian-120.com")), [1005]),
        ("r5", change_of(record, having("haian-120.com"), second), [1005]),
        ("r6", change_of(record, having("haian-new.com", "www.tingtao-ketang.com")), [1021]),
        ("r7", change_of(record, certificate=taken), [1003]),
        ("r8", change_of(record, having("haian-210.com", "www.tingtao-ketang.com"), certificate=taken),
         [1003, 1005, 1021]),
    ):  # fmt: skip
        assert codes_of(await decide(desk, clock, change, key)) == codes
    assert library_of(path) == before


async def test_parts_that_are_not_on_file_or_not_ours_are_1016_1023_and_1048(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    first, second = record.websites
    await desk.add_foreign_access(first.number or "", OTHER)
    theirs = record_of(await fetch_all(desk)).websites[0].accesses[1]
    strange_range = replace(
        first.accesses[0].ranges[0], authority_id=second.accesses[0].ranges[0].authority_id
    )
    named = (replace(theirs, ranges=(replace(theirs.ranges[0], provider_id=1),)),)
    before = library_of(path)
    for key, site, code in (
        ("r2", altered(first, domains=second.domains), 1016),
        ("r3", with_access(first, authority_id=second.accesses[0].authority_id), 1016),
        ("r4", with_access(first, ranges=(strange_range,)), 1023),
        ("r5", altered(first, accesses=named), 1048),
    ):
        assert codes_of(await decide(desk, clock, change_of(record, site), key)) == [code]
    assert library_of(path) == before


@pytest.mark.shows("C39")
async def test_a_website_named_after_another_organiser_is_refused_and_nothing_changes(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock)
    site = altered(record.websites[0], name="大连听涛航海器材有限公司")
    before = library_of(path)
    answers = await decide(desk, clock, change_of(record, site), "r2")
    decision = decision_of(answers)
    assert answers == [decision]
    assert (decision.operation, decision.record_id) == (4, record.subject.authority_id)
    assert decision.approved is False
    assert decision.opinion == (
        "网站名称“大连听涛航海器材有限公司”与其他主办单位名称相同，请修改网站名称后重新提交。"
    )
    assert library_of(path) == before


async def test_a_record_that_we_do_not_serve_asks_for_its_password_and_is_1048_even_so(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    shape = make_filing(100)
    # 大连听涛航海器材 and its first website, as the simulator numbered them in their province
    part = replace(shape.websites[0].accesses[0], authority_id=210000000005)
    site = replace(shape.websites[0], authority_id=210000000002, accesses=(part,))
    change = Change(replace(shape.subject, authority_id=210000000001), (site,), None)
    before = library_of(path)
    for key, password, code in (
        ("r1", None, 1018),
        ("r2", "641fc1cf3bc1d9827ce02922e64e2313", 1018),
        ("r3", "9cf076ef032ef4e41fd106168b45776e", 1048),
    ):
        answers = await decide(desk, clock, replace(change, password=password), key)
        assert codes_of(answers) == [code]
        assert result_of(answers).reference == "210000000001"
    assert library_of(path) == before


@pytest.mark.parametrize(
    "broken",
    ["no subject id", "no website", "no website id", "website twice", "no domain", "no access", "no range"],
)
async def test_what_breaks_the_schema_is_5001_without_a_reference(
    desk: Simulator, clock: Clock, path: Path, broken: str
) -> None:
    record = await file(desk, clock)
    site = record.websites[0]
    change = {
        "no subject id": change_of(record, authority_id=None),
        "no website": Change(record.subject, (), None),
        "no website id": change_of(record, altered(site, authority_id=None)),
        "website twice": change_of(
            record, site, altered(site, domains=(Domain(199, None, "haian-new.com"),))
        ),
        "no domain": change_of(record, altered(site, domains=())),
        "no access": change_of(record, altered(site, accesses=())),
        "no range": change_of(record, with_access(site, ranges=())),
    }[broken]
    before = library_of(path)
    answers = await decide(desk, clock, change, "r2")
    assert codes_of(answers) == [5001]
    assert (result_of(answers).operation, result_of(answers).reference) == (4, None)
    assert library_of(path) == before
