"""The darkroom (暗房): pictures are opened in processes of their own, two at a time, and killed when they take too long."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS = 2.0
AT_ONCE = 2
WAITING = 8
_SCRIPT = str(Path(__file__).with_name("pictures.py"))


class DarkroomFull(Exception):
    """More pictures wait than may; come back in some seconds."""


class UnfitPicture(Exception):
    """A picture that is not taken; `reason` is one of FORMAT, BROKEN, FOREIGN, FRAMES, PIXELS, LIMIT, TIME."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """A picture made anew; sizes in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


class Darkroom:
    """Places for `at_once` processes, and for `waiting` who wait for one."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._inside = 0

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """A place of one's own; raises DarkroomFull where too many wait."""
        if self._inside >= self._most:
            raise DarkroomFull
        self._inside += 1
        try:
            async with self._places:
                yield
        finally:
            self._inside -= 1


_room = Darkroom()


async def redraw(data: bytes, media_type: str) -> Picture:
    """The picture drawn anew, of pixels alone. Raises UnfitPicture, DarkroomFull."""
    head, drawn = await _work("redraw", media_type, data)
    return Picture(drawn, media_type, int(head["width"]), int(head["height"]))


async def fit_for_report(data: bytes, limit: int) -> bytes:
    """A stored picture as a JPEG of at most `limit` bytes. Raises UnfitPicture, DarkroomFull."""
    return (await _work("fit", str(limit), data))[1]


async def _work(work: str, wanted: str, data: bytes) -> tuple[dict[str, str], bytes]:
    async with _room.enter():
        answer = await _run(work, wanted, data)
    head, _, drawn = answer.partition(b"\n")
    if not head:  # killed for its time, or by the system for its memory
        raise UnfitPicture("TIME")
    told: dict[str, str] = json.loads(head)
    if "unfit" in told:
        raise UnfitPicture(told["unfit"])
    return told, drawn


async def _run(work: str, wanted: str, data: bytes) -> bytes:
    """What the process answers; nothing where it did not end in time or was killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-B", _SCRIPT, work, wanted,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate(data)
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return answer if process.returncode == 0 else b""
