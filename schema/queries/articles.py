"""Queries for articles (文章), which are open to visitors."""

from typing import Annotated

import strawberry

from models.article import Article as ArticleRow
from schema.connections import After, Before, Connection, ConnectionSource, First, Last, arguments, connect
from schema.context import Info
from schema.paging import Order
from schema.types.article import Article, reader_of
from workflow.articles import find_article, visible_articles

NEWEST = Order("published_at", "moment", descending=True)


async def query_article(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The opaque id. 标识")]
) -> ArticleRow | None:
    """One article; it is not counted as read."""
    return await find_article(reader_of(info.context), id)


async def query_articles(
    info: Info,
    first: First = strawberry.UNSET,
    after: After = strawberry.UNSET,
    last: Last = strawberry.UNSET,
    before: Before = strawberry.UNSET,
) -> ConnectionSource:
    """A page of articles."""
    rows = visible_articles(reader_of(info.context))
    return await connect(info.context, rows, NEWEST, arguments(first, after, last, before))


@strawberry.type
class ArticleQueries:
    """The roots about articles."""

    article = strawberry.field(
        resolver=query_article,
        graphql_type=Article | None,
        description="One article, not counted as read; null for one that is unknown or withdrawn. 文章",
    )
    articles = strawberry.field(
        resolver=query_articles,
        graphql_type=Connection[Article],
        description="Articles, the newest first; withdrawn ones for administrators alone. 文章列表",
    )
