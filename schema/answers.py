"""From an outcome to a payload: what changed is read again as the caller sees it, refusals become errors."""

from collections.abc import Awaitable
from typing import Any, TypeVar

import strawberry

from models.credential import ApiToken
from models.filing import Note, PasswordGrant
from models.joint_act import JointAct
from models.refusal import Problem
from schema.context import Context, Info
from schema.errors import UserError, user_errors
from schema.types.access import Access
from schema.types.article import reader_of
from schema.types.filing import Filing
from schema.types.note import Note as NoteType
from schema.types.subject import Subject
from schema.types.website import Website
from workflow.actors import visible_filings
from workflow.articles import visible_articles
from workflow.attachments import find_attachment
from workflow.canned_reasons import visible_reasons
from workflow.command import Outcome
from workflow.joint_acts import visible_acts

P = TypeVar("P", bound="Payload")


@strawberry.type(description="Base of payloads. 结果")
class Payload:
    """What every mutation answers at least."""

    errors: list[UserError] = strawberry.field(
        description="Why nothing was done; empty where it was done. 错误", default_factory=list
    )


def shows(kind: Any, description: str) -> Any:
    """A field of a payload that holds what changed; its value is the source or row that stands behind the type."""
    return strawberry.field(graphql_type=kind | None, description=description, default=None)


SUBJECT_WORDS = "The subject as it is now. 主体"
WEBSITE_WORDS = "The website as it is now; null once it is erased. 网站"
ACCESS_WORDS = "The access as it is now; null once it is erased. 接入"
FILING_WORDS = "The filing as it is now. 备案申请"
NOTE_WORDS = "The note as it is now. 退回意见"


@strawberry.type(description="Base of payloads about filings. 备案申请结果")
class FilingPayload(Payload):
    """The filing."""

    filing: Any = shows(Filing, FILING_WORDS)


@strawberry.type(description="Base of payloads about subjects. 主体结果")
class SubjectPayload(FilingPayload):
    """The subject and its filing."""

    subject: Any = shows(Subject, SUBJECT_WORDS)


@strawberry.type(description="Base of payloads about websites. 网站结果")
class WebsitePayload(SubjectPayload):
    """The website, and what it hangs on."""

    website: Any = shows(Website, WEBSITE_WORDS)


@strawberry.type(description="Base of payloads about accesses. 接入结果")
class AccessPayload(WebsitePayload):
    """The access, and what it hangs on."""

    access: Any = shows(Access, ACCESS_WORDS)


@strawberry.type(description="Base of payloads about notes. 退回意见结果")
class NotePayload(FilingPayload):
    """The note and its filing."""

    note: Any = shows(NoteType, NOTE_WORDS)


async def _visible_note(context: Context, number: int) -> Note | None:
    note = await Note.get_or_none(id=number)
    seen = note is not None and await visible_filings(context.actor).filter(id=note.filing_id).exists()
    return note if seen else None


async def _visible_act(context: Context, number: int) -> JointAct | None:
    return await visible_acts(context.actor).get_or_none(id=number)


_READERS: dict[str, Any] = {
    "subject": lambda context, number: context.loaders.records.subjects.load(number),
    "website": lambda context, number: context.loaders.records.websites.load(number),
    "access": lambda context, number: context.loaders.records.accesses.load(number),
    "filing": lambda context, number: context.loaders.filings.load(number),
    "note": _visible_note,
    "attachment": lambda context, number: find_attachment(context.actor, number),
    "account": lambda context, number: context.loaders.accounts.load(number),
    "joint_act": _visible_act,
    "canned_reason": lambda context, number: visible_reasons(context.actor).get_or_none(id=number),
    "article": lambda context, number: visible_articles(reader_of(context)).get_or_none(id=number),
    "password_grant": lambda context, number: PasswordGrant.get_or_none(
        id=number, subject__owner_id=context.actor.account_id
    ),
    "api_token": lambda context, number: ApiToken.get_or_none(id=number, account_id=context.actor.account_id),
}


async def answer(info: Info, payload: type[P], command: Awaitable[Outcome], **more: Any) -> P:
    """Carry out the command, then fill the payload: its objects as the caller sees them now, and its errors."""
    return await fill(info, payload, await command, **more)


async def fill(info: Info, payload: type[P], outcome: Outcome, **more: Any) -> P:
    """The payload of an outcome; `more` are values that are no rows."""
    context = info.context
    context.renew()
    shown = {name for name in payload.__dataclass_fields__ if name in _READERS}
    found = {name: await _READERS[name](context, outcome.ids[name]) for name in shown & outcome.ids.keys()}
    return payload(errors=told_to(context, outcome.problems), **found, **more)


def told_to(context: Context, problems: tuple[Problem, ...]) -> list[UserError]:
    """The problems in the caller's language."""
    return user_errors(problems, context.language)
