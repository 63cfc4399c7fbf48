"""What is proposed beside what is in force: to its owner the living draft, to staff the last revision, to others nothing."""

import pytest

from models.filing import Filing
from models.states import Role
from models.subject import Subject
from tests.support import filed
from tests.support.filed import name
from tests.support.lives import approve, give_back, make_actor, submit
from tests.workflow.doings import edit_access, edit_subject, edit_website
from workflow.actors import Actor
from workflow.proposed import proposed_for


async def seen(actor: Actor, record: str) -> str | None:
    """The remark that the actor is shown as proposed."""
    found = (await proposed_for(actor, [record])).get(record)
    return None if found is None else getattr(found.form, "remark", None)


@pytest.mark.shows("C56")
async def test_a_proposal_names_its_change_the_version_it_rests_on_and_what_would_differ(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, other] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    filing = await filed.opened(await filed.start_change(owner, subject, website, access))
    await edit_website(owner, website, name="潮汐观测站", principal={"mobile": "13998765432"})
    await edit_access(owner, access, 1, methods=["5"])
    records = [name(row) for row in (subject, website, other, access)]
    found = await proposed_for(owner, records)
    assert set(found) == {name(website), name(access)}
    shown = found[name(website)]
    assert (shown.filing.id, shown.base_version) == (filing.id, 1)
    assert [(row.path, row.before, row.after) for row in shown.changes if row.path[-1] == "name"] == [
        (("websites", name(website), "name"), website.name, "潮汐观测站")
    ]
    assert {row.path[-1] for row in shown.changes} == {"name", "mobile"}
    assert "13998765432" not in repr([(row.before, row.after) for row in shown.changes])
    assert [row.path for row in found[name(access)].changes] == [
        ("websites", name(website), "access", "methods")
    ]


@pytest.mark.shows("C22", "C56")
async def test_staff_see_the_last_revision_while_it_is_the_owners_turn_and_he_his_living_draft(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner)
    record = name(subject)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, filing, remark="第一版")
    assert (await seen(owner, record), await seen(reviewer, record)) == ("第一版", None)
    filing = await submit(owner, await Filing.get(id=filing.id))
    assert await seen(reviewer, record) == "第一版"
    await give_back(reviewer, filing)
    await edit_subject(owner, filing, remark="第二版")
    assert (await seen(owner, record), await seen(reviewer, record)) == ("第二版", "第一版")
    await approve(reviewer, await submit(owner, await Filing.get(id=filing.id)))
    assert await seen(reviewer, record) == "第二版"


@pytest.mark.shows("C22")
async def test_who_typed_a_change_sees_its_living_draft_too(owner: Actor, reviewer: Actor) -> None:
    subject = await filed.filed_subject(owner, typist=reviewer)
    filing = await filed.opened(await filed.start_change(reviewer, subject, subject))
    await edit_subject(reviewer, filing, remark="代填")
    assert (await seen(reviewer, name(subject)), await seen(owner, name(subject))) == ("代填", "代填")


@pytest.mark.shows("C23")
async def test_no_other_applicant_and_no_administrator_sees_a_proposal(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, filing, remark="秘密")
    await submit(owner, await Filing.get(id=filing.id))
    for role in (Role.APPLICANT, Role.ADMIN):
        assert await proposed_for(await make_actor(role), [name(subject)]) == {}
    assert await seen(await make_actor(Role.AUDITOR), name(subject)) == "秘密"


@pytest.mark.shows("C56")
async def test_what_is_taken_up_without_an_edit_is_proposed_as_it_stands(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    await filed.opened(await filed.start_change(owner, subject, subject))
    [shown] = (await proposed_for(owner, [name(subject)])).values()
    assert (shown.changes, getattr(shown.form, "name", None)) == ((), subject.name)
    assert (await Subject.get(id=subject.id)).version == 1
