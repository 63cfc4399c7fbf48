"""Node: whatever can be fetched again by its opaque id."""

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from tortoise.models import Model

from models.access import Access
from models.account import Account
from models.article import Article
from models.filing import Filing
from models.node_ids import model_of, node_id, number_of
from models.states import Role
from models.subject import Subject
from models.website import Website
from schema.context import Context
from workflow.articles import find_article

ID_WORDS = "The opaque id, for `node` and every input. 标识"


@strawberry.interface(description="Whatever can be fetched again by its id. 可按标识查询的对象")
class Node:
    """The one field that all of them have."""

    id: strawberry.ID = strawberry.field(description=ID_WORDS)


def id_field(model: type[Model]) -> Any:
    """The id of a type whose value is a row of `model`."""

    def show(row: strawberry.Parent[Any]) -> strawberry.ID:
        return strawberry.ID(node_id(model, row.id))

    return strawberry.field(resolver=show, description=ID_WORDS)


async def find_subject(context: Context, node: str) -> Any:
    """The subject of that id as the caller sees it; None for an unknown, foreign or malformed id, alike."""
    return await _load(context.loaders.records.subjects, number_of(Subject, node))


async def find_website(context: Context, node: str) -> Any:
    """The website of that id, or None."""
    return await _load(context.loaders.records.websites, number_of(Website, node))


async def find_access(context: Context, node: str) -> Any:
    """The access of that id, or None."""
    return await _load(context.loaders.records.accesses, number_of(Access, node))


async def find_filing(context: Context, node: str) -> Any:
    """The filing of that id, or None."""
    return await _load(context.loaders.filings, number_of(Filing, node))


async def find_account(context: Context, node: str) -> Any:
    """The account of that id: one's own, or to administrators anyone's; else None."""
    number = number_of(Account, node)
    caller = context.known_caller
    sees = number == caller.account_id or caller.role is Role.ADMIN
    return await _load(context.loaders.accounts, number if sees else None)


async def _load(loader: Any, number: int | None) -> Any:
    return None if number is None else await loader.load(number)


_FINDERS: dict[type, Callable[[Context, str], Awaitable[Any]]] = {
    Subject: find_subject,
    Website: find_website,
    Access: find_access,
    Filing: find_filing,
    Account: find_account,
    Article: lambda context, node: find_article(context.actor, node),
}


async def find_node(context: Context, node: str | None) -> Any:
    """Whatever the id names, as the caller sees it; None for what he does not, and for no id at all."""
    model = model_of(node or "")
    finder = None if model is None else _FINDERS.get(model)
    return None if finder is None or node is None else await finder(context, node)
