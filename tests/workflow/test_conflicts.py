"""Conflicts: an edit that came too late is told with what stands there now and what was sent (N8)."""

import pytest

from models.access import Access
from models.filing import Filing
from models.subject import Subject
from models.website import Website
from tests.support import filed
from tests.support.filed import name
from tests.support.lives import draft
from tests.workflow.doings import edit_access, edit_subject, edit_website
from tests.workflow.everything import everything
from workflow import drafts, website_drafts
from workflow.actors import Actor
from workflow.command import Outcome

pytestmark = pytest.mark.shows("N8")


def told(outcome: Outcome) -> list[tuple[tuple[str, ...], object, object]]:
    """The fields in conflict of a stale edit."""
    [problem] = outcome.problems
    assert (problem.code, problem.current_version, problem.path) == ("STALE_VERSION", 2, ("version",))
    return [(row.path, row.current, row.sent) for row in problem.conflicts]


@pytest.mark.parametrize("changing", [False, True])
async def test_each_record_tells_both_values_of_every_field_that_differs(
    owner: Actor, changing: bool
) -> None:
    if changing:
        subject = await filed.filed_subject(owner)
        [website] = await filed.websites_of(subject)
        access = await filed.access_of(website)
        filing = await filed.opened(await filed.start_change(owner, subject, subject, website, access))
    else:
        filing = await draft(owner)
        subject = await Subject.get(id=filing.subject_id)
        [website] = await filed.websites_of(subject)
        access = await filed.access_of(website)
    await edit_subject(owner, filing, address="北京路1号", remark="甲")
    await edit_website(owner, website, name="甲站")
    await edit_access(owner, access, 1, methods=["5"])
    before = await everything()
    fields = {"address": "北京路2号", "remark": "甲", "investor": subject.investor}
    late = await drafts.update_subject(owner, id=name(subject), version=1, fields=fields, key=None)
    assert told(late) == [(("subject", "address"), "北京路1号", "北京路2号")]
    late = await website_drafts.update_website(
        owner, id=name(website), version=1, fields={"name": "乙站"}, key=None
    )
    assert told(late) == [(("websites", name(website), "name"), "甲站", "乙站")]
    late = await website_drafts.update_access(
        owner, id=name(access), version=1, fields={"methods": ["2"]}, key=None
    )
    path = ("websites", name(website), "access", "methods")
    assert told(late) == [(path, ["5"], ["2"])]
    assert await everything() == before
    assert [await model.filter(version=2).count() for model in (Subject, Website, Access)] == [1, 1, 1]
    assert await Filing.all().exists()


async def test_personal_values_are_told_masked(owner: Actor) -> None:
    filing = await draft(owner)
    await edit_subject(owner, filing, principal={"mobile": "13998765432"})
    late = await drafts.update_subject(
        owner,
        id=name(await Subject.get()),
        version=1,
        fields={"principal": {"mobile": "13811112222"}},
        key=None,
    )
    [(path, current, sent)] = told(late)
    assert path == ("subject", "principal", "mobile")
    assert current != "13998765432"
    assert sent != "13811112222"
    assert "*" in str(current)


async def test_a_late_edit_that_says_what_stands_there_or_cannot_be_stored_conflicts_with_nothing(
    owner: Actor,
) -> None:
    filing = await draft(owner)
    await edit_subject(owner, filing, address="北京路1号")
    subject = await Subject.get()
    for fields in ({"address": "北京路1号"}, {"name": ""}, {}):
        late = await drafts.update_subject(owner, id=name(subject), version=1, fields=fields, key=None)
        assert told(late) == []
