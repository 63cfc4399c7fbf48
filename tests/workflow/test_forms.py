"""Forms: what each kind of filing is about, as its rows and proposals stand, whatever else the subject has."""

import pytest

from models.filing import Filing
from models.states import RecordStatus
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.form import FilingForm
from tests.support import filed
from tests.support.filed import name
from tests.workflow.doings import edit_access, edit_subject, edit_website
from tests.workflow.filed_subjects import in_mode
from workflow.actors import Actor
from workflow.forms import load_base, load_forms


async def form_of(filing: Filing) -> FilingForm:
    return (await load_forms([filing]))[filing.id]


def sites(form: FilingForm) -> list[str | None]:
    return [site.id for site in form.websites]


@pytest.mark.shows("C58", "C59", "C62", "C64", "C65")
async def test_each_kind_carries_what_it_is_about_and_nothing_else(owner: Actor) -> None:
    in_mode(coexistence="loose")
    subject = await filed.filed_subject(owner, websites=4)
    [first, second, third, bare] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(bare))
    change = await filed.opened(await filed.start_change(owner, subject, await filed.access_of(second)))
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    site = await filed.add_site(owner, subject, filed.site(0, 5))
    ending = await filed.opened(await filed.cancel(owner, await filed.access_of(third), remark="停"))
    serving = await filed.opened(await filed.start_access(owner, bare))
    [entering] = await Filing.filter(kind="NEW_FILING")
    assert sites(await form_of(change)) == [name(second)]
    assert sites(await form_of(adding)) == [name(site)]
    assert sites(await form_of(ending)) == [name(third)]
    assert sites(await form_of(serving)) == [name(bare)]
    assert sites(await form_of(entering)) == [name(row) for row in (first, second, third, bare)]
    told = await form_of(ending)
    assert told.cancellation is not None
    assert (told.cancellation.target, told.cancellation.remark) == (name(await filed.access_of(third)), "停")
    [served] = (await form_of(serving)).websites
    assert served.access is not None
    assert (served.access.id, served.access.methods) == (name(await filed.access_of(bare)), ("3",))
    assert (await form_of(serving)).elsewhere is False


@pytest.mark.shows("C56", "C58")
async def test_a_change_is_the_whole_subject_and_whole_websites_with_what_is_proposed_laid_over(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, _] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    filing = await filed.opened(await filed.start_change(owner, subject, website, access))
    untouched = await form_of(filing)
    assert (untouched.unchanged, sites(untouched)) == (True, [name(website)])
    await edit_website(owner, website, name="潮汐观测站")
    await edit_access(owner, access, 1, methods=["5"])
    form, base = await form_of(filing), await load_base(filing)
    [site], [before] = form.websites, base.websites
    assert form.unchanged is False
    assert (site.name, site.access and site.access.methods) == ("潮汐观测站", ("5",))
    assert (site.domains, form.subject.name) == (before.domains, subject.name)
    assert (before.name, before.access and before.access.methods) == (website.name, tuple(access.methods))
    assert form.division_in_force == subject.division


@pytest.mark.shows("C57")
async def test_a_change_remembers_where_the_subject_is_filed_whatever_is_proposed(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    await edit_subject(owner, filing, division="210202")
    form = await form_of(filing)
    assert (form.subject.division, form.division_in_force) == ("210202", subject.division)


@pytest.mark.shows("C58")
async def test_a_change_of_the_subject_passes_over_websites_that_are_not_in_force_or_not_served(
    owner: Actor,
) -> None:
    subject = await filed.filed_subject(owner, websites=3)
    [gone, bare, served] = await filed.websites_of(subject)
    await unit_of_work(lambda: Website.filter(id=gone.id).update(status=RecordStatus.CANCELLED))
    await filed.end_access(await filed.access_of(bare))
    filing = await filed.opened(await filed.start_change(owner, subject, subject))
    assert sites(await form_of(filing)) == [name(served)]
    await filed.end_access(await filed.access_of(served))
    assert sites(await form_of(filing)) == []


@pytest.mark.shows("C65")
async def test_the_end_of_a_subject_carries_what_was_ever_filed_of_it_and_no_draft(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    adding = await filed.opened(await filed.start_add_website(owner, subject))
    await filed.add_site(owner, subject, filed.site(0, 5))
    await filed.give_up(owner, await Filing.get(id=adding.id))
    ending = await filed.opened(await filed.cancel(owner, subject))
    assert len((await form_of(ending)).websites) == 2


async def test_many_forms_are_those_that_each_is_alone(owner: Actor) -> None:
    filings = []
    for index in (1, 2, 3):
        subject = await filed.filed_subject(owner, index, websites=2)
        filings.append(await filed.opened(await filed.start_change(owner, subject, subject)))
    filings += await Filing.filter(kind="NEW_FILING")
    together = await load_forms(filings)
    assert together == {filing.id: await form_of(filing) for filing in filings}
    assert await load_forms([]) == {}
