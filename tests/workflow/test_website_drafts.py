"""Drafts of websites: lists that keep identities, what locks them, and what removal leaves."""

import asyncio
from typing import Any

import pytest

from models.access import Access, IpRange
from models.filing import Filing
from models.node_ids import node_id
from models.states import Role
from models.subject import Subject
from models.website import PreApproval, Website, WebsiteDomain
from tests.support.lives import draft, give_back, make_actor, submit
from tests.workflow.doings import (
    ACCESS,
    access_of,
    add_access,
    add_website,
    codes,
    edit_access,
    edit_subject,
    edit_website,
    fresh,
    remove_access,
    said,
    subject_of,
    websites_of,
)
from tests.workflow.everything import everything
from workflow import website_drafts
from workflow.actors import Actor
from workflow.command import Outcome


async def remove_website(actor: Actor, website: Website) -> Outcome:
    return await website_drafts.remove_website(
        actor, id=node_id(Website, website.id), version=website.version, key=None
    )


@pytest.mark.shows("C13")
async def test_without_a_subject_there_is_no_website(owner: Actor) -> None:
    before = await everything()
    outcome = await website_drafts.add_website(
        owner, subject_id="sub_999999", version=1, filing_id=None, fields={"name": "听涛"}, key=None
    )
    assert said(outcome) == [("NOT_FOUND", None, ("subjectId",))]
    assert await everything() == before


@pytest.mark.shows("C14", "C27", "C29")
async def test_a_website_is_added_and_raises_the_filing_but_not_the_subject(owner: Actor) -> None:
    filing = await draft(owner)
    outcome = await add_website(owner, filing, name="海岸论坛", domains=["a.example"], access=ACCESS)
    assert outcome.problems == ()
    _, website = await websites_of(filing)
    assert outcome.ids == {"website": website.id, "subject": filing.subject_id, "filing": filing.id}
    assert (website.subject_id, website.serial, website.version) == (filing.subject_id, 2, 1)
    assert ((await subject_of(filing)).version, (await fresh(filing)).version) == (1, 2)
    [ip_range] = await IpRange.filter(access_id=(await access_of(website)).id)
    assert (ip_range.start, ip_range.end) == ("192.0.2.1", "192.0.2.1")


async def test_an_addition_checks_the_parents_version_and_its_filing(owner: Actor) -> None:
    filing, other = await draft(owner), await draft(owner, 1)
    await edit_subject(owner, filing, remark="一")
    before = await everything()
    place: dict[str, Any] = {
        "subject_id": node_id(Subject, filing.subject_id),
        "fields": {"name": "海岸论坛"},
        "key": None,
    }
    stale = await website_drafts.add_website(owner, version=1, filing_id=None, **place)
    assert [(p.code, p.current_version) for p in stale.problems] == [("STALE_VERSION", 2)]
    wrong = await website_drafts.add_website(owner, version=2, filing_id=node_id(Filing, other.id), **place)
    assert said(wrong) == [("NOT_FOUND", None, ("filingId",))]
    assert await everything() == before
    right = await website_drafts.add_website(owner, version=2, filing_id=node_id(Filing, filing.id), **place)
    assert right.problems == ()


async def test_a_list_replaces_the_list_and_a_domain_keeps_its_row_by_name(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    await edit_website(owner, website, domains=["a.example", "b.example", "c.example"])
    rows = {row.name: row.id for row in await WebsiteDomain.filter(website_id=website.id)}
    outcome = await edit_website(owner, website, domains=["c.example", "a.example", "d.example", "c.example"])
    assert outcome.problems == ()
    after = await WebsiteDomain.filter(website_id=website.id).order_by("position")
    assert [row.name for row in after] == ["c.example", "a.example", "d.example"]
    assert [after[0].id, after[1].id] == [rows["c.example"], rows["a.example"]]
    assert after[2].id not in rows.values()
    assert ((await Website.get(id=website.id)).version, (await fresh(filing)).version) == (3, 3)
    assert (await subject_of(filing)).version == 1


async def test_an_absent_list_stays_and_a_null_or_empty_one_is_emptied(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    papers = [{"type": "1", "number": "文网备1号"}, {"type": "1", "number": "文网备2号"}]
    await edit_website(owner, website, pre_approvals=papers, remark="一")
    await edit_website(owner, website, name="海岸")
    assert [row.number for row in await PreApproval.filter(website_id=website.id).order_by("position")] == [
        "文网备1号",
        "文网备2号",
    ]
    assert [row.name for row in await WebsiteDomain.filter(website_id=website.id)] == ["haian-0.example"]
    await edit_website(owner, website, pre_approvals=[], domains=None, languages=None, remark=None)
    assert not await PreApproval.filter(website_id=website.id).exists()
    assert not await WebsiteDomain.filter(website_id=website.id).exists()
    changed = await Website.get(id=website.id)
    assert (changed.name, changed.languages, changed.remark) == ("海岸", [], None)
    assert changed.service_contents == ["16", "8"]


@pytest.mark.shows("C29")
async def test_what_was_never_submitted_is_erased(owner: Actor) -> None:
    filing = await draft(owner, 2)
    first, second = await websites_of(filing)
    access = await access_of(second)
    assert (await remove_website(owner, second)).problems == ()
    assert await websites_of(filing) == [first]
    assert not await Website.filter(id=second.id).exists()
    assert not await Access.filter(website_id=second.id).exists()
    assert not await IpRange.filter(access_id=access.id).exists()
    assert not await WebsiteDomain.filter(website_id=second.id).exists()
    assert ((await subject_of(filing)).version, (await fresh(filing)).version) == (1, 2)


@pytest.mark.shows("C34", "N8")
async def test_what_was_submitted_once_is_archived_with_what_it_held(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner, 2)))
    first, second = await websites_of(filing)
    access = await access_of(second)
    assert (await remove_website(owner, second)).problems == ()
    assert [website.id for website in await websites_of(filing)] == [first.id]
    gone = await Website.get(id=second.id)
    assert (gone.archived, gone.version, (await Access.get(id=access.id)).archived) == (True, 2, True)
    assert await IpRange.filter(access_id=access.id).exists()
    assert await WebsiteDomain.filter(website_id=second.id).exists()
    again = await edit_website(owner, gone, name="回来")
    assert codes(again) == ["WRONG_STATE"]
    await add_website(owner, filing, name="丰谷论坛")
    assert [website.serial for website in await websites_of(filing)] == [1, 3]


