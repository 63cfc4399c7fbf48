"""Changes of the gate: noted with what makes them, told once and in order, and summed up as a list."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module

import pytest
from tortoise.connection import get_connection

import settings as settings_module
from models.access import Access
from models.clock import now
from models.event import FilingEvent
from models.gate import GateChange, GateHost
from models.states import RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.workflow.ledger_rows import add_event, make_rows
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
from workflow.events import BadCursor, cursor_of
from workflow.gate import decide
from workflow.gate_changes import ToldChange, list_allowed, note_gate_changes, watch_gate
from workflow.watch import stop_tailer

pytestmark = pytest.mark.shows("N1")
OTHER_NUMBER = "京ICP备2026000002号-1"


@pytest.fixture(autouse=True)
async def quiet(db: str) -> AsyncIterator[None]:
    """No tailer outlives a test."""
    yield
    await stop_tailer()


async def always() -> object:
    return "somebody"


def follow(after: str | None = None) -> AsyncIterator[ToldChange]:
    return watch_gate(always, after=after)


async def take(changes: AsyncIterator[ToldChange], count: int) -> list[tuple[str, str, str]]:
    async with asyncio.timeout(10):
        found = [await anext(changes) for _ in range(count)]
    return [(change.host, change.decision.value, change.reason.value) for change in found]


async def is_silent(changes: AsyncIterator[ToldChange]) -> bool:
    """Whether nothing comes; the iterator is spent afterwards."""
    try:
        async with asyncio.timeout(0.5):
            await anext(changes)
    except TimeoutError:
        return True
    return False


async def noted() -> list[tuple[str, str, str, str | None]]:
    return [
        (row.key, row.decision.value, row.reason.value, row.filing_number)
        for row in await GateChange.all().order_by("id")
    ]


async def drop_domain(site: Site, name: str) -> None:
    """A change without this domain is approved."""

    async def work() -> None:
        await WebsiteDomain.filter(website_id=site.website, name=name).delete()
        await note(site.subject)

    await unit_of_work(work)


async def test_each_domain_of_a_subject_is_told_when_it_opens_and_when_it_shuts() -> None:
    site = await make_site("b-test.cn", "a-test.cn", status=DRAFT, number=None)
    await approve(site)
    assert await noted() == [("a-test.cn", "ALLOW", "FILED", NUMBER), ("b-test.cn", "ALLOW", "FILED", NUMBER)]
    await drop_domain(site, "a-test.cn")
    assert (await noted())[2:] == [("a-test.cn", "DENY", "NOT_FILED", None)]
    await cancel_access(site)
    assert (await noted())[3:] == [("b-test.cn", "DENY", "NO_ACCESS", NUMBER)]
    await cancel_website(site)
    assert (await noted())[4:] == [("b-test.cn", "DENY", "CANCELLED", NUMBER)]
    await approve(site)
    assert (await noted())[5:] == [("b-test.cn", "ALLOW", "FILED", NUMBER)]


async def test_noting_again_what_has_not_changed_adds_nothing() -> None:
    site = await make_site("a-test.cn", status=DRAFT, number=None)
    await approve(site)
    for _ in range(2):
        await unit_of_work(lambda: note(site.subject))
    assert len(await noted()) == 1
    assert await GateHost.all().count() == 1


async def test_drafts_are_not_told_of() -> None:
    site = await make_site("a-test.cn", status=DRAFT, number=None)
    await unit_of_work(lambda: note(site.subject))
    assert await noted() == []
    assert await GateHost.all().count() == 0


async def test_a_change_that_is_rolled_back_was_never_noted() -> None:
    site = await make_site("a-test.cn")

    async def work() -> None:
        await note_gate_changes(site.subject)
        assert len(await noted()) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await unit_of_work(work)
    assert await noted() == []
    assert (await list_allowed(10, None)).hosts == ()


async def test_a_domain_that_went_to_another_subject_is_told_by_the_record_that_decides() -> None:
    first = await make_site("a-test.cn")
    await approve(first)
    second = await make_site("a-test.cn", owner="li", number=OTHER_NUMBER)
    await unit_of_work(lambda: note(second.subject))
    assert await noted() == [
        ("a-test.cn", "ALLOW", "FILED", NUMBER),
        ("a-test.cn", "ALLOW", "FILED", OTHER_NUMBER),
    ]
    await cancel_website(first)
    assert len(await noted()) == 2
    await drop_domain(second, "a-test.cn")
    assert (await noted())[2:] == [("a-test.cn", "DENY", "CANCELLED", NUMBER)]


async def test_of_two_who_change_one_domain_at_once_the_last_word_is_what_the_gate_says(db: str) -> None:
    second = await make_site("a-test.cn", owner="li", status=DRAFT, number=None)
    first = await make_site("a-test.cn")  # the younger one decides while both are in force
    await approve(first)
    noted_already, may_commit = asyncio.Event(), asyncio.Event()

    async def open_the_other() -> None:
        await Subject.filter(id=second.subject).update(status=FILED)
        await Website.filter(id=second.website).update(status=FILED, filing_number=OTHER_NUMBER)
        await WebsiteDomain.filter(website_id=second.website).update(status=FILED)
        await Access.filter(id=second.access).update(status=FILED)
        await note(second.subject)
        noted_already.set()
        await may_commit.wait()

    opening = asyncio.create_task(unit_of_work(open_the_other))
    await asyncio.wait_for(noted_already.wait(), 5)
    cancelling = asyncio.create_task(cancel_website(first))
    await asyncio.sleep(0.3)  # it has come as far as it can
    may_commit.set()
    await asyncio.gather(opening, cancelling)
    assert (await decide("a-test.cn", None)).filing_number == OTHER_NUMBER
    assert (await noted())[-1] == ("a-test.cn", "ALLOW", "FILED", OTHER_NUMBER)
    assert [(host.decision, host.filing_number) for host in (await list_allowed(10, None)).hosts] == [
        ("ALLOW", OTHER_NUMBER)
    ]


async def test_a_watcher_hears_each_change_once_from_its_cursor_on_and_then_as_it_happens() -> None:
    site = await make_site("a-test.cn", "b-test.cn", status=DRAFT, number=None)
    await approve(site)
    start = (await list_allowed(10, None)).cursor
    await cancel_access(site)
    changes = follow(start)
    assert await take(changes, 2) == [("a-test.cn", "DENY", "NO_ACCESS"), ("b-test.cn", "DENY", "NO_ACCESS")]
    await approve(site)
    first = await asyncio.wait_for(anext(changes), 5)
    assert (first.host, first.decision) == ("a-test.cn", "ALLOW")
    await changes.aclose()  # type: ignore[attr-defined]
    changes = follow(first.cursor)
    assert await take(changes, 1) == [("b-test.cn", "ALLOW", "FILED")]
    assert await is_silent(changes)


async def test_from_the_cursor_of_an_empty_list_on_everything_is_told() -> None:
    start = (await list_allowed(10, None)).cursor
    await approve(await make_site("a-test.cn", status=DRAFT, number=None))
    assert await take(follow(start), 1) == [("a-test.cn", "ALLOW", "FILED")]


async def test_without_a_cursor_only_what_happens_from_then_on_is_told() -> None:
    site = await make_site("a-test.cn", status=DRAFT, number=None)
    await approve(site)
    changes = follow()
    first = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.3)
    await cancel_access(site)
    assert (await asyncio.wait_for(first, 5)).decision == "DENY"
    assert await is_silent(changes)


async def test_a_younger_change_committed_first_does_not_hide_the_older_one(db: str) -> None:
    sites = [await make_site(f"{name}-test.cn", owner=name, number=None) for name in ("older", "younger")]
    start = (await list_allowed(10, None)).cursor
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def older() -> None:
        await note(sites[0].subject)
        written.set()
        await may_commit.wait()

    holding = asyncio.create_task(unit_of_work(older))
    await asyncio.wait_for(written.wait(), 5)
    if db == "sqlite":  # one writer at a time: the younger one waits
        may_commit.set()
    await unit_of_work(lambda: note(sites[1].subject))
    between = (await list_allowed(10, None)).cursor
    changes = follow(start)
    first = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.3)
    may_commit.set()
    await holding
    assert (await asyncio.wait_for(first, 5)).host == "older-test.cn"
    assert await take(changes, 1) == [("younger-test.cn", "ALLOW", "FILED")]
    if db == "postgres":  # whoever read the list meanwhile, without the older one, misses nothing either
        assert (await take(follow(between), 2))[0][0] == "older-test.cn"


async def test_it_ends_when_the_session_ends() -> None:
    site = await make_site("a-test.cn", "b-test.cn", status=DRAFT, number=None)
    start = (await list_allowed(10, None)).cursor
    await approve(site)
    answers = [object(), object(), None]

    async def reader() -> object | None:
        return answers.pop(0)

    assert [change.host async for change in watch_gate(reader, after=start)] == ["a-test.cn"]


async def test_a_cursor_that_is_none_of_the_gates_is_refused() -> None:
    await approve(await make_site("a-test.cn", status=DRAFT, number=None))
    last = (await GateChange.all().order_by("-id"))[0].id
    for after in ("nonsense", "", "gate-", "gate-01", f"gate-{last + 1}", "gate-" + "9" * 30, f"1.{last}"):
        with pytest.raises(BadCursor):
            await anext(follow(after))


async def test_a_cursor_of_an_event_is_none_of_the_gate() -> None:
    rows = await make_rows()
    number = await add_event(rows, "an event")
    with pytest.raises(BadCursor):
        await anext(follow(cursor_of(await FilingEvent.get(id=number))))


async def test_the_list_holds_what_is_served_page_by_page() -> None:
    rows = await make_rows()

    async def fill() -> None:
        for serial in range(1, 26):
            number = f"{NUMBER}{serial}"
            await lay_site(rows.subject, f"site{serial:02}-test.cn", serial=serial, number=number)
        await note(rows.subject)

    await unit_of_work(fill)
    denied = Website.filter(filing_number=f"{NUMBER}7")
    await unit_of_work(lambda: denied.update(status=RecordStatus.CANCELLED))
    await unit_of_work(lambda: note(rows.subject))
    hosts: list[str] = []
    after: str | None = None
    for size in (10, 10, 4):
        page = await list_allowed(10, after)
        assert len(page.hosts) == size
        hosts += [host.host for host in page.hosts]
        after = page.next_after
    assert after is None
    assert hosts == [f"site{serial:02}-test.cn" for serial in range(1, 26) if serial != 7]
    with pytest.raises(BadCursor):
        await list_allowed(10, "no domain")


def grant(hours: int) -> None:
    """The operator sets so many hours of grace; the fixture `db` takes them back."""
    settings_module.use(settings_module.current().model_copy(update={"gate_grace_hours": hours}))


async def test_in_grace_a_domain_is_told_with_its_end_and_stays_on_the_list_until_then() -> None:
    site = await make_site("a-test.cn", status=DRAFT, number=None)
    await approve(site)
    grant(24)
    start = (await list_allowed(10, None)).cursor
    await cancel_access(site)
    change = await asyncio.wait_for(anext(follow(start)), 5)
    assert (change.decision, change.reason) == ("GRACE", "NO_ACCESS")
    assert change.grace_until == change.at + timedelta(hours=24)
    assert [(host.decision, host.grace_until) for host in (await list_allowed(10, None)).hosts] == [
        ("GRACE", change.grace_until)
    ]
    await cancel_website(site)  # another reason does not begin the grace anew
    assert (await asyncio.wait_for(anext(follow(change.cursor)), 5)).grace_until == change.grace_until
    past = now() - timedelta(hours=24)
    await unit_of_work(lambda: GateHost.all().update(denied_at=past))
    await unit_of_work(lambda: GateChange.filter(denied_at__isnull=False).update(denied_at=past))
    assert (await list_allowed(10, None)).hosts == ()
    assert await take(follow(start), 2) == [
        ("a-test.cn", "DENY", "NO_ACCESS"),
        ("a-test.cn", "DENY", "CANCELLED"),
    ]


async def test_what_was_in_force_before_there_was_a_list_is_on_it_from_the_first_day() -> None:
    migration = import_module("models.migrations.0004_after_approval_indexes")
    site = await make_site("a-test.cn", "b-test.cn")
    await make_site("drafted-test.cn", status=DRAFT, owner="li", number=None)
    await make_site("cancelled-test.cn", status=CANCELLED, owner="wang", number=OTHER_NUMBER)
    await get_connection("writer").execute_query(migration.LIST_WHAT_IS_IN_FORCE)
    hosts = (await list_allowed(10, None)).hosts
    assert [(host.host, host.decision, host.reason, host.filing_number) for host in hosts] == [
        ("a-test.cn", "ALLOW", "FILED", NUMBER),
        ("b-test.cn", "ALLOW", "FILED", NUMBER),
    ]
    assert all(now() - host.at < timedelta(minutes=1) for host in hosts)
    await unit_of_work(lambda: note(site.subject))
    assert await noted() == []
