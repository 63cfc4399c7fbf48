"""The subscription: what happens to filings and records, as it happens."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, cast

import strawberry

from accounts.callers import still_valid
from models.event import FilingEvent as EventRow
from models.filing import Filing
from models.node_ids import number_of
from models.subject import Subject
from schema.absent import told
from schema.context import Context, Info, actor_of
from schema.doors import DOORS
from schema.errors import BadUserInput
from schema.node import find_filing, find_subject
from schema.types.event import FilingEvent
from schema.types.gate import GateChange
from workflow.actors import Actor
from workflow.events import BadCursor
from workflow.gate_changes import ToldChange, watch_gate
from workflow.watch import watch_events


async def require_visible(context: Context, filing_id: str | None, subject_id: str | None) -> None:
    """Raise BadUserInput where one is named that the caller does not see: nothing would ever come."""
    for node, find in ((filing_id, find_filing), (subject_id, find_subject)):
        if node is not None and await find(context, node) is None:
            raise BadUserInput("没有找到要订阅的对象。", "There is no such thing to watch.", context.language)


async def watch(
    context: Context, filing_id: str | None, subject_id: str | None, after: str | None
) -> AsyncGenerator[EventRow, None]:
    """The events the caller sees at the moment of each; raises BadUserInput for a cursor that is none, and
    CredentialRefused once his session or token has ended.
    """
    caller = context.known_caller

    async def reader() -> Actor:
        return actor_of(await still_valid(caller))

    events = watch_events(
        reader,
        filing_id=None if filing_id is None else number_of(Filing, filing_id),
        subject_id=None if subject_id is None else number_of(Subject, subject_id),
        after=after,
    )
    try:
        async with aclosing(cast("AsyncGenerator[EventRow, None]", events)) as stream:
            async for event in stream:
                yield event
    except BadCursor as error:
        raise BadUserInput(
            "after 不是有效的游标。", "after is not a cursor of an event.", context.language
        ) from error


async def subscribe_filing_events(
    info: Info,
    filing_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only those of this filing. 备案申请标识")
    ] = strawberry.UNSET,
    subject_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only those of this subject. 主体标识")
    ] = strawberry.UNSET,
    after: Annotated[
        str | None,
        strawberry.argument(
            description="Cursor of the last event you have: first everything missed since, in order, once. 起始游标"
        ),
    ] = strawberry.UNSET,
) -> AsyncGenerator[EventRow, None]:
    """Events as they are committed; what can be refused is refused before the stream begins."""
    await require_visible(info.context, told(filing_id), told(subject_id))
    return watch(info.context, told(filing_id), told(subject_id), told(after))


async def listen_to_gate(context: Context, after: str | None) -> AsyncGenerator[ToldChange, None]:
    """The changes of the gate, for as long as the caller may ask it; raises BadUserInput for a cursor that is none,
    CredentialRefused once his session or token has ended, and Forbidden once his role no longer reaches here.
    """
    caller = context.known_caller

    async def reader() -> Context:
        now = Context(await still_valid(caller), context.language, context.settings, context.address)
        DOORS["gateChanges"].check(now)
        return now

    try:
        changes = cast("AsyncGenerator[ToldChange, None]", watch_gate(reader, after=after))
        async with aclosing(changes) as stream:
            async for change in stream:
                yield change
    except BadCursor as error:
        raise BadUserInput(
            "after 不是有效的游标。", "after is not a cursor of the gate.", context.language
        ) from error


async def subscribe_gate_changes(
    info: Info,
    after: Annotated[
        str | None,
        strawberry.argument(
            description="Cursor of the last change you have, or of the list: first everything missed since. 起始游标"
        ),
    ] = strawberry.UNSET,
) -> AsyncGenerator[ToldChange, None]:
    """Changes as they are committed."""
    return listen_to_gate(info.context, told(after))


@strawberry.type(description="What can be watched, over a WebSocket (graphql-transport-ws). 订阅")
class Subscription:
    """The root of subscriptions."""

    filing_events = strawberry.subscription(
        resolver=subscribe_filing_events,
        graphql_type=FilingEvent,
        description="What happens to the filings and records that the caller may see, as it happens. 办理动态",
    )
    gate_changes = strawberry.subscription(
        resolver=subscribe_gate_changes,
        graphql_type=GateChange,
        description="Each domain of which the gate says something else from now on; for the hosting edge. 放行变更",
    )
