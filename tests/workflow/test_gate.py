"""The gate: open for what is wholly in force, shut for all else, by one look-up and in the very transaction."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from tortoise.connection import get_connection

import settings as settings_module
from models.access import Access, IpRange
from models.clock import now
from models.database import is_sqlite
from models.gate import GateHost
from models.states import RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.workflow.ledger_rows import make_rows
from tests.workflow.sites import (
    CANCELLED,
    DRAFT,
    FILED,
    NUMBER,
    Site,
    approve,
    cancel_access,
    cancel_website,
    lay_site,
    make_site,
    note,
)
from workflow.gate import decide, decide_many


async def asked(host: str, ip: str | None = None) -> tuple[str, str, str | None]:
    answer = await decide(host, ip)
    return answer.decision, answer.reason, answer.filing_number


@pytest.mark.shows("C51", "C85")
async def test_a_site_wholly_in_force_is_open_and_says_its_number(db: str) -> None:
    await make_site("beian-test.cn")
    answer = await decide("beian-test.cn", None)
    assert (answer.host, answer.decision, answer.reason, answer.filing_number) == (
        "beian-test.cn",
        "ALLOW",
        "FILED",
        NUMBER,
    )


@pytest.mark.shows("C50")
async def test_a_host_that_nobody_filed_is_shut(db: str) -> None:
    await make_site("beian-test.cn")
    for host in ("other-test.cn", "beian-test.com.cn", "xbeian-test.cn", "cn"):
        assert await asked(host) == ("DENY", "NOT_FILED", None)


@pytest.mark.shows("C50")
async def test_a_host_whose_filing_is_under_way_is_shut(db: str) -> None:
    await make_site("beian-test.cn", status=DRAFT, number=None)
    assert await asked("beian-test.cn") == ("DENY", "NOT_APPROVED", None)


@pytest.mark.shows("C51", "C85")
@pytest.mark.parametrize(
    ("part", "status", "reason"),
    [
        (Subject, DRAFT, "NOT_APPROVED"),
        (Subject, CANCELLED, "CANCELLED"),
        (Website, DRAFT, "NOT_APPROVED"),
        (Website, CANCELLED, "CANCELLED"),
        (WebsiteDomain, DRAFT, "NOT_APPROVED"),
        (WebsiteDomain, CANCELLED, "CANCELLED"),
        (Access, DRAFT, "NO_ACCESS"),
        (Access, CANCELLED, "NO_ACCESS"),
    ],
)
async def test_one_part_that_is_not_in_force_shuts_it(
    db: str, part: type[Subject], status: RecordStatus, reason: str
) -> None:
    await make_site("beian-test.cn")
    await unit_of_work(lambda: part.all().update(status=status))
    assert await asked("www.beian-test.cn", "203.0.113.9") == ("DENY", reason, NUMBER)


async def test_an_archived_access_is_none_and_a_dropped_draft_was_never_filed(db: str) -> None:
    site = await make_site("beian-test.cn")
    await unit_of_work(lambda: Access.filter(id=site.access).update(archived=True))
    assert await asked("beian-test.cn") == ("DENY", "NO_ACCESS", NUMBER)
    dropped = await make_site("dropped-test.cn", status=DRAFT, owner="li", number=None)
    await unit_of_work(lambda: Website.filter(id=dropped.website).update(archived=True))
    assert await asked("dropped-test.cn") == ("DENY", "NOT_FILED", None)
    whole = await make_site("dropped-whole-test.cn", status=DRAFT, owner="wang", number=None)
    assert await asked("dropped-whole-test.cn") == ("DENY", "NOT_APPROVED", None)
    await unit_of_work(lambda: Subject.filter(id=whole.subject).update(archived=True))
    assert await asked("dropped-whole-test.cn") == ("DENY", "NOT_FILED", None)


async def test_a_website_without_any_access_here_is_shut(db: str) -> None:
    site = await make_site("beian-test.cn")

    async def take_away() -> None:
        await IpRange.filter(access_id=site.access).delete()
        await Access.filter(id=site.access).delete()

    await unit_of_work(take_away)
    assert await asked("beian-test.cn") == ("DENY", "NO_ACCESS", NUMBER)


@pytest.mark.parametrize(
    "host",
    [
        "beian-test.com.cn",
        "BEIAN-Test.COM.CN",
        "beian-test.com.cn.",
        "beian-test.com.cn:8080",
        "www.beian-test.com.cn:443",
        "a.b.c.beian-test.com.cn",
        "_acme.beian-test.com.cn",
        "r3---sn.beian-test.com.cn",
        "网站.beian-test.com.cn",
    ],
)
async def test_a_subdomain_goes_by_its_registrable_domain_however_it_is_written(db: str, host: str) -> None:
    await make_site("beian-test.com.cn")
    assert await asked(host) == ("ALLOW", "FILED", NUMBER)


@pytest.mark.parametrize("typed", ["例子.中国", "xn--fsqu00a.xn--fiqs8s", "例子.xn--fiqs8s"])
async def test_a_chinese_domain_is_found_in_every_form(db: str, typed: str) -> None:
    await make_site(typed)
    for host in (
        "例子.中国",
        "xn--fsqu00a.xn--fiqs8s",
        "www.例子.中国:80",
        "例子。中国",
        "XN--FSQU00A.XN--FIQS8S.",
    ):
        assert await asked(host) == ("ALLOW", "FILED", NUMBER)
    assert (await decide("www.例子.中国:80", None)).host == "www.xn--fsqu00a.xn--fiqs8s"


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "..",
        "beian-test.cn:80:80",
        "beian-test.cn:http",
        "http://beian-test.cn",
        "user@beian-test.cn",
        "beian-test.cn/path",
        "a b.beian-test.cn",
        "beian-test.cn\x00",
        "beian-test.cn\n",
        "a..beian-test.cn",
        f"{'a' * 64}.beian-test.cn",
        "a." * 130 + "beian-test.cn",
        "x" * 100_000,
        "[2001:db8::1]:80",
        "203.0.113.9",
        "localhost",
        "com.cn",
        "\ud800.beian-test.cn",
        "' OR 1=1 --.cn",
    ],
)
async def test_what_is_no_host_name_is_shut_as_not_filed(db: str, host: str) -> None:
    await make_site("beian-test.cn")
    answer = await decide(host, None)
    assert (answer.decision, answer.reason, answer.filing_number) == ("DENY", "NOT_FILED", None)
    assert len(answer.host) <= 253


@pytest.mark.parametrize(
    "ip", ["203.0.113.8", "203.0.113.10", "203.0.113.15", "198.51.100.7", "::ffff:203.0.113.9"]
)
async def test_an_address_within_a_range_is_served(db: str, ip: str) -> None:
    await make_site("beian-test.cn")
    assert await asked("beian-test.cn", ip) == ("ALLOW", "FILED", NUMBER)


@pytest.mark.parametrize(
    "ip", ["203.0.113.7", "203.0.113.16", "203.0.113.100", "9.0.0.1", "2001:db8::1", "", "x", "203.0.113.08"]
)
async def test_an_address_outside_all_ranges_or_none_at_all_is_a_mismatch(db: str, ip: str) -> None:
    await make_site("beian-test.cn")
    assert await asked("beian-test.cn", ip) == ("DENY", "IP_MISMATCH", NUMBER)


async def test_a_strangers_draft_of_the_same_domain_changes_nothing(db: str) -> None:
    await make_site("beian-test.cn")
    await make_site("beian-test.cn", status=DRAFT, owner="li", number=None)
    assert await asked("beian-test.cn", "203.0.113.9") == ("ALLOW", "FILED", NUMBER)


async def test_a_cancelled_record_says_more_than_a_strangers_draft_and_a_filed_one_more_than_both(
    db: str,
) -> None:
    await make_site("beian-test.cn", status=CANCELLED)
    await make_site("beian-test.cn", status=DRAFT, owner="li", number=None)
    assert await asked("beian-test.cn") == ("DENY", "CANCELLED", NUMBER)
    await make_site("beian-test.cn", owner="wang", number="京ICP备2026000002号-1")
    assert await asked("beian-test.cn") == ("ALLOW", "FILED", "京ICP备2026000002号-1")


async def test_of_two_records_in_force_the_one_with_access_here_decides(db: str) -> None:
    await make_site("beian-test.cn")
    other = await make_site("beian-test.cn", owner="li", number="京ICP备2026000002号-1")
    await unit_of_work(lambda: Access.filter(id=other.access).update(status=CANCELLED))
    assert await asked("beian-test.cn", "203.0.113.9") == ("ALLOW", "FILED", NUMBER)


@pytest.mark.shows("C85")
async def test_it_is_true_in_the_transaction_that_approves_and_for_others_from_its_commit(db: str) -> None:
    rows = await make_rows()
    assert await asked("beian-test.cn") == ("DENY", "NOT_FILED", None)

    async def approve() -> tuple[str, str, str | None]:
        await lay_site(rows.subject, "beian-test.cn")
        return await asked("beian-test.cn")

    assert await unit_of_work(approve) == ("ALLOW", "FILED", NUMBER)
    assert await asked("beian-test.cn") == ("ALLOW", "FILED", NUMBER)


class Statements(logging.Handler):
    """Counts what the database is asked."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@contextmanager
