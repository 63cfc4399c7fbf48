"""Conflicts: of an edit that came too late, the fields in which what was sent differs from what stands there now (N8)."""

from collections.abc import Awaitable, Callable, Sequence

from models.node_ids import node_id
from models.refusal import Conflict, Refused
from models.states import FilingKind
from models.subject import Subject
from models.website import Website
from rules.form import AccessForm, FilingForm, SubjectForm, WebsiteForm
from workflow.actors import Actor
from workflow.edits import Place
from workflow.facts import in_force
from workflow.proposals import proposal_of
from workflow.revisions import difference, masked
from workflow.targets import RecordForm, record_of

Enter = Callable[[RecordForm], RecordForm]


def conflicts_with(actor: Actor, enter: Enter) -> Callable[[Place], Awaitable[Sequence[Conflict]]]:
    """For `edits.edit`: what `enter` would change of the place as it is now, personal values masked."""

    async def find(place: Place) -> Sequence[Conflict]:
        name = record_of(place.record)
        current = await proposal_of(place) if place.is_proposed else (await in_force([name]))[name]
        try:
            sent = enter(current)
        except Refused:
            return ()  # what could not even be stored is told when the version is right
        changes = difference(_form(place, current), _form(place, sent))
        told = (masked(actor, change) for change in changes)
        return [Conflict(change.path, change.before, change.after) for change in told]

    return find


def _form(place: Place, form: RecordForm) -> FilingForm:
    kind = FilingKind.NEW_FILING.value
    match form:
        case SubjectForm():
            return FilingForm(kind, form)
        case WebsiteForm():
            return FilingForm(kind, SubjectForm(), (form,))
        case AccessForm():
            assert not isinstance(place.record, Subject)
            assert not isinstance(place.record, Website)
            site = WebsiteForm(id=node_id(Website, place.record.website_id), access=form)
            return FilingForm(kind, SubjectForm(), (site,))
