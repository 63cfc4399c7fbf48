"""FilingEvent (办理记录): one step in the life of a filing or record, never changed afterwards."""

from datetime import datetime
from typing import Any

import strawberry

from models.event import FilingEvent as EventRow
from models.filing import Filing as FilingRow
from models.filing import Note as NoteRow
from models.states import FilingAction, FilingStatus
from schema.context import Info
from schema.node import Node, find_node, id_field
from schema.sources import SubjectSource
from schema.types.note import Note
from schema.types.references import FILING, SUBJECT
from workflow.events import cursor_of


def show_cursor(event: strawberry.Parent[EventRow]) -> str:
    """Its place in the ledger."""
    return cursor_of(event)


async def show_subject(event: strawberry.Parent[EventRow], info: Info) -> SubjectSource | None:
    """The subject it happened to."""
    return await info.context.loaders.records.subjects.load(event.subject_id)


async def show_filing(event: strawberry.Parent[EventRow], info: Info) -> FilingRow | None:
    """The filing it happened to, None for a record's own event."""
    loaders = info.context.loaders
    return None if event.filing_id is None else await loaders.filings.load(event.filing_id)


async def show_record(event: strawberry.Parent[EventRow], info: Info) -> Any:
    """The record it is about, where the caller sees one."""
    return await find_node(info.context, event.record)


async def show_notes(event: strawberry.Parent[EventRow], info: Info) -> list[NoteRow]:
    """The notes of a return."""
    is_return = event.action is FilingAction.RETURN_FILING and event.filing_id is not None
    notes = await info.context.loaders.notes.load(event.filing_id) if is_return and event.filing_id else []
    return [note for note in notes if note.revision == event.revision]


@strawberry.type(description="One step in the life of a filing or record, never changed afterwards. 办理记录")
class FilingEvent:
    """Its value is a row of `filing_event`."""

    id = id_field(EventRow)
    cursor = strawberry.field(
        resolver=show_cursor, description="Its place in the ledger, for `filingEvents(after:)`. 游标"
    )
    subject = strawberry.field(resolver=show_subject, graphql_type=SUBJECT, description="The subject. 主体")
    filing = strawberry.field(
        resolver=show_filing,
        graphql_type=FILING | None,
        description="The filing, if it is about one. 备案申请",
    )
    record = strawberry.field(
        resolver=show_record, graphql_type=Node | None, description="The record that was edited. 相关对象"
    )
    action: FilingAction = strawberry.field(description="What was done. 操作")
    before: FilingStatus | None = strawberry.field(description="The filing's status before. 变更前状态")
    after: FilingStatus | None = strawberry.field(description="The filing's status since. 变更后状态")
    revision: int | None = strawberry.field(description="The filing's revision at that time. 提交版本号")
    at: datetime = strawberry.field(description="When. 时间")
    actor: str = strawberry.field(description="By whom; `system` and `authority` among them. 操作人")
    note: str | None = strawberry.field(description="What was said with it. 说明")
    notes = strawberry.field(
        resolver=show_notes, graphql_type=list[Note], description="The notes of a return. 退回意见"
    )
