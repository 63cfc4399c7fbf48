"""What is said about articles (文章): read, publish, edit, withdraw."""

from datetime import datetime

import strawberry

from schema.inputs.request import Keyed, Versioned, optional, required

_TITLE_WORDS = "Its title in one line, 1 to 200 characters. 标题"
_BODY_WORDS = "Its text in Markdown, 1 to 100,000 characters. 正文（Markdown）"
_PUBLISHER_WORDS = "Who publishes it, 1 to 64 characters; your user name if null. 发布人"


@strawberry.input(description="Read an article. 阅读文章")
class ReadArticleInput(Keyed):
    """The article; a visitor's key is not remembered, for it belongs to no account."""

    id: strawberry.ID = required("The article. 文章标识")


@strawberry.input(description="Publish an article. 发布文章")
class PublishArticleInput(Keyed):
    """The article."""

    title: str = required(_TITLE_WORDS)
    body: str = required(_BODY_WORDS)
    publisher: str | None = optional(_PUBLISHER_WORDS)
    published_at: datetime | None = optional(
        "When it counts as published, not after now; now if left out. 发布时间"
    )


@strawberry.input(description="Edit an article; what is left out stays. 修改文章")
class UpdateArticleInput(Versioned):
    """The changes."""

    title: str | None = optional(_TITLE_WORDS)
    body: str | None = optional(_BODY_WORDS)
    publisher: str | None = optional(_PUBLISHER_WORDS)


@strawberry.input(description="Take an article from the public; it stays on record. 撤下文章")
class WithdrawArticleInput(Versioned):
    """The article to withdraw."""
