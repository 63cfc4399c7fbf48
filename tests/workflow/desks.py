"""Desks that misbehave in front of the real simulator, each in one way, with the true interface."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from authority.desk import Desk, DeskAway, OutcomeUnknown, PayloadRefused, Receipt
from authority.messages import Delivery, Upload


class Counter(Desk):
    """Passes everything on to `real`, and remembers which keys were sent and which settled, in their order."""

    def __init__(self, real: Desk) -> None:
        self.real = real
        self.calls: list[tuple[str, str]] = []

    async def upload(self, message: Upload, key: str) -> Receipt:
        self.calls.append(("upload", key))
        return await self.real.upload(message, key)

    async def settle(self, key: str) -> Receipt | None:
        self.calls.append(("settle", key))
        return await self.real.settle(key)

    async def download(self) -> Delivery | None:
        return await self.real.download()

    async def acknowledge(self, file_name: str) -> None:
        await self.real.acknowledge(file_name)

    async def close(self) -> None:
        await self.real.close()


class Closed(Counter):
    """Away for everything."""

    async def upload(self, message: Upload, key: str) -> Receipt:
        self.calls.append(("upload", key))
        raise DeskAway("closed", timedelta(seconds=90), 20)

    async def settle(self, key: str) -> Receipt | None:
        self.calls.append(("settle", key))
        raise DeskAway("closed", timedelta(seconds=90), 20)


class LosesTheUpload(Counter):
    """The upload never arrives, and nobody can say so."""

    async def upload(self, message: Upload, key: str) -> Receipt:
        self.calls.append(("upload", key))
        raise OutcomeUnknown("the line broke", key)


class LosesTheReceipt(Counter):
    """Takes the upload, but the answer is lost on the way."""

    async def upload(self, message: Upload, key: str) -> Receipt:
        await super().upload(message, key)
        raise OutcomeUnknown("the line broke", key)


class DiesAfterTaking(Counter):
    """Takes the upload, and the courier dies before it hears of it."""

    async def upload(self, message: Upload, key: str) -> Receipt:
        await super().upload(message, key)
        raise asyncio.CancelledError


class Refuses(Counter):
    """Will never take the payload."""

    async def upload(self, message: Upload, key: str) -> Receipt:
        self.calls.append(("upload", key))
        raise PayloadRefused("7", 7)


class Breaks(Counter):
    """Has a mistake in it, which shows when the message is written."""

    async def upload(self, message: Upload, key: str) -> Receipt:
        self.calls.append(("upload", key))
        raise ValueError


class Meanwhile(Counter):
    """Does something else while the upload is under way."""

    def __init__(self, real: Desk, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(real)
        self._meanwhile = meanwhile

    async def upload(self, message: Upload, key: str) -> Receipt:
        await self._meanwhile()
        return await super().upload(message, key)


class Says(Desk):
    """Has nothing but the files it is given, and hands out each until it is acknowledged."""

    def __init__(self, *deliveries: Delivery) -> None:
        self.waiting = list(deliveries)
        self.acknowledged: list[str] = []

    async def upload(self, message: Upload, key: str) -> Receipt:
        raise NotImplementedError

    async def settle(self, key: str) -> Receipt | None:
        raise NotImplementedError

    async def download(self) -> Delivery | None:
        return self.waiting[0] if self.waiting else None

    async def acknowledge(self, file_name: str) -> None:
        self.acknowledged.append(file_name)
        self.waiting = [delivery for delivery in self.waiting if delivery.file_name != file_name]

    async def close(self) -> None:
        return None
