"""Article (文章): what the entrance publishes, such as the introduction with the flow chart."""

from datetime import datetime

import strawberry

from models.article import Article as ArticleRow
from schema.context import Context
from schema.node import Node, id_field
from workflow.actors import Actor


def reader_of(context: Context) -> Actor | None:
    """Who reads; None for a visitor, to whom articles are open."""
    return context.actor if context.caller else None


@strawberry.type(description="An article of the entrance. 文章")
class Article(Node):
    """Its value is a row of `article`."""

    id = id_field(ArticleRow)
    version: int = strawberry.field(
        description="Rises with every edit, never by reading; edits must name it. 版本"
    )
    title: str = strawberry.field(description="Its title. 标题")
    body: str = strawberry.field(
        description="Its text in Markdown; HTML in it is text too, so show it as such. 正文（Markdown）"
    )
    publisher: str = strawberry.field(description="Who published it, in words. 发布人")
    published_at: datetime = strawberry.field(description="When it was published. 发布时间")
    updated_at: datetime = strawberry.field(description="When it was last edited. 更新时间")
    view_count: int = strawberry.field(
        description="How often it was read by `readArticle`; listing it does not count. 浏览次数"
    )
    withdrawn: bool = strawberry.field(
        description="Whether it was taken from the public; such are seen by administrators alone. 是否已撤下"
    )

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value of `Node` is an article."""
        return isinstance(value, ArticleRow)
