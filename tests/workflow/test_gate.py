"""The gate: open for what is wholly in force, shut for all else, by one look-up and in the very transaction."""

import logging
from dataclasses import dataclass

import pytest
from tortoise.connection import get_connection

from models.access import Access, IpRange
from models.clock import now
from models.database import is_sqlite
from models.states import RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from rules.keys import domain_key
from tests.workflow.ledger_rows import make_rows
from workflow.gate import decide

NUMBER = "辽ICP备2026000001号-1"
FILED, DRAFT, CANCELLED = RecordStatus.FILED, RecordStatus.DRAFT, RecordStatus.CANCELLED


@dataclass(frozen=True)
class Site:
    """The row numbers of one site."""

    subject: int
    website: int
    domain: int
    access: int


async def lay_site(
    subject: int, *domains: str, status: RecordStatus = FILED, serial: int = 1, number: str | None = NUMBER
) -> Site:
    times = {"created_at": now(), "updated_at": now()}
    website = await Website.create(
        subject_id=subject, serial=serial, name="网站", status=status, filing_number=number, **times
    )
    rows = [
        await WebsiteDomain.create(
            website_id=website.id, name=name, key=domain_key(name), status=status, position=position
        )
        for position, name in enumerate(domains)
    ]
    access = await Access.create(website_id=website.id, status=status, **times)
    for position, (start, end) in enumerate(
        [("203.0.113.8", "203.0.113.15"), ("198.51.100.7", "198.51.100.7")]
    ):
        await IpRange.create(access_id=access.id, start=start, end=end, position=position)
    await Subject.filter(id=subject).update(status=status)
    return Site(subject, website.id, rows[0].id, access.id)


async def make_site(
    *domains: str, status: RecordStatus = FILED, owner: str = "zhang", number: str | None = NUMBER
) -> Site:
    rows = await make_rows(owner)
    return await unit_of_work(lambda: lay_site(rows.subject, *domains, status=status, number=number))


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


@pytest.mark.shows("C85")
async def test_with_a_thousand_hosts_known_each_is_one_statement_by_an_index(db: str) -> None:
    rows = await make_rows()

    async def fill() -> None:
        for serial in range(1, 1001):
            await lay_site(rows.subject, f"site{serial}-test.cn", serial=serial, number=f"{NUMBER}{serial}")

    await unit_of_work(fill)
    log = logging.getLogger("tortoise.db_client")
    counter = Statements()
    log.addHandler(counter)
    level = log.level
    log.setLevel(logging.DEBUG)
    try:
        for serial in range(1, 1001):
            answer = await decide(f"www.site{serial}-test.cn", "203.0.113.9")
            assert (answer.decision, answer.filing_number) == ("ALLOW", f"{NUMBER}{serial}")
    finally:
        log.setLevel(level)
        log.removeHandler(counter)
    assert len(counter.texts) == 1000
    if is_sqlite():
        statement = counter.texts[0].rpartition(": [")[0]
        plan = await get_connection("default").execute_query_dict(f"EXPLAIN QUERY PLAN {statement}", ["x"])
        assert not [
            row["detail"] for row in plan if row["detail"].startswith("SCAN") and "found" not in row["detail"]
        ]
