"""UndeliveredPassword (备案密码未送达): a filing password whose mail has not arrived."""

from datetime import datetime

import strawberry

from models.filing import Filing as FilingRow
from models.outbox import OutboxMessage
from models.states import OutboxState
from schema.context import Info
from schema.sources import SubjectSource
from schema.types.references import FILING, SUBJECT

Mail = strawberry.Parent[OutboxMessage]


async def show_subject(mail: Mail, info: Info) -> SubjectSource | None:
    """Whose password it is."""
    return (
        None if mail.subject_id is None else await info.context.loaders.records.subjects.load(mail.subject_id)
    )


async def show_filing(mail: Mail, info: Info) -> FilingRow | None:
    """The filing whose approval made it; a reset belongs to none."""
    return None if mail.filing_id is None else await info.context.loaders.filings.load(mail.filing_id)


async def show_address(mail: Mail, info: Info) -> str | None:
    """Where it was to go, masked."""
    return (
        None
        if mail.subject_id is None
        else await info.context.loaders.password_addresses.load(mail.subject_id)
    )


def show_since(mail: Mail) -> datetime:
    """When it was laid down."""
    laid: datetime = mail.created_at
    return laid


def show_answer(mail: Mail) -> str | None:
    """What the server said last; None while it has not said anything."""
    return mail.last_error


def show_given_up(mail: Mail) -> bool:
    """Whether nobody tries any more."""
    return mail.state is OutboxState.PARKED


@strawberry.type(
    description="A filing password whose mail was refused, found no address, or is under way for too long. 备案密码未送达"
)
class UndeliveredPassword:
    """Its value is a message of the outbox."""

    subject = strawberry.field(
        resolver=show_subject, graphql_type=SUBJECT | None, description="Whose password it is. 主体"
    )
    filing = strawberry.field(
        resolver=show_filing,
        graphql_type=FILING | None,
        description="The filing whose approval made it; null after a reset. 备案申请",
    )
    address = strawberry.field(
        resolver=show_address,
        description="Where it was to go, masked; null where no address was known. 接收邮箱",
    )
    since = strawberry.field(resolver=show_since, description="When the mail was laid down. 开始时间")
    attempts: int = strawberry.field(description="How often it was tried. 尝试次数")
    answer = strawberry.field(
        resolver=show_answer,
        description="What the mail server said last, or why it was given up. 最后答复",
    )
    given_up = strawberry.field(
        resolver=show_given_up, description="Whether it is not tried any more. 是否已停止发送"
    )
