"""How the simulator decides: first what a machine finds against the library, then what a reviewer would object to."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from authority.codes import Operation, result_meaning
from authority.messages import Answer, Decision, ProcessingResult, ResultCode

REVIEWER = "模拟管局"
BREAKS_SCHEMA = 5001


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at this desk: whose uploads come, and whether a website's only access may not be cancelled."""

    provider: int
    refuses_last_access: bool


class Faulty(Exception):
    """What a machine found against an upload; `codes` says it in processing results."""

    def __init__(self, *codes: ResultCode) -> None:
        super().__init__(", ".join(str(code.code) for code in codes))
        self.codes = codes


class Review(ABC):
    """One upload on the reviewer's desk.

    A message that breaks the schema is answered without a reference. A processing error ends it; else a reviewer's
    refusal; else it is carried out, and the decision is sent with what the library now says. Until then nothing in
    the library is changed.

    What a reviewer objects to, so that whoever wants to see a refusal can have one: a website that bears the name
    of an organiser on file who is not its own (new filings, new websites, changes), and a cancellation whose remark
    (Zxlybz) contains 拒绝. A new access is never objected to.
    """

    @property
    @abstractmethod
    def operation(self) -> Operation:
        """Which operation (Czlx) the answers belong to."""

    @property
    @abstractmethod
    def reference(self) -> str:
        """What a processing result names (Bs)."""

    @property
    @abstractmethod
    def record_id(self) -> int:
        """What a decision names (Jlid); asked only of what is whole."""

    @abstractmethod
    def is_whole(self) -> bool:
        """Has the message what the schema asks for?"""

    @abstractmethod
    def check(self) -> None:
        """Compare with the library as a machine does; raises Faulty for what it finds."""

    @abstractmethod
    def find_objection(self) -> str | None:
        """Give the opinion with which a reviewer refuses, or None."""

    @abstractmethod
    def carry_out(self, at: datetime) -> Answer:
        """Do in the library what was asked for, and give what is told of it beside the decision."""

    def answer(self, sequence: int, at: datetime) -> tuple[Answer, ...]:
        """Decide at a moment, and give the answers in the order in which they are sent.

        The decision comes first for odd sequence numbers, last for even ones, since the order is promised nowhere.
        """
        if not self.is_whole():
            return (ProcessingResult(self.operation, None, (ResultCode(BREAKS_SCHEMA, None),), None),)
        try:
            self.check()
        except Faulty as found:
            return (ProcessingResult(self.operation, self.reference, found.codes, None),)
        objection = self.find_objection()
        decision = Decision(self.operation, self.record_id, objection is None, objection, REVIEWER, at)
        if objection is not None:
            return (decision,)
        told = self.carry_out(at)
        return (decision, told) if sequence % 2 else (told, decision)


def fault(code: int, what: object) -> ResultCode:
    """Make a processing result that says, in the regulator's words, what is wrong with `what`."""
    return ResultCode(code, f"{result_meaning(code).zh}：{what}")
