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
from schema.types.domain import PreApproval, WebsiteDomain
from schema.types.note import FieldChange
from schema.types.record_data import AccessData, SubjectData, WebsiteData
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


@strawberry.type(description="Base: what every proposal tells of itself. 变更内容")
class Proposal:
    """Its value carries `proposed`."""

    filing = strawberry.field(resolver=show_filing, graphql_type=FILING, description=_FILING_WORDS)
    base_version = strawberry.field(resolver=show_base_version, description=_BASE_WORDS)
    changes = strawberry.field(
        resolver=show_changes, graphql_type=list[FieldChange], description=_CHANGES_WORDS
    )


@strawberry.type(description="A subject as an open change would have it. 主体变更内容")
class SubjectProposal(Proposal, SubjectData):
    """Its value is a SubjectProposalSource."""


@strawberry.type(description="A website as an open change would have it. 网站变更内容")
class WebsiteProposal(Proposal, WebsiteData):
    """Its value is a WebsiteProposalSource."""

    domains = strawberry.field(
        resolver=show_domains, graphql_type=list[WebsiteDomain], description="Its domains; at most 100. 域名"
    )
    pre_approvals = strawberry.field(
        resolver=show_pre_approvals,
        graphql_type=list[PreApproval],
        description="The papers it needs. 前置审批",
    )


@strawberry.type(description="An access as an open change would have it. 接入变更内容")
class AccessProposal(Proposal, AccessData):
    """Its value is an AccessProposalSource."""
