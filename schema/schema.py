"""The schema, assembled: the roots, a doorkeeper before each of their fields, and how their values are executed."""

from typing import Any

import strawberry
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from tortoise.models import Model

from schema.doors import guard
from schema.mutations.access import AccessMutations
from schema.mutations.account import AccountMutations
from schema.mutations.article import ArticleMutations
from schema.mutations.authority import AuthorityMutations
from schema.mutations.desk import DeskMutations
from schema.mutations.document import DocumentMutations
from schema.mutations.filing import FilingMutations
from schema.mutations.opening import OpeningMutations
from schema.mutations.people import PeopleMutations
from schema.mutations.review import ReviewMutations
from schema.mutations.session import SessionMutations
from schema.mutations.subject import SubjectMutations
from schema.mutations.website import WebsiteMutations
from schema.queries.accounts import AccountQueries
from schema.queries.articles import ArticleQueries
from schema.queries.codes import CodeQueries
from schema.queries.desk import DeskQueries
from schema.queries.figures import FigureQueries
from schema.queries.filings import FilingQueries
from schema.queries.gate import GateQueries
from schema.queries.people import PeopleQueries
from schema.queries.records import RecordQueries
from schema.queries.similar import SimilarQueries
from schema.scalars import SCALARS
from schema.subscriptions import Subscription

CONFIG = StrawberryConfig(scalar_map=SCALARS)


@strawberry.type(description="What can be asked. 查询")
class Query(
    AccountQueries,
    RecordQueries,
    FilingQueries,
    CodeQueries,
    GateQueries,
    FigureQueries,
    SimilarQueries,
    PeopleQueries,
    DeskQueries,
    ArticleQueries,
):
    """The root of queries."""


@strawberry.type(description="What can be done; expected refusals stand in each payload's `errors`. 变更")
class Mutation(
    SessionMutations,
    AccountMutations,
    SubjectMutations,
    WebsiteMutations,
    AccessMutations,
    DocumentMutations,
    FilingMutations,
    OpeningMutations,
    ReviewMutations,
    AuthorityMutations,
    PeopleMutations,
    DeskMutations,
    ArticleMutations,
):
    """The root of mutations."""


def is_awaitable(value: Any) -> bool:
    """Whether a value must be waited for; rows need not be, though the ORM lets one await them."""
    return optimized_is_awaitable(value) and not isinstance(value, Model)


class RowExecutor(StrawberryGraphQLCoreExecutionContext):
    """Takes rows for what they are: without this each would become a task of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_awaitable = is_awaitable  # type: ignore[assignment]  # a plain answer where it guards a type


for _root in (Query, Mutation, Subscription):
    guard(_root, CONFIG.name_converter.from_field)

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=CONFIG,
    execution_context_class=RowExecutor,
)
