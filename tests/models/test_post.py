"""The post: one row a mail, sealed, in the transaction that decided on it."""

import json

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models.outbox import OutboxMessage
from models.post import enqueue_mail
from models.states import OutboxKind, OutboxState
from models.unit_of_work import unit_of_work


async def lay(key: str = "hello:1") -> None:
    await unit_of_work(
        lambda: enqueue_mail(
            "hello", "zhang@example.com", {"name": "张伟"}, key=key, lane="account:1", filing_id=5
        )
    )


async def test_a_mail_is_laid_down_to_be_carried_at_once(db: str) -> None:
    await lay()
    [message] = await OutboxMessage.all()
    assert (message.kind, message.state, message.attempts) == (OutboxKind.MAIL, OutboxState.WAITING, 0)
    assert (message.key, message.lane, message.filing_id, message.subject_id) == (
        "hello:1",
        "account:1",
        5,
        None,
    )
    assert json.loads(message.payload or "") == {
        "template": "hello",
        "to": "zhang@example.com",
        "data": {"name": "张伟"},
    }


async def test_the_payload_stands_encrypted(db: str) -> None:
    await lay()
    [row] = await get_connection("default").execute_query_dict("SELECT payload FROM outbox")
    assert row["payload"].startswith("\x01e1.")
    assert "zhang" not in row["payload"]


async def test_a_mail_that_is_rolled_back_is_not_sent(db: str) -> None:
    async def work() -> None:
        await enqueue_mail("hello", "zhang@example.com", {}, key="hello:1", lane="account:1")
        raise RuntimeError("decided otherwise")

    with pytest.raises(RuntimeError):
        await unit_of_work(work)
    assert await OutboxMessage.all().count() == 0


async def test_a_mail_of_one_key_is_laid_down_once(db: str) -> None:
    await lay()
    with pytest.raises(IntegrityError):
        await lay()
    assert await OutboxMessage.all().count() == 1
