"""Articles (文章): what the entrance publishes, read by anyone and kept by administrators, the first ones shipped."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tortoise.expressions import F
from tortoise.queryset import QuerySet

from models.article import Article
from models.clock import now
from models.event import AuditEntry
from models.node_ids import node_id, number_of
from models.refusal import Conflict, Invalid, NotFound, NotPermitted, StaleVersion, WrongState
from models.states import Role, TokenScope
from models.unit_of_work import unit_of_work
from workflow.actors import Actor
from workflow.command import Outcome, carry_out
from workflow.flow_chart import flow_mermaid
from workflow.wording import is_writable

LONGEST_TITLE = 200
LONGEST_BODY = 100_000
LONGEST_PUBLISHER = 64
EARLIEST = datetime(1994, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=5)  # how far another machine's clock may be ahead of ours
SHIPPED = Path(__file__).parent / "data" / "articles"
SLUGS = ("introduction", "filling-in", "filing-password", "common-returns")  # in the order of the list
SHIPPED_PUBLISHER = "admin"
CHART_MARK = "{{flow chart}}"
_VISITOR = Actor(None, None, None, "visitor", None)  # for counting alone: the first gate lets it through


async def load_shipped_articles() -> int:
    """Lay in what is shipped and not yet there; gives how many were missing.

    An article is never erased, so what was edited or withdrawn since stays as it is. Several processes may start at
    once.
    """

    async def work() -> int:
        known = {row[0] for row in await Article.filter(slug__in=SLUGS).values_list("slug")}
        missing = [slug for slug in SLUGS if slug not in known]
        moment = now()
        # of one moment the last one laid in is the newest, and the list begins with the newest
        rows = [_shipped(slug, moment) for slug in reversed(missing)]
        if rows:
            await Article.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    return await unit_of_work(work)


def _shipped(slug: str, moment: datetime) -> Article:
    text = (SHIPPED / f"{slug}.md").read_text(encoding="utf-8")
    title, _, body = text.partition("\n")
    return Article(
        slug=slug,
        title=title.removeprefix("# ").strip(),
        body=body.strip().replace(CHART_MARK, f"```mermaid\n{flow_mermaid()}\n```"),
        publisher=SHIPPED_PUBLISHER,
        published_at=moment,
        updated_at=moment,
    )


def visible_articles(actor: Actor | None) -> QuerySet[Article]:
    """The articles that the actor, None for a visitor, may see: withdrawn ones are for administrators alone."""
    return Article.all() if _sees_all(actor) else Article.filter(withdrawn=False)


def _sees_all(actor: Actor | None) -> bool:
    if actor is None or actor.role is not Role.ADMIN:
        return False
    return actor.scopes is None or not actor.scopes.isdisjoint({TokenScope.READ, TokenScope.ADMIN})


async def find_article(actor: Actor | None, id: str) -> Article | None:
    """The article of that id; None for an unknown, withdrawn or malformed one, alike."""
    number = number_of(Article, id)
    return None if number is None else await visible_articles(actor).get_or_none(id=number)


async def read_article(actor: Actor | None, *, id: str, key: str | None) -> Outcome:
    """Count one more reading (C09); it raises no version. A visitor's key is not remembered."""

    async def work() -> Outcome:
        number = number_of(Article, id)
        if number is None:
            raise NotFound(("id",))
        # counted by the database: of readers at the same moment none is lost
        if not await visible_articles(actor).filter(id=number).update(view_count=F("view_count") + 1):
            raise NotFound(("id",))
        return Outcome(ids={"article": number})

    return await carry_out(actor or _VISITOR, "readArticle", {"id": id}, key, work)


async def publish_article(actor: Actor, *, fields: Mapping[str, Any], key: str | None) -> Outcome:
    """Publish one; `fields` holds title, body and, where given, publisher (else one's name) and published_at (else now)."""

    async def work() -> Outcome:
        _require_administrator(actor)
        values = _checked(actor, {"publisher": None, **fields})
        moment = now()
        row = await Article.create(
            **{**values, "published_at": values.get("published_at") or moment}, updated_at=moment
        )
        return await _audited(actor, "PUBLISH_ARTICLE", row)

    return await carry_out(actor, "publishArticle", fields, key, work)


async def update_article(
    actor: Actor, *, id: str, version: int, fields: Mapping[str, Any], key: str | None
) -> Outcome:
    """Change what `fields` holds of title, body and publisher; an absent field stays, a null publisher is one's name."""

    async def work() -> Outcome:
        row = await _held(actor, id, version, fields)
        return await _changed(actor, "UPDATE_ARTICLE", row, _checked(actor, fields))

    return await carry_out(actor, "updateArticle", {"id": id, "version": version, **fields}, key, work)


async def withdraw_article(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Take an article from the public; it stays on record."""

    async def work() -> Outcome:
        row = await _held(actor, id, version, {})
        if row.withdrawn:
            raise WrongState("文章已撤下", "the article is withdrawn already")
        return await _changed(actor, "WITHDRAW_ARTICLE", row, {"withdrawn": True})

    return await carry_out(actor, "withdrawArticle", {"id": id, "version": version}, key, work)


def _require_administrator(actor: Actor) -> None:
    reaches = actor.scopes is None or TokenScope.ADMIN in actor.scopes
    if actor.role is not Role.ADMIN or not reaches:
        raise NotPermitted


async def _held(actor: Actor, id: str, version: int, fields: Mapping[str, Any]) -> Article:
    """The article as the administrator saw it, held until the unit of work ends."""
    _require_administrator(actor)
    number = number_of(Article, id)
    row = None if number is None else await Article.filter(id=number).select_for_update().first()
    if row is None:
        raise NotFound(("id",))
    if row.version != version:
        conflicts = [
            Conflict((name,), getattr(row, name), sent)
            for name, sent in fields.items()
            if getattr(row, name) != sent
        ]
        raise StaleVersion(row.version, conflicts=conflicts)
    return row


async def _changed(actor: Actor, action: str, row: Article, values: Mapping[str, Any]) -> Outcome:
    await Article.filter(id=row.id).update(**values, version=row.version + 1, updated_at=now())
    return await _audited(actor, action, await Article.get(id=row.id))


async def _audited(actor: Actor, action: str, row: Article) -> Outcome:
    await AuditEntry.create(
        at=now(),
        account_id=actor.account_id,
        credential=actor.credential,
        action=action,
        record=node_id(Article, row.id),
        detail={"version": row.version, "title": row.title},
    )
    return Outcome(ids={"article": row.id})


def _checked(actor: Actor, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept; raises Invalid for the first that cannot be."""
    values = dict(fields)
    if "title" in values:
        values["title"] = _text("title", values["title"], LONGEST_TITLE, str.isprintable)
    if "body" in values:
        values["body"] = _text("body", values["body"], LONGEST_BODY, is_writable)
    if "publisher" in values:
        said = actor.name if values["publisher"] is None else values["publisher"]
        values["publisher"] = _text("publisher", said, LONGEST_PUBLISHER, str.isprintable)
    moment = values.get("published_at")
    if moment is not None and not EARLIEST <= moment <= now() + SKEW:
        raise Invalid(
            ("publishedAt",), "发布时间应在1994年之后、不晚于现在", "from 1994 on, and not after now"
        )
    return values


def _text(name: str, value: str | None, longest: int, fits: Callable[[str], bool]) -> str:
    said = (value or "").strip()
    if not 1 <= len(said) <= longest or not fits(said):
        raise Invalid((name,), f"应为1至{longest}个可见字符", f"1 to {longest} printable characters")
    return said
