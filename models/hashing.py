"""Slow hashing of secrets that people remember (argon2id), in two threads of its own with a bounded queue."""

import asyncio
import base64
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.faults import Unavailable

T = TypeVar("T")

# 19 MiB, two passes, one lane: OWASP's minimum, about 20 ms a hash, so a flood of log-ins costs little memory
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)
MOST_CHARACTERS = 128
THREADS = 2
MOST_WAITING = 32

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="hashing")
_places = threading.BoundedSemaphore(THREADS + MOST_WAITING)


class Busy(Unavailable):
    """More secrets wait to be hashed than can be soon."""

    def __init__(self, retry_after: int = 2) -> None:
        super().__init__("too many secrets wait to be hashed", retry_after)


async def hash_secret(text: str) -> str:
    """The encoded argon2id hash of `text`, whose Unicode form (composed or not) makes no difference.

    Raises ValueError for more than 128 characters, Busy where the queue is full. Never call it in a unit of work.
    """
    plain = _normal(text)
    if plain is None:
        raise ValueError(f"a secret has at most {MOST_CHARACTERS} characters of Unicode")
    return await _run(lambda: HASHER.hash(plain))


async def verify_secret(stored: str | None, text: str) -> bool:
    """Whether `text` is what `stored` was made from; the same work is done where there is nothing stored.

    Raises Busy where the queue is full. Never call it in a unit of work.
    """
    plain = _normal(text)
    known = stored if stored is not None and plain is not None else _unmatched()
    return await _run(lambda: _verify(known, plain or b""))


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than are in force, so that it should be made anew."""
    return HASHER.check_needs_rehash(stored)


def _normal(text: str) -> bytes | None:
    normal = unicodedata.normalize("NFC", text)
    if len(normal) > MOST_CHARACTERS:
        return None
    try:
        return normal.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return None


def _unmatched() -> str:
    """A hash in the form in force that belongs to no secret."""
    salt, digest = (
        base64.b64encode(os.urandom(size)).decode().rstrip("=") for size in (HASHER.salt_len, HASHER.hash_len)
    )
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def _verify(stored: str, plain: bytes) -> bool:
    try:
        return HASHER.verify(stored, plain)
    except (VerificationError, InvalidHashError):
        return False


async def _run(work: Callable[[], T]) -> T:
    if not _places.acquire(blocking=False):
        raise Busy
    future = _pool.submit(work)
    future.add_done_callback(_leave)
    return await asyncio.wrap_future(future)


def _leave(_: Future[T]) -> None:
    # at the end of the work itself, not of who waited for it: a cancelled caller's hash still takes its place
    _places.release()
