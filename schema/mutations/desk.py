"""Mutations of the reviewers' desk: canned reasons (常用退回意见), who looks at what, and the calendar (工作日历)."""

from typing import Annotated, Any

import strawberry

from schema.absent import fields_of, told
from schema.answers import FilingPayload, Payload, answer, fill, shows
from schema.context import Info
from schema.inputs.desk import (
    CreateCannedReasonInput,
    LookAtFilingInput,
    RemoveCannedReasonInput,
    SetCalendarDayInput,
    StopLookingInput,
    UpdateCannedReasonInput,
)
from schema.inputs.request import INPUT
from schema.types.desk import CalendarDay, CannedReason
from workflow import canned_reasons as reasons
from workflow import presence
from workflow.calendar import find_day, set_calendar_day


@strawberry.type(description="Base of payloads about canned reasons. 常用退回意见结果")
class CannedReasonPayload(Payload):
    """The reason."""

    canned_reason: Any = shows(CannedReason, "The reason as it is now. 常用退回意见")


@strawberry.type(description="What became of createCannedReason. 新增常用退回意见结果")
class CreateCannedReasonPayload(CannedReasonPayload):
    """The reason."""


@strawberry.type(description="What became of updateCannedReason. 修改常用退回意见结果")
class UpdateCannedReasonPayload(CannedReasonPayload):
    """The reason."""


@strawberry.type(description="What became of removeCannedReason. 停用常用退回意见结果")
class RemoveCannedReasonPayload(CannedReasonPayload):
    """The reason, retired."""


@strawberry.type(description="What became of lookAtFiling. 查看备案申请结果")
class LookAtFilingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of stopLooking. 停止查看结果")
class StopLookingPayload(FilingPayload):
    """The filing."""


@strawberry.type(description="What became of setCalendarDay. 设置工作日结果")
class SetCalendarDayPayload(Payload):
    """The day."""

    calendar_day: Any = shows(CalendarDay, "The day as it counts now. 工作日")
    moved: int | None = strawberry.field(
        description="How many open filings are due at another moment by it. 期限变动数", default=None
    )


async def create_canned_reason(
    info: Info, input: Annotated[CreateCannedReasonInput, INPUT]
) -> CreateCannedReasonPayload | None:
    """Add a reason."""
    command = reasons.create_canned_reason(
        info.context.actor, fields=fields_of(input), key=told(input.idempotency_key)
    )
    return await answer(info, CreateCannedReasonPayload, command)


async def update_canned_reason(
    info: Info, input: Annotated[UpdateCannedReasonInput, INPUT]
) -> UpdateCannedReasonPayload | None:
    """Change a reason."""
    command = reasons.update_canned_reason(
        info.context.actor,
        id=input.id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, UpdateCannedReasonPayload, command)


async def remove_canned_reason(
    info: Info, input: Annotated[RemoveCannedReasonInput, INPUT]
) -> RemoveCannedReasonPayload | None:
    """Retire a reason."""
    command = reasons.remove_canned_reason(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, RemoveCannedReasonPayload, command)


async def look_at_filing(
    info: Info, input: Annotated[LookAtFilingInput, INPUT]
) -> LookAtFilingPayload | None:
    """Say that one looks."""
    command = presence.look_at_filing(info.context.actor, id=input.id, key=told(input.idempotency_key))
    return await answer(info, LookAtFilingPayload, command)


async def stop_looking(info: Info, input: Annotated[StopLookingInput, INPUT]) -> StopLookingPayload | None:
    """Say that one looks no more."""
    command = presence.stop_looking(info.context.actor, id=input.id, key=told(input.idempotency_key))
    return await answer(info, StopLookingPayload, command)


async def change_calendar_day(
    info: Info, input: Annotated[SetCalendarDayInput, INPUT]
) -> SetCalendarDayPayload | None:
    """Edit the calendar."""
    outcome = await set_calendar_day(
        info.context.actor,
        day=input.day,
        working=told(input.working),
        remark=told(input.remark),
        key=told(input.idempotency_key),
    )
    day = None if outcome.problems else await find_day(input.day)
    return await fill(info, SetCalendarDayPayload, outcome, calendar_day=day, moved=outcome.ids.get("moved"))


@strawberry.type
class DeskMutations:
    """The roots about what the desk keeps at hand."""

    create_canned_reason = strawberry.mutation(
        resolver=create_canned_reason,
        description="Add a ready-made reason for returns; for administrators, audited. 新增常用退回意见",
    )
    update_canned_reason = strawberry.mutation(
        resolver=update_canned_reason,
        description="Change a ready-made reason; for administrators, audited. 修改常用退回意见",
    )
    remove_canned_reason = strawberry.mutation(
        resolver=remove_canned_reason,
        description="Retire a ready-made reason, which is never erased; for administrators, audited. 停用常用退回意见",
    )
    look_at_filing = strawberry.mutation(
        resolver=look_at_filing,
        description="Say for the next 60 seconds that one has this filing open; renew it while that is so, under no key "
        "or a new one. It raises no version and leaves no trace. For reviewers. 查看备案申请",
    )
    stop_looking = strawberry.mutation(
        resolver=stop_looking, description="Say that one has closed it; for reviewers. 停止查看备案申请"
    )
    set_calendar_day = strawberry.mutation(
        resolver=change_calendar_day,
        description="Say whether a day is worked, on top of the shipped calendar; open filings' due dates follow at "
        "once. For administrators, audited. 设置工作日",
    )
