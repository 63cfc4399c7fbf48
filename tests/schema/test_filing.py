"""A filing after its submission, over the schema: returned, answered, decided, and read by each side."""

from typing import Any

import pytest

from models.filing import Filing
from models.states import Role
from models.subject import Subject
from tests.schema.asking import Person, codes, make_person
from tests.support.counting import counting
from tests.support.lives import draft, submit

BAD_PHONE = {"path": ["subject", "principal", "mobile"], "text": "无法接通", "suggestion": "13900000000"}


async def _give_back(reviewer: Person, filing: Filing, *notes: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = await reviewer.do(
        "returnFiling", id=f"fil_{filing.id}", version=filing.version, revision=filing.revision,
        message="请核对", notes=list(notes),
    )  # fmt: skip
    assert payload["errors"] == []
    return payload


@pytest.mark.shows("C35", "N3")
async def test_a_return_is_read_answered_and_submitted_again(owner: Person, reviewer: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    await _give_back(reviewer, filing, BAD_PHONE)
    shown = await owner.run("filing", id=f"fil_{filing.id}")
    assert shown["status"] == "RETURNED"
    note = shown["notes"][0]
    assert (note["path"], note["text"], note["suggestion"], note["state"], note["blocking"]) == (
        ["subject", "principal", "mobile"], "无法接通", "13900000000", "OPEN", True,
    )  # fmt: skip
    event, mail = shown["timeline"]["nodes"][-2:]
    assert (event["action"], event["before"], event["after"]) == ("RETURN_FILING", "SUBMITTED", "RETURNED")
    assert mail["action"] == "SEND_MAIL"
    assert [it["id"] for it in event["notes"]] == [note["id"]]
    blocked = next(step for step in shown["permittedActions"] if step["action"] == "SUBMIT_FILING")
    refused = await owner.do("submitFiling", id=shown["id"], version=shown["version"])
    assert blocked["allowed"] is False
    assert [it["blockingId"] for it in blocked["blockedBy"]] == [note["id"]]
    assert refused["errors"] == blocked["blockedBy"]
    answered = await owner.do("replyToNote", id=note["id"], text="已核对，号码有效")
    assert answered["errors"] == []
    assert (answered["note"]["state"], answered["note"]["reply"]) == ("ANSWERED", "已核对，号码有效")
    assert await owner.run("openNotes", id=shown["id"]) == {
        "id": shown["id"], "version": answered["filing"]["version"], "notes": [],
    }  # fmt: skip
    again = await owner.do("submitFiling", id=shown["id"], version=answered["filing"]["version"])
    assert again["errors"] == []
    assert again["filing"]["revision"] == 2


@pytest.mark.shows("N3")
async def test_the_difference_between_two_submissions_is_masked(owner: Person, reviewer: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    await _give_back(reviewer, filing)
    row = await Subject.get()
    await owner.do(
        "updateSubject",
        id=f"sub_{row.id}",
        version=row.version,
        principal={"mobile": "13912345678"},
        remark="备注",
    )
    changes = (await owner.run("filingChanges", id=f"fil_{filing.id}", **{"from": 1}))["changes"]
    assert [change["path"] for change in changes] == [
        ["subject", "principal", "mobile"],
        ["subject", "remark"],
    ]
    assert changes[0]["after"] == "139****5678"
    assert changes[1] == {"path": ["subject", "remark"], "before": None, "after": "备注"}
    data = (await owner.run("filingChanges", id=f"fil_{filing.id}"))["revisions"][0]["data"]
    assert "*" in data["subject"]["principal"]["mobile"]
    assert row.principal_mobile not in str(data)


@pytest.mark.shows("C40")
async def test_staff_see_the_last_revision_while_its_owner_edits(owner: Person, reviewer: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    row = await Subject.get()
    await _give_back(reviewer, filing)
    await owner.do("updateSubject", id=f"sub_{row.id}", version=row.version, name="新名称")
    site = (await owner.run("subject", id=f"sub_{row.id}"))["websites"]["nodes"][0]
    old_domains = [domain["name"] for domain in site["domains"]]
    await owner.do(
        "updateWebsite",
        id=site["id"],
        version=site["version"],
        name="新站",
        domains=["new.cn", *old_domains[1:]],
    )
    await owner.do(
        "updateAccess", id=site["access"]["id"], version=site["access"]["version"],
        ipRanges=[{"start": "198.51.100.1"}],
    )  # fmt: skip
    mine = await owner.run("subject", id=f"sub_{row.id}")
    theirs = await reviewer.run("subject", id=f"sub_{row.id}")
    assert (mine["name"], theirs["name"]) == ("新名称", row.name)
    new, old = mine["websites"]["nodes"][0], theirs["websites"]["nodes"][0]
    assert (new["name"], old["name"]) == ("新站", site["name"])
    assert [domain["name"] for domain in old["domains"]] == old_domains
    assert len({domain["id"] for domain in old["domains"]}) == len(old_domains)
    assert old["access"]["ipRanges"] == site["access"]["ipRanges"]
    assert new["access"]["ipRanges"] == [{"start": "198.51.100.1", "end": "198.51.100.1"}]
    listed = (await reviewer.run("subjects"))["edges"][0]["node"]
    assert listed["name"] == row.name


@pytest.mark.shows("C40")
async def test_staff_still_see_a_website_that_its_owner_took_out_of_a_returned_filing(
    owner: Person, reviewer: Person
) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    await _give_back(reviewer, filing)
    subject = f"sub_{filing.subject_id}"
    before = (await reviewer.run("subject", id=subject))["websites"]
    site = (await owner.run("subject", id=subject))["websites"]["nodes"][0]
    removed = await owner.do("removeWebsite", id=site["id"], version=site["version"])
    assert removed["errors"] == []
    mine, theirs = (await owner.run("subject", id=subject), await reviewer.run("subject", id=subject))
    assert site["id"] not in [node["id"] for node in mine["websites"]["nodes"]]
    shown = theirs["websites"]["nodes"][0]
    assert shown["id"] == site["id"]
    assert shown["access"]["ipRanges"] == site["access"]["ipRanges"]
    assert theirs["websites"]["totalCount"] == before["totalCount"]


@pytest.mark.shows("C32", "C36")
async def test_a_reviewer_claims_approves_and_pulls_back(owner: Person, reviewer: Person) -> None:
    await submit(owner.actor, await draft(owner.actor))
    claimed = (await reviewer.do("claimNextFiling"))["filing"]
    assert claimed["claimedUntil"] is not None
    step = {"id": claimed["id"], "version": claimed["version"]}
    assert (await reviewer.do("releaseFiling", **step))["errors"] == []
    assert (await reviewer.do("claimFiling", **step))["errors"] == []
    approved = await reviewer.do("approveFiling", **step, revision=1)
    assert approved["filing"]["status"] == "ACCEPTED"
    shown = await reviewer.run("filing", id=claimed["id"])
    assert [yes["by"]["id"] for yes in shown["approvals"]] == [reviewer.id]
    assert shown["authority"]["state"] == "WAITING"
    assert shown["authority"] == shown["reports"][0]
    back = await reviewer.do(
        "pullBackFiling", id=claimed["id"], version=approved["filing"]["version"], revision=1
    )
    assert back["filing"]["status"] == "SUBMITTED"
    nothing = await (await make_person(Role.REVIEWER)).do("claimNextFiling")
    assert nothing["errors"] == []


async def test_results_are_recorded_by_hand_only_where_that_is_set(owner: Person, reviewer: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    approved = await reviewer.do("approveFiling", id=f"fil_{filing.id}", version=filing.version, revision=1)
    step = {"id": f"fil_{filing.id}", "version": approved["filing"]["version"]}
    payload = await reviewer.do("recordReport", **step, reportedAt="2026-01-01T00:00:00Z")
    assert codes(payload) == ["WRONG_STATE"]
    assert payload["filing"]["status"] == "ACCEPTED"
    decided = {"outcome": "REFUSED", "decidedAt": "2026-01-01T00:00:00Z", "opinion": "不符"}
    assert codes(await reviewer.do("recordAuthorityResult", **step, **decided)) == ["WRONG_STATE"]
    assert codes(await reviewer.do("reportFilingAgain", **step, revision=1)) == ["WRONG_STATE"]


@pytest.mark.shows("C40")
async def test_staff_see_the_last_revision_of_what_was_edited_and_dropped(
    owner: Person, reviewer: Person
) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    row = await Subject.get()
    await owner.do("withdrawFiling", id=f"fil_{filing.id}", version=filing.version)
    await owner.do("updateSubject", id=f"sub_{row.id}", version=row.version, name="新名称")
    filing = await Filing.get(id=filing.id)
    dropped = await owner.do("dropFiling", id=f"fil_{filing.id}", version=filing.version)
    assert dropped["errors"] == []
    names = [(await asker.run("subject", id=f"sub_{row.id}"))["name"] for asker in (owner, reviewer)]
    assert names == ["新名称", row.name]


@pytest.mark.shows("C24")
async def test_an_auditor_reads_addresses_of_email_masked(owner: Person, reviewer: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    row = await Subject.get()
    assert row.principal_email is not None
    await _give_back(reviewer, filing)
    await owner.do(
        "updateSubject", id=f"sub_{row.id}", version=row.version, principal={"email": "wang@example.com"}
    )
    filing = await submit(owner.actor, await Filing.get(id=filing.id))
    told = {}
    for name, asker in (("auditor", await make_person(Role.AUDITOR)), ("reviewer", reviewer)):
        subject = await asker.run("subject", id=f"sub_{row.id}")
        changed = await asker.run("filingChanges", id=f"fil_{filing.id}", **{"from": 1, "to": 2})
        told[name] = (
            subject["principal"]["email"],
            changed["revisions"][1]["data"]["subject"]["principal"]["email"],
            [change["after"] for change in changed["changes"]],
        )
        addresses = {site["principal"]["email"] for site in subject["websites"]["nodes"]}
        assert all("***" in address for address in addresses) == (name == "auditor")
    masked = "w***@example.com"
    assert told["auditor"] == (masked, masked, [masked])
    assert told["reviewer"] == ("wang@example.com", "wang@example.com", ["wang@example.com"])


async def test_the_forms_of_revisions_are_read_only_where_they_are_asked_for(owner: Person) -> None:
    filing = await submit(owner.actor, await draft(owner.actor))
    text = "query revisions($id: ID!) { filing(id: $id) { revisions { number %s } } }"
    for asked, reads in (("rulesVersion submittedAt", False), ("data", True)):
        async with counting() as statements:
            found = await owner.ask(text % asked, id=f"fil_{filing.id}")
        assert [revision["number"] for revision in found["filing"]["revisions"]] == [1]
        columns = [statement for statement in statements if 'FROM "revision"' in statement]
        assert any('"data"' in statement for statement in columns) is reads, columns
