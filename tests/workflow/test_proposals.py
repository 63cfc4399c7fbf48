"""Proposals: a change stands beside what is in force, is written, dropped and brought back as a whole, and judged."""

from typing import Any

import pytest

from authority.simulator.counter import Simulator
from models.access import Access, IpRange
from models.filing import Filing, Target
from models.states import FilingStatus, RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from tests.support import filed
from tests.support.filed import PASSWORD, name
from tests.support.lives import approve, give_back, submit
from tests.workflow.doings import edit_access, edit_subject, edit_website, said
from tests.workflow.everything import everything
from tests.workflow.filed_subjects import in_mode
from workflow import drafts, steps
from workflow.actors import Actor
from workflow.changes import changes
from workflow.command import Outcome
from workflow.findings import findings_of
from workflow.proposed import proposed_for
from workflow.revisions import form_of, last_revisions

BLOCKS = "FINDINGS"


async def site_and_access(subject: Subject) -> tuple[Website, Access]:
    """The first website of the subject, and its access."""
    [website, *_] = await filed.websites_of(subject)
    return website, await filed.access_of(website)


async def changing(owner: Actor, subject: Subject, *rows: Subject | Website | Access) -> Filing:
    """An open change of these records, or of the subject."""
    return await filed.opened(await filed.start_change(owner, subject, *(rows or (subject,))))


async def in_force(subject: Subject) -> dict[str, list[str]]:
    """Every row that says what is in force, without the versions that a proposal raises."""
    tables = await everything()
    kept = ("subject", "website", "website_domain", "access", "ip_range", "pre_approval")
    rows = {table: tables[table] for table in kept}
    return {table: [_without_version(row) for row in found] for table, found in rows.items()}


def _without_version(row: str) -> str:
    head, _, tail = row.partition("'version': ")
    return head + tail.partition(",")[2] if tail else row


async def hand_in(owner: Actor, filing: Filing) -> Outcome:
    """Submit it as it stands."""
    version = (await Filing.get(id=filing.id)).version
    return await steps.submit_filing(owner, id=name(filing), version=version, filing_password=None, key=None)


async def rules(owner: Actor, filing: Filing) -> list[tuple[str, tuple[str, ...] | None]]:
    """What submitting it is refused for; asserts that it changed nothing."""
    before = await everything()
    outcome = await hand_in(owner, filing)
    assert await everything() == before
    assert {problem.code for problem in outcome.problems} <= {BLOCKS}
    return [(problem.rule or "", problem.path) for problem in outcome.problems]


