"""The desk (管局窗口): what any way of reaching the authority must do, and how it fails.

    DeskError
    ├── DeskAway          provably not accepted: busy, closed or away; try again, not before `retry_after`
    ├── OutcomeUnknown    sent, and no answer seen: settle the key before anything else is sent
    ├── PayloadRefused    provably not accepted: this message will never be; park it and alarm
    └── NotConfigured     the authority does not know us as we are set up, or the desk cannot be opened; alarm

A desk is used strictly one upload after the other: the authority counts them, and there is no other way to
tell which one an unknown outcome belongs to.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from authority.codes import CallClass, call_meaning
from authority.messages import Delivery, Upload


class DeskError(Exception):
    """The authority did not do what was asked; `code` is its return code (msg_code), where there was one."""

    def __init__(self, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.code = code


class DeskAway(DeskError):
    """Nothing was accepted, and the same call may succeed after `retry_after`."""

    def __init__(self, text: str, retry_after: timedelta, code: int | None = None) -> None:
        super().__init__(text, code)
        self.retry_after = retry_after


class OutcomeUnknown(DeskError):
    """The upload of `key` may or may not have been accepted."""

    def __init__(self, text: str, key: str) -> None:
        super().__init__(text)
        self.key = key


class PayloadRefused(DeskError):
    """Nothing was accepted, and this message or file name never will be."""


class NotConfigured(DeskError):
    """The desk does not work as it is set up; no call will succeed until that is mended."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An accepted upload: its number in the provider's sequence (dataSequence), and the name of its file."""

    sequence: int
    file_name: str


class Desk(Protocol):
    """One provider's place at the authority's desk.

    Every call may raise DeskAway and NotConfigured; `upload` also OutcomeUnknown and PayloadRefused.
    """

    async def upload(self, message: Upload, key: str) -> Receipt:
        """Report one message; `key` names the report for ever (1-64 letters, digits, "-" or "_").

        An identical repeat under the same key gives the same receipt and files nothing twice. Another message
        under a key that was used is PayloadRefused. The sequence number is taken only by success.
        """

    async def settle(self, key: str) -> Receipt | None:
        """Say what became of an upload whose outcome is unknown: its receipt, or None if it was not accepted.

        After None the identical upload may be repeated; that is safe even if the authority could not say.
        """

    async def download(self) -> Delivery | None:
        """Give the next file that waits, or None. What is not acknowledged comes again, now or later."""

    async def acknowledge(self, file_name: str) -> None:
        """Confirm that a delivery is safely stored; twice is harmless.

        A name that was never delivered is PayloadRefused.
        """

    async def close(self) -> None:
        """Give back what the desk holds; nothing may be called afterwards."""


def refusal(code: int, retry_after: timedelta) -> DeskError:
    """Make the error that stands for a return code other than success; `retry_after` is for those that pass.

    A gap in the sequence (14) is the desk's own to mend and ends here only when it cannot.
    """
    meaning = call_meaning(code)
    text = f"{code} {meaning.en}"
    match meaning.call_class:
        case CallClass.TRY_LATER | CallClass.SLOW_DOWN:
            return DeskAway(text, retry_after, code)
        case CallClass.REPAIR_CONFIGURATION | CallClass.REPAIR_SEQUENCE:
            return NotConfigured(text, code)
        case _:
            return PayloadRefused(text, code)
