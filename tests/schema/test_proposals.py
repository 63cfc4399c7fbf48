"""What is proposed and asked for, as others than its owner are shown it."""

import pytest

from models.filing import Filing
from models.states import Role
from tests.schema.asking import Person, make_person
from tests.support import filed
from tests.support.lives import named, submit
from tests.workflow.doings import edit_subject
from workflow import cancellations, openings, steps

MAILBOX = "xin.fuzeren@example.net"
ASK = """query($id: ID!) { filing(id: $id) {
  cancellationRemark cancellationReason { code } targets { id }
  subject { proposed { principal { email } changes { after } } } } }"""


async def ask(person: Person, filing: Filing) -> dict[str, object]:
    found: dict[str, object] = (await person.ask(ASK, id=f"fil_{filing.id}"))["filing"]
    return found


@pytest.mark.shows("C56", "C22")
async def test_an_auditor_reads_no_proposed_mailbox_and_a_reviewer_does(owner: Person) -> None:
    subject = await filed.filed_subject(owner.actor)
    filing = await filed.opened(await filed.start_change(owner.actor, subject, subject))
    await edit_subject(owner.actor, filing, principal={"email": MAILBOX})
    filing = await submit(owner.actor, await Filing.get(id=filing.id))
    auditor, reviewer = await make_person(Role.AUDITOR), await make_person(Role.REVIEWER)
    assert MAILBOX not in str(await ask(auditor, filing))
    assert MAILBOX in str(await ask(reviewer, filing))


@pytest.mark.shows("C69", "C22")
async def test_staff_read_the_words_of_a_cancellation_as_they_were_submitted(owner: Person) -> None:
    subject = await filed.filed_subject(owner.actor, websites=2)
    [website, _] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.cancel(owner.actor, website, remark="第一次的话"))
    await steps.withdraw_filing(owner.actor, **named(filing))
    filing = await Filing.get(id=filing.id)
    outcome = await cancellations.update_cancellation(
        owner.actor, **named(filing), fields={"remark": "还没提交的话", "reason": "2"}
    )
    assert not outcome.problems, outcome.problems
    reviewer = await make_person(Role.REVIEWER)
    seen, own = await ask(reviewer, filing), await ask(owner, filing)
    assert (seen["cancellationRemark"], own["cancellationRemark"]) == ("第一次的话", "还没提交的话")
    assert (seen["cancellationReason"], own["cancellationReason"]) == ({"code": "1"}, {"code": "2"})


@pytest.mark.shows("C54", "C22")
async def test_staff_do_not_see_what_a_withdrawn_change_has_taken_in_since(owner: Person) -> None:
    subject = await filed.filed_subject(owner.actor)
    [website] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.start_change(owner.actor, subject, subject))
    await edit_subject(owner.actor, filing, remark="新备注")
    filing = await submit(owner.actor, await Filing.get(id=filing.id))
    await steps.withdraw_filing(owner.actor, **named(filing))
    filing = await Filing.get(id=filing.id)
    access = filed.name(await filed.access_of(website))
    taken = await openings.add_change_target(owner.actor, **named(filing), target_id=access)
    assert not taken.problems, taken.problems
    reviewer = await make_person(Role.REVIEWER)
    assert (await ask(reviewer, filing))["targets"] == [{"id": f"sub_{subject.id}"}]
    assert len((await ask(owner, filing))["targets"]) == 2  # type: ignore[arg-type]  # a list, as asked for
    shown = "query($id: ID!) { access(id: $id) { proposed { baseVersion } } }"
    assert (await reviewer.ask(shown, id=access))["access"] == {"proposed": None}
    assert (await owner.ask(shown, id=access))["access"] == {"proposed": {"baseVersion": 1}}
