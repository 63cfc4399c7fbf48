"""The post: mails are queued with their event, composed from templates, carried to a folder or a server, and accounted for.

The timeline tells a mail's whole way (C49) in events by `system:post`: SEND_MAIL "queued: …" in the transaction that
decided on it, then SEND_MAIL "sent: …" or MAIL_FAILED "failed: …" with the server's answer, in the one that settles it.
"""

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from models.filing import Filing
from models.outbox import OutboxMessage
from models.post import enqueue_mail
from models.states import FilingAction, OutboxKind
from rules.masks import mask_email
from settings import Settings, current
from workflow.events import write_event
from workflow.outbox import Answer, Delivered, Park, Patience, TryLater, carry
from workflow.templates import Unmailable, header_text, render

ACTOR = "system:post"
QUEUED = "queued: "  # how the line of a mail begins that was laid down
TIMEOUT_SECONDS = 10.0  # for each exchange with the server
PARTING_SECONDS = 2.0
LONGEST_ANSWER = 300
# about five days, which is how long a mail server is expected to keep trying (RFC 5321, 4.5.4.1)
PATIENCE = Patience(first=2, longest=900, tries=490)

_ADDRESS = re.compile(r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Delayed(Exception):
    """The server is away, or says "not now"; its text is the answer."""


class Undeliverable(Exception):
    """The server will never take this mail for this address; its text is the answer."""


@dataclass(frozen=True)
class _Content:
    """What `models.post` lays into a message."""

    template: str
    to: str
    data: Mapping[str, str]


class Transport(Protocol):
    """A way out for mails. `encoding` is how the text is best written for it."""

    encoding: Literal["8bit", "base64"]

    async def send(self, mail: EmailMessage) -> str:
        """Hand the mail over and give the answer; raises Delayed or Undeliverable."""
        ...


async def queue_mail(
    template: str,
    to: str,
    data: dict[str, str],
    *,
    key: str,
    lane: str,
    filing_id: int | None = None,
    subject_id: int | None = None,
) -> None:
    """Lay a mail into the outbox and say so in the timeline of its filing or subject; call it in a unit of work.

    Of several addresses, separated by ";", the first gets it. `key` names the mail for ever, those of one `lane` go
    out in order.
    """
    await enqueue_mail(template, to, data, key=key, lane=lane, filing_id=filing_id, subject_id=subject_id)
    line = f"{QUEUED}{template} → {mask_email(_first(to))}"
    await _record(FilingAction.SEND_MAIL, subject_id, filing_id, line)


async def carry_mail(stop: asyncio.Event) -> None:
    """Carry the mails of the outbox until `stop` is set, by the transport that the settings name."""
    deliver = partial(deliver_mail, transport_of(current()))
    await carry(OutboxKind.MAIL, deliver, stop, patience=PATIENCE, on_parked=note_failure)


async def deliver_mail(transport: Transport, message: OutboxMessage) -> Answer:
    """Compose one message's mail and send it; a server that is away or refuses for now only delays it."""
    content = _content(message)
    try:
        mail = compose(message, transport.encoding)
        answer = _shown(await transport.send(mail), mail["To"])
    except Unmailable as error:
        return Park(str(error))
    except Delayed as error:
        return TryLater(_shown(str(error), content.to))
    except Undeliverable as error:
        return Park(_shown(str(error), content.to))
    line = f"sent: {content.template} → {mask_email(mail['To'])}: {answer}"
    return Delivered(partial(_record, FilingAction.SEND_MAIL, message.subject_id, message.filing_id, line))


async def note_failure(message: OutboxMessage, reason: str) -> None:
    """Put a mail that was given up into the timeline, and scrub it: it may hold a secret, and nobody sends it again."""
    content = _content(message)
    line = f"failed: {content.template} → {mask_email(_first(content.to))}: {reason}"
    await OutboxMessage.filter(id=message.id).update(payload=None)
    await _record(FilingAction.MAIL_FAILED, message.subject_id, message.filing_id, line)


def compose(message: OutboxMessage, encoding: Literal["8bit", "base64"] = "8bit") -> EmailMessage:
    """The mail of an outbox message; made again, it has the same Message-ID and date. Raises Unmailable."""
    content, settings = _content(message), current()
    letter = render(content.template, content.data, settings.provider_name)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = header_text(settings.mail_from)
    mail["To"] = header_text(_address(content.to))
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{_digest(message.key)}@{settings.mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte=encoding)
    return mail


def transport_of(settings: Settings) -> Transport:
    """The transport that `mail_url` names."""
    if settings.mail_url.startswith("file:"):
        return FolderTransport(Path(settings.mail_url.removeprefix("file:")))
    return ServerTransport(settings.mail_url)


class FolderTransport:
    """Writes each mail as one .eml file, readable by the owner of the process alone; a mail sent again replaces itself."""

    encoding: Literal["8bit", "base64"] = "8bit"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: EmailMessage) -> str:
        """Write the file; Delayed where the folder or the disk does not take it."""
        name = f"{mail['Date'].datetime:%Y%m%dT%H%M%S}-{mail['Message-ID'][1:13]}.eml"
        try:
            await asyncio.to_thread(_write, self._folder, name, mail.as_bytes())
        except OSError as error:
            raise Delayed(f"file not written: {error.strerror}") from error
        return f"written to {name}"


