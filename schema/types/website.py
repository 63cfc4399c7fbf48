"""Website (网站) with its domains and pre-approvals."""

from collections.abc import Sequence

import strawberry

from models.attachment import Attachment as AttachmentRow
from models.filing import Filing as FilingRow
from models.states import RecordOrigin, RecordStatus
from models.website import OtherAccess as OtherAccessRow
from rules.form import WebsiteForm
from schema.context import Info
from schema.node import Node
from schema.scalars import FilingNumber
from schema.sources import (
    AccessSource,
    DomainSource,
    PreApprovalSource,
    SubjectSource,
    WebsiteProposalSource,
    WebsiteSource,
)
from schema.types.attachment import Attachment, attachments_of_record
from schema.types.domain import PreApproval, WebsiteDomain
from schema.types.finding import PermittedAction
from schema.types.other_access import OtherAccess
from schema.types.record_data import WebsiteData
from schema.types.references import ACCESS, FILING, SUBJECT, WEBSITE_PROPOSAL
from workflow.permissions import Permission, record_permissions


async def show_attachments(website: strawberry.Parent[WebsiteSource], info: Info) -> list[AttachmentRow]:
    """Its documents."""
    return await attachments_of_record(info, website.id)


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


async def show_other_accesses(website: strawberry.Parent[WebsiteSource], info: Info) -> list[OtherAccessRow]:
    """Its accesses at other providers."""
    return await info.context.loaders.records.other_accesses.load(website.row.id)


async def show_proposed(
    website: strawberry.Parent[WebsiteSource], info: Info
) -> WebsiteProposalSource | None:
    """What an open change would make of it."""
    found = await info.context.loaders.records.proposed.load(website.id)
    if found is None or not isinstance(found.form, WebsiteForm):
        return None
    return WebsiteProposalSource(website.row, found.form, found.form, None, website.book, found)


async def show_open_filings(website: strawberry.Parent[WebsiteSource], info: Info) -> Sequence[FilingRow]:
    """The open filings that touch it."""
    return await info.context.loaders.records.touching(website.row.subject_id, website.id)


async def show_permitted_actions(
    website: strawberry.Parent[WebsiteSource], info: Info
) -> tuple[Permission, ...]:
    """What the caller may do to it now."""
    records = info.context.loaders.records
    subject = await records.subjects.load(website.row.subject_id)
    assert subject is not None, "who sees a website sees its subject"
    around = await records.around.load(website.row.subject_id)
    access = await records.access_of.load(website)
    served = access is not None and access.row.status is not RecordStatus.CANCELLED
    return record_permissions(info.context.actor, website.row, subject.row, around, has_access=served)


@strawberry.type(description="A website of a subject, as it is in force or as it is being drafted. 网站")
class Website(Node, WebsiteData):
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
    domains = strawberry.field(
        resolver=show_domains, graphql_type=list[WebsiteDomain], description="Its domains; at most 100. 域名"
    )
    pre_approvals = strawberry.field(
        resolver=show_pre_approvals,
        graphql_type=list[PreApproval],
        description="The papers it needs. 前置审批",
    )
    filing_number: FilingNumber | None = strawberry.field(description="Its number, once filed. 网站备案号")
    attachments = strawberry.field(
        resolver=show_attachments,
        graphql_type=list[Attachment],
        description="Its documents, those of its pre-approvals aside. 附件",
    )
    proposed = strawberry.field(
        resolver=show_proposed,
        graphql_type=WEBSITE_PROPOSAL | None,
        description="What an open change would make of it. 变更内容",
    )
    other_accesses = strawberry.field(
        resolver=show_other_accesses,
        graphql_type=list[OtherAccess],
        description="Its accesses at other providers, as the authority last told of them. 其他接入",
    )
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
