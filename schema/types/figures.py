"""Figures (统计): how the desk does, each part computed only where it is asked for."""

from collections.abc import Sequence
from datetime import date

import strawberry

from models.account import Account as AccountRow
from models.states import FilingKind, FilingStatus
from schema.context import Info
from schema.types.account import Account
from workflow import figures
from workflow.figures import PersonFigures as PersonValue
from workflow.figures import Stretch


@strawberry.type(description="What one day in Beijing saw. 每日办理量")
class DayFigures:
    """Its value is a DayFigures of the workflow."""

    day: date = strawberry.field(description="The day in Beijing. 日期")
    submitted: int = strawberry.field(description="Handed in by their owners, again too. 提交")
    returned: int = strawberry.field(description="Returned to their owners. 退回")
    accepted: int = strawberry.field(description="Passed by the provider. 核实通过")
    approved: int = strawberry.field(description="Approved by the authority. 管局通过")
    refused: int = strawberry.field(description="Refused by the authority. 管局不通过")
    abandoned: int = strawberry.field(description="Dropped by their owners. 放弃")


@strawberry.type(description="The filings that stand in one status now. 在办情况")
class OpenFigures:
    """Its value is an OpenFigures of the workflow."""

    status: FilingStatus = strawberry.field(description="Where they stand. 状态")
    count: int = strawberry.field(description="How many. 数量")
    overdue: int = strawberry.field(description="How many of them are over their time. 超期数量")
    median_hours: float = strawberry.field(
        description="Half of them stand there for no more hours. 停留时间中位数（小时）"
    )
    p90_hours: float = strawberry.field(
        description="Nine in ten stand there for no more hours. 停留时间九成位数（小时）"
    )
    oldest_hours: float = strawberry.field(
        description="The hours of the one that stands there longest. 最长停留时间（小时）"
    )


@strawberry.type(description="How long filings stayed in one status before they left it. 各阶段用时")
class StageFigures:
    """Its value is a StageFigures of the workflow."""

    status: FilingStatus = strawberry.field(description="The status that was left. 状态")
    count: int = strawberry.field(description="How often. 次数")
    median_hours: float = strawberry.field(description="Half took no more hours. 用时中位数（小时）")
    p90_hours: float = strawberry.field(description="Nine in ten took no more hours. 用时九成位数（小时）")


@strawberry.type(description="One reason of returns. 退回原因")
class ReasonFigures:
    """Its value is a ReasonFigures of the workflow."""

    rule: str | None = strawberry.field(description="The rule; null where the notes name none. 规则编号")
    part: str | None = strawberry.field(description="Where no rule is named, the part of the form. 表单部分")
    count: int = strawberry.field(description="How many notes. 意见数量")


@strawberry.type(
    description="What became at the first try of the filings first submitted in these days. 一次通过率"
)
class FirstPass:
    """Its value is a FirstPass of the workflow."""

    submitted: int = strawberry.field(description="First submitted in these days. 首次提交数量")
    decided: int = strawberry.field(description="Of these, decided by the provider since. 接入商已核实")
    passed: int = strawberry.field(description="Of these, passed without any return. 未经退回即通过")
    rate: float | None = strawberry.field(
        description="`passed` of `decided`, 0 to 1; null while none is decided. 核实一次通过率"
    )
    authority_decided: int = strawberry.field(
        description="Of those submitted, decided by the authority since. 管局已审核"
    )
    authority_passed: int = strawberry.field(
        description="Of these, approved without any refusal. 管局未经退回即通过"
    )
    authority_rate: float | None = strawberry.field(
        description="`authorityPassed` of `authorityDecided`, 0 to 1; null while none is. 管局一次通过率"
    )


async def show_account(person: strawberry.Parent[PersonValue], info: Info) -> AccountRow | None:
    """Whose figures they are."""
    return await info.context.loaders.accounts.load(person.account_id)


@strawberry.type(description="What one reviewer decided. 个人工作量")
class PersonFigures:
    """Its value is a PersonFigures of the workflow."""

    account = strawberry.field(
        resolver=show_account, graphql_type=Account, description="The reviewer. 核实人员"
    )
    approved: int = strawberry.field(description="Approved, second approvals too. 通过")
    returned: int = strawberry.field(description="Returned. 退回")
    median_hours: float = strawberry.field(
        description="Half were decided within so many hours of their submission. 核实用时中位数（小时）"
    )


async def show_throughput(stretch: strawberry.Parent[Stretch]) -> Sequence[figures.DayFigures]:
    """Day by day."""
    return await figures.throughput(stretch)


async def show_open(stretch: strawberry.Parent[Stretch]) -> Sequence[figures.OpenFigures]:
    """What stands where now."""
    return await figures.open_now(stretch)


async def show_stages(stretch: strawberry.Parent[Stretch]) -> Sequence[figures.StageFigures]:
    """How long each stage took."""
    return await figures.stages(stretch)


async def show_reasons(stretch: strawberry.Parent[Stretch]) -> Sequence[figures.ReasonFigures]:
    """What was returned for."""
    return await figures.return_reasons(stretch)


async def show_first_pass(stretch: strawberry.Parent[Stretch]) -> figures.FirstPass:
    """How many got through at once."""
    return await figures.first_pass(stretch)


async def show_people(stretch: strawberry.Parent[Stretch]) -> Sequence[figures.PersonFigures]:
    """Who decided how much."""
    return await figures.people(stretch)


@strawberry.type(description="How the desk does, over all filings that were ever submitted. 统计")
class Figures:
    """Its value is a Stretch of the workflow."""

    first: date = strawberry.field(description="The first day in Beijing. 起始日期")
    last: date = strawberry.field(description="The last day, included. 截止日期")
    kind: FilingKind | None = strawberry.field(description="The kind of filing; null for all. 备案类型")
    throughput = strawberry.field(
        resolver=show_throughput, graphql_type=list[DayFigures], description="Day by day. 每日办理量"
    )
    open_now = strawberry.field(
        resolver=show_open,
        graphql_type=list[OpenFigures],
        description="What stands where at this moment, whatever the days. 在办情况",
    )
    stages = strawberry.field(
        resolver=show_stages,
        graphql_type=list[StageFigures],
        description="How long filings had stayed where they left in these days. 各阶段用时",
    )
    return_reasons = strawberry.field(
        resolver=show_reasons,
        graphql_type=list[ReasonFigures],
        description="The twenty most frequent reasons of returns. 退回原因",
    )
    first_pass = strawberry.field(
        resolver=show_first_pass, graphql_type=FirstPass, description="What passed at once. 一次通过率"
    )
    people = strawberry.field(
        resolver=show_people,
        graphql_type=list[PersonFigures],
        description="What each reviewer decided. 个人工作量",
    )
