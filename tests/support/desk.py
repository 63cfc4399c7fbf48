"""A desk of the authority that does as a test tells it: it takes uploads, keeps one hanging, or loses the answer."""

import asyncio
import dataclasses
import itertools
from datetime import datetime

from authority.codes import Operation
from authority.desk import OutcomeUnknown, Receipt
from authority.messages import (
    Answer,
    Cancellation,
    Change,
    Decision,
    Delivery,
    FiledRecord,
    NewAccess,
    NewFiling,
    NewWebsites,
    ProcessingResult,
    ResultCode,
    Upload,
    Website,
)

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
        first = [upload for upload in self._uploads.values() if isinstance(upload, NewFiling)]
        return [upload for upload in first if upload.subject.provider_id == subject_id][-1]

    @property
    def last(self) -> Upload:
        """What was last taken."""
        return [*self._uploads.values()][-1]

    def copy(self) -> "ToldDesk":
        """A desk of the same memory, on which nothing hangs."""
        other = ToldDesk()
        other._uploads, other._waiting = dict(self._uploads), [*self._waiting]
        return other


def approval(
    upload: Upload, number: str, at: datetime, held: FiledRecord | None = None
) -> tuple[Decision] | tuple[Decision, FiledRecord]:
    """The authority's yes to an upload, under the subject's filing number, and what it holds from now on.

    `held` is what it held before; a change and a cancellation are answered by the decision alone.
    """
    yes = decision(upload, approved=True, at=at)
    match upload:
        case NewFiling():
            subject = dataclasses.replace(upload.subject, number=number, authority_id=9_000_000)
            return yes, FiledRecord(subject, _numbered(upload.websites, number, 1), at)
        case NewWebsites():
            assert held is not None
            further = _numbered(upload.websites, number, len(held.websites) + 1)
            return yes, FiledRecord(held.subject, (*held.websites, *further), at)
        case NewAccess():
            assert held is not None
            access = dataclasses.replace(upload.access, authority_id=9_200_000)
            sites = tuple(
                dataclasses.replace(site, accesses=(access,))
                if site.number == upload.website_number
                else site
                for site in held.websites
            )
            return yes, FiledRecord(held.subject, sites, at)
        case _:
            return (yes,)


def _numbered(websites: tuple[Website, ...], number: str, first: int) -> tuple[Website, ...]:
    """The websites under their numbers, with the authority's ids for them and their accesses."""
    return tuple(
        dataclasses.replace(
            site,
            number=f"{number}-{serial}",
            authority_id=9_000_000 + serial,
            accesses=tuple(
                dataclasses.replace(access, authority_id=9_100_000 + serial) for access in site.accesses
            ),
        )
        for serial, site in enumerate(websites, first)
    )


_CANCELLED = (Operation.CANCEL_SUBJECT, Operation.CANCEL_WEBSITE, Operation.CANCEL_ACCESS)  # by Zxlb


def _about(upload: Upload) -> tuple[Operation, int, str]:
    """Which operation it is, the record that a decision names, and the reference of a processing result."""
    match upload:
        case NewFiling(subject=subject):
            found = Operation.NEW_FILING, subject.provider_id, str(subject.provider_id)
        case NewWebsites(websites=[website, *_], subject_number=number):
            found = Operation.NEW_WEBSITE, website.provider_id, number
        case NewAccess(access=access):
            found = Operation.NEW_ACCESS, access.provider_id, str(access.provider_id)
        case Change(subject=subject):
            found = Operation.CHANGE, subject.authority_id, str(subject.authority_id)
        case Cancellation(category=category, record_id=number):
            found = _CANCELLED[category], number, str(number)
        case _:
            raise AssertionError(upload)
    operation, record_id, reference = found
    assert record_id is not None, upload
    return operation, record_id, reference


def decision(upload: Upload, *, approved: bool, at: datetime) -> Decision:
    """The authority's yes or no to an upload."""
    operation, record_id, _ = _about(upload)
    return Decision(
        operation=operation,
        record_id=record_id,
        approved=approved,
        opinion=None if approved else "材料不符",
        reviewer=None,
        reviewed_at=at,
    )


def processing_error(upload: Upload, code: int) -> ProcessingResult:
    """The authority could not process an upload."""
    operation, _, reference = _about(upload)
    return ProcessingResult(
        operation=operation, reference=reference, codes=(ResultCode(code, None),), remark=None
    )
