"""Every step a person can take on a filing, as the command itself with valid input, on what the caller saw."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model

from models.access import Access
from models.attachment import Attachment
from models.clock import now
from models.filing import Filing, Note, Target
from models.node_ids import node_id
from models.states import FilingKind
from models.subject import Subject
from models.website import Website
from tests.support.filed import PASSWORD
from tests.support.lives import named
from tests.support.places import INVALID_EMAIL, NOTE, Life
from workflow import clones, drafts, results_by_hand, reviews, steps, website_drafts
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.targets import numbers_among

NOWHERE = 999_999_999  # no row has this number
ACCESS = {"methods": ["3"], "server_locations": ["19"], "ip_ranges": [{"start": "203.0.113.10"}]}


@dataclass(frozen=True)
class Seen:
    """The rows around one filing as they stood when somebody looked.

    `website` and `access` are what the filing drafts or changes, where it does: else the first website and its access,
    which are also what can be opened something on (`filed_website`, `filed_access`).
    """

    filing: Filing
    subject: Subject
    websites: list[Website]
    website: Website | None
    access: Access | None
    filed_website: Website | None
    filed_access: Access | None
    further: Website | None  # another one of the subject
    brought: list[Website]  # that the filing brings
    attachment: Attachment | None  # the last one, if it can be one of this filing
    note_id: str  # of its last note, or of one that does not exist
    filing_number: str  # that the authority gives this subject

    @property
    def judged(self) -> dict[str, Any]:
        """How a decision names it: with the revision."""
        return {**named(self.filing), "revision": self.filing.revision}


async def look_at(life: Life) -> Seen:
    """The filing as it is now."""
    filing = await Filing.get(id=life.filing.id)
    websites = await Website.filter(subject_id=filing.subject_id).order_by("serial")
    living = [row for row in websites if not row.archived]
    note = await Note.filter(filing_id=filing.id).order_by("-id").first()
    records = [row.record for row in await Target.filter(filing_id=filing.id)]
    brought = [row for row in websites if row.id in numbers_among(Website, records)]
    first = living[0] if living else None
    website = brought[0] if brought else first
    filed_access = await _access_of(first)
    added = await Access.filter(id__in=numbers_among(Access, records)).first()
    subject = await Subject.get(id=filing.subject_id)
    names = [node_id(Subject, subject.id), *(node_id(Website, row.id) for row in websites)]
    return Seen(
        filing=filing,
        subject=subject,
        websites=living,
        website=website,
        access=added or await _access_of(website),
        filed_website=first,
        filed_access=added or filed_access,
        brought=brought,
        further=living[1] if len(living) > 1 else None,
        attachment=await Attachment.filter(record__in=names).order_by("-id").first(),
        note_id=node_id(Note, note.id if note else NOWHERE),
        filing_number=life.filing_number,
    )


async def _access_of(website: Website | None) -> Access | None:
    """The access of a website that was entered last, whatever it is now."""
    rows = Access.filter(website_id=website.id if website else None).order_by("-id")
    return await rows.first()


_turns = itertools.count(1)
Step = Callable[[Seen, Actor], Awaitable[Outcome]]


def shown(row: Subject | Website | Access | None, model: type[Model] = Access) -> dict[str, Any]:
    """How a command names a record; one that does not exist where there is none."""
    if row is None:
        return {"id": node_id(model, NOWHERE), "version": 1, "key": None}
    return {"id": node_id(type(row), row.id), "version": row.version, "key": None}


def _parent(row: Subject | Website | None, name: str) -> dict[str, Any]:
    named_so = shown(row, Website)
    return {name: named_so["id"], "version": named_so["version"], "key": None}


def _fresh_words() -> str:
    """Words that stand nowhere yet, so that the edit is one."""
    return f"已核对{next(_turns)}"


async def _update_subject(seen: Seen, actor: Actor) -> Outcome:
    return await drafts.update_subject(actor, **shown(seen.subject), fields={"remark": _fresh_words()})


async def _add_website(seen: Seen, actor: Actor) -> Outcome:
    return await website_drafts.add_website(
        actor, **_parent(seen.subject, "subject_id"), filing_id=None, fields={"name": "海岸新站"}
    )


async def _update_website(seen: Seen, actor: Actor) -> Outcome:
    named_so = shown(seen.website, Website)
    return await website_drafts.update_website(actor, **named_so, fields={"remark": _fresh_words()})


async def _remove_website(seen: Seen, actor: Actor) -> Outcome:
    last = seen.websites[-1] if seen.filing.kind is FilingKind.NEW_FILING else seen.website
    return await website_drafts.remove_website(actor, **shown(last, Website))


async def _add_access(seen: Seen, actor: Actor) -> Outcome:
    return await website_drafts.add_access(actor, **_parent(seen.website, "website_id"), fields=ACCESS)


async def _update_access(seen: Seen, actor: Actor) -> Outcome:
    turn = next(_turns)
    address = f"203.0.113.{turn % 100 + 100}"  # none that an access is laid with
    fields = {**ACCESS, "ip_ranges": [{"start": address, "end": None}]}
    return await website_drafts.update_access(actor, **shown(seen.access), fields=fields)


async def _remove_access(seen: Seen, actor: Actor) -> Outcome:
    return await website_drafts.remove_access(actor, **shown(seen.access))


async def _submit(seen: Seen, actor: Actor) -> Outcome:
    return await steps.submit_filing(actor, **named(seen.filing), filing_password=None)


async def _submit_with_password(seen: Seen, actor: Actor) -> Outcome:
    return await steps.submit_filing(actor, **named(seen.filing), filing_password=PASSWORD)


async def _restore_with_password(seen: Seen, actor: Actor) -> Outcome:
    return await steps.restore_filing(actor, **named(seen.filing), filing_password=PASSWORD)


async def _withdraw(seen: Seen, actor: Actor) -> Outcome:
    return await steps.withdraw_filing(actor, **named(seen.filing))


async def _drop(seen: Seen, actor: Actor) -> Outcome:
    return await steps.drop_filing(actor, **named(seen.filing))


async def _restore(seen: Seen, actor: Actor) -> Outcome:
    return await steps.restore_filing(actor, **named(seen.filing), filing_password=None)


async def _clone(seen: Seen, actor: Actor) -> Outcome:
    return await clones.clone_filing(actor, **named(seen.filing))


async def _reply(seen: Seen, actor: Actor) -> Outcome:
    return await steps.reply_to_note(actor, id=seen.note_id, text="与证件一致", key=None)


async def _claim(seen: Seen, actor: Actor) -> Outcome:
    return await reviews.claim_filing(actor, **named(seen.filing))


async def _release(seen: Seen, actor: Actor) -> Outcome:
    return await reviews.release_filing(actor, **named(seen.filing))


async def _approve(seen: Seen, actor: Actor) -> Outcome:
    return await reviews.approve_filing(actor, **seen.judged, note=None)


async def _return(seen: Seen, actor: Actor) -> Outcome:
    return await reviews.return_filing(actor, **seen.judged, message="请修改", notes=[NOTE])


async def _pull_back(seen: Seen, actor: Actor) -> Outcome:
    return await reviews.pull_back_filing(actor, **seen.judged)


async def _report_again(seen: Seen, actor: Actor) -> Outcome:
    return await reviews.report_filing_again(actor, **seen.judged)


async def _record_report(seen: Seen, actor: Actor) -> Outcome:
    return await results_by_hand.record_report(actor, **named(seen.filing), reported_at=now())


async def _record(seen: Seen, actor: Actor, outcome: str, **more: Any) -> Outcome:
    given: dict[str, Any] = {"result_codes": [], "opinion": None, "subject_number": None, "websites": []}
    filing = seen.filing
    return await results_by_hand.record_authority_result(
        actor, **named(filing), outcome=outcome, decided_at=now(), **{**given, **more}
    )


async def _record_yes(seen: Seen, actor: Actor) -> Outcome:
    """With the numbers that are new: those of a first filing, or of a further website."""
    kind, number = seen.filing.kind, seen.filing_number
    if kind not in (FilingKind.NEW_FILING, FilingKind.ADD_WEBSITE):
        return await _record(seen, actor, "APPROVED")
    brought = seen.websites if kind is FilingKind.NEW_FILING else seen.brought
    websites = [
        {"website_id": node_id(Website, row.id), "number": f"{number}-{row.serial}"} for row in brought
    ]
    return await _record(seen, actor, "APPROVED", subject_number=number, websites=websites)


async def _record_no(seen: Seen, actor: Actor) -> Outcome:
    return await _record(seen, actor, "REFUSED", opinion="材料不符")


async def _record_error(seen: Seen, actor: Actor) -> Outcome:
    return await _record(seen, actor, "PROCESSING_ERROR", result_codes=[INVALID_EMAIL])


# in an order in which those that leave the status can follow one another on one filing
STEPS: Mapping[str, Step] = {
    "UPDATE_SUBJECT": _update_subject,
    "ADD_WEBSITE": _add_website,
    "UPDATE_WEBSITE": _update_website,
    "REMOVE_WEBSITE": _remove_website,
    "UPDATE_ACCESS": _update_access,
    "REMOVE_ACCESS": _remove_access,
    "ADD_ACCESS": _add_access,
    "CLONE_FILING": _clone,
    "REPLY_TO_NOTE": _reply,
    "CLAIM_FILING": _claim,
    "RELEASE_FILING": _release,
    "SUBMIT_FILING": _submit,
    "WITHDRAW_FILING": _withdraw,
    "DROP_FILING": _drop,
    "RESTORE_FILING": _restore,
    "APPROVE_FILING": _approve,
    "RETURN_FILING": _return,
    "PULL_BACK_FILING": _pull_back,
    "REPORT_FILING_AGAIN": _report_again,
    "RECORD_REPORT": _record_report,
    "RECORD_AUTHORITY_RESULT/APPROVED": _record_yes,
    "RECORD_AUTHORITY_RESULT/REFUSED": _record_no,
    "RECORD_AUTHORITY_RESULT/PROCESSING_ERROR": _record_error,
}

# the same with the filing password, which the kinds after the first one want
WITH_PASSWORD: Mapping[str, Step] = {
    "SUBMIT_FILING/PASSWORD": _submit_with_password,
    "RESTORE_FILING/PASSWORD": _restore_with_password,
}