class ServerTransport:
    """Hands mails to an SMTP server: `smtps://` speaks TLS from the start, `smtp://` as soon as the server offers it."""

    encoding: Literal["8bit", "base64"] = "base64"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._port = parts.port or (465 if self._tls else 587 if self._user else 25)

    async def send(self, mail: EmailMessage) -> str:
        """Hand it over, one connection a mail.

        Undeliverable where the server refuses the recipient or the mail for good (5xx); all else that goes wrong, a
        refused login or sender too, is Delayed: it is the server that must be mended, not the mail.
        """
        client = aiosmtplib.SMTP(
            hostname=self._host, port=self._port, use_tls=self._tls, timeout=TIMEOUT_SECONDS
        )
        try:
            await client.connect(username=self._user, password=self._password)
            _, answer = await client.send_message(mail)
            with suppress(aiosmtplib.SMTPException, OSError):  # it has been taken, however they part
                await client.quit(timeout=PARTING_SECONDS)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code, error.recipients[0].message) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error.code, error.message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise Delayed(f"{error.code} {error.message}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Delayed(f"no answer: {type(error).__name__}") from error
        finally:
            client.close()
        return f"250 {answer}"


def _refusal(code: int, text: str) -> Exception:
    return Undeliverable(f"{code} {text}") if code >= 500 else Delayed(f"{code} {text}")


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{name}.{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / name)


def _content(message: OutboxMessage) -> _Content:
    return _Content(**json.loads(message.payload))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _first(to: str) -> str:
    return to.partition(";")[0].strip()


def _address(to: str) -> str:
    """The address in ASCII, as the envelope and the header carry it; Unmailable where it is none."""
    try:
        found = validate_email(
            _first(to), allow_smtputf8=False, check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise Unmailable("the address is no mail address") from error
    return found.ascii_email or found.normalized


def _shown(answer: str, to: str) -> str:
    """A server's answer as it may be kept: on one line, cut, the address masked wherever it is repeated."""
    local = _first(to).rpartition("@")[0]
    text = _ADDRESS.sub(lambda found: mask_email(found[0]), _UNPRINTABLE.sub(" ", answer))
    if len(local) > 2:
        text = text.replace(local, f"{local[:1]}***")
    return text[:LONGEST_ANSWER].strip()


async def _record(action: FilingAction, subject_id: int | None, filing_id: int | None, note: str) -> None:
    """One event on the mail's filing or subject; none for a mail that is about neither, such as a password reset."""
    if subject_id is None and filing_id is not None:
        subject_id = (await Filing.get(id=filing_id)).subject_id
    if subject_id is None:
        return
    await write_event(
        subject_id=subject_id,
        filing_id=filing_id,
        action=action,
        actor_name=ACTOR,
        account_id=None,
        note=note,
    )
