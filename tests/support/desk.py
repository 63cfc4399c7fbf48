"""A desk of the authority that does as a test tells it: it takes uploads, keeps one hanging, or loses the answer."""

import asyncio
import dataclasses
import itertools
from datetime import datetime

from authority.codes import Operation
from authority.desk import OutcomeUnknown, Receipt
from authority.messages import Answer, Decision, Delivery, FiledRecord, ProcessingResult, ResultCode, Upload

_files = itertools.count(1)  # no two desks of one run name a file alike


class ToldDesk:
    """The true interface of a desk. `fate` of uploads: TAKE them, HANG for ever, or LOSE the answer."""

    def __init__(self) -> None:
        self.fate = "TAKE"
        self.arrived = asyncio.Event()
        self._uploads: dict[str, Upload] = {}
        self._waiting: list[Delivery] = []

    async def upload(self, message: Upload, key: str) -> Receipt:
        """Take the message as told."""
        self.arrived.set()
        if self.fate == "HANG":
            await asyncio.Event().wait()
        if self.fate == "LOSE":
            raise OutcomeUnknown("the line went dead", key)
        self._uploads.setdefault(key, message)
        return self._receipt(key)

    def _receipt(self, key: str) -> Receipt:
        number = [*self._uploads].index(key) + 1
        return Receipt(number, f"upload-{number}.xml")

    async def settle(self, key: str) -> Receipt | None:
        """The receipt of what was taken under this key."""
        return self._receipt(key) if key in self._uploads else None

    async def download(self) -> Delivery | None:
        """The oldest answer that was not acknowledged."""
        return self._waiting[0] if self._waiting else None

    async def acknowledge(self, file_name: str) -> None:
        """Forget an answer."""
        self._waiting = [delivery for delivery in self._waiting if delivery.file_name != file_name]

    async def close(self) -> None:
        """Nothing is held."""

    def answer(self, *answers: Answer) -> None:
        """Lay one file of answers ready."""
        self._waiting.append(Delivery(f"answer-{next(_files)}.xml", answers))

    def of_subject(self, subject_id: int) -> Upload:
        """What was last taken about one of our subjects."""
        return [upload for upload in self._uploads.values() if upload.subject.provider_id == subject_id][-1]


def approval(upload: Upload, number: str, at: datetime) -> tuple[Decision, FiledRecord]:
    """The authority's yes to an upload, under the subject's filing number, and what it holds from now on."""
    subject = dataclasses.replace(upload.subject, number=number, authority_id=9_000_000)
    websites = tuple(
        dataclasses.replace(site, number=f"{number}-{serial}", authority_id=9_000_000 + serial)
        for serial, site in enumerate(upload.websites, 1)
    )
    return decision(upload, approved=True, at=at), FiledRecord(subject, websites, at)


def decision(upload: Upload, *, approved: bool, at: datetime) -> Decision:
    """The authority's yes or no to an upload."""
    assert upload.subject.provider_id is not None
    return Decision(
        operation=Operation.NEW_FILING,
        record_id=upload.subject.provider_id,
        approved=approved,
        opinion=None if approved else "材料不符",
        reviewer=None,
        reviewed_at=at,
    )


def processing_error(upload: Upload, code: int) -> ProcessingResult:
    """The authority could not process an upload."""
    return ProcessingResult(
        operation=Operation.NEW_FILING,
        reference=str(upload.subject.provider_id),
        codes=(ResultCode(code, None),),
        remark=None,
    )
