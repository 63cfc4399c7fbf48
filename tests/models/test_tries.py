"""The throttle: places, windows, and keys that tell nobody's name."""

import asyncio
from datetime import timedelta

import pytest

from models.clock import now
from models.credential import Throttle
from models.refusal import Throttled
from models.tries import Limit, network_of, reserve
from models.unit_of_work import unit_of_work

THREE = Limit("three", 3, timedelta(minutes=1))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
        ("x" * 200, "x" * 64),
    ],
)
def test_addresses_count_by_their_network(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_of_parallel_tries_each_takes_a_place_of_its_own(db: str) -> None:
    answers = await asyncio.gather(*(reserve(THREE, "zhang.wei") for _ in range(12)), return_exceptions=True)
    assert sum(answer is None for answer in answers) == 3
    refusals = [answer for answer in answers if isinstance(answer, Throttled)]
    assert len(refusals) == 9
    assert all((refusal.problems[0].retry_after or 0) in range(50, 61) for refusal in refusals)
    assert (await Throttle.get()).tries == 3


async def test_different_keys_do_not_disturb_each_other(db: str) -> None:
    await asyncio.gather(*(reserve(THREE, name) for name in ("a", "b", "c") for _ in range(3)))
    for name in ("a", "b", "c"):
        with pytest.raises(Throttled):
            await reserve(THREE, name)


async def test_refused_tries_do_not_lengthen_the_window(db: str) -> None:
    for _ in range(3):
        await reserve(THREE, "a")
    ends_at = (await Throttle.get()).window_ends_at
    with pytest.raises(Throttled):
        await reserve(THREE, "a")
    row = await Throttle.get()
    assert (row.window_ends_at, row.tries) == (ends_at, 3)


async def test_a_window_that_is_over_opens_anew(db: str) -> None:
    for _ in range(3):
        await reserve(THREE, "a")
    past = now() - timedelta(seconds=1)
    await unit_of_work(lambda: Throttle.all().update(window_ends_at=past))
    await reserve(THREE, "a")
    row = await Throttle.get()
    assert row.tries == 1
    assert row.window_ends_at > now() + timedelta(seconds=50)


async def test_the_table_tells_no_names_and_no_addresses(db: str) -> None:
    await reserve(THREE, "zhang.wei", "203.0.113.0/24")
    row = await Throttle.get()
    assert row.key.startswith("three:")
    assert len(row.key) == len("three:") + 32
    assert "zhang" not in row.key
