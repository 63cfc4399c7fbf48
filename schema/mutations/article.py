"""Mutations of articles (文章): read by anyone, published, edited and withdrawn by administrators."""

from typing import Annotated, Any

import strawberry

from schema.absent import fields_of, told
from schema.answers import Payload, answer, shows
from schema.context import Info
from schema.inputs.article import (
    PublishArticleInput,
    ReadArticleInput,
    UpdateArticleInput,
    WithdrawArticleInput,
)
from schema.inputs.request import INPUT
from schema.types.article import Article, reader_of
from workflow import articles


@strawberry.type(description="Base of payloads about articles. 文章结果")
class ArticlePayload(Payload):
    """The article."""

    article: Any = shows(Article, "The article as it is now. 文章")


@strawberry.type(description="What became of readArticle. 阅读文章结果")
class ReadArticlePayload(ArticlePayload):
    """The article with this reading counted."""


@strawberry.type(description="What became of publishArticle. 发布文章结果")
class PublishArticlePayload(ArticlePayload):
    """The article."""


@strawberry.type(description="What became of updateArticle. 修改文章结果")
class UpdateArticlePayload(ArticlePayload):
    """The article."""


@strawberry.type(description="What became of withdrawArticle. 撤下文章结果")
class WithdrawArticlePayload(ArticlePayload):
    """The article, withdrawn."""


async def read_article(info: Info, input: Annotated[ReadArticleInput, INPUT]) -> ReadArticlePayload | None:
    """Read one."""
    command = articles.read_article(reader_of(info.context), id=input.id, key=told(input.idempotency_key))
    return await answer(info, ReadArticlePayload, command)


async def publish_article(
    info: Info, input: Annotated[PublishArticleInput, INPUT]
) -> PublishArticlePayload | None:
    """Publish one."""
    command = articles.publish_article(
        info.context.actor, fields=fields_of(input), key=told(input.idempotency_key)
    )
    return await answer(info, PublishArticlePayload, command)


async def update_article(
    info: Info, input: Annotated[UpdateArticleInput, INPUT]
) -> UpdateArticlePayload | None:
    """Edit one."""
    command = articles.update_article(
        info.context.actor,
        id=input.id,
        version=input.version,
        fields=fields_of(input),
        key=told(input.idempotency_key),
    )
    return await answer(info, UpdateArticlePayload, command)


async def withdraw_article(
    info: Info, input: Annotated[WithdrawArticleInput, INPUT]
) -> WithdrawArticlePayload | None:
    """Withdraw one."""
    command = articles.withdraw_article(
        info.context.actor, id=input.id, version=input.version, key=told(input.idempotency_key)
    )
    return await answer(info, WithdrawArticlePayload, command)


@strawberry.type
class ArticleMutations:
    """The roots about articles."""

    read_article = strawberry.mutation(
        resolver=read_article,
        description="Read an article, which raises its view count by one; open to visitors. 阅读文章",
    )
    publish_article = strawberry.mutation(
        resolver=publish_article,
        description="Publish an article; for administrators, audited. 发布文章",
    )
    update_article = strawberry.mutation(
        resolver=update_article, description="Edit an article; for administrators, audited. 修改文章"
    )
    withdraw_article = strawberry.mutation(
        resolver=withdraw_article,
        description="Take an article from the public; it is never erased. For administrators, audited. 撤下文章",
    )
