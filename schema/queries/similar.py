"""The query for records similar to those of a filing."""

from typing import Annotated

import strawberry

from schema.context import Info
from schema.types.similar import SimilarRecord
from workflow.similar import SimilarRecord as SimilarValue
from workflow.similar import similar_records


async def query_similar_records(
    info: Info,
    filing_id: Annotated[
        strawberry.ID, strawberry.argument(description="The filing to compare. 备案申请标识")
    ],
) -> list[SimilarValue]:
    """What else bears its certificate, mobiles, domains or home pages."""
    return await similar_records(info.context.actor, filing_id)


@strawberry.type
class SimilarQueries:
    """The root about similar records."""

    similar_records = strawberry.field(
        resolver=query_similar_records,
        graphql_type=list[SimilarRecord],
        description="At most 100 records of others, for reviewers; none for an unknown id. 相似记录",
    )
