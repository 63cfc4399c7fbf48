"""Short forms: what a refusal says, the rows of a filing, and the edits that tests make again and again."""

from typing import Any

from models.access import Access
from models.event import FilingEvent
from models.filing import Filing
from models.node_ids import node_id
from models.subject import Subject
from models.website import Website
from workflow import drafts, website_drafts
from workflow.actors import Actor
from workflow.command import Outcome

ACCESS = {"methods": ["2"], "server_locations": ["19"], "ip_ranges": [{"start": "192.0.2.1", "end": None}]}
PERSON = {
    "name": "韩望潮",
    "office_phone": "086-0411-82390000",
    "mobile": "13912345678",
    "email": "han@example.com",
    "certificate_type": "2",
    "certificate_number": "210202195501010015",
}


def codes(outcome: Outcome) -> list[str]:
    """The codes of a refusal, in their order."""
    return [problem.code for problem in outcome.problems]


def said(outcome: Outcome) -> list[tuple[str, str | None, tuple[str, ...] | None]]:
    """A refusal as (code, rule, path)."""
    return [(problem.code, problem.rule, problem.path) for problem in outcome.problems]


async def subject_of(filing: Filing) -> Subject:
    """The subject's row as it is now."""
    return await Subject.get(id=filing.subject_id)


async def websites_of(filing: Filing) -> list[Website]:
    """The rows of the websites that are not archived, in entry order."""
    return await Website.filter(subject_id=filing.subject_id, archived=False).order_by("serial")


async def access_of(website: Website) -> Access:
    """The row of the website's access."""
    return await Access.get(website_id=website.id, archived=False)


async def fresh(filing: Filing) -> Filing:
    """The filing's row as it is now."""
    return await Filing.get(id=filing.id)


async def last_event(filing: Filing) -> FilingEvent:
    """The youngest event of a filing."""
    [event] = (
        await FilingEvent.filter(filing_id=filing.id).exclude(action="SEND_MAIL").order_by("-id").limit(1)
    )
    return event


async def edit_subject(actor: Actor, filing: Filing, **fields: Any) -> Outcome:
    """Edit the subject at the version it has."""
    subject = await subject_of(filing)
    return await drafts.update_subject(
        actor, id=node_id(Subject, subject.id), version=subject.version, fields=fields, key=None
    )


async def edit_website(actor: Actor, website: Website, **fields: Any) -> Outcome:
    """Edit a website at the version it has."""
    version = (await Website.get(id=website.id)).version
    return await website_drafts.update_website(
        actor, id=node_id(Website, website.id), version=version, fields=fields, key=None
    )


async def add_website(actor: Actor, filing: Filing, **fields: Any) -> Outcome:
    """Add a website at the version that the subject has."""
    subject = await subject_of(filing)
    return await website_drafts.add_website(
        actor,
        subject_id=node_id(Subject, subject.id),
        version=subject.version,
        filing_id=None,
        fields=fields,
        key=None,
    )


async def add_access(actor: Actor, website: Website, **fields: Any) -> Outcome:
    return await website_drafts.add_access(
        actor, website_id=node_id(Website, website.id), version=website.version, fields=fields, key=None
    )


async def edit_access(actor: Actor, access: Access, version: int, **fields: Any) -> Outcome:
    return await website_drafts.update_access(
        actor, id=node_id(Access, access.id), version=version, fields=fields, key=None
    )


async def remove_access(actor: Actor, access: Access) -> Outcome:
    return await website_drafts.remove_access(
        actor, id=node_id(Access, access.id), version=access.version, key=None
    )
