"""What only our own library knows: whose a domain, a home page or a certificate already is, and by which rules we judged."""

import ipaddress

import pytest

import settings as settings_module
from models.cipher import cipher
from models.filing import Filing, Revision
from models.node_ids import node_id
from models.states import FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import WebsiteDomain
from rules.findings import Severity
from settings import Settings
from tests.support.lives import approve, draft, give_back, make_actor, named, submit
from tests.workflow.doings import add_website, edit_subject, edit_website, fresh, websites_of
from workflow import reviews, steps, website_drafts
from workflow.actors import Actor
from workflow.findings import check_filing
from workflow.forms import load_forms
from workflow.judgement import judge_many


async def errors(actor: Actor, filing: Filing) -> set[str]:
    check = await check_filing(actor, node_id(Filing, filing.id))
    assert check is not None
    return {finding.rule for finding in check.findings if finding.severity is Severity.ERROR}


TAKEN = {"MIIT-1003", "MIIT-1005", "MIIT-1021"}


@pytest.mark.shows("C74")
async def test_a_filing_on_its_way_holds_what_it_claims_and_a_draft_holds_nothing(
    owner: Actor, reviewer: Actor
) -> None:
    rival = await make_actor(Role.APPLICANT)
    first, second = await draft(owner), await draft(rival)
    assert (await errors(owner, first), await errors(rival, second)) == (set(), set())
    first = await submit(owner, first)
    assert await errors(rival, second) == TAKEN
    assert await errors(owner, first) == set()
    refused = await steps.submit_filing(rival, **named(second), filing_password=None)
    assert {problem.rule for problem in refused.problems} == TAKEN
    told = " ".join(problem.zh + problem.en + (problem.suggestion or "") for problem in refused.problems)
    assert owner.name not in told
    assert node_id(Filing, first.id) not in told
    first = await approve(reviewer, first)
    assert await errors(rival, second) == TAKEN
    for status, holds in (
        (FilingStatus.AT_AUTHORITY, TAKEN),
        (FilingStatus.RETURNED, set()),
        (FilingStatus.REFUSED, set()),
        (FilingStatus.ABANDONED, set()),
    ):
        await unit_of_work(lambda status=status: Filing.filter(id=first.id).update(status=status))
        assert await errors(rival, second) == holds, status


@pytest.mark.shows("C74")
async def test_another_spelling_is_no_way_around_a_conflict(owner: Actor) -> None:
    await submit(owner, await draft(owner))
    rival = await make_actor(Role.APPLICANT)
    filing = await draft(rival)
    [website] = await websites_of(filing)
    await edit_website(rival, website, home_url="WWW.haian-0.example/")
    assert await errors(rival, filing) == TAKEN
    for number in ("91110101y00000008f", " 91110101 Y00000008F", "９１110101Y00000008F"):
        await edit_subject(rival, filing, certificate_number=number)
        assert await errors(rival, filing) & {"MIIT-1003", "MIIT-1008"}, number
        index = (await Subject.get(id=filing.subject_id)).certificate_number_index
        assert index == cipher().index("91110101Y00000008F"), number
    for spelling in ("HAIAN-0.Example", "haian-0.example.", "ｈaian-0.example", "shop.haian-0.example"):
        await edit_website(rival, website, domains=[spelling])
        assert await errors(rival, filing) & {"MIIT-1004", "MIIT-1005"}, spelling


@pytest.mark.shows("C74")
async def test_forms_judged_together_are_told_apart(owner: Actor) -> None:
    held = await submit(owner, await draft(owner))
    rival = await make_actor(Role.APPLICANT)
    filings = [held, *[await draft(rival, number) for number in (0, 1)], await draft(owner, 2)]
    forms = await load_forms(filings)
    judged = await judge_many([(filing, forms[filing.id]) for filing in filings])
    found = [{finding.rule for finding in judged[filing.id].findings} & TAKEN for filing in filings]
    assert found == [set(), TAKEN, set(), set()]


@pytest.mark.shows("C74")
async def test_a_website_that_was_taken_out_holds_its_domain_no_longer(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner, 2)))
    _, second = await websites_of(filing)
    await website_drafts.remove_website(owner, id=f"web_{second.id}", version=1, key=None)
    await submit(owner, await fresh(filing))
    rival = await make_actor(Role.APPLICANT)
    other = await draft(rival)
    [website] = await websites_of(other)
    await edit_website(rival, website, domains=["fenggu-7.example"], home_url="www.fenggu-7.example")
    assert await errors(rival, other) == set()
    assert await WebsiteDomain.filter(website_id=second.id).exists()


async def test_what_is_ones_own_is_no_conflict_but_a_domain_twice_is(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    assert await errors(owner, filing) == set()
    await add_website(owner, filing, name="海岸论坛", domains=["haian-0.example"])
    assert "MIIT-1039" in await errors(owner, filing)


@pytest.mark.shows("N7")
async def test_a_revision_keeps_the_version_of_the_rules_that_judged_it(
    owner: Actor, settings: Settings
) -> None:
    filing = await submit(owner, await draft(owner))
    first = (await Revision.get(filing_id=filing.id, number=1)).rules_version
    networks = [ipaddress.ip_network("198.51.100.0/24")]  # where the website's address lies
    settings_module.use(settings.model_copy(update={"provider_ip_ranges": networks}))
    assert await errors(owner, filing) == set()
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    assert check.rules_version != first
    await steps.withdraw_filing(owner, **named(filing))
    filing = await submit(owner, await fresh(filing))
    kept = {row.number: row.rules_version for row in await Revision.filter(filing_id=filing.id)}
    assert kept == {1: first, 2: check.rules_version}


@pytest.mark.shows("N7", "C76")
async def test_findings_run_again_at_the_approval_by_the_rules_of_that_day(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    filing = await submit(owner, await draft(owner))
    networks = [ipaddress.ip_network("203.0.113.0/24")]
    settings_module.use(settings.model_copy(update={"provider_ip_ranges": networks}))
    outcome = await reviews.approve_filing(reviewer, **named(filing), revision=1, note=None)
    assert [(p.code, p.rule) for p in outcome.problems] == [("FINDINGS", "MIIT-1063")]
    assert (await fresh(filing)).status is FilingStatus.SUBMITTED
    assert await Subject.filter(id=filing.subject_id, version=1).exists()
