"""Every step a person can take on a filing, as the command itself with valid input and the current version."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from models.access import Access
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.subject import Subject
from models.website import Website
from tests.support.lives import named
from tests.support.places import INVALID_EMAIL, NOTE, Life, websites_of
from workflow import drafts, reviews, steps, website_drafts
from workflow.actors import Actor
from workflow.command import Outcome

Step = Callable[[Life, Actor], Awaitable[Outcome]]
ACCESS = {"methods": ["3"], "server_locations": ["19"], "ip_ranges": [{"start": "203.0.113.10"}]}


async def _filing(life: Life) -> Filing:
    return await Filing.get(id=life.filing.id)


async def _subject(life: Life) -> Subject:
    return await Subject.get(id=life.filing.subject_id)


def _shown(row: Subject | Website | Access) -> dict[str, Any]:
    return {"id": node_id(type(row), row.id), "version": row.version, "key": None}


async def _access(life: Life) -> Access:
    return await Access.get(website_id=(await websites_of(life))[0].id, archived=False)


async def _update_subject(life: Life, actor: Actor) -> Outcome:
    return await drafts.update_subject(actor, **_shown(await _subject(life)), fields={"remark": "已核对"})


async def _add_website(life: Life, actor: Actor) -> Outcome:
    subject = await _subject(life)
    return await website_drafts.add_website(
        actor, subject_id=node_id(Subject, subject.id), version=subject.version, filing_id=None,
        fields={"name": "海岸新站"}, key=None,
    )  # fmt: skip


async def _update_website(life: Life, actor: Actor) -> Outcome:
    website = (await websites_of(life))[0]
    return await website_drafts.update_website(actor, **_shown(website), fields={"remark": "已核对"})


async def _remove_website(life: Life, actor: Actor) -> Outcome:
    return await website_drafts.remove_website(actor, **_shown((await websites_of(life))[-1]))


async def _add_access(life: Life, actor: Actor) -> Outcome:
    website = (await websites_of(life))[0]
    return await website_drafts.add_access(
        actor, website_id=node_id(Website, website.id), version=website.version, fields=ACCESS, key=None
    )


async def _update_access(life: Life, actor: Actor) -> Outcome:
    return await website_drafts.update_access(actor, **_shown(await _access(life)), fields=ACCESS)


async def _remove_access(life: Life, actor: Actor) -> Outcome:
    return await website_drafts.remove_access(actor, **_shown(await _access(life)))


async def _submit(life: Life, actor: Actor) -> Outcome:
    return await steps.submit_filing(actor, **named(await _filing(life)), filing_password=None)


async def _withdraw(life: Life, actor: Actor) -> Outcome:
    return await steps.withdraw_filing(actor, **named(await _filing(life)))


async def _drop(life: Life, actor: Actor) -> Outcome:
    return await steps.drop_filing(actor, **named(await _filing(life)))


async def _restore(life: Life, actor: Actor) -> Outcome:
    return await steps.restore_filing(actor, **named(await _filing(life)), filing_password=None)


async def _clone(life: Life, actor: Actor) -> Outcome:
    return await steps.clone_filing(actor, **named(await _filing(life)))


async def _reply(life: Life, actor: Actor) -> Outcome:
    return await steps.reply_to_note(actor, id=await life.last_note(), text="与证件一致", key=None)


async def _claim(life: Life, actor: Actor) -> Outcome:
    return await reviews.claim_filing(actor, **named(await _filing(life)))


async def _release(life: Life, actor: Actor) -> Outcome:
    return await reviews.release_filing(actor, **named(await _filing(life)))


async def _judged(life: Life) -> dict[str, Any]:
    filing = await _filing(life)
    return {**named(filing), "revision": filing.revision}


async def _approve(life: Life, actor: Actor) -> Outcome:
    return await reviews.approve_filing(actor, **await _judged(life), note=None)


async def _return(life: Life, actor: Actor) -> Outcome:
    return await reviews.return_filing(actor, **await _judged(life), message="请修改", notes=[NOTE])


async def _pull_back(life: Life, actor: Actor) -> Outcome:
    return await reviews.pull_back_filing(actor, **await _judged(life))


async def _report_again(life: Life, actor: Actor) -> Outcome:
    return await reviews.report_filing_again(actor, **await _judged(life))


async def _record_report(life: Life, actor: Actor) -> Outcome:
    return await reviews.record_report(actor, **named(await _filing(life)), reported_at=now())


async def _record(life: Life, actor: Actor, outcome: str, **more: Any) -> Outcome:
    given: dict[str, Any] = {"result_codes": [], "opinion": None, "subject_number": None, "websites": []}
    filing = await _filing(life)
    return await reviews.record_authority_result(
        actor, **named(filing), outcome=outcome, decided_at=now(), **{**given, **more}
    )


async def _record_yes(life: Life, actor: Actor) -> Outcome:
    websites = [
        {"website_id": node_id(Website, row.id), "number": f"{life.filing_number}-{serial}"}
        for serial, row in enumerate(await websites_of(life), 1)
    ]
    return await _record(life, actor, "APPROVED", subject_number=life.filing_number, websites=websites)


async def _record_no(life: Life, actor: Actor) -> Outcome:
    return await _record(life, actor, "REFUSED", opinion="材料不符")


async def _record_error(life: Life, actor: Actor) -> Outcome:
    return await _record(life, actor, "PROCESSING_ERROR", result_codes=[INVALID_EMAIL])


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
