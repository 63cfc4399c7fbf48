"""Facts of single filings: whether a cancellation leaves an empty shell, and what moved under a change."""

import pytest

from models.filing import Filing
from models.unit_of_work import unit_of_work
from models.website import OtherAccess, Website
from rules.findings import Severity
from tests.support import filed
from tests.support.filed import name
from tests.workflow.filed_subjects import in_mode
from workflow.actors import Actor
from workflow.facts import facts_of, in_force
from workflow.findings import findings_of


async def warnings_of(owner: Actor, filing: Filing) -> list[str]:
    """The rules of the warnings on a filing; nothing of it blocks."""
    found = await findings_of(owner, filing)
    assert all(finding.severity is not Severity.ERROR for finding in found)
    return [finding.rule for finding in found if finding.severity is Severity.WARNING]


@pytest.mark.shows("C63")
async def test_the_only_access_anywhere_warns_of_an_empty_shell_and_anothers_access_takes_that_away(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.cancel(owner, await filed.access_of(website)))
    assert (await facts_of([filing]))[filing.id] == {"only_access": True}
    assert "BEIAN-EMPTY-SHELL" in await warnings_of(owner, filing)
    await unit_of_work(
        lambda: OtherAccess.create(website_id=website.id, authority_id=1, provider="210000000002")
    )
    assert (await facts_of([filing]))[filing.id] == {"only_access": False}
    assert "BEIAN-EMPTY-SHELL" not in await warnings_of(owner, filing)


@pytest.mark.shows("C63")
async def test_the_subjects_last_website_in_force_warns_too(owner: Actor) -> None:
    in_mode(coexistence="loose")
    subject = await filed.filed_subject(owner, websites=2)
    [first, second] = await filed.websites_of(subject)
    filing = await filed.opened(await filed.cancel(owner, first))
    assert (await facts_of([filing]))[filing.id] == {"last_website": False}
    await unit_of_work(lambda: Website.filter(id=second.id).update(status="CANCELLED"))
    assert (await facts_of([filing]))[filing.id] == {"last_website": True}
    assert "BEIAN-LAST-WEBSITE" in await warnings_of(owner, filing)


@pytest.mark.shows("C56")
async def test_a_change_is_told_which_of_its_records_moved_in_force(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    filing = await filed.opened(await filed.start_change(owner, subject, website, access))
    assert (await facts_of([filing]))[filing.id] == {"base_changed": frozenset()}
    await unit_of_work(lambda: Website.filter(id=website.id).update(name="别的名字"))
    assert (await facts_of([filing]))[filing.id] == {"base_changed": frozenset({name(website)})}


async def test_what_is_in_force_of_a_website_is_told_without_its_access(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    [website] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    found = await in_force([name(subject), name(website), name(access)])
    assert set(found) == {name(subject), name(website), name(access)}
    assert getattr(found[name(website)], "access", "-") is None
    assert await in_force([]) == {}
    first_filing = await Filing.get()
    assert await facts_of([first_filing]) == {}
