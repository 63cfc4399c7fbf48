"""PermittedAction (可执行操作), Finding (检查结果) and FilingCheck: what may be done, and what the rules say."""

import strawberry

from models.filing import Filing
from models.states import FilingAction
from rules.findings import Finding as FindingValue
from rules.findings import Severity
from schema.context import Info
from schema.errors import UserError, user_errors
from schema.types.references import FILING
from workflow.findings import FilingCheck as FilingCheckValue
from workflow.permissions import Permission


def show_summary(permission: strawberry.Parent[Permission], info: Info) -> str:
    """The sentence of the step in the caller's language."""
    return {"zh": permission.zh, "en": permission.en}[info.context.language]


def show_blocked_by(permission: strawberry.Parent[Permission], info: Info) -> list[UserError]:
    """What the mutation would answer, were it tried now."""
    return user_errors(permission.blocked_by, info.context.language)


@strawberry.type(description="A step, and whether the caller may take it now. 可执行操作")
class PermittedAction:
    """Its value is a Permission of the workflow."""

    action: FilingAction = strawberry.field(description="The step, named like its mutation. 操作")
    summary = strawberry.field(resolver=show_summary, description="What it does, as a button says it. 说明")
    allowed: bool = strawberry.field(description="Whether it may be taken now. 是否允许")
    blocked_by = strawberry.field(
        resolver=show_blocked_by,
        description="What stands in the way: what the mutation would answer. 阻碍原因",
    )


def show_path(finding: strawberry.Parent[FindingValue]) -> list[str]:
    """The path as a list."""
    return list(finding.path)


def show_message(finding: strawberry.Parent[FindingValue], info: Info) -> str:
    """The message in the caller's language."""
    return finding.message(info.context.language)


@strawberry.type(description="One thing that is not as the rules want it. 检查结果")
class Finding:
    """Its value is a Finding of the rules."""

    rule: str = strawberry.field(description="The rule, by the regulator's code where there is one. 规则编号")
    severity: Severity = strawberry.field(description="How much it weighs; only ERROR blocks. 严重程度")
    path = strawberry.field(resolver=show_path, description="The field, by ids where there are ids. 字段路径")
    message = strawberry.field(resolver=show_message, description="What is wrong with it. 说明")
    suggestion: str | None = strawberry.field(description="What would satisfy the rule. 修改建议")
    source: str = strawberry.field(description="Where the rule stands written. 规则出处")


async def show_filing(check: strawberry.Parent[FilingCheckValue], info: Info) -> Filing | None:
    """The filing that was checked, which the caller was seen to see."""
    return await info.context.loaders.filings.load(check.filing_id)


def show_findings(check: strawberry.Parent[FilingCheckValue]) -> list[FindingValue]:
    """The findings in the order of the form."""
    return list(check.findings)


@strawberry.type(description="All findings of a filing at once, before anything is submitted. 备案检查")
class FilingCheck:
    """Its value is a FilingCheck of the workflow."""

    filing = strawberry.field(
        resolver=show_filing, graphql_type=FILING, description="The filing that was checked. 备案申请"
    )
    findings = strawberry.field(
        resolver=show_findings,
        graphql_type=list[Finding],
        description="Everything found, worst or not. 检查结果",
    )
    submittable: bool = strawberry.field(description="Whether no finding stands in the way. 是否可提交")
    rules_version: str = strawberry.field(description="The version of the rules that judged. 规则版本")
