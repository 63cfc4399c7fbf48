"""A life (备案之后): one filed subject with the people of its further filings, played scene by scene, each in its own past."""

import json
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from authority.simulator.counter import Simulator
from demo.backdate import backdate
from demo.cast import Cast
from demo.forms import filing_form
from demo.moves import approve, carry, take_answers
from models.access import Access
from models.clock import now
from models.filing import Filing
from models.outbox import OutboxMessage
from models.states import OutboxKind, RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.form import FilingForm
from workflow.actors import Actor

T = TypeVar("T")


@dataclass
class Life:
    """`days` ago its further story begins; `reviewer` decides, `second` where two must."""

    cast: Cast
    index: int
    owner: Actor
    reviewer: Actor
    second: Actor
    subject_id: int
    days: int

    @property
    def form(self) -> FilingForm:
        """What was filed first."""
        return filing_form(self.index)

    async def scene(self, days: float, doing: Awaitable[T]) -> T:
        """Let it happen, and put it so many days back; gives what it gives."""
        since = now()
        found = await doing
        await unit_of_work(lambda: backdate(self.subject_id, since, timedelta(days=days)))
        return found

    async def report(self, filing: Filing, days: float, desk: Simulator | None = None) -> Filing:
        """It is approved here, by as many as must, and its report lies at the desk."""

        async def doing() -> Filing:
            accepted = await approve(self.reviewer, filing)
            if filing.approvals_needed > 1:
                accepted = await approve(self.second, accepted)
            return await carry(desk or self.cast.desk, accepted)

        return await self.scene(days, doing())

    async def decide(self, filing: Filing, days: float) -> Filing:
        """It is reported, and two days later the authority has answered."""
        await self.report(filing, days)
        await self.scene(days - 2, take_answers(self.cast.desk))
        return await Filing.get(id=filing.id)

    async def subject(self) -> Subject:
        """The subject as it is now."""
        return await Subject.get(id=self.subject_id)

    async def website(self) -> Website:
        """Its first website in force."""
        filed = Website.filter(subject_id=self.subject_id, status=RecordStatus.FILED)
        [first, *_] = await filed.order_by("serial")
        return first

    async def access(self, website: Website) -> Access:
        """The website's access."""
        return await Access.get(website_id=website.id, archived=False)

    async def password(self) -> str:
        """The filing password, from the newest mail that tells it."""
        told = await password_told(self.subject_id)
        assert told is not None
        return told


async def password_told(subject_id: int) -> str | None:
    """The filing password of a subject as a mail tells it that is not sent yet; None where there is none such."""
    mails = OutboxMessage.filter(
        kind=OutboxKind.MAIL,
        subject_id=subject_id,
        key__startswith=f"filing_password:{subject_id}:",
        payload__isnull=False,
    )
    mail = await mails.order_by("-id").first()
    return None if mail is None else str(json.loads(mail.payload or "")["data"]["password"])