UNSTORABLE: list[tuple[dict[str, Any], str | None, tuple[str, ...]]] = [
    ({"name": "😀"}, "MIIT-5008", ("name",)),
    ({"name": None}, "BEIAN-REQUIRED", ("name",)),
    ({"name": "长" * 513}, "BEIAN-LENGTH", ("name",)),
    ({"home_url": "www.a.cn\n"}, "BEIAN-CONTROL", ("homeUrl",)),
    ({"domains": ["a" * 129]}, "BEIAN-LENGTH", ("domains", "a" * 129)),
    ({"domains": ["😀.cn"]}, "MIIT-5008", ("domains", "😀.cn")),
    ({"service_contents": ["9999"]}, None, ("serviceContents", "9999")),
    ({"languages": ["9999"]}, None, ("languages", "9999")),
    ({"pre_approvals": [{"type": "9999", "number": "1"}]}, None, ("preApprovals", "0", "type")),
    ({"pre_approvals": [{"type": "1", "number": "\x00"}]}, "BEIAN-CONTROL", ("preApprovals", "0", "number")),
    ({"principal": {"mobile": "139****5678"}}, "BEIAN-MASKED", ("principal", "mobile")),
]


@pytest.mark.shows("C77")
async def test_what_no_website_may_hold_is_refused_at_save(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    before = await everything()
    for fields, rule, path in UNSTORABLE:
        [problem] = (await edit_website(owner, website, **fields)).problems
        assert (problem.code, problem.path) == (
            "INVALID",
            ("websites", node_id(Website, website.id), *path),
        )
        assert rule is None or problem.rule == rule
        assert codes(await add_website(owner, filing, **{"name": "海岸论坛", **fields})) == ["INVALID"]
    assert await everything() == before


@pytest.mark.shows("C31", "C60", "C70")
async def test_a_submission_locks_websites_and_accesses(owner: Actor) -> None:
    filing = await submit(owner, await draft(owner))
    [website] = await websites_of(filing)
    access, before = await access_of(website), await everything()
    outcomes = [
        await add_website(owner, filing, name="海岸论坛"),
        await edit_website(owner, website, name="海岸"),
        await remove_website(owner, website),
        await add_access(owner, website, **ACCESS),
        await edit_access(owner, access, 1, methods=["2"]),
        await remove_access(owner, access),
    ]
    assert [codes(outcome) for outcome in outcomes] == [["WRONG_STATE"]] * 6
    assert {outcome.problems[0].blocking_id for outcome in outcomes} == {node_id(Filing, filing.id)}
    assert await everything() == before


@pytest.mark.shows("N8")
async def test_every_edit_at_an_old_version_is_told_the_current_one(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    access = await access_of(website)
    await edit_website(owner, website, remark="一")
    await edit_access(owner, access, 1, methods=["2"])
    before = await everything()
    outcomes = [
        await website_drafts.update_website(
            owner, id=node_id(Website, website.id), version=1, fields={"remark": "二"}, key=None
        ),
        await remove_website(owner, website),
        await add_access(owner, website, **ACCESS),
        await edit_access(owner, access, 1, methods=["3"]),
        await remove_access(owner, access),
    ]
    assert [(o.problems[0].code, o.problems[0].current_version) for o in outcomes] == [
        ("STALE_VERSION", 2)
    ] * 5
    assert await everything() == before


@pytest.mark.shows("N8")
async def test_of_an_edit_and_a_removal_at_one_version_only_one_happens(owner: Actor) -> None:
    for round_ in range(6):
        filing = await draft(owner, round_)
        website = (await websites_of(filing))[0]
        outcomes = await asyncio.gather(
            edit_website(owner, website, remark="一"),
            remove_website(owner, website),
            edit_website(owner, website, remark="二"),
        )
        assert sorted(len(outcome.problems) for outcome in outcomes) == [0, 1, 1]
        assert (await fresh(filing)).version == 2


@pytest.mark.shows("C23")
async def test_websites_and_accesses_of_others_are_unknown(owner: Actor) -> None:
    filing = await draft(owner)
    [website] = await websites_of(filing)
    access, stranger = await access_of(website), await make_actor(Role.APPLICANT)
    before = await everything()
    outcomes = [
        await edit_website(stranger, website, name="海岸"),
        await remove_website(stranger, website),
        await add_access(stranger, website, **ACCESS),
        await edit_access(stranger, access, 1, methods=["2"]),
        await remove_access(stranger, access),
    ]
    assert [codes(outcome) for outcome in outcomes] == [["NOT_FOUND"]] * 5
    assert await everything() == before