def counting() -> Iterator[list[str]]:
    """The texts of the statements that the database is asked meanwhile."""
    log, counter = logging.getLogger("tortoise.db_client"), Statements()
    log.addHandler(counter)
    level = log.level
    log.setLevel(logging.DEBUG)
    try:
        yield counter.texts
    finally:
        log.setLevel(level)
        log.removeHandler(counter)


@pytest.mark.shows("C85")
async def test_with_a_thousand_hosts_known_each_is_one_statement_by_an_index(db: str) -> None:
    rows = await make_rows()

    async def fill() -> None:
        for serial in range(1, 1001):
            await lay_site(rows.subject, f"site{serial}-test.cn", serial=serial, number=f"{NUMBER}{serial}")

    await unit_of_work(fill)
    with counting() as statements:
        for serial in range(1, 1001):
            answer = await decide(f"www.site{serial}-test.cn", "203.0.113.9")
            assert (answer.decision, answer.filing_number) == ("ALLOW", f"{NUMBER}{serial}")
    assert len(statements) == 1000
    await assert_by_index(statements[0], "x")
    hosts = [f"www.site{serial}-test.cn" for serial in range(500, 0, -1)]
    with counting() as statements:
        answers = await decide_many(hosts, None)
    assert len(statements) == 1
    assert [answer.host for answer in answers] == hosts
    assert [answer.filing_number for answer in answers] == [
        f"{NUMBER}{serial}" for serial in range(500, 0, -1)
    ]
    await assert_by_index(statements[0], *["x"] * 500)


