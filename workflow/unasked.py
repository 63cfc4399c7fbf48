"""What the authority tells unasked: data in force that agree with ours are taken note of, others are set aside."""

import dataclasses
from collections.abc import Sequence

from tortoise.expressions import F

from models.access import Access
from models.clock import now
from models.node_ids import node_id
from models.states import FilingAction, RecordStatus
from models.subject import Subject
from models.website import Website
from rules.form import FilingForm, WebsiteForm
from workflow.actors import AUTHORITY
from workflow.approval import content
from workflow.events import write_event
from workflow.filed import Filed
from workflow.force import keep_ids, note_others
from workflow.forms import subject_form, website_forms


class AboutNothing(Exception):
    """No filing of ours is answered; `codes` are those of a processing result."""

    def __init__(self, codes: Sequence[int] = ()) -> None:
        super().__init__("nothing of ours is answered")
        self.codes = list(codes)


async def take_note(subject: Subject, filed: Filed) -> None:
    """A record that answers nothing: its ids and other providers are kept; raises AboutNothing where the data differ."""
    if subject.status is not RecordStatus.FILED or not await _agrees(subject, filed):
        raise AboutNothing
    for website_id, site in filed.websites.items():
        await keep_ids(website_id, site)
    for website_id in await note_others(filed):
        await Website.filter(id=website_id).update(version=F("version") + 1, updated_at=now())
        providers = ", ".join(other.provider for other in filed.websites[website_id].others) or "—"
        await write_event(
            subject_id=subject.id,
            filing_id=None,
            action=FilingAction.RECEIVE_DATA,
            actor_name=AUTHORITY.name,
            account_id=None,
            record=node_id(Website, website_id),
            note=f"其他接入：{providers}",
        )


async def _agrees(subject: Subject, filed: Filed) -> bool:
    """Whether what is told is what is in force here."""
    websites = await Website.filter(id__in=[*filed.websites], status=RecordStatus.FILED).order_by("serial")
    gone = Access.filter(
        website_id__in=[row.id for row in websites], status=RecordStatus.CANCELLED, archived=False
    )
    ended = {row[0] for row in await gone.values_list("website_id")}
    forms = await website_forms(websites)
    mine = tuple(forms[row.id] if row.id not in ended else _without_access(forms[row.id]) for row in websites)
    held = FilingForm("", subject_form(subject), mine)
    return filed.form is not None and content(held) == content(
        _in_order(filed.form, [form.id for form in mine])
    )


def _in_order(form: FilingForm, ids: Sequence[str | None]) -> FilingForm:
    sites = {site.id: site for site in form.websites}
    return FilingForm("", form.subject, tuple(sites[number] for number in ids if number in sites))


def _without_access(site: WebsiteForm) -> WebsiteForm:
    return dataclasses.replace(site, access=None)
