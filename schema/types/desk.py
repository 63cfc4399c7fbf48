"""CannedReason (常用退回意见) and CalendarDay (工作日历): what the reviewers' desk keeps at hand."""

from datetime import date

import strawberry

from models.desk import CannedReason as ReasonRow
from schema.enums import publish
from schema.node import id_field
from workflow.calendar import DaySource

publish(
    DaySource,
    "Where it stands that a day is worked, or not. 工作日来源",
    {
        DaySource.SHIPPED: "In the shipped calendar of public holidays and make-up days. 内置日历",
        DaySource.EDITED: "An administrator said so. 人工设置",
        DaySource.WEEKDAY: "Nowhere: Monday to Friday are worked. 按星期",
    },
)


@strawberry.type(description="A ready-made reason for a return. 常用退回意见")
class CannedReason:
    """Its value is a row of `canned_reason`."""

    id = id_field(ReasonRow)
    version: int = strawberry.field(description="Rises with every edit; edits must name it. 版本")
    rule: str | None = strawberry.field(description="The id of the rule that it is about. 规则编号")
    text: str = strawberry.field(description="What is wrong, in the words of the note. 退回意见")
    suggestion: str | None = strawberry.field(description="What would mend it. 修改建议")
    blocking: bool = strawberry.field(
        description="Whether the note made of it must be met before the next submission. 是否必须处理"
    )
    active: bool = strawberry.field(description="Whether it is still offered. 是否启用")
    position: int = strawberry.field(description="Its place in the list, the smallest first. 排序")


@strawberry.type(description="One day of the working calendar. 工作日历")
class CalendarDay:
    """Its value is a Day of workflow.calendar."""

    day: date = strawberry.field(description="The day in Beijing. 日期")
    working: bool = strawberry.field(description="Whether it counts as a working day. 是否工作日")
    source: DaySource = strawberry.field(description="Where that stands. 来源")
    remark: str | None = strawberry.field(description="What the administrator noted. 备注")
