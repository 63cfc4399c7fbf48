"""The filing list: what it costs, whom it shows, and how it is narrowed."""

from typing import Any

import pytest

from demo.forms import filing_form
from models.filing import Filing
from models.states import Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import WebsiteDomain
from tests.schema.asking import Person, make_person, saved
from tests.support.counting import counting
from tests.support.filed import (
    ACCESS,
    PASSWORD,
    access_of,
    add_site,
    end_access,
    filed_subject,
    opened,
    site,
    start_add_website,
    websites_of,
)
from tests.support.lives import draft, plain, submit
from workflow.access_openings import Typed, start_add_access
from workflow.codes import code_book


@pytest.mark.shows("C22")
async def test_fifty_subjects_with_all_that_hangs_on_them_cost_five_statements(owner: Person) -> None:
    for index in range(50):
        await draft(owner.actor, index)
    await code_book()
    async with counting() as statements:
        page = await owner.run("subjects")
    assert len(page["edges"]) == 50
    assert len(statements) == 5, statements
    node = page["edges"][0]["node"]
    assert node["owner"]["id"] == owner.id
    assert [(step["action"], step["allowed"]) for step in node["permittedActions"]] == [
        ("UPDATE_SUBJECT", True),
        ("ADD_WEBSITE", True),
        ("START_CHANGE", False),
        ("START_ADD_WEBSITE", False),
        ("CANCEL_SUBJECT", False),
    ]
    assert node["openFiling"]["status"] == "DRAFT"
    for edge in page["edges"]:
        sites = edge["node"]["websites"]["nodes"]
        assert sites
        for one in sites:
            assert one["domains"]
            assert one["access"]["ipRanges"]


async def test_without_permissions_and_filings_the_totals_are_not_counted(owner: Person) -> None:
    await draft(owner.actor)
    async with counting() as statements:
        await owner.ask("{ subjects { nodes { name } } }")
    assert not any("COUNT(" in statement for statement in statements)


async def test_an_access_without_ranges_is_shown_too(owner: Person) -> None:
    payload = await owner.do(
        "createSubject", name="甲", websites=[{"name": "站", "access": {"methods": ["1"]}}]
    )
    site = payload["subject"]["websites"]["nodes"][0]
    assert site["access"]["ipRanges"] == []
    assert [code["code"] for code in site["access"]["methods"]] == ["1"]


@pytest.mark.shows("C23")
async def test_the_list_never_shows_what_is_another_mans(owner: Person) -> None:
    other = await make_person(Role.APPLICANT)
    filing = await draft(other.actor)
    assert (await owner.run("subjects"))["edges"] == []
    for name, key in (("subject", "sub"), ("filing", "fil")):
        number = filing.subject_id if key == "sub" else filing.id
        assert await owner.run(name, id=f"{key}_{number}") is None
    assert await owner.run("node", id=f"sub_{filing.subject_id}") is None
    assert await owner.run("checkFiling", id=f"fil_{filing.id}") is None


@pytest.mark.parametrize(
    "node", ["", "sub_", "sub_0", "sub_1e3", "fil_1", "nonsense", "sub_99999999999999999999"]
)
async def test_a_malformed_or_unknown_id_is_nothing(owner: Person, node: str) -> None:
    assert await owner.run("subject", id=node) is None
    assert await owner.run("node", id=node) is None


async def _ids(person: Person, **wanted: Any) -> list[str]:
    page = await person.run("subjects", filter=wanted, orderBy="NAME")
    return [edge["node"]["name"] for edge in page["edges"]]


@pytest.mark.shows("C22")
async def test_the_list_is_narrowed_by_each_condition(owner: Person) -> None:
    for name, division, number in (
        ("沈阳海岸科技", "210102", "91210100MA0ABCDE1X"),
        ("大连海岸贸易", "210202", None),
        ("北京山川书店", "110101", None),
    ):
        await owner.do(
            "createSubject", name=name, division=division, certificateNumber=number,
            websites=[{"name": name, "domains": [f"{division}.cn"]}],
        )  # fmt: skip
    dropped = await owner.do("createSubject", name="已放弃")
    await owner.do("dropFiling", id=dropped["filing"]["id"], version=dropped["filing"]["version"])
    assert await _ids(owner) == ["北京山川书店", "大连海岸贸易", "沈阳海岸科技"]
    assert await _ids(owner, search="海岸") == ["大连海岸贸易", "沈阳海岸科技"]
    assert await _ids(owner, division="210000") == ["大连海岸贸易", "沈阳海岸科技"]
    assert await _ids(owner, division="210200") == ["大连海岸贸易"]
    for number in ("91210100MA0ABCDE1X", " 91210100 ma0abcde1x", "９１２１０１００MA0ABCDE1X"):
        assert await _ids(owner, certificateNumber=number) == ["沈阳海岸科技"], number
    assert await _ids(owner, domain="www.110101.cn") == ["北京山川书店"]
    assert await _ids(owner, status=["FILED"]) == []
    assert await _ids(owner, filingStatus=["DRAFT"], mode="SELF", ownerId=owner.id, division="11") == [
        "北京山川书店"
    ]
    assert await _ids(owner, ownerId="acc_999999") == []
    assert await _ids(owner, archived=True) == ["已放弃"]


