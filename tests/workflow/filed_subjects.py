"""Filed subjects for tests of what staff and owners do with them, and looks at the mails that were laid for them."""

import json
from typing import Any

import settings as settings_module
from models.attachment import StoredFile
from models.clock import now
from models.joint_act import JointAct
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.states import OutboxKind, OutboxState
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.support.places import Cast, Life, Lives, gather_cast, provide
from workflow import results_by_hand, reviews, steps
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.confirmations import confirm_joint_act, reject_joint_act

PRINCIPAL = "linghai.xin39@example.com"


async def file_one(cast: Cast | None = None, *, on_behalf: bool = False) -> Life:
    """A subject in force with its one website, filed by its owner or on behalf of the customer."""
    return await Lives(cast or await gather_cast()).reach("APPROVED", on_behalf=on_behalf)


async def file_by_hand(lives: Lives) -> Life:
    """The same where results are recorded by hand; the house stays in that mode."""
    cast, life = lives.cast, await lives.reach("AT_AUTHORITY", on_behalf=False, by_hand=True)
    provide(authority="manual")
    websites = await Website.filter(subject_id=life.filing.subject_id, archived=False).order_by("serial")
    outcome = await results_by_hand.record_authority_result(
        cast.reviewer, id=node_id(type(life.filing), life.filing.id), version=life.filing.version,
        outcome="APPROVED", result_codes=[], opinion=None, decided_at=now(), subject_number=life.filing_number,
        websites=[
            {"website_id": node_id(Website, row.id), "number": f"{life.filing_number}-{serial}"}
            for serial, row in enumerate(websites, 1)
        ], key=None,
    )  # fmt: skip
    assert outcome.problems == ()
    return life


async def subject_in(life: Life) -> Subject:
    """The subject's row as it is now."""
    return await Subject.get(id=life.filing.subject_id)


async def name_of(life: Life) -> str:
    """The subject's opaque id."""
    return node_id(Subject, life.filing.subject_id)


async def mails(template: str | None = None) -> list[dict[str, Any]]:
    """The mails that wait, the oldest first: template, address and data."""
    rows = await OutboxMessage.filter(kind=OutboxKind.MAIL, state=OutboxState.WAITING).order_by("id")
    found = [json.loads(row.payload or "") for row in rows]
    return [mail for mail in found if template in (None, mail["template"])]


async def password_of(life: Life) -> str:
    """The filing password as the last mail tells it."""
    named = f"filing_password:{life.filing.subject_id}:"
    row = await OutboxMessage.filter(key__startswith=named, payload__isnull=False).order_by("-id").first()
    assert row is not None
    return str(json.loads(row.payload or "")["data"]["password"])


async def uploaded_by(account: Actor, place: str = "a") -> str:
    """The id of a file that the account uploaded."""

    async def work() -> StoredFile:
        return await StoredFile.create(
            account_id=account.account_id, place=f"{place}{account.account_id}", sha256="0" * 64,
            media_type="image/jpeg", size_bytes=1, width=1, height=1, created_at=now(),
        )  # fmt: skip

    return node_id(StoredFile, (await unit_of_work(work)).id)


async def confirm(actor: Actor, outcome: Outcome, key: str | None = None) -> Outcome:
    """Confirm what an outcome asked for."""
    assert outcome.problems == (), outcome.problems
    return await confirm_joint_act(actor, id=node_id(JointAct, outcome.ids["joint_act"]), key=key)


async def reject(actor: Actor, outcome: Outcome, reason: str = "材料不符") -> Outcome:
    """Reject what an outcome asked for."""
    assert outcome.problems == (), outcome.problems
    return await reject_joint_act(
        actor, id=node_id(JointAct, outcome.ids["joint_act"]), reason=reason, key=None
    )


def in_mode(**changes: str) -> None:
    """The provider sets something otherwise; every test starts with the settings as they were."""
    settings_module.use(settings_module.current().model_copy(update=changes))


__all__ = ["Cast", "Life", "gather_cast", "provide", "reviews", "steps"]
