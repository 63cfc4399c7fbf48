"""What is said at the reviewers' desk: canned reasons (常用退回意见), who looks at what, and the calendar (工作日历)."""

from datetime import date

import strawberry

from schema.inputs.request import Keyed, Versioned, optional, required

_RULE_WORDS = "The id of the rule that it is about, or null. 规则编号"
_TEXT_WORDS = "What is wrong, 1 to 2000 characters. 退回意见"
_SUGGESTION_WORDS = "What would mend it, at most 1000 characters. 修改建议"
_BLOCKING_WORDS = "Whether the note must be met before the next submission. 是否必须处理"
_POSITION_WORDS = "Its place in the list, 0 to 10000, the smallest first. 排序"


@strawberry.input(description="Add a ready-made reason for returns. 新增常用退回意见")
class CreateCannedReasonInput(Keyed):
    """The reason."""

    rule: str | None = optional(_RULE_WORDS)
    text: str = required(_TEXT_WORDS)
    suggestion: str | None = optional(_SUGGESTION_WORDS)
    blocking: bool | None = optional(f"{_BLOCKING_WORDS} True if left out.")
    position: int | None = optional(f"{_POSITION_WORDS} 0 if left out.")


@strawberry.input(description="Change a ready-made reason; what is left out stays. 修改常用退回意见")
class UpdateCannedReasonInput(Versioned):
    """The changes."""

    rule: str | None = optional(_RULE_WORDS)
    text: str | None = optional(_TEXT_WORDS)
    suggestion: str | None = optional(_SUGGESTION_WORDS)
    blocking: bool | None = optional(_BLOCKING_WORDS)
    position: int | None = optional(_POSITION_WORDS)
    active: bool | None = optional("True offers a retired one again. 是否启用")


@strawberry.input(description="Retire a ready-made reason; it stays on record. 停用常用退回意见")
class RemoveCannedReasonInput(Versioned):
    """The reason to retire."""


@strawberry.input(description="Say that one has a filing open. 查看备案申请")
class LookAtFilingInput(Keyed):
    """The filing."""

    id: strawberry.ID = required("The filing. 备案申请标识")


@strawberry.input(description="Say that one has closed a filing. 停止查看备案申请")
class StopLookingInput(Keyed):
    """The filing."""

    id: strawberry.ID = required("The filing. 备案申请标识")


@strawberry.input(description="Say whether a day is worked. 设置工作日")
class SetCalendarDayInput(Keyed):
    """The day."""

    day: date = required("The day in Beijing, from a year back to five years ahead. 日期")
    working: bool | None = optional("Whether it is worked; null or left out: as shipped again. 是否工作日")
    remark: str | None = optional("Why, at most 100 characters. 备注")
