"""Queries for filings, and for what the rules say of one."""

from typing import Annotated, Any

import strawberry

from schema.absent import told
from schema.connections import After, Before, Connection, ConnectionSource, First, Last, arguments, connect
from schema.context import Info
from schema.inputs.filters import FilingFilter, FilingOrder
from schema.narrowing import narrow_filings
from schema.node import find_filing
from schema.paging import Order
from schema.queries.records import Id
from schema.types.filing import Filing
from schema.types.finding import FilingCheck
from workflow.actors import visible_filings
from workflow.findings import FilingCheck as FilingCheckValue
from workflow.findings import check_filing

ORDERS = {
    FilingOrder.DUE: Order("due_at", "moment", nullable=True),
    FilingOrder.SUBMITTED: Order("submitted_at", "moment", descending=True, nullable=True),
    FilingOrder.CREATED: Order("created_at", "moment", descending=True),
}


async def query_filing(info: Info, id: Id) -> Any:
    """One filing."""
    return await find_filing(info.context, id)


async def query_filings(
    info: Info,
    filter: Annotated[
        FilingFilter | None, strawberry.argument(description="Which; all if left out. 筛选条件")
    ] = strawberry.UNSET,
    order_by: Annotated[
        FilingOrder | None, strawberry.argument(description="What to sort by; CREATED if left out. 排序")
    ] = strawberry.UNSET,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of filings."""
    context = info.context
    rows = await narrow_filings(visible_filings(context.actor), context.actor, told(filter))
    order = ORDERS[told(order_by) or FilingOrder.CREATED]
    return await connect(context, rows, order, arguments(first, after, last, before))


async def query_check_filing(info: Info, id: Id) -> FilingCheckValue | None:
    """All findings of one filing."""
    return await check_filing(info.context.actor, id)


@strawberry.type
class FilingQueries:
    """The roots about filings."""

    filing = strawberry.field(
        resolver=query_filing, graphql_type=Filing | None, description="One filing, or null. 备案申请"
    )
    filings = strawberry.field(
        resolver=query_filings,
        graphql_type=Connection[Filing],
        description="Filings; `filter: {status: [SUBMITTED]}, orderBy: DUE` is the reviewers' queue. 备案申请列表",
    )
    check_filing = strawberry.field(
        resolver=query_check_filing,
        graphql_type=FilingCheck | None,
        description="Everything the rules find in a filing, at once; writes nothing. 备案检查",
    )
