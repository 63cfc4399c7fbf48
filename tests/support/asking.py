"""Everything that can be asked for on what is filed, and the steps that only such filings know, as the commands."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from models.access import Access
from models.attachment import Attachment, StoredFile
from models.node_ids import node_id
from models.states import FilingKind
from models.subject import Subject
from models.website import Website
from tests.support.doing import ACCESS, NOWHERE, STEPS, WITH_PASSWORD, Seen, Step, shown
from tests.support.filed import PASSWORD, REASON
from tests.support.lives import named
from workflow import access_openings, attachments, cancellations, openings
from workflow.actors import Actor
from workflow.command import Outcome


async def _attach(seen: Seen, actor: Actor) -> Outcome:
    """A paper of what the filing is about: the website that it brings or serves anew, else the subject."""
    of_website = seen.filing.kind in (FilingKind.ADD_WEBSITE, FilingKind.ADD_ACCESS)
    row = seen.website if of_website and seen.website else seen.subject
    file = await StoredFile.filter(account_id=actor.account_id).order_by("-id").first()
    return await attachments.attach_file(
        actor, owner_id=node_id(type(row), row.id), version=row.version,
        file_id=node_id(StoredFile, file.id if file else NOWHERE), use="1" if of_website else "2",
        remark=None, key=None,
    )  # fmt: skip


async def _detach(seen: Seen, actor: Actor) -> Outcome:
    """The paper that was attached last."""
    found = seen.attachment
    rows: list[Subject | Website] = [seen.subject, *seen.websites]
    rows += [seen.website] if seen.website else []
    versions = {node_id(type(row), row.id): row.version for row in rows}
    version = versions.get(found.record, 1) if found else 1
    return await attachments.detach_file(
        actor, id=node_id(Attachment, found.id if found else NOWHERE), version=version, key=None
    )


async def _add_target(seen: Seen, actor: Actor) -> Outcome:
    record = seen.further or seen.subject
    return await openings.add_change_target(
        actor, **named(seen.filing), target_id=node_id(type(record), record.id)
    )


async def _update_cancellation(seen: Seen, actor: Actor) -> Outcome:
    return await cancellations.update_cancellation(
        actor, **named(seen.filing), fields={"reason": "2", "remark": "业务调整"}
    )


async def _start_change(seen: Seen, actor: Actor) -> Outcome:
    subject = node_id(Subject, seen.subject.id)
    return await openings.start_change(
        actor, subject_id=subject, target_ids=[subject], filing_password=PASSWORD, key=None
    )


async def _start_add_website(seen: Seen, actor: Actor) -> Outcome:
    subject = node_id(Subject, seen.subject.id)
    return await openings.start_add_website(actor, subject_id=subject, filing_password=PASSWORD, key=None)


async def _start_add_access(seen: Seen, actor: Actor) -> Outcome:
    return await access_openings.start_add_access(
        actor, website_id=shown(seen.filed_website, Website)["id"], website_filing_number=None,
        filing_password=PASSWORD, typed=access_openings.Typed({}, {}, ACCESS), key=None,
    )  # fmt: skip


Cancel = Callable[..., Awaitable[Outcome]]


async def _cancel(command: Cancel, row: Any, model: type[Any], actor: Actor) -> Outcome:
    return await command(actor, **shown(row, model), reason=REASON, remark=None, filing_password=PASSWORD)


async def _cancel_access(seen: Seen, actor: Actor) -> Outcome:
    return await _cancel(cancellations.cancel_access, seen.filed_access, Access, actor)


async def _cancel_website(seen: Seen, actor: Actor) -> Outcome:
    return await _cancel(cancellations.cancel_website, seen.filed_website, Website, actor)


async def _cancel_subject(seen: Seen, actor: Actor) -> Outcome:
    return await _cancel(cancellations.cancel_subject, seen.subject, Subject, actor)


# always with the right password: what else stands in the way must be told before it is looked at
OPENINGS: Mapping[str, Step] = {
    "START_CHANGE": _start_change,
    "START_ADD_WEBSITE": _start_add_website,
    "START_ADD_ACCESS": _start_add_access,
    "CANCEL_ACCESS": _cancel_access,
    "CANCEL_WEBSITE": _cancel_website,
    "CANCEL_SUBJECT": _cancel_subject,
}
FURTHER: Mapping[str, Step] = {
    "ATTACH_FILE": _attach,
    "DETACH_FILE": _detach,
    "ADD_CHANGE_TARGET": _add_target,
    "UPDATE_CANCELLATION": _update_cancellation,
    **OPENINGS,
}
EVERY_STEP: Mapping[str, Step] = {**STEPS, **FURTHER, **WITH_PASSWORD}
