"""The simulator's vault: messages as sealed text, so that no personal data lies open in its file."""

import hashlib
from typing import Any, Protocol, cast

from pydantic import TypeAdapter

from authority.messages import (
    Answer,
    Cancellation,
    Cancelled,
    Change,
    Decision,
    FiledRecord,
    NewAccess,
    NewFiling,
    NewWebsites,
    ProcessingResult,
    Upload,
)

_UPLOADS = (NewFiling, NewWebsites, NewAccess, Change, Cancellation)
_ANSWERS = (FiledRecord, Decision, ProcessingResult, Cancelled)
_SHAPES: dict[str, TypeAdapter[Any]] = {kind.tag: TypeAdapter(kind) for kind in (*_UPLOADS, *_ANSWERS)}


class Sealing(Protocol):
    """The keys that the ledger is sealed with; what it raises for a wrong key passes through."""

    def seal(self, text: str, place: str) -> str:
        """Encrypt `text`, bound to the `place` where it will lie."""

    def open(self, sealed: str, place: str) -> str:
        """Decrypt what `seal` made for the same place."""

    def index(self, text: str) -> str:
        """Give a keyed mark that is equal for equal texts, whatever their width and case."""


class Vault:
    """Turns messages into sealed text and back; every kind of message by its tag."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def seal(self, message: Upload | Answer) -> str:
        """Write a message as sealed JSON."""
        return self._sealing.seal(_write(message), f"ledger.{message.tag}")

    def open_upload(self, tag: str, sealed: str) -> Upload:
        """Read an upload that `seal` wrote."""
        return cast(Upload, self._open(tag, sealed))

    def open_answer(self, tag: str, sealed: str) -> Answer:
        """Read an answer that `seal` wrote."""
        return cast(Answer, self._open(tag, sealed))

    def open_record(self, sealed: str) -> FiledRecord:
        """Read a filed record that `seal` wrote."""
        return cast(FiledRecord, self._open(FiledRecord.tag, sealed))

    def fingerprint(self, message: Upload) -> str:
        """Give a mark by which an identical message is known again."""
        return self.mark(hashlib.sha256(_write(message).encode()).hexdigest())

    def mark(self, text: str) -> str:
        """Give the keyed mark of a value, such as a certificate number, for finding it by equality."""
        return self._sealing.index(text)

    def _open(self, tag: str, sealed: str) -> object:
        return _SHAPES[tag].validate_json(self._sealing.open(sealed, f"ledger.{tag}"))


def _write(message: Upload | Answer) -> str:
    return _SHAPES[message.tag].dump_json(message).decode()
