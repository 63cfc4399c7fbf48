"""How the simulator puts a change (BGBA) in force: what it alters, what it keeps, what it gives free."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authority.messages import (
    Access,
    Decision,
    Domain,
    FiledRecord,
    IpRange,
    NewAccess,
)
from authority.simulator.counter import Simulator
from tests.authority.filings import make_filing
from tests.authority.simulator.changing import altered, change_of, with_access
from tests.authority.simulator.conftest import PROVIDER, Clock
from tests.authority.simulator.deciding import (
    codes_of,
    decide,
    file,
    library_of,
    record_of,
)
from tests.authority.simulator.drain import fetch_all

OTHER = 310000000023


@pytest.mark.shows("C54", "C58")
async def test_a_change_is_applied_as_a_whole_and_the_rest_stays(
    desk: Simulator, clock: Clock, path: Path
) -> None:
    record = await file(desk, clock, websites=2)
    first, second = record.websites
    ranges = (IpRange(190, None, "203.0.113.40", "203.0.113.40"),)
    site = with_access(
        altered(
            first,
            name="海岸测试新官网",
            domains=(*first.domains, Domain(199, None, "haian-new.com")),
            home_url="www.haian-new.com",
            remark="改名",
        ),
        methods=(5,),
        locations=(2, 26),
        ranges=ranges,
    )
    wanted = change_of(record, site, name="大连海岸改名有限公司", investor="王五")
    answers = await decide(desk, clock, wanted, "r2")

    after, decision = answers
    ztid = record.subject.authority_id or 0
    moment = datetime(2026, 5, 6, 1, 30, 4, tzinfo=UTC)
    assert decision == Decision(4, ztid, True, None, "模拟管局", moment)
    assert isinstance(after, FiledRecord)
    assert after.reviewed_at == moment
    assert after.subject == replace(record.subject, name="大连海岸改名有限公司", investor="王五")
    assert after.websites[1] == second

    got = after.websites[0]
    new_domain, new_range = got.domains[1].authority_id, got.accesses[0].ranges[0].authority_id
    assert got == replace(
        site,
        domains=(first.domains[0], Domain(199, new_domain, "haian-new.com")),
        accesses=(
            replace(
                first.accesses[0],
                methods=(5,),
                locations=(2, 26),
                ranges=(replace(ranges[0], authority_id=new_range),),
            ),
        ),
    )
    known = {first.domains[0].authority_id, first.accesses[0].ranges[0].authority_id, second.authority_id}
    assert len({new_domain, new_range, *known}) == 5
    assert all(str(new).startswith("210000") and len(str(new)) == 12 for new in (new_domain, new_range))
    assert {row[1] for row in library_of(path)["accesses"] if row[3] == 112} == {first.authority_id}


async def test_the_next_change_starts_from_the_changed_record(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock)
    once = record_of(await decide(desk, clock, change_of(record, name="大连海岸改名有限公司"), "r2"))
    answers = await decide(desk, clock, change_of(once, remark="第二次"), "r3")
    assert [type(answer) for answer in answers] == [Decision, FiledRecord]
    assert record_of(answers).subject == replace(once.subject, remark="第二次")


async def test_numbers_mode_and_the_providers_ids_are_not_changed(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock)
    site = altered(with_access(record.websites[0], provider_id=None), provider_id=None, number="辽ICP备9号-9")
    wanted = change_of(record, site, provider_id=None, number="辽ICP备9号", mode=0)
    after = record_of(await decide(desk, clock, wanted, "r2"))
    assert (after.subject, after.websites) == (record.subject, record.websites)


async def test_accesses_of_other_providers_stay(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock)
    await desk.add_foreign_access(record.websites[0].number or "", OTHER)
    theirs = record_of(await fetch_all(desk)).websites[0].accesses[1]
    after = record_of(
        await decide(desk, clock, change_of(record, with_access(record.websites[0], methods=(1,))), "r2")
    )
    assert [access.methods for access in after.websites[0].accesses] == [(1,), (2,)]
    assert after.websites[0].accesses[1] == theirs


async def test_what_a_change_gives_up_is_free_and_what_it_takes_is_not(desk: Simulator, clock: Clock) -> None:
    record = await file(desk, clock)
    site = altered(
        record.websites[0], domains=(Domain(199, None, "haian-new.com"),), home_url="haian-new.com"
    )
    await decide(desk, clock, change_of(record, site), "r2")
    rival = make_filing(200)
    old = replace(rival.websites[0], domains=(Domain(211, None, "haian-110.com"),))
    new = replace(rival.websites[0], domains=(Domain(211, None, "haian-new.com"),), home_url="haian-new.com")
    assert codes_of(await decide(desk, clock, replace(rival, websites=(new,)), "r3")) == [1005, 1021]
    assert record_of(await decide(desk, clock, replace(rival, websites=(old,)), "r4"))


async def test_a_domain_may_move_between_websites_in_one_change(desk: Simulator, clock: Clock) -> None:
    first, second = (record := await file(desk, clock, websites=2)).websites
    gives = altered(first, domains=(Domain(198, None, "haian-rest.com"),))
    takes = altered(second, domains=(*second.domains, Domain(199, None, "haian-110.com")))
    assert record_of(await decide(desk, clock, change_of(record, gives, takes), "r2"))


@pytest.mark.parametrize("name", ["大连海岸测试科技100有限公司", "大连海岸改名有限公司"])
async def test_a_website_may_bear_its_organisers_old_name_or_its_new_one(
    desk: Simulator, clock: Clock, name: str
) -> None:
    record = await file(desk, clock)
    site = altered(record.websites[0], name=name)
    wanted = change_of(record, site, name="大连海岸改名有限公司")
    assert record_of(await decide(desk, clock, wanted, "r2"))


async def test_a_record_filed_elsewhere_is_changed_where_our_access_stands(
    desk: Simulator, clock: Clock
) -> None:
    ranges = (IpRange(901, None, "203.0.113.20", "203.0.113.21"),)
    joining = NewAccess(
        "沪ICP备10900096号-2",
        None,
        Access(900, None, None, (3,), (19,), ranges),
        "d8af91c6dce65dc52d70cb5ed6274078",
    )
    record = record_of(await decide(desk, clock, joining, "r1"))
    site = record.websites[1]
    ours = replace(
        site,
        domains=(replace(site.domains[0], provider_id=950),),
        accesses=(replace(site.accesses[1], methods=(5,)),),
    )
    after = record_of(await decide(desk, clock, change_of(record, ours, provider_id=940), "r2"))
    assert after.subject.provider_id is None
    assert after.websites[1].domains == (replace(site.domains[0], provider_id=950),)
    assert [(a.provider, a.methods) for a in after.websites[1].accesses] == [(OTHER, (3,)), (PROVIDER, (5,))]
