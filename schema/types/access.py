"""Access (接入) with its IP ranges (IP段)."""

from collections.abc import Sequence

import strawberry

from models.filing import Filing as FilingRow
from models.node_ids import node_id
from models.states import RecordStatus
from models.website import Website as WebsiteRow
from rules.form import AccessForm
from schema.context import Info
from schema.node import Node
from schema.sources import AccessProposalSource, AccessSource, SubjectSource, WebsiteSource
from schema.types.finding import PermittedAction
from schema.types.record_data import AccessData
from schema.types.references import ACCESS_PROPOSAL, FILING, WEBSITE
from workflow.permissions import Permission, record_permissions


async def show_website(access: strawberry.Parent[AccessSource], info: Info) -> WebsiteSource | None:
    """The website it serves."""
    return await info.context.loaders.records.websites.load(access.row.website_id)


async def find_subject_of(access: AccessSource, info: Info) -> SubjectSource:
    """The subject of the website it serves."""
    records = info.context.loaders.records
    website = await records.websites.load(access.row.website_id)
    assert website is not None, "who sees an access sees its website"
    subject = await records.subjects.load(website.row.subject_id)
    assert subject is not None, "who sees a website sees its subject"
    return subject


async def show_proposed(access: strawberry.Parent[AccessSource], info: Info) -> AccessProposalSource | None:
    """What an open change would make of it."""
    found = await info.context.loaders.records.proposed.load(access.id)
    if found is None or not isinstance(found.form, AccessForm):
        return None
    return AccessProposalSource(access.row, found.form, access.book, found)


async def show_open_filings(access: strawberry.Parent[AccessSource], info: Info) -> Sequence[FilingRow]:
    """The open filings that touch it."""
    subject = await find_subject_of(access, info)
    website = node_id(WebsiteRow, access.row.website_id)
    return await info.context.loaders.records.touching(subject.row.id, access.id, website)


async def show_permitted_actions(
    access: strawberry.Parent[AccessSource], info: Info
) -> tuple[Permission, ...]:
    """What the caller may do to it now."""
    subject, records = await find_subject_of(access, info), info.context.loaders.records
    website = await records.websites.load(access.row.website_id)
    around = await records.around.load(subject.row.id)
    return record_permissions(
        info.context.actor, access.row, subject.row, around, website=website.row if website else None
    )


@strawberry.type(description="How and where this provider serves a website. 接入")
class Access(Node, AccessData):
    """Its value is an AccessSource."""

    version: int = strawberry.field(description="Rises with every edit; updates must name it. 版本")
    status: RecordStatus = strawberry.field(description="What it is in force as. 状态")
    archived: bool = strawberry.field(
        description="Whether it was removed after having been submitted. 是否归档"
    )
    website = strawberry.field(
        resolver=show_website, graphql_type=WEBSITE, description="The website it serves. 网站"
    )
    proposed = strawberry.field(
        resolver=show_proposed,
        graphql_type=ACCESS_PROPOSAL | None,
        description="What an open change would make of it. 变更内容",
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
        """Whether a value of `Node` is an access."""
        return isinstance(value, AccessSource)
