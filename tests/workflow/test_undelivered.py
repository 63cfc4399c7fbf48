"""Undelivered passwords against a real SMTP server: which mails become a task of staff, and what takes them off again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

import settings as settings_module
from models.clock import now
from models.filing import FilingPassword
from models.outbox import OutboxMessage
from models.states import OutboxKind, OutboxState, RecordStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.lives import actor_of, make_account
from tests.support.mail_host import Host
from tests.workflow.filed_subjects import Cast, Life, file_one, gather_cast, name_of, subject_in
from workflow.actors import Actor
from workflow.filing_passwords import mail_password, replace_password
from workflow.outbox import ring
from workflow.password_resets import reset_filing_password
from workflow.post import carry_mail
from workflow.undelivered import masked_addresses, undelivered_passwords

UNKNOWN = "550 5.1.1 unknown"


@pytest.fixture
async def host(lawful: str) -> AsyncIterator[Host]:
    """A mail server that is not up yet."""
    server = Host()
    yield server
    await server.down()


@pytest.fixture
async def life(lawful: str) -> Life:
    """A subject in force, whose password waits in the outbox and nothing else."""
    made = await file_one(await gather_cast())
    await unit_of_work(lambda: OutboxMessage.exclude(key__startswith="filing_password:").delete())
    return made


@asynccontextmanager
async def carrying(host: Host) -> AsyncIterator[None]:
    """The mail courier at work."""
    stop = asyncio.Event()
    url = f"smtp://127.0.0.1:{host.port}"
    settings_module.use(settings_module.current().model_copy(update={"mail_url": url}))
    task = asyncio.create_task(carry_mail(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + 15
    while not await condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.02)


async def no_mail_waits() -> bool:
    return not await OutboxMessage.filter(kind=OutboxKind.MAIL, state=OutboxState.WAITING).exists()


async def was_tried() -> bool:
    return await OutboxMessage.filter(state=OutboxState.WAITING).exclude(last_error=None).exists()


async def an_hour_passes() -> None:
    rows = OutboxMessage.filter(kind=OutboxKind.MAIL)
    await unit_of_work(lambda: rows.update(created_at=now() - timedelta(minutes=61), due_at=now()))


async def listed(actor: Actor) -> list[tuple[int | None, str | None, int, str | None]]:
    """What the actor is shown: the subject, the masked address, the tries, and the last answer."""
    mails = await undelivered_passwords(actor).order_by("id")
    addresses = await masked_addresses([mail.subject_id or 0 for mail in mails])
    return [
        (mail.subject_id, address, mail.attempts, mail.last_error)
        for mail, address in zip(mails, addresses, strict=True)
    ]


async def masked_address_of(life: Life) -> str:
    email = (await subject_in(life)).principal_email or ""
    return f"{email[0]}***@{email.partition('@')[2]}"


async def reset(life: Life) -> None:
    outcome = await reset_filing_password(
        life.cast.reviewer, subject_id=await name_of(life), reason="邮件未送达", deliver_to=None,
        document_ids=[], key=None,
    )  # fmt: skip
    assert outcome.problems == ()
    ring(OutboxKind.MAIL)


@pytest.mark.shows("C83", "C49")
async def test_a_password_refused_for_good_is_a_task_until_a_newer_one_takes_its_place(
    host: Host, life: Life
) -> None:
    number, reviewer = life.filing.subject_id, life.cast.reviewer
    host.mailbox.recipient_answers = [UNKNOWN, UNKNOWN]
    await host.up()
    async with carrying(host):
        assert await listed(reviewer) == []
        await until(no_mail_waits)
        assert await listed(reviewer) == [(number, await masked_address_of(life), 1, UNKNOWN)]
        await reset(life)
        assert await listed(reviewer) == []
        await until(no_mail_waits)
        assert [row[0] for row in await listed(reviewer)] == [number]
        await reset(life)
        await until(no_mail_waits)
        assert await listed(reviewer) == []
    assert len(host.mailbox.taken) == 1


@pytest.mark.shows("C83")
async def test_a_password_under_way_is_a_task_after_an_hour_and_none_once_it_arrives(
    host: Host, life: Life
) -> None:
    reviewer = life.cast.reviewer
    async with carrying(host):
        await until(was_tried)
        assert await listed(reviewer) == []
        await an_hour_passes()
        [(number, address, attempts, answer)] = await listed(reviewer)
        assert (number, address) == (life.filing.subject_id, await masked_address_of(life))
        assert attempts >= 1
        assert answer == "no answer: SMTPConnectError"
        await host.up()
        await an_hour_passes()
        ring(OutboxKind.MAIL)
        await until(no_mail_waits)
        assert await listed(reviewer) == []


@pytest.mark.shows("C83")
async def test_a_password_that_nobody_even_tried_to_send_is_a_task_after_an_hour(life: Life) -> None:
    await an_hour_passes()
    assert await listed(life.cast.reviewer) == [
        (life.filing.subject_id, await masked_address_of(life), 0, None)
    ]


@pytest.mark.shows("C83")
async def test_a_principal_without_an_address_is_a_task(host: Host, life: Life) -> None:
    subject = await subject_in(life)

    async def work() -> None:
        generation = await replace_password(subject.id, "-", now(), restricted=False)
        await mail_password("filing_password_reset", subject, "", "K7XWQ2MPD4HR", generation)

    await unit_of_work(work)
    await host.up()
    async with carrying(host):
        await until(no_mail_waits)
    assert await listed(life.cast.reviewer) == [(subject.id, None, 1, "the address is no mail address")]


@pytest.mark.shows("C83")
async def test_where_the_authority_keeps_the_password_its_one_mail_counts(life: Life) -> None:
    await unit_of_work(lambda: FilingPassword.all().delete())
    await an_hour_passes()
    assert [row[0] for row in await listed(life.cast.reviewer)] == [life.filing.subject_id]


async def test_the_list_is_for_reviewers_and_leaves_out_what_is_no_longer_filed(life: Life) -> None:
    await an_hour_passes()
    cast: Cast = life.cast
    others = [actor_of(await make_account(role)) for role in (Role.AUDITOR, Role.ADMIN)]
    for actor in (cast.owner, *others):
        assert await listed(actor) == []
    assert len(await listed(cast.reviewer)) == 1
    await unit_of_work(lambda: Subject.all().update(status=RecordStatus.CANCELLED))
    assert await listed(cast.reviewer) == []
