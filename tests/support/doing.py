"""Every step a person can take on a filing, as the command itself with valid input, on what the caller saw."""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.access import Access
from models.clock import now
from models.filing import Filing, Note
from models.node_ids import node_id
from models.subject import Subject
from models.website import Website
from tests.support.lives import named
from tests.support.places import INVALID_EMAIL, NOTE, Life
from workflow import drafts, results_by_hand, reviews, steps, website_drafts
from workflow.actors import Actor
from workflow.command import Outcome

ACCESS = {"methods": ["3"], "server_locations": ["19"], "ip_ranges": [{"start": "203.0.113.10"}]}


@dataclass(frozen=True)
class Seen:
    """The rows of one filing as they stood when somebody looked."""

    filing: Filing
    subject: Subject
    websites: list[Website]
    access: Access | None  # of the first website
    note_id: str  # of its last note, or of one that does not exist
    filing_number: str  # that the authority gives this subject

    @property
    def judged(self) -> dict[str, Any]:
        """How a decision names it: with the revision."""
        return {**named(self.filing), "revision": self.filing.revision}


async def look_at(life: Life) -> Seen:
    """The filing as it is now."""
    filing = await Filing.get(id=life.filing.id)
    websites = await Website.filter(subject_id=filing.subject_id, archived=False).order_by("serial")
    note = await Note.filter(filing_id=filing.id).order_by("-id").first()
    return Seen(
        filing=filing,
        subject=await Subject.get(id=filing.subject_id),
        websites=websites,
        access=await Access.get_or_none(website_id=websites[0].id, archived=False),
        note_id=node_id(Note, note.id if note else 999_999_999),
        filing_number=life.filing_number,
    )


_turns = itertools.count(1)
Step = Callable[[Seen, Actor], Awaitable[Outcome]]


def _shown(row: Subject | Website | Access) -> dict[str, Any]:
    return {"id": node_id(type(row), row.id), "version": row.version, "key": None}


def _access(seen: Seen) -> Access:
    assert seen.access is not None
    return seen.access


def _fresh_words() -> str:
    """Words that stand nowhere yet, so that the edit is one."""
    return f"已核对{next(_turns)}"


async def _update_subject(seen: Seen, actor: Actor) -> Outcome:
    return await drafts.update_subject(actor, **_shown(seen.subject), fields={"remark": _fresh_words()})


async def _add_website(seen: Seen, actor: Actor) -> Outcome:
    subject = seen.subject
    return await website_drafts.add_website(
        actor, subject_id=node_id(Subject, subject.id), version=subject.version, filing_id=None,
        fields={"name": "海岸新站"}, key=None,
    )  # fmt: skip


async def _update_website(seen: Seen, actor: Actor) -> Outcome:
    website = seen.websites[0]
    return await website_drafts.update_website(actor, **_shown(website), fields={"remark": _fresh_words()})


async def _remove_website(seen: Seen, actor: Actor) -> Outcome:
    return await website_drafts.remove_website(actor, **_shown(seen.websites[-1]))


async def _add_access(seen: Seen, actor: Actor) -> Outcome:
    website = seen.websites[0]
    return await website_drafts.add_access(
        actor, website_id=node_id(Website, website.id), version=website.version, fields=ACCESS, key=None
    )


async def _update_access(seen: Seen, actor: Actor) -> Outcome:
    turn = next(_turns)
    address = f"203.0.113.{turn % 200 + 1}"
    fields = {**ACCESS, "ip_ranges": [{"start": address, "end": None}]}
    return await website_drafts.update_access(actor, **_shown(_access(seen)), fields=fields)


async def _remove_access(seen: Seen, actor: Actor) -> Outcome:
    return await website_drafts.remove_access(actor, **_shown(_access(seen)))


async def _submit(seen: Seen, actor: Actor) -> Outcome:
    return await steps.submit_filing(actor, **named(seen.filing), filing_password=None)


async def _withdraw(seen: Seen, actor: Actor) -> Outcome:
    return await steps.withdraw_filing(actor, **named(seen.filing))


async def _drop(seen: Seen, actor: Actor) -> Outcome:
    return await steps.drop_filing(actor, **named(seen.filing))


async def _restore(seen: Seen, actor: Actor) -> Outcome:
    return await steps.restore_filing(actor, **named(seen.filing), filing_password=None)


async def _clone(seen: Seen, actor: Actor) -> Outcome:
    return await steps.clone_filing(actor, **named(seen.filing))


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
    websites = [
        {"website_id": node_id(Website, row.id), "number": f"{seen.filing_number}-{serial}"}
        for serial, row in enumerate(seen.websites, 1)
    ]
    return await _record(seen, actor, "APPROVED", subject_number=seen.filing_number, websites=websites)


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
