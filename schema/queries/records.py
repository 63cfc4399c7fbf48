"""Queries for subjects, websites and accesses, and for anything by its id."""

from typing import Annotated, Any

import strawberry

from schema.absent import told
from schema.connections import After, Before, Connection, ConnectionSource, First, Last, arguments, connect
from schema.context import Info
from schema.inputs.filters import AccessFilter, SubjectFilter, SubjectOrder, WebsiteFilter
from schema.narrowing import narrow_accesses, narrow_subjects, narrow_websites
from schema.node import Node, find_access, find_node, find_subject, find_website
from schema.paging import Order
from schema.types.access import Access
from schema.types.subject import Subject
from schema.types.website import Website
from workflow.actors import visible_accesses, visible_subjects, visible_websites

ORDERS = {
    SubjectOrder.CREATED: Order("created_at", "moment", descending=True),
    SubjectOrder.UPDATED: Order("updated_at", "moment", descending=True),
    SubjectOrder.NAME: Order("name", "text"),
}
NEWEST = Order("id", descending=True)

Id = Annotated[strawberry.ID, strawberry.argument(description="The opaque id. 标识")]


async def query_node(info: Info, id: Id) -> Any:
    """Whatever the id names."""
    return await find_node(info.context, id)


async def query_subject(info: Info, id: Id) -> Any:
    """One subject."""
    return await find_subject(info.context, id)


async def query_website(info: Info, id: Id) -> Any:
    """One website."""
    return await find_website(info.context, id)


async def query_access(info: Info, id: Id) -> Any:
    """One access."""
    return await find_access(info.context, id)


async def query_subjects(
    info: Info,
    filter: Annotated[
        SubjectFilter | None,
        strawberry.argument(description="Which; all that are not archived if left out. 筛选条件"),
    ] = strawberry.UNSET,
    order_by: Annotated[
        SubjectOrder | None, strawberry.argument(description="What to sort by; CREATED if left out. 排序")
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of subjects with their owners."""
    context = info.context
    rows = await narrow_subjects(visible_subjects(context.actor), context.actor, told(filter))
    order = ORDERS[told(order_by) or SubjectOrder.CREATED]
    asked = arguments(first, after, last, before)
    return await connect(context, rows.select_related("owner"), order, asked, context.loaders.present_owned)


async def query_websites(
    info: Info,
    filter: Annotated[
        WebsiteFilter | None,
        strawberry.argument(description="Which; all that are not archived if left out. 筛选条件"),
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of websites, the newest first."""
    context = info.context
    rows = await narrow_websites(visible_websites(context.actor), context.actor, told(filter))
    asked = arguments(first, after, last, before)
    return await connect(context, rows, NEWEST, asked, context.loaders.records.present_websites)


async def query_accesses(
    info: Info,
    filter: Annotated[
        AccessFilter | None,
        strawberry.argument(description="Which; all that are not archived if left out. 筛选条件"),
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of accesses, the newest first."""
    context = info.context
    rows = await narrow_accesses(visible_accesses(context.actor), context.actor, told(filter))
    asked = arguments(first, after, last, before)
    return await connect(context, rows, NEWEST, asked, context.loaders.records.present_accesses)


@strawberry.type
class RecordQueries:
    """The roots about records."""

    node = strawberry.field(
        resolver=query_node,
        graphql_type=Node | None,
        description="Whatever the id names; null for an unknown, foreign or malformed one, alike. 按标识查询",
    )
    subject = strawberry.field(
        resolver=query_subject, graphql_type=Subject | None, description="One subject, or null. 主体"
    )
    subjects = strawberry.field(
        resolver=query_subjects,
        graphql_type=Connection[Subject],
        description="The filing list: every subject the caller may see. 备案列表",
    )
    website = strawberry.field(
        resolver=query_website, graphql_type=Website | None, description="One website, or null. 网站"
    )
    websites = strawberry.field(
        resolver=query_websites,
        graphql_type=Connection[Website],
        description="Websites, the newest first. 网站列表",
    )
    access = strawberry.field(
        resolver=query_access, graphql_type=Access | None, description="One access, or null. 接入"
    )
    accesses = strawberry.field(
        resolver=query_accesses,
        graphql_type=Connection[Access],
        description="Accesses, the newest first. 接入列表",
    )
