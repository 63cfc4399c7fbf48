"""Slow hashing: the figures, equal work, and a queue that has an end."""

import asyncio

import pytest
from argon2 import PasswordHasher

from models.hashing import Busy, hash_secret, is_outdated, verify_secret


async def test_a_hash_is_argon2id_with_the_agreed_cost() -> None:
    stored = await hash_secret("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await verify_secret(stored, "correct horse")
    assert not await verify_secret(stored, "Correct horse")
    assert not is_outdated(stored)


async def test_composed_and_decomposed_letters_are_the_same_secret() -> None:
    assert await verify_secret(await hash_secret("caf\u00e9-caf\u00e9"), "cafe\u0301-cafe\u0301")


async def test_more_than_128_characters_are_no_secret() -> None:
    stored = await hash_secret("密" * 128)
    assert await verify_secret(stored, "密" * 128)
    assert not await verify_secret(stored, "密" * 129)
    with pytest.raises(ValueError, match="128"):
        await hash_secret("x" * 129)


async def test_nothing_stored_matches_nothing() -> None:
    assert not await verify_secret(None, "")
    assert not await verify_secret(None, "correct horse")
    assert not await verify_secret("!", "correct horse")
    assert not await verify_secret(await hash_secret("?"), "\ud800")


def test_another_cost_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("correct horse"))


async def test_unknown_accounts_cost_as_much_as_known_ones() -> None:
    stored = await hash_secret("correct horse")
    loop = asyncio.get_running_loop()

    async def best(known: str | None) -> float:
        times = []
        for _ in range(12):
            start = loop.time()
            await verify_secret(known, "wrong horse")
            times.append(loop.time() - start)
        return min(times)

    with_account, without = await best(stored), await best(None)
    assert 0.5 < without / with_account < 2


async def test_a_full_queue_says_when_to_come_back_and_recovers() -> None:
    answers = await asyncio.gather(*(verify_secret(None, "x") for _ in range(60)), return_exceptions=True)
    busy = [answer for answer in answers if isinstance(answer, Busy)]
    assert len(busy) == 60 - 34
    assert busy[0].retry_after >= 1
    assert not await verify_secret(None, "x")


async def test_a_cancelled_hash_gives_its_place_back() -> None:
    for _ in range(3):
        tasks = [asyncio.create_task(verify_secret(None, "x")) for _ in range(30)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.5)
    answers = await asyncio.gather(*(verify_secret(None, "x") for _ in range(34)))
    assert answers == [False] * 34
