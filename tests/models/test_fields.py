"""Columns of our own: moments that sort and compare right on both databases, and text that stands encrypted."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from tortoise.connection import get_connection

from models.account import Account
from models.cipher import CipherError
from models.credential import Captcha
from models.database import READER
from models.outbox import OutboxMessage
from models.states import Role
from models.unit_of_work import unit_of_work

BEIJING = timezone(timedelta(hours=8))
MOMENTS = {
    "a": datetime(2026, 3, 1, 0, 0, 0, tzinfo=BEIJING),  # the evening before in UTC
    "b": datetime(2026, 2, 28, 16, 0, 0, 1, tzinfo=UTC),
    "c": datetime(2026, 2, 28, 16, 0, 1, tzinfo=UTC),
    "d": datetime(2026, 2, 28, 11, 0, 1, 500_000, tzinfo=timezone(timedelta(hours=-5))),
    "e": datetime(2026, 3, 1, 0, 0, 0, tzinfo=UTC),
}


async def make_accounts() -> None:
    for name in ("d", "a", "e", "c", "b"):

        async def work(name: str = name) -> None:
            account = await Account.create(
                username=name,
                username_key=name,
                email="a@example.com",
                email_key="a@example.com",
                password_hash="-",
                role=Role.APPLICANT,
            )
            await Account.filter(id=account.id).update(created_at=MOMENTS[name])

        await unit_of_work(work)


async def test_moments_sort_by_time_whatever_zone_they_were_given_in(db: str) -> None:
    await make_accounts()
    rows = await Account.all().order_by("created_at")
    assert [row.username for row in rows] == ["a", "b", "c", "d", "e"]
    assert [row.created_at for row in rows] == list(MOMENTS.values())
    assert all(row.created_at.tzinfo is UTC for row in rows)


async def test_moments_compare_by_time_whatever_zone_they_are_asked_in(db: str) -> None:
    await make_accounts()
    for bound, expected in (
        (datetime(2026, 2, 28, 16, 0, 1, tzinfo=UTC), ["a", "b"]),
        (datetime(2026, 3, 1, 0, 0, 1, tzinfo=BEIJING), ["a", "b"]),
        (datetime(2026, 3, 1, 0, 0, 0, 1, tzinfo=BEIJING), ["a"]),
        (datetime(2026, 3, 1, 8, 0, 0, tzinfo=BEIJING), ["a", "b", "c", "d"]),
    ):
        rows = await Account.filter(created_at__lt=bound).order_by("created_at")
        assert [row.username for row in rows] == expected
    assert await Account.filter(created_at=MOMENTS["a"].astimezone(UTC)).count() == 1


async def lay(id: str, answer: str) -> None:
    await unit_of_work(
        lambda: Captcha.create(id=id, answer=answer, expires_at=datetime(2026, 3, 1, tzinfo=UTC))
    )


async def test_text_stands_encrypted_and_is_read_clear(db: str) -> None:
    for place, answer in (("a", "七上八下"), ("b", "")):
        await lay(place, answer)
        assert (await Captcha.get(id=place)).answer == answer
    rows = await get_connection(READER).execute_query_dict("SELECT answer FROM captcha ORDER BY id")
    assert all(row["answer"].startswith("\x01e1.k1.") for row in rows)
    assert not any("七上" in row["answer"] for row in rows)


async def test_an_update_encrypts_too(db: str) -> None:
    await lay("a", "一")
    await unit_of_work(lambda: Captcha.filter(id="a").update(answer="二"))
    [row] = await get_connection(READER).execute_query_dict("SELECT answer FROM captcha")
    assert row["answer"].startswith("\x01e1.k1.")
    assert (await Captcha.get(id="a")).answer == "二"


async def test_a_value_of_another_table_is_not_read(db: str) -> None:
    await lay("a", "一")

    async def work() -> None:
        await get_connection(READER).execute_script(
            "INSERT INTO outbox (key, kind, lane, payload, state, attempts, due_at, created_at) "
            "SELECT 'k', 'MAIL', 'x', answer, 'WAITING', 0, expires_at, expires_at FROM captcha"
        )

    await unit_of_work(work)
    with pytest.raises(CipherError, match=r"outbox\.payload"):
        await OutboxMessage.all()
