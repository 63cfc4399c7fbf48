"""A mail server of its own for tests: up or down, taking mails, or answering as it is told."""

import asyncio
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """A server's handler: what it took, and what it is told to answer instead."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipient_answers: list[str] = []
        self.data_answers: list[str] = []
        self.hang_up_after_data = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        if self.hang_up_after_data:
            self.hang_up_after_data -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 queued as 4242"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Host:
    """A mail server that can be up or down, on one port."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.port = free_port()
        self._server: asyncio.Server | None = None

    async def up(self, **options: object) -> None:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self.mailbox, hostname="mx.example.com", **options), "127.0.0.1", self.port
        )

    async def down(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