async def assert_by_index(text: str, *values: str) -> None:
    """No table is read from end to end; SQLite's word for it is SCAN."""
    if not is_sqlite():
        return
    statement = text.rpartition(": [")[0]
    plan = await get_connection("default").execute_query_dict(f"EXPLAIN QUERY PLAN {statement}", list(values))
    tables = ("d", "w", "s", "a", "r")
    assert not [row["detail"] for row in plan if row["detail"] in [f"SCAN {table}" for table in tables]]


@pytest.mark.shows("N1")
async def test_many_hosts_are_answered_in_their_order_each_by_itself(db: str) -> None:
    await make_site("beian-test.cn")
    await make_site("drafted-test.cn", status=DRAFT, owner="li", number=None)
    hosts = [
        "www.beian-test.cn",
        "nobodys-test.cn",
        "no host",
        "beian-test.cn:443",
        "drafted-test.cn",
        "beian-test.cn",
    ]
    answers = await decide_many(hosts, "203.0.113.9")
    assert [(answer.host, answer.domain, answer.decision, answer.reason) for answer in answers] == [
        ("www.beian-test.cn", "beian-test.cn", "ALLOW", "FILED"),
        ("nobodys-test.cn", "nobodys-test.cn", "DENY", "NOT_FILED"),
        ("no host", None, "DENY", "NOT_FILED"),
        ("beian-test.cn", "beian-test.cn", "ALLOW", "FILED"),
        ("drafted-test.cn", "drafted-test.cn", "DENY", "NOT_APPROVED"),
        ("beian-test.cn", "beian-test.cn", "ALLOW", "FILED"),
    ]
    assert await decide_many([], None) == []


