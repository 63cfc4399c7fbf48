"""Proposals (变更内容): what an open change would make of a subject, a website or an access, beside what is in force."""

import strawberry

from models.filing import Filing as FilingRow
from schema.context import Info
from schema.sources import (
    AccessProposalSource,
    DomainSource,
    PreApprovalSource,
    SubjectProposalSource,
    WebsiteProposalSource,
)
from schema.types.access import IpRange
from schema.types.code import Code, Division
from schema.types.contact import MASKED, Contact
from schema.types.domain import PreApproval, WebsiteDomain
from schema.types.note import FieldChange
from schema.types.references import FILING
from workflow.revisions import FieldChange as FieldChangeValue

_Source = SubjectProposalSource | WebsiteProposalSource | AccessProposalSource
_BASE_WORDS = "The record's version when the change took it up. 基准版本"
_CHANGES_WORDS = "What would differ from what is in force. 变更字段"
_FILING_WORDS = "The change that proposes it. 变更备案申请"


def show_filing(proposal: strawberry.Parent[_Source]) -> FilingRow:
    """The change."""
    return proposal.proposed.filing


def show_base_version(proposal: strawberry.Parent[_Source]) -> int:
    """The version it began with."""
    return proposal.proposed.base_version


def show_changes(proposal: strawberry.Parent[_Source]) -> list[FieldChangeValue]:
    """What would differ."""
    return list(proposal.proposed.changes)


async def show_domains(proposal: strawberry.Parent[WebsiteProposalSource], info: Info) -> list[DomainSource]:
    """The domains as they would be."""
    return await info.context.loaders.records.proposed_domains(proposal)


def show_pre_approvals(proposal: strawberry.Parent[WebsiteProposalSource]) -> list[PreApprovalSource]:
    """The papers as they would be."""
    return [PreApprovalSource(paper, proposal.book, proposal.id) for paper in proposal.form.pre_approvals]


@strawberry.type(description="A subject as an open change would have it. 主体变更内容")
class SubjectProposal:
    """Its value is a SubjectProposalSource."""

    filing = strawberry.field(resolver=show_filing, graphql_type=FILING, description=_FILING_WORDS)
    base_version = strawberry.field(resolver=show_base_version, description=_BASE_WORDS)
    changes = strawberry.field(
        resolver=show_changes, graphql_type=list[FieldChange], description=_CHANGES_WORDS
    )
    name: str = strawberry.field(description="The organiser's name. 主办单位名称")
    unit_nature: Code | None = strawberry.field(description="What kind of organiser it is. 单位性质")
    certificate_type: Code | None = strawberry.field(description="The kind of its certificate. 证件类型")
    certificate_number: str | None = strawberry.field(
        description=f"The certificate's number. {MASKED}. 证件号码"
    )
    certificate_address: str | None = strawberry.field(description="The address on the certificate. 证件住所")
    investor: str | None = strawberry.field(description="The investor or superior unit. 投资人或上级主管单位")
    division: Division | None = strawberry.field(
        description="Where it is: province, city, county. 所在省市县"
    )
    address: str | None = strawberry.field(description="The postal address. 通信地址")
    principal: Contact | None = strawberry.field(description="The person responsible for it. 负责人")
    remark: str | None = strawberry.field(description="A remark. 备注")


@strawberry.type(description="A website as an open change would have it. 网站变更内容")
class WebsiteProposal:
    """Its value is a WebsiteProposalSource."""

    filing = strawberry.field(resolver=show_filing, graphql_type=FILING, description=_FILING_WORDS)
    base_version = strawberry.field(resolver=show_base_version, description=_BASE_WORDS)
    changes = strawberry.field(
        resolver=show_changes, graphql_type=list[FieldChange], description=_CHANGES_WORDS
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


@strawberry.type(description="An access as an open change would have it. 接入变更内容")
class AccessProposal:
    """Its value is an AccessProposalSource."""

    filing = strawberry.field(resolver=show_filing, graphql_type=FILING, description=_FILING_WORDS)
    base_version = strawberry.field(resolver=show_base_version, description=_BASE_WORDS)
    changes = strawberry.field(
        resolver=show_changes, graphql_type=list[FieldChange], description=_CHANGES_WORDS
    )
    methods: list[Code] = strawberry.field(description="How the website is served. 接入方式")
    server_locations: list[Code] = strawberry.field(description="Where the servers stand. 服务器放置地")
    ip_ranges: list[IpRange] = strawberry.field(description="From which addresses; at most 100. IP段")
