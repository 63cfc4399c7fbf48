"""What the authority says, said by a test: real files held back from the simulator, and answers written by hand."""

from datetime import timedelta

from authority.messages import Answer, Decision, Delivery, ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing
from models.report import ReceivedAnswer
from models.states import OutboxState
from tests.support.lives import approve, carry_reports, draft, submit, take_answers
from tests.workflow import desks
from tests.workflow.doings import fresh
from workflow.actors import Actor


async def reported(owner: Actor, reviewer: Actor, desk: Simulator, number: int = 0) -> Filing:
    """A filing of the demonstration's form `number` at the authority."""
    filing = await approve(reviewer, await submit(owner, await draft(owner, number)))
    await carry_reports(desk)
    return await fresh(filing)


async def held_back(desk: Simulator) -> tuple[Delivery, Delivery]:
    """The authority's two files about one approved filing, not yet told to us: the decision, and the record."""
    files = []
    while (delivery := await desk.download()) is not None:
        await desk.acknowledge(delivery.file_name)
        files.append(delivery)
    first, second = files
    return (first, second) if isinstance(first.answers[0], Decision) else (second, first)


async def told(*answers: Answer, name: str = "a") -> None:
    """Have the authority say these things, each in a file of its own."""
    await take_answers(desks.Says(*(Delivery(f"{name}{n}.xml", (a,)) for n, a in enumerate(answers))))


def error(filing: Filing, *codes: int) -> ProcessingResult:
    return ProcessingResult(1, str(filing.subject_id), tuple(ResultCode(code, None) for code in codes), None)


def refused(filing: Filing, minutes: int = 1) -> Decision:
    return Decision(1, filing.subject_id, False, "证件不清晰", "王", now() + timedelta(minutes=minutes))


async def moves(filing: Filing) -> list[tuple[str, str | None]]:
    """Every step of a filing, with the status that it led to."""
    rows = await FilingEvent.filter(filing_id=filing.id).order_by("id")
    return [(row.action.value, row.after.value if row.after else None) for row in rows]


async def parked() -> list[tuple[str, str | None, bool]]:
    """What was set aside: the file, the fault, and whether its body is still there."""
    rows = await ReceivedAnswer.filter(state=OutboxState.PARKED).order_by("id")
    return [(row.file, row.fault, row.body is not None) for row in rows]
