"""How the simulator decides new websites of a filed subject (XZWZ)."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authority.messages import Cancellation, Decision, Domain, FiledRecord, NewWebsites, Website
from authority.simulator.counter import Simulator
from tests.authority.filings import make_website
from tests.authority.simulator.conftest import PROVIDER, Clock
from tests.authority.simulator.deciding import (
    codes_of,
    decide,
    decision_of,
    file,
    library_of,
    record_of,
    result_of,
)

NUMBER = "辽ICP备2026000001号"
ELSEWHERE = "沪ICP备10900096号"


def new_websites(*serials: int, number: str = NUMBER) -> NewWebsites:
    return NewWebsites(number, None, tuple(make_website(serial) for serial in serials), None)


@pytest.mark.shows("C59", "C60")
async def test_new_websites_get_the_next_serials_of_their_subject(desk: Simulator, clock: Clock) -> None:
    before = await file(desk, clock, websites=2)
    answers = await decide(desk, clock, new_websites(310, 320), "r2")

    record, decision = answers
    assert decision == Decision(2, 310, True, None, "模拟管局", datetime(2026, 5, 6, 1, 30, 4, tzinfo=UTC))
    assert isinstance(record, FiledRecord)
    assert record.subject == before.subject
    assert record.websites[:2] == before.websites
    assert [(w.provider_id, w.number) for w in record.websites[2:]] == [
        (310, "辽ICP备2026000001号-3"),
        (320, "辽ICP备2026000001号-4"),
    ]
    access = record.websites[2].accesses[0]
    assert (access.provider_id, access.provider) == (312, PROVIDER)
    assert str(access.authority_id).startswith("210000")


async def test_the_decision_comes_first_for_odd_numbers(desk: Simulator, clock: Clock) -> None:
    await file(desk, clock)
    await decide(desk, clock, new_websites(310), "r2")
    answers = await decide(desk, clock, new_websites(410), "r3")
    assert [type(answer) for answer in answers] == [Decision, FiledRecord]


async def test_the_subject_is_found_by_its_id_as_well(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock)
    upload = replace(new_websites(310), subject_number="", subject_id=record.subject.authority_id)
    assert record_of(await decide(desk, clock, upload, "r2")).websites[1].number == f"{NUMBER}-2"


async def test_a_number_is_read_as_people_write_it(desk: Simulator, clock: Clock) -> None:
    await file(desk, clock)
    assert record_of(await decide(desk, clock, new_websites(310, number=" 辽icp備2026000001號"), "r2"))


async def test_a_serial_is_never_given_twice(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock, websites=2)
    last = record.websites[1].authority_id or 0
    await decide(desk, clock, Cancellation(1, last, 1, None, None), "r2")
    after = record_of(await decide(desk, clock, new_websites(310), "r3"))
    assert [website.number for website in after.websites] == [f"{NUMBER}-1", f"{NUMBER}-3"]


async def test_an_unknown_subject_is_1058(desk: Simulator, clock: Clock, path: Path) -> None:
    await file(desk, clock)
    before = library_of(path)
    for key, number in (
        ("r2", "辽ICP备2026000009号"),
        ("r3", "no number"),
        ("r4", f"{NUMBER}-1"),
        ("r5", ""),
    ):
        answers = await decide(desk, clock, new_websites(310, number=number), key)
        assert codes_of(answers) == [1058]
        assert (result_of(answers).operation, result_of(answers).reference) == (2, number)
    assert library_of(path) == before


async def test_a_cancelled_subject_is_1049(desk: Simulator, clock: Clock, path: Path) -> None:
    record = await file(desk, clock)
    await decide(desk, clock, Cancellation(0, record.subject.authority_id or 0, 1, None, None), "r2")
    before = library_of(path)
    answers = await decide(desk, clock, new_websites(310), "r3")
    assert codes_of(answers) == [1049]
    assert result_of(answers).reference == NUMBER
    assert library_of(path) == before


async def test_a_website_reported_before_is_1037_and_nothing_else(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    await file(desk, clock)
    await decide(desk, clock, new_websites(310), "r2")
    before = library_of(path)
    assert codes_of(await decide(desk, clock, new_websites(310), "r3")) == [1037]
    assert codes_of(await decide(desk, clock, new_websites(320, 110), "r4")) == [1037]
    assert library_of(path) == before


async def test_domains_and_home_pages_on_file_or_named_twice_are_1005_and_1021(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    await file(desk, clock)
    before = library_of(path)
    own = replace(make_website(310), domains=(Domain(311, None, "haian-110.com"),))
    theirs = replace(make_website(320), domains=(Domain(321, None, "TINGTAO-HANGHAI.cn"),))
    twice = replace(make_website(330), domains=make_website(310).domains)
    page = make_website(340, home_url="http://www.tingtao-ketang.com/")
    for key, websites, codes in (
        ("r2", (own,), [1005]),
        ("r3", (theirs,), [1005]),
        ("r4", (make_website(310), twice), [1005]),
        ("r5", (page,), [1021]),
        ("r6", (theirs, page), [1005, 1021]),
    ):
        assert codes_of(await decide(desk, clock, NewWebsites(NUMBER, None, websites, None), key)) == codes
    assert library_of(path) == before


async def test_the_domain_of_a_cancelled_website_is_free_again(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock, websites=2)
    await decide(desk, clock, Cancellation(1, record.websites[1].authority_id or 0, 1, None, None), "r2")
    again = replace(make_website(310), domains=(Domain(311, None, "haian-120.com"),))
    assert record_of(await decide(desk, clock, NewWebsites(NUMBER, None, (again,), None), "r3"))


async def test_another_organisers_name_is_refused_and_its_own_is_not(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    await file(desk, clock)
    before = library_of(path)
    for key, name, approved in (
        ("r2", "大连听涛航海器材有限公司", False),
        ("r3", "大连海岸测试科技100有限公司", True),
    ):
        upload = NewWebsites(NUMBER, None, (make_website(310, name=name),), None)
        answers = await decide(desk, clock, upload, key)
        decision = decision_of(answers)
        assert (decision.operation, decision.record_id, decision.approved) == (2, 310, approved)
        if not approved:
            assert answers == [decision]
            assert decision.opinion == (
                "网站名称“大连听涛航海器材有限公司”与其他主办单位名称相同，请修改网站名称后重新提交。"
            )
            assert library_of(path) == before


async def test_a_record_of_another_provider_asks_for_its_filing_password(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    before = library_of(path)
    for key, password in (("r1", None), ("r2", "641fc1cf3bc1d9827ce02922e64e2313")):
        upload = replace(new_websites(310, number=ELSEWHERE), password=password)
        assert codes_of(await decide(desk, clock, upload, key)) == [1018]
    assert library_of(path) == before

    right = replace(new_websites(310, number=ELSEWHERE), password="d8af91c6dce65dc52d70cb5ed6274078")
    record = record_of(await decide(desk, clock, right, "r3"))
    assert [w.number for w in record.websites] == [f"{ELSEWHERE}-1", f"{ELSEWHERE}-2", f"{ELSEWHERE}-3"]
    # from now on this provider serves the subject, and checks its password itself
    assert record_of(await decide(desk, clock, new_websites(410, number=ELSEWHERE), "r4"))


@pytest.mark.parametrize(
    "websites",
    [
        (),
        (replace(make_website(310), provider_id=None),),
        (replace(make_website(310), domains=()),),
        (make_website(320), replace(make_website(310), accesses=())),
    ],
    ids=["no website", "no website id", "no domain", "no access"],
)
async def test_what_breaks_the_schema_is_5001_without_a_reference(
    desk: Simulator, clock: Clock, path: Path, websites: tuple[Website, ...]
) -> None:
    await file(desk, clock)
    before = library_of(path)
    answers = await decide(desk, clock, NewWebsites(NUMBER, None, websites, None), "r2")
    assert codes_of(answers) == [5001]
    assert (result_of(answers).operation, result_of(answers).reference) == (2, None)
    assert library_of(path) == before