@pytest.mark.shows("N1")
async def test_an_answer_names_the_record_it_rests_on_and_how_long_it_may_be_kept(db: str) -> None:
    site = await make_site("beian-test.cn")
    before = now()
    answer = await decide("www.beian-test.cn", None)
    assert answer.basis is not None
    assert (answer.basis.domain, answer.basis.website, answer.basis.subject, answer.basis.access) == (
        FILED,
    ) * 4
    assert answer.basis.subject_id == site.subject
    assert before + timedelta(seconds=60) <= answer.valid_until <= now() + timedelta(seconds=60)
    unknown = await decide("nobodys-test.cn", None)
    assert unknown.basis is None
    assert unknown.valid_until <= now() + timedelta(seconds=10)
    await unit_of_work(lambda: Access.filter(id=site.access).update(archived=True))
    answer = await decide("beian-test.cn", None)
    assert answer.basis is not None
    assert (answer.basis.website, answer.basis.access) == (FILED, None)


def grant(hours: int) -> None:
    """The operator sets so many hours of grace; the fixture `db` takes them back."""
    settings_module.use(settings_module.current().model_copy(update={"gate_grace_hours": hours}))


async def denied_for(hours: float) -> None:
    """What was denied was denied so long ago."""
    past = now() - timedelta(hours=hours)
    await unit_of_work(lambda: GateHost.filter(denied_at__isnull=False).update(denied_at=past))


@pytest.mark.shows("N1")
@pytest.mark.parametrize(("cancel", "reason"), [(cancel_access, "NO_ACCESS"), (cancel_website, "CANCELLED")])
async def test_what_was_cancelled_is_in_grace_for_the_hours_that_the_operator_set(
    db: str, cancel: Callable[[Site], Awaitable[None]], reason: str
) -> None:
    site = await make_site("beian-test.cn")
    await approve(site)
    await cancel(site)
    assert await asked("www.beian-test.cn") == ("DENY", reason, NUMBER)
    grant(24)
    assert await asked("www.beian-test.cn") == ("GRACE", reason, NUMBER)
    await denied_for(23.995)
    answer = await decide("beian-test.cn", None)
    assert answer.decision == "GRACE"
    assert answer.grace_until == answer.valid_until  # nothing is kept longer than the grace lasts
    await denied_for(24)
    assert await asked("www.beian-test.cn") == ("DENY", reason, NUMBER)


@pytest.mark.shows("N1")
async def test_a_domain_that_a_change_dropped_is_in_grace_and_a_stranger_s_draft_ends_it_not(db: str) -> None:
    site = await make_site("beian-test.cn", "dropped-test.cn")
    await approve(site)

    async def drop() -> None:
        await WebsiteDomain.filter(name="dropped-test.cn").delete()
        await note(site.subject)

    await unit_of_work(drop)
    grant(24)
    assert await asked("dropped-test.cn") == ("GRACE", "NOT_FILED", None)
    await make_site("dropped-test.cn", status=DRAFT, owner="li", number=None)
    assert await asked("dropped-test.cn") == ("GRACE", "NOT_APPROVED", None)


@pytest.mark.shows("N1")
async def test_no_grace_is_given_to_what_was_never_allowed_nor_to_a_wrong_address(db: str) -> None:
    site = await make_site("beian-test.cn")
    await approve(site)
    elsewhere = await make_site("elsewhere-test.cn", owner="li", number="京ICP备2026000002号-1")
    await cancel_access(elsewhere)
    await make_site("drafted-test.cn", status=DRAFT, owner="wang", number=None)
    grant(24)
    assert await asked("elsewhere-test.cn") == ("DENY", "NO_ACCESS", "京ICP备2026000002号-1")
    assert await asked("drafted-test.cn") == ("DENY", "NOT_APPROVED", None)
    assert await asked("nobodys-test.cn") == ("DENY", "NOT_FILED", None)
    assert await asked("beian-test.cn", "192.0.2.1") == ("DENY", "IP_MISMATCH", NUMBER)


@pytest.mark.shows("N1")
async def test_what_is_filed_again_is_allowed_and_its_next_grace_counts_from_its_next_end(db: str) -> None:
    site = await make_site("beian-test.cn")
    await approve(site)
    await cancel_access(site)
    await denied_for(48)
    await approve(site)
    grant(24)
    with counting() as statements:
        assert await asked("beian-test.cn") == ("ALLOW", "FILED", NUMBER)
    assert len(statements) == 1
    await cancel_access(site)
    assert await asked("beian-test.cn") == ("GRACE", "NO_ACCESS", NUMBER)
