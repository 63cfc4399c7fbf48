"""Website (网站) with its domains and pre-approvals."""

from collections.abc import Sequence

import strawberry

from models.filing import Filing as FilingRow
from models.states import RecordOrigin, RecordStatus
from schema.context import Info
from schema.node import Node
from schema.scalars import Domain, FilingNumber
from schema.sources import AccessSource, DomainSource, PreApprovalSource, SubjectSource, WebsiteSource
from schema.types.code import Code
from schema.types.contact import Contact
from schema.types.finding import PermittedAction
from schema.types.references import ACCESS, FILING, SUBJECT
from workflow.permissions import Permission, record_permissions


@strawberry.type(description="A domain of a website. 域名")
class WebsiteDomain:
    """Its value is a DomainSource."""

    id: strawberry.ID = strawberry.field(description="The opaque id; the name keeps it through edits. 标识")
    name: Domain = strawberry.field(description="The domain as it was typed. 域名")
    status: RecordStatus = strawberry.field(description="What it is in force as. 状态")


@strawberry.type(description="A pre-approval paper that some kinds of website need. 前置审批")
class PreApproval:
    """Its value is a PreApprovalSource."""

    type: Code = strawberry.field(description="What was approved. 前置审批类型")
    number: str = strawberry.field(description="The number of the paper. 前置审批号")


async def show_subject(website: strawberry.Parent[WebsiteSource], info: Info) -> SubjectSource | None:
    """The subject it belongs to."""
    return await info.context.loaders.records.subjects.load(website.row.subject_id)


async def show_domains(website: strawberry.Parent[WebsiteSource], info: Info) -> list[DomainSource]:
    """Its domains in order."""
    return await info.context.loaders.records.domains.load(website)


async def show_pre_approvals(
    website: strawberry.Parent[WebsiteSource], info: Info
) -> list[PreApprovalSource]:
    """Its papers in order."""
    return await info.context.loaders.records.pre_approvals.load(website)


async def show_access(website: strawberry.Parent[WebsiteSource], info: Info) -> AccessSource | None:
    """Its access here."""
    return await info.context.loaders.records.access_of.load(website)


async def show_open_filings(website: strawberry.Parent[WebsiteSource], info: Info) -> Sequence[FilingRow]:
    """The open filings of its subject, which are about it."""
    return await info.context.loaders.records.open_filings.load(website.row.subject_id)


async def show_permitted_actions(
    website: strawberry.Parent[WebsiteSource], info: Info
) -> tuple[Permission, ...]:
    """What the caller may do to it now."""
    records = info.context.loaders.records
    subject = await records.subjects.load(website.row.subject_id)
    assert subject is not None, "who sees a website sees its subject"
    open_filings = await records.open_filings.load(website.row.subject_id)
    has_access = await records.access_of.load(website) is not None
    opened = next(iter(open_filings), None)
    return record_permissions(info.context.actor, website.row, subject.row, opened, has_access=has_access)


@strawberry.type(description="A website of a subject, as it is in force or as it is being drafted. 网站")
class Website(Node):
    """Its value is a WebsiteSource."""

    version: int = strawberry.field(description="Rises with every edit; updates must name it. 版本")
    status: RecordStatus = strawberry.field(description="What it is in force as. 状态")
    origin: RecordOrigin = strawberry.field(description="Where it was first filed. 备案来源")
    archived: bool = strawberry.field(
        description="Whether it was removed after having been submitted. 是否归档"
    )
    subject = strawberry.field(
        resolver=show_subject, graphql_type=SUBJECT, description="The subject it belongs to. 主体"
    )
    name: str = strawberry.field(description="The website's name. 网站名称")
    home_url: str | None = strawberry.field(description="Address of the home page, without scheme. 首页地址")
    domains = strawberry.field(
        resolver=show_domains, graphql_type=list[WebsiteDomain], description="Its domains; at most 100. 域名"
    )
    service_contents: list[Code] = strawberry.field(description="What it offers. 服务内容")
    languages: list[Code] = strawberry.field(description="The languages it is written in. 网站语言")
    pre_approvals = strawberry.field(
        resolver=show_pre_approvals,
        graphql_type=list[PreApproval],
        description="The papers it needs. 前置审批",
    )
    principal: Contact | None = strawberry.field(description="The person responsible for it. 网站负责人")
    remark: str | None = strawberry.field(description="A remark. 备注")
    filing_number: FilingNumber | None = strawberry.field(description="Its number, once filed. 网站备案号")
    access = strawberry.field(
        resolver=show_access, graphql_type=ACCESS | None, description="Its access here, at most one. 接入"
    )
    open_filings = strawberry.field(
        resolver=show_open_filings,
        graphql_type=list[FILING],
        description="Open filings about it. 未完结的备案申请",
    )
    permitted_actions = strawberry.field(
        resolver=show_permitted_actions,
        graphql_type=list[PermittedAction],
        description="Every edit of it, and whether the caller may make it now. 可执行操作",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value of `Node` is a website."""
        return isinstance(value, WebsiteSource)
