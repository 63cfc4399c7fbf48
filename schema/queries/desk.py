"""Queries of the reviewers' desk: canned reasons (常用退回意见) and the working calendar (工作日历)."""

from datetime import date
from typing import Annotated

import strawberry

from models.desk import CannedReason as ReasonRow
from schema.absent import told
from schema.context import Info
from schema.errors import BadUserInput
from schema.types.desk import CalendarDay, CannedReason
from workflow.calendar import ASKED_AT_MOST, Day, calendar_days
from workflow.canned_reasons import AT_MOST, canned_reasons


def check_stretch(first: date, last: date, language: str) -> None:
    """Raise BadUserInput where the stretch has no day or too many."""
    if not 0 <= (last - first).days < ASKED_AT_MOST:
        raise BadUserInput(
            f"日期范围应为1至{ASKED_AT_MOST}天，起始日期不晚于截止日期。",
            f"The days must be 1 to {ASKED_AT_MOST}, `from` not after `to`.",
            language,
        )


async def query_canned_reasons(
    info: Info,
    rule: Annotated[
        str | None, strawberry.argument(description="Only those about this rule. 规则编号")
    ] = strawberry.UNSET,
    search: Annotated[
        str | None, strawberry.argument(description="Part of text, suggestion or rule. 搜索词")
    ] = strawberry.UNSET,
    include_inactive: Annotated[
        bool | None,
        strawberry.argument(description="True: also the retired ones, after the others. 包括已停用"),
    ] = strawberry.UNSET,
) -> list[ReasonRow]:
    """The reasons to choose from."""
    return await canned_reasons(
        info.context.actor, told(rule), told(search), include_inactive=bool(told(include_inactive))
    )


async def query_calendar_days(
    info: Info,
    from_: Annotated[
        date, strawberry.argument(name="from", description="The first day in Beijing. 起始日期")
    ],
    to: Annotated[
        date,
        strawberry.argument(
            description=f"The last day, included; at most {ASKED_AT_MOST} days in all. 截止日期"
        ),
    ],
) -> list[Day]:
    """Each day of the stretch."""
    check_stretch(from_, to, info.context.language)
    return await calendar_days(from_, to)


@strawberry.type
class DeskQueries:
    """The roots about what the desk keeps at hand."""

    canned_reasons = strawberry.field(
        resolver=query_canned_reasons,
        graphql_type=list[CannedReason],
        description=f"Ready-made reasons for returns, at most {AT_MOST}; for reviewers and administrators. 常用退回意见",
    )
    calendar_days = strawberry.field(
        resolver=query_calendar_days,
        graphql_type=list[CalendarDay],
        description="Which days are worked, by which due dates are counted; for staff. 工作日历",
    )
