"""The check before anything is submitted: all faults at once, nothing written, and the same words from submit."""

import pytest

from authority.simulator.counter import Simulator
from models.filing import Filing
from models.node_ids import node_id
from models.states import Role
from models.website import Website
from rules.findings import Severity
from tests.support.lives import approve, draft, give_back, make_actor, named, submit
from tests.workflow.answering import error, reported, told
from tests.workflow.doings import add_website, edit_subject, edit_website, fresh, websites_of
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import in_mode
from workflow import steps
from workflow.actors import Actor
from workflow.findings import check_filing, findings_of


@pytest.mark.shows("N2", "C18", "C74", "C75")
async def test_seven_faults_are_seven_findings_at_once_and_submit_says_the_same(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    await edit_subject(
        owner,
        filing,
        certificate_number="91110101Y00000008G",  # the check character is F
        principal={
            "mobile": "12345678901",
            "email": "no address",
            "office_phone": "12345",
            "certificate_number": "110101195501010006",  # the check digit is 5
        },
    )
    await edit_website(owner, website, home_url="www.elsewhere.example")
    await add_website(owner, filing, name="海岸服务平台", domains=["haian-1.example"], principal=None)
    second = (await websites_of(filing))[1]
    await edit_website(
        owner,
        second,
        service_contents=["8"],
        languages=["1"],
        home_url="www.haian-1.example",
        principal={
            "name": "许星野",
            "office_phone": "086-010-00009581",
            "mobile": "13800009358",
            "email": "xingye.xu34@example.net",
        },
    )
    place = ("subject", "principal")
    seven = {
        ("MIIT-1008", ("subject", "certificateNumber")),
        ("MIIT-1011", (*place, "mobile")),
        ("MIIT-1009", (*place, "email")),
        ("MIIT-1010", (*place, "officePhone")),
        ("MIIT-1015", (*place, "certificateNumber")),
        ("MIIT-1041", ("websites", node_id(Website, website.id), "homeUrl")),
        ("BEIAN-REQUIRED", ("websites", node_id(Website, second.id), "access")),
    }
    before = await everything(memory=True)
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    errors = [finding for finding in check.findings if finding.severity is Severity.ERROR]
    assert len(errors) == 7
    assert {(finding.rule, finding.path) for finding in errors} == seven
    assert (check.filing_id, check.submittable) == (filing.id, False)
    outcome = await steps.submit_filing(owner, **named(await fresh(filing)), filing_password=None)
    assert {(problem.rule, problem.path) for problem in outcome.problems} == seven
    assert [(p.code, p.rule, p.path, p.zh, p.en, p.suggestion) for p in outcome.problems] == [
        ("FINDINGS", f.rule, f.path, f.message_zh, f.message_en, f.suggestion) for f in errors
    ]
    assert await everything(memory=True) == before


@pytest.mark.shows("N2")
async def test_a_sound_draft_is_submittable_and_warnings_do_not_stand_in_the_way(owner: Actor) -> None:
    filing = await draft(owner)
    await edit_subject(owner, filing, address=None)
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    [website] = await websites_of(filing)
    sheet = ("websites", node_id(Website, website.id), "attachments")
    found = [(f.rule, f.severity, f.path) for f in check.findings if f.severity is not Severity.INFO]
    # no document was attached: the organiser's certificate, the principal's, and the website's verification sheet
    assert sorted(found) == [
        ("BEIAN-ADDRESS", Severity.WARNING, ("subject", "address")),
        ("BEIAN-DOCUMENT", Severity.WARNING, ("subject", "attachments")),
        ("BEIAN-DOCUMENT", Severity.WARNING, ("subject", "attachments")),
        ("BEIAN-DOCUMENT", Severity.WARNING, sheet),
    ]
    assert check.submittable
    await submit(owner, await fresh(filing))


@pytest.mark.shows("N2", "C78")
async def test_where_the_provider_requires_documents_their_lack_stands_in_the_way(owner: Actor) -> None:
    filing = await draft(owner)
    in_mode(documents="required")
    before = await everything(memory=True)
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    refused = await steps.submit_filing(owner, **named(filing), filing_password=None)
    errors = [finding.rule for finding in check.findings if finding.severity is Severity.ERROR]
    assert errors == ["BEIAN-DOCUMENT"] * 3
    assert (check.submittable, [problem.rule for problem in refused.problems]) == (False, errors)
    assert await everything(memory=True) == before


@pytest.mark.shows("C23")
async def test_a_filing_of_others_cannot_be_checked(owner: Actor, reviewer: Actor) -> None:
    filing = await draft(owner)
    for actor in (await make_actor(Role.APPLICANT), reviewer, await make_actor(Role.ADMIN)):
        assert await check_filing(actor, node_id(Filing, filing.id)) is None
    for text in ("fil_999999", "sub_1", "", "fil_x"):
        assert await check_filing(owner, text) is None


async def test_staff_are_told_the_findings_of_what_was_submitted_not_of_the_draft(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    await edit_subject(owner, filing, principal={"email": "no address"})
    assert "MIIT-1009" in {finding.rule for finding in await findings_of(owner, filing)}
    assert "MIIT-1009" not in {finding.rule for finding in await findings_of(reviewer, filing)}


@pytest.mark.shows("N2", "N3")
async def test_an_unmet_note_is_a_finding_of_the_check_as_it_is_of_submission(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await submit(owner, await draft(owner))
    filing = await give_back(reviewer, filing, {"path": ["subject", "remark"], "text": "请说明"})
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    assert check.submittable is False
    found = [(it.rule, it.path) for it in check.findings if it.severity is Severity.ERROR]
    refused = await steps.submit_filing(owner, **named(filing), filing_password=None)
    assert found == [("BEIAN-NOTE-OPEN", ("subject", "remark"))]
    assert [(problem.rule, problem.path) for problem in refused.problems] == found
    await edit_subject(owner, filing, remark="已说明")
    check = await check_filing(owner, node_id(Filing, filing.id))
    assert check is not None
    assert check.submittable is True


@pytest.mark.shows("C39")
async def test_a_processing_error_stands_among_the_findings_until_it_is_settled(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    await told(error(filing, 1005))
    found = await findings_of(reviewer, await fresh(filing))
    assert [
        (it.rule, it.severity, it.message_zh) for it in found if it.source.startswith("the authority")
    ] == [("MIIT-1005", Severity.WARNING, "域名已备案")]
    await approve(reviewer, await fresh(filing))
    found = await findings_of(reviewer, await fresh(filing))
    assert not [it for it in found if it.source.startswith("the authority")]