@pytest.mark.shows("C54", "C55", "C56")
async def test_what_is_in_force_stays_as_it_is_while_a_change_is_written_returned_and_accepted(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await site_and_access(subject)
    before = await in_force(subject)
    filing = await changing(owner, subject, subject, website, access)
    for outcome in (
        await edit_subject(owner, filing, name="海岸新名有限公司", address="中山路99号"),
        await edit_website(owner, website, domains=["new-name.example"], home_url="www.new-name.example"),
        await edit_access(owner, access, 1, ip_ranges=[{"start": "203.0.113.200", "end": None}]),
    ):
        assert not outcome.problems
        assert outcome.ids["filing"] == filing.id
    assert await in_force(subject) == before
    filing = await Filing.get(id=filing.id)
    assert filing.version == 4
    assert [row.version for row in (await Subject.get(), await Website.get(), await Access.get())] == [
        2,
        2,
        2,
    ]
    filing = await give_back(reviewer, await submit(owner, filing))
    await edit_subject(owner, filing, name="海岸更名有限公司")
    filing = await approve(reviewer, await submit(owner, await Filing.get(id=filing.id)))
    assert (filing.status, filing.revision) == (FilingStatus.ACCEPTED, 2)
    marked = await in_force(subject)
    assert marked == before


@pytest.mark.shows("C55", "C31")
async def test_a_change_that_was_submitted_is_locked(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await site_and_access(subject)
    filing = await changing(owner, subject, subject, website, access)
    await edit_subject(owner, filing, remark="一")
    await submit(owner, await Filing.get(id=filing.id))
    before = await everything()
    for outcome in (
        await edit_subject(owner, filing, remark="二"),
        await edit_website(owner, website, remark="二"),
        await edit_access(owner, access, 1, methods=["5"]),
        await steps.drop_filing(owner, id=name(filing), version=3, key=None),
    ):
        assert [problem.code for problem in outcome.problems] == ["WRONG_STATE"]
    assert await everything() == before


@pytest.mark.shows("C54", "C70")
async def test_a_record_that_the_change_has_not_taken_up_is_not_edited(owner: Actor) -> None:
    subject = await filed.filed_subject(owner, websites=2)
    [website, other] = await filed.websites_of(subject)
    access = await filed.access_of(website)
    await changing(owner, subject, website)
    before = await everything()
    filing = await Filing.filter(kind="CHANGE").get()
    for outcome in (
        await edit_subject(owner, filing, remark="一"),
        await edit_website(owner, other, remark="一"),
        await edit_access(owner, access, 1, methods=["5"]),
    ):
        assert [problem.code for problem in outcome.problems] == ["WRONG_STATE"]
    assert await everything() == before


@pytest.mark.shows("C55", "N8")
async def test_an_edit_that_says_what_is_proposed_already_raises_nothing(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await changing(owner, subject)
    assert not (await edit_subject(owner, filing, remark="搬迁")).problems
    before = await everything()
    assert not (await edit_subject(owner, filing, remark="搬迁")).problems
    assert not (await edit_subject(owner, filing)).problems
    assert await everything() == before


@pytest.mark.shows("N8")
async def test_a_proposal_that_was_overtaken_is_told_with_both_values(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await changing(owner, subject)
    await edit_subject(owner, filing, address="北京路1号")
    before = await everything()
    late = await drafts.update_subject(
        owner, id=name(subject), version=1, fields={"address": "北京路2号"}, key=None
    )
    [problem] = late.problems
    assert (problem.code, problem.current_version) == ("STALE_VERSION", 2)
    assert [(row.path, row.current, row.sent) for row in problem.conflicts] == [
        (("subject", "address"), "北京路1号", "北京路2号")
    ]
    assert await everything() == before


@pytest.mark.shows("C48", "C56")
async def test_what_is_proposed_is_sealed_and_a_masked_value_is_never_stored(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await changing(owner, subject)
    await edit_subject(owner, filing, principal={"mobile": "13998765432"})
    rows = (await everything())["filing_target"]
    assert not any("13998765432" in row for row in rows)
    assert "13998765432" in ((await Target.get()).proposal or "")
    before = await everything()
    masked = await edit_subject(owner, filing, principal={"mobile": "139****5432"})
    assert [problem.code for problem in masked.problems] == ["INVALID"]
    too_long = await edit_subject(owner, filing, address="路" * 2000)
    assert [problem.code for problem in too_long.problems] == ["INVALID"]
    emoji = await edit_subject(owner, filing, remark="搬迁🚚")
    assert said(emoji) == [("INVALID", "MIIT-5008", ("subject", "remark"))]
    assert await everything() == before


@pytest.mark.shows("C54")
async def test_a_change_that_changes_nothing_is_not_submitted(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await changing(owner, subject)
    assert await rules(owner, filing) == [("BEIAN-NOTHING-CHANGED", ())]
    await edit_subject(owner, filing, remark="搬迁")
    await edit_subject(owner, filing, remark=None)  # back to what is in force
    assert await rules(owner, filing) == [("BEIAN-NOTHING-CHANGED", ())]


@pytest.mark.shows("C57")
async def test_a_change_stays_in_its_province(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)  # in Beijing
    filing = await changing(owner, subject)
    await edit_subject(owner, filing, division="210202")
    assert ("MIIT-1046", ("subject", "division")) in await rules(owner, filing)
    await edit_subject(owner, filing, division="110102")
    assert not (await hand_in(owner, filing)).problems


@pytest.mark.shows("C58")
async def test_a_change_of_the_subject_alone_carries_its_first_website_with_an_access_here(
    owner: Actor, reviewer: Actor
) -> None:
    subject = await filed.filed_subject(owner, websites=3)
    [bare, served, _] = await filed.websites_of(subject)
    await filed.end_access(await filed.access_of(bare))
    filing = await changing(owner, subject)
    await edit_subject(owner, filing, remark="搬迁")
    filing = await submit(owner, await Filing.get(id=filing.id))
    form = form_of((await last_revisions([filing]))[filing.id])
    assert [site.id for site in form.websites] == [name(served)]
    assert (form.subject.remark, form.websites[0].access is None) == ("搬迁", False)


@pytest.mark.shows("C58")
async def test_a_change_without_a_website_that_is_served_here_is_refused(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await site_and_access(subject)
    await filed.end_access(access)
    filing = await changing(owner, subject, subject)
    assert not (await edit_subject(owner, filing, remark="搬迁")).problems
    assert await rules(owner, filing) == [("BEIAN-CHANGE-NEEDS-WEBSITE", ("websites",))]
    await filed.give_up(owner, await Filing.get(id=filing.id))
    filing = await changing(owner, subject, website)
    assert not (await edit_website(owner, website, remark="搬迁")).problems
    assert ("BEIAN-CHANGE-NEEDS-WEBSITE", ("websites",)) in await rules(owner, filing)


@pytest.mark.shows("C54", "C56")
async def test_domains_and_ranges_come_and_go_and_keep_their_identity_by_name(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    subject = await filed.file_at(desk, owner, reviewer)
    website, access = await site_and_access(subject)
    [domain] = await WebsiteDomain.filter(website_id=website.id)
    [kept, *_] = await IpRange.filter(access_id=access.id).order_by("position")
    filing = await changing(owner, subject, website, access)
    await edit_website(owner, website, domains=["second.example", domain.name])
    added = {"start": "203.0.113.201", "end": "203.0.113.202"}
    await edit_access(
        owner, access, access.version, ip_ranges=[added, {"start": kept.start, "end": kept.end}]
    )
    assert (
        await filed.through(desk, owner, reviewer, await Filing.get(id=filing.id))
    ).status is FilingStatus.APPROVED
    rows = await WebsiteDomain.filter(website_id=website.id).order_by("position")
    assert [(row.name, row.status) for row in rows] == [
        ("second.example", RecordStatus.FILED), (domain.name, RecordStatus.FILED),
    ]  # fmt: skip
    assert (rows[1].id, rows[1].authority_id) == (domain.id, domain.authority_id)
    assert rows[0].authority_id not in (None, domain.authority_id)
    ranges = await IpRange.filter(access_id=access.id).order_by("position")
    assert [(row.start, row.end) for row in ranges] == [
        ("203.0.113.201", "203.0.113.202"), (kept.start, kept.end),
    ]  # fmt: skip
    assert (ranges[1].id, ranges[1].authority_id) == (kept.id, kept.authority_id)
    assert ranges[0].authority_id is not None
    website, access = await site_and_access(subject)
    filing = await changing(owner, subject, website, access)
    await edit_website(owner, website, domains=["second.example"], home_url="www.second.example")
    await edit_access(owner, access, access.version, ip_ranges=[added])
    assert (
        await filed.through(desk, owner, reviewer, await Filing.get(id=filing.id))
    ).status is FilingStatus.APPROVED
    assert [row.name for row in await WebsiteDomain.filter(website_id=website.id)] == ["second.example"]
    assert [row.start for row in await IpRange.filter(access_id=access.id)] == ["203.0.113.201"]


@pytest.mark.shows("C44", "C55", "C56")
async def test_an_abandoned_change_is_out_of_sight_as_a_whole_and_back_as_a_whole(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, _ = await site_and_access(subject)
    before = await in_force(subject)
    filing = await changing(owner, subject, subject, website)
    await edit_subject(owner, filing, remark="搬迁")
    await edit_website(owner, website, remark="搬迁二")
    names = [name(subject), name(website)]
    shown = {record: row.form for record, row in (await proposed_for(owner, names)).items()}
    assert set(shown) == set(names)
    assert "搬迁二" in repr(shown[names[1]])
    dropped = await filed.give_up(owner, await Filing.get(id=filing.id))
    assert await proposed_for(owner, names) == {}
    assert await in_force(subject) == before
    refused = await edit_website(owner, website, remark="三")
    assert [problem.code for problem in refused.problems] == ["WRONG_STATE"]
    restored = await steps.restore_filing(
        owner, id=name(dropped), version=dropped.version, filing_password=PASSWORD, key=None
    )
    assert not restored.problems
    assert {record: row.form for record, row in (await proposed_for(owner, names)).items()} == shown
    assert not (await hand_in(owner, filing)).problems


@pytest.mark.shows("C56", "C81")
async def test_what_changed_in_force_since_must_be_seen_and_saved_again(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, access = await site_and_access(subject)
    filing = await changing(owner, subject, subject, website, access)
    await edit_subject(owner, filing, remark="搬迁")
    await unit_of_work(lambda: Subject.filter(id=subject.id).update(address="管局改的地址"))
    assert await rules(owner, filing) == [("BEIAN-BASE-CHANGED", ("subject",))]
    await unit_of_work(lambda: Website.filter(id=website.id).update(remark="管局写的"))
    await unit_of_work(lambda: Access.filter(id=access.id).update(methods=["5"]))
    path = ("websites", name(website))
    assert await rules(owner, filing) == [
        ("BEIAN-BASE-CHANGED", ("subject",)),
        ("BEIAN-BASE-CHANGED", path),
        ("BEIAN-BASE-CHANGED", (*path, "access")),
    ]
    for outcome in (
        await edit_subject(owner, filing, remark="搬迁"),
        await edit_website(owner, website),
        await edit_access(owner, access, 1),
    ):
        assert not outcome.problems
    assert not (await hand_in(owner, filing)).problems


@pytest.mark.shows("C56")
async def test_saving_again_keeps_what_was_proposed_over_what_changed_in_force(owner: Actor) -> None:
    subject = await filed.filed_subject(owner)
    filing = await changing(owner, subject)
    await edit_subject(owner, filing, remark="搬迁")
    await unit_of_work(lambda: Subject.filter(id=subject.id).update(address="管局改的地址"))
    await edit_subject(owner, filing, remark="再搬迁")
    target = await Target.get()
    assert "管局改的地址" in (target.base or "")
    assert "再搬迁" in (target.proposal or "")
    assert subject.address or ""
    assert (subject.address or "?") in (target.proposal or "")


@pytest.mark.shows("C56", "N3")
async def test_the_changes_of_a_change_count_from_what_was_in_force(owner: Actor, reviewer: Actor) -> None:
    subject = await filed.filed_subject(owner)
    website, _ = await site_and_access(subject)
    filing = await changing(owner, subject, subject, website)
    await edit_subject(owner, filing, address="人民路7号", principal={"mobile": "13998765432"})

    async def told(since: int | None, to: int | None = None) -> dict[tuple[str, ...], Any]:
        found = await changes(owner, await Filing.get(id=filing.id), since, to)
        return {change.path: (change.before, change.after) for change in found}

    diff = await told(0)
    assert diff[("subject", "address")] == (subject.address, "人民路7号")
    assert "13998765432" not in repr(diff)
    assert set(diff) == {("subject", "address"), ("subject", "principal", "mobile")}
    filing = await give_back(reviewer, await submit(owner, await Filing.get(id=filing.id)))
    await edit_website(owner, website, remark="第二版")
    assert set(await told(1)) == {("websites", name(website), "remark")}
    assert set(await told(0)) == {*diff, ("websites", name(website), "remark")}
    await submit(owner, await Filing.get(id=filing.id))
    assert set(await told(0, 1)) == set(diff)
    assert set(await told(1, 2)) == {("websites", name(website), "remark")}
    assert set(await told(None)) == {("websites", name(website), "remark")}  # what the last one changed


@pytest.mark.shows("C74")
async def test_two_changes_to_one_new_domain_the_second_is_refused_while_the_first_is_on_its_way(
    owner: Actor, reviewer: Actor
) -> None:
    in_mode(coexistence="strict")
    first, second = await filed.filed_subject(owner, 1), await filed.filed_subject(owner, 2)
    filings = []
    for subject in (first, second):
        website, _ = await site_and_access(subject)
        filing = await changing(owner, subject, website)
        outcome = await edit_website(
            owner, website, domains=["wanted.example"], home_url="www.wanted.example"
        )
        assert not outcome.problems
        filings.append((filing, website))
    (one, _), (two, site) = filings
    assert not (await hand_in(owner, one)).problems
    taken = [(rule, path) for rule, path in await rules(owner, two)]
    assert ("MIIT-1005", ("websites", name(site), "domains", "wanted.example")) in taken
    assert {rule for rule, _ in taken} == {"MIIT-1005", "MIIT-1021"}
    returned = await give_back(reviewer, await Filing.get(id=one.id))
    assert not [
        row for row in await findings_of(owner, await Filing.get(id=two.id)) if row.rule == "MIIT-1005"
    ]
    await submit(owner, returned)
    assert ("MIIT-1005", ("websites", name(site), "domains", "wanted.example")) in await rules(owner, two)
    version = (await Filing.get(id=one.id)).version
    await steps.withdraw_filing(owner, id=name(one), version=version, key=None)
    assert not (await hand_in(owner, two)).problems


@pytest.mark.shows("C74")
async def test_a_draft_of_a_further_website_blocks_nobody_and_on_its_way_it_does(owner: Actor) -> None:
    first, second = await filed.filed_subject(owner, 1), await filed.filed_subject(owner, 2)
    told = filed.site(50, 1)
    filings = []
    for subject in (first, second):
        filing = await filed.opened(await filed.start_add_website(owner, subject))
        await filed.add_site(owner, subject, told)
        filings.append(filing)
    assert not (await hand_in(owner, filings[0])).problems
    assert {rule for rule, _ in await rules(owner, filings[1])} == {"MIIT-1005", "MIIT-1021"}


@pytest.mark.shows("C74")
async def test_what_a_change_gives_up_stays_its_subjects_until_that_is_approved(owner: Actor) -> None:
    first, second = await filed.filed_subject(owner, 1), await filed.filed_subject(owner, 2)
    mine, _ = await site_and_access(first)
    theirs, _ = await site_and_access(second)
    [domain] = await WebsiteDomain.filter(website_id=mine.id)
    leaving = await changing(owner, first, mine)
    await edit_website(owner, mine, domains=["elsewhere.example"], home_url="www.elsewhere.example")
    assert not (await hand_in(owner, leaving)).problems
    coming = await changing(owner, second, theirs)
    await edit_website(owner, theirs, domains=[domain.name], home_url=f"www.{domain.name}")
    assert "MIIT-1005" in {rule for rule, _ in await rules(owner, coming)}
