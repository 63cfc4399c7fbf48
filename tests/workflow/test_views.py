"""Views: the living draft for its owner and who typed it, the last revision for everybody else."""

import pytest
from tortoise.connection import get_connection

from models.database import WRITER
from models.filing import Filing, Revision
from models.states import FilingStatus, RecordStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.lives import done, draft, give_back, make_actor, named, submit
from tests.workflow.doings import edit_subject, fresh
from workflow import steps
from workflow.actors import Actor
from workflow.case import load_cases
from workflow.changes import changes
from workflow.views import kept_forms, sees_the_draft, shown_form, shown_forms

DRAFTED = {FilingStatus.DRAFT, FilingStatus.RETURNED, FilingStatus.REFUSED, FilingStatus.ABANDONED}


def test_of_what_is_drafted_or_dropped_only_its_owner_and_who_typed_it_see_the_draft() -> None:
    applicant, typist, reviewer, auditor = (
        Actor(1, Role.APPLICANT, None, "a", None),
        Actor(2, Role.REVIEWER, None, "t", None),
        Actor(3, Role.REVIEWER, None, "r", None),
        Actor(4, Role.AUDITOR, None, "u", None),
    )
    for status in FilingStatus:
        filing = Filing(status=status, owner_id=1, filed_by_id=2)
        seen = [sees_the_draft(actor, filing) for actor in (applicant, typist, reviewer, auditor)]
        assert seen == ([True, True, False, False] if status in DRAFTED else [True] * 4), status


@pytest.mark.shows("C40", "N3")
async def test_staff_see_what_was_submitted_until_it_is_submitted_again(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    await edit_subject(owner, filing, name="北京海岸贸易有限公司")
    other = await submit(owner, await draft(owner, 1))
    auditor = await make_actor(Role.AUDITOR)
    assert await shown_form(owner, filing) is None
    for actor in (reviewer, auditor):
        first, second = await shown_forms(actor, [filing, other])
        assert first is not None
        assert (first.subject.name, second) == ("北京海岸商贸有限公司", None)
    filing = await submit(owner, await fresh(filing))
    assert await shown_forms(reviewer, [filing, other]) == [None, None]
    assert await shown_forms(reviewer, []) == []


@pytest.mark.shows("C40", "N3")
async def test_what_was_edited_before_it_was_dropped_stays_its_owners(owner: Actor, reviewer: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    filing = await done(await steps.withdraw_filing(owner, **named(filing)))
    await edit_subject(owner, filing, name="北京海岸贸易有限公司")
    filing = await done(await steps.drop_filing(owner, **named(await fresh(filing))))
    assert filing.status is FilingStatus.ABANDONED
    form = await shown_form(reviewer, filing)
    kept = await kept_forms(reviewer, [filing.subject_id])
    assert form is not None
    assert form.subject.name == kept[filing.subject_id].subject.name == "北京海岸商贸有限公司"
    assert (await shown_form(owner, filing), await kept_forms(owner, [filing.subject_id])) == (None, {})
    assert await changes(reviewer, filing, None, None) == []
    assert [change.after for change in await changes(owner, filing, None, None)] == ["北京海岸贸易有限公司"]


async def test_a_dropped_filing_about_what_is_in_force_hides_nothing_of_it(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))

    async def put_in_force() -> None:
        await Filing.filter(id=filing.id).update(status=FilingStatus.ABANDONED)
        await Subject.filter(id=filing.subject_id).update(status=RecordStatus.FILED)

    await unit_of_work(put_in_force)
    assert await kept_forms(reviewer, [filing.subject_id]) == {}


async def test_of_many_revisions_the_last_alone_is_read(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    first = await Revision.get(filing_id=filing.id)
    await edit_subject(owner, filing, name="北京海岸贸易有限公司")
    filing = await give_back(reviewer, await submit(owner, await fresh(filing)))
    writer = get_connection(WRITER)
    # what would be opened, were it read
    await writer.execute_query(f"UPDATE revision SET data = '\x01e1.k1.AAAA' WHERE id = {first.id}")
    form = await shown_form(reviewer, filing)
    assert form is not None
    assert form.subject.name == "北京海岸贸易有限公司"
    [case] = await load_cases(reviewer, [filing], judge=False)
    assert case.revision is not None
    assert case.revision.number == 2
