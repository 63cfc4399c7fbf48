"""How the simulator decides a new access of a filed website (XZJR)."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authority.messages import Access, Cancellation, Decision, FiledRecord, IpRange, NewAccess
from authority.simulator.counter import Simulator
from tests.authority.simulator.conftest import PROVIDER, Clock
from tests.authority.simulator.deciding import codes_of, decide, file, library_of, record_of, result_of

WEBSITE = "沪ICP备10900096号-2"
RIGHT = "d8af91c6dce65dc52d70cb5ed6274078"
WRONG = "641fc1cf3bc1d9827ce02922e64e2313"


def new_access(number: str = WEBSITE, password: str | None = RIGHT, serial: int = 900) -> NewAccess:
    ranges = (IpRange(serial + 1, None, "203.0.113.20", "203.0.113.21"),)
    access = Access(serial, None, None, (3,), (19,), ranges)
    return NewAccess(number, None, access, password)


@pytest.mark.shows("C61")
async def test_a_website_filed_elsewhere_gets_our_access_beside_the_others(
    desk: Simulator, clock: Clock
) -> None:
    answers = await decide(desk, clock, new_access(), "r1")

    decision, record = answers
    assert decision == Decision(3, 900, True, None, "模拟管局", datetime(2026, 5, 6, 1, 30, 2, tzinfo=UTC))
    assert isinstance(record, FiledRecord)
    assert (record.subject.provider_id, record.subject.name) == (None, "上海梧桐里唱片有限公司")
    site = record.websites[1]
    assert (site.provider_id, site.number, site.name) == (None, WEBSITE, "梧桐里乐评")
    assert [(a.provider_id, a.provider) for a in site.accesses] == [(None, 310000000023), (900, PROVIDER)]
    assert str(site.accesses[1].authority_id).startswith("310000")
    assert str(site.accesses[1].ranges[0].authority_id).startswith("310000")
    assert len(record.websites[0].accesses) == 2


async def test_decision_and_record_change_places_for_even_numbers(desk: Simulator, clock: Clock) -> None:
    await decide(desk, clock, new_access(), "r1")
    answers = await decide(desk, clock, new_access("沪ICP备10900096号-1", serial=910), "r2")
    assert [type(answer) for answer in answers] == [FiledRecord, Decision]


async def test_the_website_is_found_by_its_id_as_well(desk: Simulator, clock: Clock) -> None:
    site = record_of(await decide(desk, clock, new_access(), "r1")).websites[0]
    upload = replace(new_access("", serial=910), website_id=site.authority_id)
    assert len(record_of(await decide(desk, clock, upload, "r2")).websites[0].accesses) == 3


@pytest.mark.shows("C61")
async def test_a_cancelled_access_of_ours_may_come_again_under_a_new_id(
    desk: Simulator, clock: Clock
) -> None:
    site = (await file(desk, clock)).websites[0]
    await desk.add_foreign_access(site.number or "", 310000000023)
    await decide(desk, clock, Cancellation(2, site.accesses[0].authority_id or 0, 1, None, None), "r2")
    again = record_of(await decide(desk, clock, new_access(site.number or "", None), "r3")).websites[0]
    assert [(a.provider_id, a.provider) for a in again.accesses] == [(None, 310000000023), (900, PROVIDER)]
    assert again.accesses[1].authority_id != site.accesses[0].authority_id


async def test_an_unknown_website_is_1059(desk: Simulator, clock: Clock, path: Path) -> None:
    before = library_of(path)
    for key, number in (("r1", "沪ICP备10900096号-3"), ("r2", "沪ICP备10900096号"), ("r3", "网站")):
        answers = await decide(desk, clock, new_access(number), key)
        assert codes_of(answers) == [1059]
        assert (result_of(answers).operation, result_of(answers).reference) == (3, "900")
    assert library_of(path) == before


async def test_a_cancelled_website_is_1050_and_a_cancelled_subject_1049(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    first = record.websites[0]
    await decide(desk, clock, Cancellation(1, first.authority_id or 0, 1, None, None), "r2")
    before = library_of(path)
    assert codes_of(await decide(desk, clock, new_access(first.number or ""), "r3")) == [1050]
    assert library_of(path) == before

    await decide(desk, clock, Cancellation(0, record.subject.authority_id or 0, 1, None, None), "r4")
    before = library_of(path)
    assert codes_of(await decide(desk, clock, new_access(first.number or ""), "r5")) == [1049]
    assert codes_of(await decide(desk, clock, new_access(record.websites[1].number or ""), "r6")) == [1049]
    assert library_of(path) == before


async def test_a_second_access_of_this_provider_is_1029(desk: Simulator, clock: Clock, path: Path) -> None:
    record = await file(desk, clock)
    await decide(desk, clock, new_access(), "r2")
    before = library_of(path)
    for key, number in (("r3", record.websites[0].number or ""), ("r4", WEBSITE)):
        answers = await decide(desk, clock, new_access(number, serial=910), key)
        assert codes_of(answers) == [1029]
        assert result_of(answers).reference == "910"
    assert library_of(path) == before


async def test_an_access_reported_before_is_1038_also_when_it_was_cancelled(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    access = record_of(await decide(desk, clock, new_access(), "r1")).websites[1].accesses[1]
    before = library_of(path)
    assert codes_of(await decide(desk, clock, new_access(), "r2")) == [1038]
    assert library_of(path) == before

    await decide(desk, clock, Cancellation(2, access.authority_id or 0, 1, None, None), "r3")
    before = library_of(path)
    assert codes_of(await decide(desk, clock, new_access(), "r4")) == [1038]
    assert library_of(path) == before


async def test_an_access_of_a_first_filing_counts_as_reported(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    await file(desk, clock)  # its access has the id 112
    before = library_of(path)
    assert codes_of(await decide(desk, clock, new_access(serial=112), "r2")) == [1038]
    assert library_of(path) == before


@pytest.mark.parametrize("password", [WRONG, None, ""])
async def test_a_wrong_password_of_a_record_filed_elsewhere_is_1018(
    desk: Simulator, clock: Clock, path: Path, password: str | None
) -> None:
    before = library_of(path)
    answers = await decide(desk, clock, new_access(password=password), "r1")
    assert codes_of(answers) == [1018]
    assert (result_of(answers).operation, result_of(answers).reference) == (3, "900")
    assert library_of(path) == before
    assert record_of(await decide(desk, clock, new_access(password=RIGHT.upper()), "r2"))


async def test_the_password_of_a_record_registered_through_us_is_not_looked_at(
    desk: Simulator, clock: Clock
) -> None:
    site = (await file(desk, clock)).websites[0]
    await desk.add_foreign_access(site.number or "", 310000000023)
    await decide(desk, clock, Cancellation(2, site.accesses[0].authority_id or 0, 1, None, None), "r2")
    assert record_of(await decide(desk, clock, new_access(site.number or "", WRONG), "r3"))


async def test_once_our_access_stands_the_password_is_ours_to_check(desk: Simulator, clock: Clock) -> None:
    await decide(desk, clock, new_access(), "r1")
    beside = new_access("沪ICP备10900096号-1", WRONG, serial=910)
    assert record_of(await decide(desk, clock, beside, "r2"))


@pytest.mark.parametrize(
    "access",
    [
        replace(new_access().access, provider_id=None),
        replace(new_access().access, ranges=()),
        replace(new_access().access, ranges=(IpRange(None, None, "203.0.113.20", "203.0.113.20"),)),
    ],
    ids=["no access id", "no range", "no range id"],
)
async def test_what_breaks_the_schema_is_5001_without_a_reference(
    desk: Simulator, clock: Clock, path: Path, access: Access
) -> None:
    before = library_of(path)
    answers = await decide(desk, clock, replace(new_access(), access=access), "r1")
    assert codes_of(answers) == [5001]
    assert (result_of(answers).operation, result_of(answers).reference) == (3, None)
    assert library_of(path) == before
