"""IP ranges (IP段)."""

import strawberry

from schema.scalars import IPv4


@strawberry.type(description="A range of IPv4 addresses, both ends included. IP段")
class IpRange:
    """Its value is an IpRangeForm."""

    start: IPv4 = strawberry.field(description="The first address. 起始IP")
    end: IPv4 = strawberry.field(description="The last address. 终止IP")
