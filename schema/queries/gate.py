"""Queries for the gate: whether hosts may be served, and the list of those that are."""

from typing import Annotated

import strawberry

from schema.absent import told
from schema.context import Context, Info
from schema.errors import BadUserInput
from schema.types.gate import AllowedHosts, GateDecision
from workflow.events import BadCursor
from workflow.gate import GateDecision as GateDecisionValue
from workflow.gate import decide_many
from workflow.gate_changes import LISTED_AT_MOST, list_allowed
from workflow.gate_changes import AllowedHosts as AllowedHostsValue

ASKED_AT_MOST = 500


def require_at_most(context: Context, name: str, number: int, most: int, least: int = 0) -> None:
    """Raise BadUserInput for a number outside the bounds."""
    if not least <= number <= most:
        raise BadUserInput(
            f"{name} 须为{least}至{most}。", f"{name} must be {least} to {most}.", context.language
        )


async def query_may_serve(
    info: Info,
    hosts: Annotated[
        list[str],
        strawberry.argument(
            description=f"Hosts as `Host` headers carry them, at most {ASKED_AT_MOST}. 主机名"
        ),
    ],
    ip: Annotated[
        str | None,
        strawberry.argument(description="The address that serves them; left out: any address. 服务器IP地址"),
    ] = strawberry.UNSET,
) -> list[GateDecisionValue]:
    """A decision for each host, in their order."""
    require_at_most(info.context, "hosts", len(hosts), ASKED_AT_MOST)
    return await decide_many(hosts, told(ip))


async def query_allowed_hosts(
    info: Info,
    first: Annotated[
        int | None,
        strawberry.argument(description=f"How many: 1 to {LISTED_AT_MOST}, the most if left out. 条数"),
    ] = strawberry.UNSET,
    after: Annotated[
        str | None, strawberry.argument(description="`nextAfter` of the page before. 起始域名")
    ] = strawberry.UNSET,
) -> AllowedHostsValue:
    """A page of the list."""
    wanted = told(first)
    size = LISTED_AT_MOST if wanted is None else wanted
    require_at_most(info.context, "first", size, LISTED_AT_MOST, 1)
    try:
        return await list_allowed(size, told(after))
    except BadCursor as error:
        raise BadUserInput(
            "after 不是名单中的域名。", "after is not a domain of this list.", info.context.language
        ) from error


@strawberry.type
class GateQueries:
    """The roots about the gate."""

    may_serve = strawberry.field(
        resolver=query_may_serve,
        graphql_type=list[GateDecision],
        description="Whether hosts may be served here, each with its reason; for the hosting edge. 放行查询",
    )
    allowed_hosts = strawberry.field(
        resolver=query_allowed_hosts,
        graphql_type=AllowedHosts,
        description="The domains that are served now, page by page; go on with `gateChanges`. 放行名单",
    )
