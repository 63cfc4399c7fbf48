"""Proposals: what a change would make of a record, kept beside what is in force until the authority approves (C56)."""

from collections.abc import Callable

from models.access import Access
from models.filing import Target
from models.node_ids import node_id
from models.refusal import StaleVersion
from models.subject import Subject
from models.website import Website
from rules.form import AccessForm, SubjectForm, WebsiteForm
from workflow.edits import Place
from workflow.entry import refuse_unstorable
from workflow.facts import in_force
from workflow.surroundings import Record
from workflow.targets import RecordForm, base_form, proposed_form, record_of, text_of_form


async def take_up(filing_id: int, records: list[Record]) -> None:
    """Take records into a change, each with what is in force of it."""
    forms = await in_force([record_of(record) for record in records])
    for record in records:
        name = record_of(record)
        base = text_of_form(forms[name])
        await Target.create(filing_id=filing_id, record=name, base=base, base_version=record.version)


async def proposal_of(place: Place) -> RecordForm:
    """The record as it is proposed, or as it is in force where nothing is proposed yet."""
    target = await _target(place)
    return proposed_form(target) or (await in_force([target.record]))[target.record]


async def propose(place: Place, version: int, enter: Callable[[RecordForm], RecordForm]) -> Record | None:
    """Write what `enter` makes of the proposal; None where nothing differs. The record's version rises.

    Saving again is also how an owner says that he has seen what changed in force since (BASE_CHANGED).
    """
    target = await _target(place)
    living = (await in_force([target.record]))[target.record]
    before = proposed_form(target) or living
    form = enter(before)
    await _refuse_unstorable(form, place)
    moved = base_form(target) != living
    if form == before and not moved:
        return None
    await raise_version(place.record, version)
    base = {"base": text_of_form(living), "base_version": version} if moved else {}
    await Target.filter(id=target.id).update(proposal=text_of_form(form), **base)
    return place.record


async def raise_version(record: Record, version: int) -> None:
    """One more, by compare-and-set; raises StaleVersion where somebody was faster."""
    model: type[Subject] | type[Website] | type[Access] = type(record)
    if not await model.filter(id=record.id, version=version).update(version=version + 1):
        raise StaleVersion((await model.get(id=record.id)).version)


async def _target(place: Place) -> Target:
    assert place.filing is not None
    return await Target.get(filing_id=place.filing.id, record=record_of(place.record))


async def _refuse_unstorable(form: RecordForm, place: Place) -> None:
    match form:
        case SubjectForm():
            await refuse_unstorable(form)
        case WebsiteForm():
            await refuse_unstorable(None, [form])
        case AccessForm():
            assert isinstance(place.record, Access)
            site = WebsiteForm(id=node_id(Website, place.record.website_id), access=form)
            await refuse_unstorable(None, [site])
