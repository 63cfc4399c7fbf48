"""What an open change proposes for a record, as the caller may see it: beside what is in force (C56)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.access import Access
from models.filing import Filing, Target
from models.node_ids import node_id
from models.states import OPEN_STATUSES, FilingKind
from models.website import Website
from rules.form import AccessForm, FilingForm, SubjectForm, WebsiteForm
from workflow.actors import Actor, visible_filings
from workflow.facts import in_force
from workflow.revisions import FieldChange, difference, masked
from workflow.targets import RecordForm, numbers_among, proposed_form
from workflow.views import sees_the_draft, shown_forms


@dataclass(frozen=True)
class Proposed:
    """The change, the record's version when it was taken up, the record as it would be, and what would differ."""

    filing: Filing
    base_version: int
    form: RecordForm
    changes: tuple[FieldChange, ...]


async def proposed_for(actor: Actor, records: Sequence[str]) -> dict[str, Proposed]:
    """By node id what is proposed of each record that an open change has taken up; bounded statements."""
    targets = await Target.filter(
        record__in=list(records), filing__kind=FilingKind.CHANGE, filing__status__in=list(OPEN_STATUSES)
    )
    ids = {target.filing_id for target in targets}
    filings = {row.id: row for row in await visible_filings(actor).filter(id__in=list(ids))} if ids else {}
    kept = dict(zip(filings, await shown_forms(actor, list(filings.values())), strict=True))
    living = await in_force([target.record for target in targets if target.filing_id in filings])
    sites = await _websites_of([target.record for target in targets])
    found: dict[str, Proposed] = {}
    for target in targets:
        filing, now_in_force = filings.get(target.filing_id), living.get(target.record)
        if filing is None or now_in_force is None:
            continue
        form = _form(actor, filing, target, kept[filing.id], now_in_force)
        if form is not None:
            site = sites.get(target.record)
            differing = difference(_whole(now_in_force, site), _whole(form, site))
            changes = (masked(actor, change) for change in differing)
            found[target.record] = Proposed(filing, target.base_version or 0, form, tuple(changes))
    return found


def _form(
    actor: Actor, filing: Filing, target: Target, kept: FilingForm | None, now_in_force: RecordForm
) -> RecordForm | None:
    """The living proposal, or what the last revision has of it where that is what the caller sees."""
    if kept is None or sees_the_draft(actor, filing):
        return proposed_form(target) or now_in_force
    return part_of(kept, target.record) if target.submitted else None


def part_of(form: FilingForm, record: str) -> RecordForm | None:
    """What a filing's form has of one record; a website without its access, which is a record of its own."""
    if form.subject.id == record:
        return form.subject
    for site in form.websites:
        if site.id == record:
            return replace(site, access=None)
        if site.access is not None and site.access.id == record:
            return site.access
    return None


async def _websites_of(records: Sequence[str]) -> dict[str, str]:
    """Of each access among the records the id of the website that it serves."""
    ids = numbers_among(Access, records)
    rows = await Access.filter(id__in=ids).values_list("id", "website_id") if ids else []
    return {node_id(Access, number): node_id(Website, website_id) for number, website_id in rows}


def _whole(form: RecordForm, website_id: str | None) -> FilingForm:
    """The form of one record as part of a filing's, so that its fields have the paths they have everywhere."""
    match form:
        case SubjectForm():
            return FilingForm("", form)
        case WebsiteForm():
            return FilingForm("", SubjectForm(), (form,))
        case AccessForm():
            return FilingForm("", SubjectForm(), (WebsiteForm(id=website_id, access=form),))