@pytest.mark.shows("C22", "C46")
async def test_a_subject_is_found_by_its_own_number_and_by_its_websites(owner: Person) -> None:
    filing = await draft(owner.actor)

    async def work() -> None:
        await Subject.filter(id=filing.subject_id).update(filing_number="辽ICP备06013570号")

    await unit_of_work(work)
    assert len(await _ids(owner, filingNumber="辽ICP备06013570号")) == 1
    assert await _ids(owner, filingNumber="辽ICP备06013571号") == []


@pytest.mark.shows("C22")
async def test_staff_see_what_was_submitted_and_no_draft(owner: Person, reviewer: Person) -> None:
    await draft(owner.actor, 0)
    submitted = await submit(owner.actor, await draft(owner.actor, 1))
    page = await reviewer.run("subjects")
    assert [edge["node"]["id"] for edge in page["edges"]] == [f"sub_{submitted.subject_id}"]


async def test_a_subjects_filings_and_timeline_are_pages(owner: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    shown = await owner.run("subject", id=f"sub_{filing.subject_id}")
    assert [node["id"] for node in shown["filings"]["nodes"]] == [f"fil_{filing.id}"]
    assert [event["action"] for event in shown["timeline"]["nodes"]] == ["CREATE_SUBJECT", "SUBMIT_FILING"]


async def test_websites_and_accesses_have_lists_of_their_own(owner: Person) -> None:
    filing = await draft(owner.actor)
    websites = await owner.run("websites", filter={"subjectId": f"sub_{filing.subject_id}"})
    accesses = await owner.run("accesses", filter={"websiteId": websites["nodes"][0]["id"]})
    assert websites["totalCount"] == len(websites["nodes"])
    assert websites["nodes"][0]["subject"]["id"] == f"sub_{filing.subject_id}"
    assert len(accesses["nodes"]) == 1
    assert accesses["nodes"][0]["website"]["id"] == websites["nodes"][0]["id"]
    one = await owner.run("access", id=accesses["nodes"][0]["id"])
    assert [step["action"] for step in one["permittedActions"]] == [
        "UPDATE_ACCESS", "REMOVE_ACCESS", "START_CHANGE", "CANCEL_ACCESS",
    ]  # fmt: skip
    assert one["openFilings"][0]["id"] == f"fil_{filing.id}"
    site = await owner.run("website", id=websites["nodes"][0]["id"])
    assert [step["action"] for step in site["permittedActions"]] == [
        "UPDATE_WEBSITE",
        "REMOVE_WEBSITE",
        "ADD_ACCESS",
        "START_CHANGE",
        "START_ADD_ACCESS",
        "CANCEL_WEBSITE",
    ]


async def test_a_website_is_found_by_its_domain_and_its_words(owner: Person) -> None:
    filing = await draft(owner.actor)
    domain = await WebsiteDomain.filter(website__subject_id=filing.subject_id).order_by("id").first()
    assert domain is not None
    found = await owner.run("websites", filter={"domain": domain.name})
    assert domain.name in [it["name"] for node in found["nodes"] for it in node["domains"]]
    assert (await owner.run("websites", filter={"domain": "elsewhere.cn"}))["nodes"] == []


@pytest.mark.shows("C22")
async def test_the_queue_is_what_waits_the_most_urgent_first(owner: Person, reviewer: Person) -> None:
    for index in range(3):
        await submit(owner.actor, await draft(owner.actor, index))
    await draft(owner.actor, 3)
    page = await reviewer.run("reviewQueue")
    due = [node["dueAt"] for node in page["nodes"]]
    assert page["totalCount"] == 3
    assert due == sorted(due)
    assert {node["status"] for node in page["nodes"]} == {"SUBMITTED"}
    assert await Filing.all().count() == 4


async def test_filings_are_narrowed_by_owner_kind_and_time(owner: Person, reviewer: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    assert filing.submitted_at is not None

    async def found(**wanted: Any) -> int:
        return len((await reviewer.run("filings", filter=wanted))["nodes"])

    moment = filing.submitted_at.isoformat()
    assert await found(ownerId=owner.id, kind=["NEW_FILING"], submittedAfter=moment) == 1
    assert await found(submittedBefore=moment) == 0
    assert await found(reviewerId=reviewer.id) == 0
    assert await found(subjectId=f"sub_{filing.subject_id}", search="xx") == 0


async def test_a_moment_without_a_zone_is_refused(owner: Person) -> None:
    result = await owner.execute(saved("filings"), filter={"submittedAfter": "2026-01-31T08:30:00"})
    assert result.errors
    assert "zone" in result.errors[0].message


async def test_what_hangs_on_a_dropped_subject_leaves_the_lists_with_it(owner: Person) -> None:
    filing = await draft(owner.actor)
    await owner.do("dropFiling", id=f"fil_{filing.id}", version=filing.version)
    assert (await owner.run("websites"))["nodes"] == (await owner.run("accesses"))["nodes"] == []
    assert (await owner.run("websites", filter={"archived": True}))["nodes"]
    assert (await owner.run("accesses", filter={"archived": True}))["nodes"]
    assert (await owner.run("subject", id=f"sub_{filing.subject_id}"))["websites"]["nodes"]


@pytest.mark.shows("C22", "C23")
async def test_an_applicant_finds_his_own_however_much_of_the_same_name_others_have(owner: Person) -> None:
    filing = await draft(owner.actor)
    mine, other = await Subject.get(id=filing.subject_id), await make_person(Role.APPLICANT)
    assert other.caller is not None
    values = {"owner_id": other.caller.account_id, "filed_by_id": other.caller.account_id, "mode": mine.mode}
    values |= {"created_at": mine.created_at, "updated_at": mine.updated_at, "grams": mine.grams}
    rows = [Subject(name=mine.name, **values) for _ in range(10_001)]
    await unit_of_work(lambda: Subject.bulk_create(rows, batch_size=500))
    assert await _ids(owner, search=mine.name) == [mine.name]
    filings = await owner.run("filings", filter={"search": mine.name})
    assert [node["id"] for node in filings["nodes"]] == [f"fil_{filing.id}"]


@pytest.mark.shows("C68")
async def test_what_may_be_cancelled_is_listed_by_what_is_in_force(owner: Person) -> None:
    subject = await filed_subject(owner.actor, websites=2)
    first, second = await websites_of(subject)
    await end_access(await access_of(second))
    await draft(owner.actor, 5)
    filed = {"filter": {"status": ["FILED"]}}
    subjects = (await owner.run("subjects", **filed))["edges"]
    websites = (await owner.run("websites", **filed))["nodes"]
    accesses = (await owner.run("accesses", **filed))["nodes"]
    assert [edge["node"]["id"] for edge in subjects] == [f"sub_{subject.id}"]
    assert {site["id"] for site in websites} == {f"web_{first.id}", f"web_{second.id}"}
    assert [access["website"]["id"] for access in accesses] == [f"web_{first.id}"]
    cancelled = (await owner.run("accesses", filter={"status": ["CANCELLED"]}))["nodes"]
    assert [access["website"]["id"] for access in cancelled] == [f"web_{second.id}"]


@pytest.mark.shows("C22", "C61")
async def test_a_record_is_found_by_the_number_that_its_owner_claims(owner: Person) -> None:
    form = filing_form(0)
    typed = Typed(plain(form.subject), {**plain(form.websites[0]), "access": None}, ACCESS)
    outcome = await start_add_access(
        owner.actor, website_id=None, website_filing_number="沪ICP备10900096号-2", filing_password=PASSWORD,
        typed=typed, key=None,
    )  # fmt: skip
    assert not outcome.problems, outcome.problems
    subject, website = f"sub_{outcome.ids['subject']}", f"web_{outcome.ids['website']}"
    for given in (
        {"filingNumber": "沪ICP备10900096号"},
        {"filingNumber": "沪ICP备10900096号-2"},
        {"search": "10900096"},
    ):
        assert [edge["node"]["id"] for edge in (await owner.run("subjects", filter=given))["edges"]] == [
            subject
        ]
    found = (await owner.run("websites", filter={"filingNumber": "沪ICP备10900096号-2"}))["nodes"]
    assert [site["id"] for site in found] == [website]


async def test_an_access_tells_of_the_filing_that_brings_its_website(owner: Person) -> None:
    subject = await filed_subject(owner.actor)
    filing = await opened(await start_add_website(owner.actor, subject))
    added = await add_site(owner.actor, subject, site(0, 3))
    access = await access_of(added)
    told = await owner.run("access", id=f"axs_{access.id}")
    assert [one["id"] for one in told["openFilings"]] == [f"fil_{filing.id}"]
    [kept, _] = await websites_of(subject)
    assert (await owner.run("access", id=f"axs_{(await access_of(kept)).id}"))["openFilings"] == []
