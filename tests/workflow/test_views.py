"""Views: the living draft for its owner and who typed it, the last revision for everybody else."""

import pytest

from models.filing import Filing
from models.states import FilingStatus, Role
from tests.support.lives import draft, give_back, make_actor, submit
from tests.workflow.doings import edit_subject, fresh
from workflow.actors import Actor
from workflow.views import sees_the_draft, shown_form, shown_forms

TURNS = {FilingStatus.DRAFT, FilingStatus.RETURNED, FilingStatus.REFUSED}


def test_in_the_owners_turn_only_he_and_who_typed_it_see_the_draft() -> None:
    applicant, typist, reviewer, auditor = (
        Actor(1, Role.APPLICANT, None, "a", None),
        Actor(2, Role.REVIEWER, None, "t", None),
        Actor(3, Role.REVIEWER, None, "r", None),
        Actor(4, Role.AUDITOR, None, "u", None),
    )
    for status in FilingStatus:
        filing = Filing(status=status, owner_id=1, filed_by_id=2)
        seen = [sees_the_draft(actor, filing) for actor in (applicant, typist, reviewer, auditor)]
        assert seen == ([True, True, False, False] if status in TURNS else [True] * 4), status


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
