"""The query for the figures of the desk."""

from datetime import date
from typing import Annotated

import strawberry

from models.states import FilingKind
from schema.absent import told
from schema.context import Info
from schema.errors import BadUserInput
from schema.types.figures import Figures
from workflow.figures import Stretch


def good_stretch(stretch: Stretch, language: str) -> Stretch:
    """The stretch; raises BadUserInput where it has no day or too many."""
    if not stretch.is_good:
        raise BadUserInput(
            "日期范围应为1至366天，起始日期不晚于截止日期。",
            "The days must be 1 to 366, `from` not after `to`.",
            language,
        )
    return stretch


async def query_figures(
    info: Info,
    from_: Annotated[
        date, strawberry.argument(name="from", description="The first day in Beijing. 起始日期")
    ],
    to: Annotated[
        date,
        strawberry.argument(description="The last day, included; at most 366 days in all. 截止日期"),
    ],
    kind: Annotated[
        FilingKind | None,
        strawberry.argument(description="Only filings of this kind; all if left out. 备案类型"),
    ] = strawberry.UNSET,
) -> Stretch:
    """The days asked for; its parts are computed where they are asked for."""
    return good_stretch(Stretch(from_, to, told(kind)), info.context.language)


@strawberry.type
class FigureQueries:
    """The root about figures."""

    figures = strawberry.field(
        resolver=query_figures,
        graphql_type=Figures,
        description="How the desk does: for reviewers, administrators and auditors. 统计",
    )
