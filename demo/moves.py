"""Moves (步骤): what people and the authority do with one filing, by the commands that they use themselves."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from authority.simulator.counter import Simulator
from demo.pictures import specimen
from models.attachment import StoredFile
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.refusal import Refused
from models.states import OutboxKind, OutboxState
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from workflow import reviews, steps
from workflow.actors import Actor
from workflow.answers import take_next
from workflow.attachments import attach_file
from workflow.command import Outcome
from workflow.files import keep_file
from workflow.outbox import Delivered
from workflow.reports import deliver_report

# what a document is for: verification sheet (真实性核验单), certificate of the organiser (主办单位有效证件)
VERIFICATION_SHEET, CERTIFICATE = "1", "2"


def named(filing: Filing) -> dict[str, Any]:
    """How a command names a filing: id and version, without a key."""
    return {"id": node_id(Filing, filing.id), "version": filing.version, "key": None}


def plain(value: Any) -> Any:
    """A form as the commands take it: mappings and lists, without ids."""
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "id"}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


async def done(outcome: Outcome) -> Filing:
    """The filing that a command moved; raises Refused where it was refused."""
    if outcome.problems:
        raise Refused(*outcome.problems)
    return await Filing.get(id=outcome.ids["filing"])


async def submit(owner: Actor, filing: Filing) -> Filing:
    """It goes to the provider's check."""
    filing = await Filing.get(id=filing.id)
    return await done(await steps.submit_filing(owner, **named(filing), filing_password=None))


async def approve(reviewer: Actor, filing: Filing) -> Filing:
    """One reviewer's yes."""
    return await done(
        await reviews.approve_filing(reviewer, **named(filing), revision=filing.revision, note=None)
    )


async def give_back(reviewer: Actor, filing: Filing, *notes: Mapping[str, Any]) -> Filing:
    """Returned to its owner with notes."""
    return await done(
        await reviews.return_filing(
            reviewer,
            **named(filing),
            revision=filing.revision,
            message="请按意见修改后重新提交",
            notes=notes,
        )
    )


def note(*path: str, text: str, suggestion: str | None = None) -> dict[str, Any]:
    """A reviewer's note that must be met, on the field at a path."""
    return {"path": list(path), "text": text, "rule": None, "suggestion": suggestion, "blocking": True}


async def carry(desk: Simulator, filing: Filing) -> Filing:
    """Its report goes to the desk."""
    message = await OutboxMessage.get(kind=OutboxKind.REPORT, filing_id=filing.id, state=OutboxState.WAITING)
    answer = await deliver_report(desk, message)
    if isinstance(answer, Delivered):
        await unit_of_work(
            lambda: OutboxMessage.filter(id=message.id).update(
                state=OutboxState.DONE, payload=None, done_at=now()
            )
        )
    return await Filing.get(id=filing.id)


async def take_answers(desk: Simulator) -> None:
    """Everything that waits at the desk is fetched and applied."""
    while await take_next(desk):
        pass


async def attach(actor: Actor, record: Subject | Website, use: str, number: int) -> None:
    """A picture, drawn for the occasion, is uploaded and attached to a record that is being edited."""
    file = await keep_file(actor, specimen(use, number), "image/jpeg", f"document-{number}-{use}.jpg")
    record = await type(record).get(id=record.id)
    await done(
        await attach_file(
            actor, owner_id=node_id(type(record), record.id), version=record.version,
            file_id=node_id(StoredFile, file.id), use=use, remark=None, key=None,
        )
    )  # fmt: skip
