"""How the simulator decides a first filing: numbers, conflicts, refusals."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from authority.messages import Decision, FiledRecord, NewFiling, ProcessingResult
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing, make_website, with_subject, with_website
from tests.authority.simulator.conftest import PROVIDER, Clock
from tests.authority.simulator.deciding import codes_of, decide, record_of
from tests.authority.simulator.drain import fetch_all
from tests.authority.test_numbers import PREFIXES


@pytest.mark.shows("C37", "C38", "C45", "C46")
async def test_an_approval_brings_the_decision_and_the_record_with_all_its_numbers(
    desk: Simulator, clock: Clock
) -> None:
    filing = make_filing(websites=3)
    answers = await decide(desk, clock, filing, "r1")

    moment = datetime(2026, 5, 6, 1, 30, 2, tzinfo=UTC)
    decision, record = answers
    assert decision == Decision(1, 100, True, None, "模拟管局", moment)
    assert isinstance(record, FiledRecord)
    assert record.reviewed_at == moment
    assert record.subject.number == "辽ICP备2026000001号"
    assert [website.number for website in record.websites] == [
        "辽ICP备2026000001号-1",
        "辽ICP备2026000001号-2",
        "辽ICP备2026000001号-3",
    ]
    assert [website.provider_id for website in record.websites] == [110, 120, 130]


async def test_the_record_is_what_was_reported_with_the_authoritys_ids_and_the_provider(
    desk: Simulator, clock: Clock
) -> None:
    filing = make_filing()
    record = record_of(await decide(desk, clock, filing, "r1"))

    site = record.websites[0]
    ids = [
        record.subject.authority_id,
        site.authority_id,
        site.domains[0].authority_id,
        site.accesses[0].authority_id,
        site.accesses[0].ranges[0].authority_id,
    ]
    assert len(set(ids)) == 5
    assert all(str(number).startswith("210000") and len(str(number)) == 12 for number in ids)
    assert site.accesses[0].provider == PROVIDER

    bare = replace(
        site,
        authority_id=None,
        number=None,
        domains=(replace(site.domains[0], authority_id=None),),
        accesses=(
            replace(
                site.accesses[0],
                authority_id=None,
                provider=None,
                ranges=(replace(site.accesses[0].ranges[0], authority_id=None),),
            ),
        ),
    )
    assert NewFiling(replace(record.subject, authority_id=None, number=None), (bare,)) == filing


async def test_both_orders_of_decision_and_record_happen(desk: Simulator, clock: Clock) -> None:
    first = await decide(desk, clock, make_filing(100), "r1")
    second = await decide(desk, clock, make_filing(200), "r2")
    assert [type(answer) for answer in first] == [Decision, FiledRecord]
    assert [type(answer) for answer in second] == [FiledRecord, Decision]


@pytest.mark.shows("C45", "C46")
async def test_each_of_the_31_provinces_numbers_its_own_subjects(desk: Simulator, clock: Clock) -> None:
    for serial, province in enumerate(PREFIXES, 1):
        await desk.upload(make_filing(serial * 100, province), f"r{serial}")
    clock.turn(2)
    records = [answer for answer in await fetch_all(desk) if isinstance(answer, FiledRecord)]
    assert {record.subject.address.province: record.subject.number for record in records} == {
        province: f"{prefix}ICP备2026000001号" for province, prefix in PREFIXES.items()
    }


async def test_the_running_number_counts_within_province_and_year(desk: Simulator, clock: Clock) -> None:
    one = record_of(await decide(desk, clock, make_filing(100), "r1"))
    two = record_of(await decide(desk, clock, make_filing(200), "r2"))
    other = record_of(await decide(desk, clock, make_filing(300, 440000), "r3"))
    clock.moment = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in China
    late = record_of(await decide(desk, clock, make_filing(400), "r4"))
    assert [r.subject.number for r in (one, two, other, late)] == [
        "辽ICP备2026000001号",
        "辽ICP备2026000002号",
        "粤ICP备2026000001号",
        "辽ICP备2027000001号",
    ]


PLAIN = make_filing()
TINGTAO = replace(PLAIN.subject.certificate, number="91210202000002225P")
TAIWAN = replace(PLAIN.subject.address, province=710000)
TAKEN = replace(make_website(110).domains[0], name="TingTao-Hanghai.cn")
HOME = "www.haian-110.com"
SAME_DOMAIN = (make_website(110), replace(make_website(120), domains=make_website(110).domains))
SAME_HOME = (make_website(110, home_url=HOME), make_website(120, home_url=HOME))


@pytest.mark.parametrize(
    ("filing", "code"),
    [
        (with_website(PLAIN, domains=(TAKEN,)), 1005),
        (with_website(PLAIN, home_url="http://www.tingtao-ketang.com/"), 1021),
        (with_subject(PLAIN, certificate=TINGTAO), 1003),
        (with_subject(PLAIN, certificate=replace(TINGTAO, type=6)), 1003),
        (with_subject(PLAIN, address=TAIWAN), 1019),
        (replace(PLAIN, websites=SAME_DOMAIN), 1005),
        (replace(PLAIN, websites=SAME_HOME), 1021),
    ],
    ids=["domain", "home page", "organiser", "other type", "region", "domain twice", "home page twice"],
)
async def test_a_conflict_is_a_processing_error_and_files_nothing(
    desk: Simulator, clock: Clock, filing: NewFiling, code: int
) -> None:
    answers = await decide(desk, clock, filing, "r1")
    assert codes_of(answers) == [code]
    assert isinstance(answers[0], ProcessingResult)
    assert (answers[0].operation, answers[0].reference) == (1, "100")
    # nothing was filed and no number taken: the mended filing gets the first one
    assert record_of(await decide(desk, clock, make_filing(), "r2")).subject.number == "辽ICP备2026000001号"


async def test_all_conflicts_are_told_at_once(desk: Simulator, clock: Clock) -> None:
    await decide(desk, clock, with_website(make_filing(100), home_url="www.haian-110.com"), "r1")
    rival = replace(
        with_website(
            make_filing(200), domains=make_website(110).domains, home_url="https://WWW.haian-110.com"
        ),
        subject=replace(make_filing(200).subject, certificate=make_filing(100).subject.certificate),
    )
    answers = await decide(desk, clock, rival, "r2")
    assert codes_of(answers) == [1003, 1005, 1021]
    assert isinstance(answers[0], ProcessingResult)
    assert answers[0].codes[1].description == "域名已备案：haian-110.com"


async def test_a_domain_under_two_uploads_at_once_goes_to_the_first(desk: Simulator, clock: Clock) -> None:
    await desk.upload(make_filing(100), "r1")
    await desk.upload(with_website(make_filing(200), domains=make_website(110).domains), "r2")
    clock.turn(2)
    first, second, third = await fetch_all(desk)
    assert isinstance(first, Decision)
    assert isinstance(second, FiledRecord)
    assert codes_of([third]) == [1005]


@pytest.mark.shows("C39")
@pytest.mark.parametrize("name", ["大连听涛航海器材有限公司", "海岸测试官网; 大连听涛航海器材有限公司"])
async def test_a_website_that_bears_another_organisers_name_is_refused_by_the_reviewer(
    desk: Simulator, clock: Clock, name: str
) -> None:
    answers = await decide(desk, clock, with_website(make_filing(), name=name), "r1")
    assert answers == [
        Decision(
            1,
            100,
            False,
            "网站名称“大连听涛航海器材有限公司”与其他主办单位名称相同，请修改网站名称后重新提交。",
            "模拟管局",
            datetime(2026, 5, 6, 1, 30, 2, tzinfo=UTC),
        )
    ]
    # nothing was filed: renamed, it is approved under the first number
    assert record_of(await decide(desk, clock, make_filing(), "r2")).subject.number == "辽ICP备2026000001号"


@pytest.mark.parametrize("name", ["大连海岸测试科技100有限公司", "听涛航海器材商城", "海岸测试官网"])
async def test_its_own_name_or_that_of_another_website_is_no_objection(
    desk: Simulator, clock: Clock, name: str
) -> None:
    assert record_of(await decide(desk, clock, with_website(make_filing(), name=name), "r1"))


async def test_a_namesake_of_a_filed_firm_may_name_its_own_website_after_itself(
    desk: Simulator, clock: Clock
) -> None:
    namesake = "大连听涛航海器材有限公司"
    filing = with_subject(with_website(make_filing(), name=namesake), name=namesake)
    assert record_of(await decide(desk, clock, filing, "r1"))


async def test_what_is_filed_already_is_answered_as_reported_before(desk: Simulator, clock: Clock) -> None:
    await decide(desk, clock, make_filing(websites=2), "r1")
    assert codes_of(await decide(desk, clock, make_filing(websites=2), "r2")) == [1037, 1037]


@pytest.mark.parametrize(
    "filing",
    [
        with_subject(make_filing(), provider_id=None),
        replace(make_filing(), websites=()),
        with_website(make_filing(), domains=()),
        with_website(make_filing(), accesses=()),
        with_website(make_filing(), accesses=(replace(make_website(110).accesses[0], ranges=()),)),
        with_website(make_filing(), domains=(replace(make_website(110).domains[0], provider_id=None),)),
    ],
    ids=["no subject id", "no website", "no domain", "no access", "no range", "no domain id"],
)
async def test_a_message_that_breaks_the_schema_blocks_nobody(
    desk: Simulator, clock: Clock, filing: NewFiling
) -> None:
    answers = await decide(desk, clock, filing, "r1")
    assert codes_of(answers) == [5001]
    assert isinstance(answers[0], ProcessingResult)
    assert answers[0].reference is None
    assert record_of(await decide(desk, clock, make_filing(200), "r2"))
