"""Entering a first filing step by step: what is missing is named, and the next step is offered, at every point."""

from typing import Any

import pytest

from tests.journeys.conftest import People
from tests.support.client import Client


def allowed(record: dict[str, Any]) -> set[str]:
    return {step["action"] for step in record["permittedActions"] if step["allowed"]}


async def missing(owner: Client, filing: dict[str, Any]) -> list[list[str]]:
    check = await owner.ask("checkFiling", id=filing["id"])
    assert check["submittable"] is False
    return [finding["path"] for finding in check["findings"] if finding["severity"] == "ERROR"]


@pytest.mark.shows("C13", "C19", "C20", "C27", "N6")
async def test_after_the_subject_the_website_is_asked_for_and_then_its_access(people: People) -> None:
    owner = await people.applicant("lina")
    created = await owner.do("createSubject", name="海岸测试科技有限公司")
    subject, filing = created["subject"], created["filing"]
    assert ["websites"] in await missing(owner, filing)
    (listed,) = (await owner.ask("subjects"))["edges"]
    assert (listed["node"]["id"], listed["node"]["mode"]) == (subject["id"], "SELF")
    assert {"UPDATE_SUBJECT", "ADD_WEBSITE"} <= allowed(listed["node"])

    added = await owner.do(
        "addWebsite", subjectId=subject["id"], version=subject["version"], name="海岸测试官网"
    )
    website = added["website"]
    paths = await missing(owner, filing)
    assert ["websites"] not in paths
    assert ["websites", website["id"], "access"] in paths
    assert "ADD_ACCESS" in allowed(await owner.ask("website", id=website["id"]))

    await owner.do("addAccess", websiteId=website["id"], version=website["version"], methods=["3"])
    assert ["websites", website["id"], "access"] not in await missing(owner, filing)


@pytest.mark.shows("C71", "C72")
async def test_codes_are_found_by_table_by_text_and_divisions_by_their_parent(people: People) -> None:
    visitor = Client(people.server.url)
    people.clients.append(visitor)
    natures = await visitor.ask("codes", table="unit_nature")
    assert [(code["code"], code["name"]) for code in natures][:5] == [
        ("1", "军队"), ("2", "政府机关"), ("3", "事业单位"), ("4", "企业"), ("5", "个人"),
    ]  # fmt: skip
    personal = await visitor.ask("codes", table="certificate_type", unitNature="5")
    assert {code["code"] for code in personal} == {"2", "7", "8", "11", "14", "30", "41", "42"}
    found = await visitor.ask("codes", table="access_method", search="虚拟")
    assert [(code["code"], code["name"]) for code in found] == [("3", "虚拟主机")]
    cities = await visitor.ask("divisions", parent="210000")
    assert ("210200", "大连市") in [(place["code"], place["name"]) for place in cities]
