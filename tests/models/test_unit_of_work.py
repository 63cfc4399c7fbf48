"""The unit of work: all or nothing, whoever is cancelled, and no other way to write."""

import asyncio

import pytest
from tortoise.exceptions import OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from models.account import Account
from models.faults import NestedWork
from models.states import Role
from models.unit_of_work import drain, unit_of_work


async def make_account(name: str) -> Account:
    return await Account.create(
        username=name,
        username_key=name,
        email="a@example.com",
        email_key="a@example.com",
        password_hash="-",
        role=Role.APPLICANT,
    )


async def test_what_it_does_is_there_afterwards(db: str) -> None:
    account = await unit_of_work(lambda: make_account("one"))
    assert (await Account.get(id=account.id)).username == "one"


async def test_an_error_leaves_nothing_behind(db: str) -> None:
    async def work() -> None:
        await make_account("one")
        raise LookupError

    with pytest.raises(LookupError):
        await unit_of_work(work)
    assert await Account.all().count() == 0


async def test_a_plain_query_outside_of_it_cannot_write(db: str) -> None:
    with pytest.raises((OperationalError, TransactionManagementError)):
        await make_account("one")
    assert await Account.all().count() == 0


async def test_one_inside_another_is_refused(db: str) -> None:
    async def outer() -> None:
        await unit_of_work(lambda: make_account("inner"))

    with pytest.raises(NestedWork):
        await unit_of_work(outer)
    assert await Account.all().count() == 0


async def test_a_savepoint_inside_it_can_fail_alone(db: str) -> None:
    async def work() -> None:
        await make_account("kept")
        try:
            async with in_transaction("default"):
                await make_account("lost")
                raise LookupError
        except LookupError:
            pass

    await unit_of_work(work)
    assert [account.username for account in await Account.all()] == ["kept"]


async def test_twenty_cancelled_writes_are_whole_or_absent_and_the_next_one_works(db: str) -> None:
    acknowledged = 0
    landed_inside = 0

    async def pair(number: int) -> None:
        async def work() -> None:
            await make_account(f"a{number}")
            await asyncio.sleep(0)
            await make_account(f"b{number}")

        await unit_of_work(work)

    for number in range(20):
        task = asyncio.create_task(pair(number))
        for _ in range(number):
            await asyncio.sleep(0)
        if number % 3 == 2:
            await asyncio.sleep(0.002)
        if task.done():
            acknowledged += 1
        else:
            landed_inside += task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await drain()
    assert landed_inside >= 10
    names = {account.username for account in await Account.all()}
    for number in range(20):
        assert (f"a{number}" in names) == (f"b{number}" in names)
    await asyncio.wait_for(unit_of_work(lambda: make_account("next")), 5)
    assert await Account.filter(username="next").exists()


async def test_of_many_racing_moves_of_one_row_exactly_one_wins(db: str) -> None:
    account = await unit_of_work(lambda: make_account("one"))

    async def move(number: int) -> bool:
        async def work() -> bool:
            return bool(
                await Account.filter(id=account.id, email="a@example.com").update(
                    email=f"{number}@example.com"
                )
            )

        return await unit_of_work(work)

    assert sum(await asyncio.gather(*(move(number) for number in range(32)))) == 1
