"""The ledger's pen: whole rows, opaque cursors, and a word to those who watch behind the commit only."""

import asyncio

import pytest
from tortoise.exceptions import OperationalError, TransactionManagementError

from models.event import FilingEvent
from models.states import FilingAction, FilingStatus
from models.unit_of_work import unit_of_work
from tests.workflow.ledger_rows import add_event, lay_event, make_rows
from workflow.events import BadCursor, cursor_of, listen, parse_cursor, unlisten, write_event


@pytest.mark.shows("C24")
async def test_an_event_keeps_all_that_it_was_told(db: str) -> None:
    rows = await make_rows()

    async def work() -> FilingEvent:
        return await write_event(
            subject_id=rows.subject,
            filing_id=rows.filing,
            action=FilingAction.RETURN_FILING,
            actor_name="li",
            account_id=rows.account,
            before=FilingStatus.SUBMITTED,
            after=FilingStatus.RETURNED,
            version=3,
            revision=1,
            record="web_7",
            note="请补充",
        )

    written = await unit_of_work(work)
    event = await FilingEvent.get(id=written.id)
    assert (event.subject_id, event.filing_id, event.account_id) == (rows.subject, rows.filing, rows.account)
    assert (event.action, event.before, event.after) == (
        FilingAction.RETURN_FILING,
        FilingStatus.SUBMITTED,
        FilingStatus.RETURNED,
    )
    assert (event.actor, event.version, event.revision, event.record, event.note) == (
        "li",
        3,
        1,
        "web_7",
        "请补充",
    )
    assert event.at.utcoffset() is not None


async def test_an_event_outside_a_unit_of_work_is_refused(db: str) -> None:
    rows = await make_rows()
    with pytest.raises((OperationalError, TransactionManagementError)):
        await asyncio.create_task(lay_event(rows, "alone"))
    assert await FilingEvent.all().count() == 0


async def test_a_cursor_leads_back_to_its_event(db: str) -> None:
    rows = await make_rows()
    number = await add_event(rows, "one")
    assert parse_cursor(cursor_of(await FilingEvent.get(id=number))) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.",
        "7",
        "2.7",
        "1.07",
        "1.0",
        "1.-7",
        "1.7.8",
        "1. 7",
        "1.7\n",
        "1.٧",
        "evt_7",
        "1.9223372036854775808",
        "1." + "9" * 5000,
        "\x00",
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        parse_cursor(text)


def test_the_largest_cursor_is_taken() -> None:
    assert parse_cursor("1.9223372036854775807") == 2**63 - 1


async def test_the_word_goes_out_behind_the_commit_and_not_before(db: str) -> None:
    rows = await make_rows()
    bell = asyncio.Event()
    listen(bell)

    async def work() -> None:
        await lay_event(rows, "one")
        await asyncio.sleep(0.05)
        assert not bell.is_set()

    await unit_of_work(work)
    await asyncio.wait_for(bell.wait(), 1)
    unlisten(bell)


async def test_nobody_is_told_of_what_was_rolled_back(db: str) -> None:
    rows = await make_rows()
    await asyncio.sleep(0.05)
    bell = asyncio.Event()
    listen(bell)

    async def work() -> None:
        await lay_event(rows, "one")
        raise LookupError

    with pytest.raises(LookupError):
        await unit_of_work(work)
    await asyncio.sleep(0.05)
    assert not bell.is_set()
    assert await FilingEvent.all().count() == 0
    unlisten(bell)
