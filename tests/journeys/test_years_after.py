"""The years after the first approval: changed, extended, cut back and ended, with what is in force told after each step."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from demo.forms import filing_form
from tests.journeys.conftest import People
from tests.journeys.test_first_filing import camel, gate, read_mail
from tests.support.client import Client
from tests.support.serving import Server

PASSWORD = re.compile(r"\b[A-Z2-9]{12}\b")
OPENINGS = {
    "START_CHANGE", "START_ADD_WEBSITE", "START_ADD_ACCESS", "CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT",
}  # fmt: skip
NEW_MAILBOX = "gangwu@example.org"
SECOND_SITE = {
    "name": "海岸潮汐资料站", "homeUrl": "www.chaoxi-ziliao.example", "domains": ["chaoxi-ziliao.example"],
    "serviceContents": ["8"], "languages": ["1"],
}  # fmt: skip
ACCESS = {"methods": ["3"], "serverLocations": ["19"], "ipRanges": [{"start": "203.0.113.77"}]}

# what each filing of the subject went through, in the order of their opening; claims and mails aside
LIVES: list[tuple[str, list[tuple[str, str | None]]]] = [
    ("NEW_FILING", [
        ("CREATE_SUBJECT", "DRAFT"), ("SUBMIT_FILING", "SUBMITTED"), ("APPROVE_FILING", "ACCEPTED"),
        ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
    ("CHANGE", [
        ("START_CHANGE", "DRAFT"), ("UPDATE_SUBJECT", None), ("SUBMIT_FILING", "SUBMITTED"),
        ("RETURN_FILING", "RETURNED"), ("UPDATE_SUBJECT", None), ("SUBMIT_FILING", "SUBMITTED"),
        ("APPROVE_FILING", "ACCEPTED"), ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
    ("CHANGE", [
        ("START_CHANGE", "DRAFT"), ("UPDATE_WEBSITE", None), ("SUBMIT_FILING", "SUBMITTED"),
        ("APPROVE_FILING", "ACCEPTED"), ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
    ("ADD_WEBSITE", [
        ("START_ADD_WEBSITE", "DRAFT"), ("ADD_WEBSITE", None), ("SUBMIT_FILING", "SUBMITTED"),
        ("APPROVE_FILING", "ACCEPTED"), ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
    ("CANCEL_ACCESS", [
        ("CANCEL_ACCESS", "DRAFT"), ("SUBMIT_FILING", "SUBMITTED"), ("APPROVE_FILING", "ACCEPTED"),
        ("REPORT", "AT_AUTHORITY"), ("RECEIVE_ERROR", "REFUSED"), ("UPDATE_CANCELLATION", None),
        ("SUBMIT_FILING", "SUBMITTED"), ("APPROVE_FILING", "ACCEPTED"), ("REPORT", "AT_AUTHORITY"),
        ("*", "APPROVED"),
    ]),
    ("ADD_ACCESS", [
        ("START_ADD_ACCESS", "DRAFT"), ("SUBMIT_FILING", "SUBMITTED"), ("APPROVE_FILING", "ACCEPTED"),
        ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
    ("CANCEL_WEBSITE", [
        ("CANCEL_WEBSITE", "DRAFT"), ("SUBMIT_FILING", "SUBMITTED"), ("APPROVE_FILING", "ACCEPTED"),
        ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
    ("CANCEL_SUBJECT", [
        ("CANCEL_SUBJECT", "DRAFT"), ("SUBMIT_FILING", "SUBMITTED"), ("APPROVE_FILING", None),
        ("APPROVE_FILING", "ACCEPTED"), ("REPORT", "AT_AUTHORITY"), ("*", "APPROVED"),
    ]),
]  # fmt: skip


class Life:
    """One subject, its owner, two reviewers, and the filing password as it was last mailed."""

    def __init__(self, server: Server, owner: Client, reviewers: list[Client]) -> None:
        self.server, self.owner, self.reviewers = server, owner, reviewers
        self.subject_id = self.filing_id = self.password = ""

    async def subject(self) -> Any:
        return await self.owner.ask("subject", id=self.subject_id)

    async def site(self, place: int = 0) -> Any:
        return (await self.subject())["websites"]["nodes"][place]

    async def filing(self, by: Client | None = None) -> Any:
        return await (by or self.owner).ask("filing", id=self.filing_id)

    async def open(self, mutation: str, **given: Any) -> Any:
        payload = await self.owner.do(mutation, filingPassword=self.password, **given)
        self.filing_id = payload["filing"]["id"]
        return payload

    async def submit(self) -> None:
        filing = await self.filing()
        await self.owner.do("submitFiling", id=filing["id"], version=filing["version"])

    async def approve(self, by: int = 0) -> None:
        filing = await self.filing(self.reviewers[by])
        given = {name: filing[name] for name in ("id", "version", "revision")}
        await self.reviewers[by].do("approveFiling", **given)

    async def pass_to_the_end(self, status: str = "APPROVED") -> None:
        """The reviewer approves, and the authority decides."""
        await self.approve()
        await self.reach(status)

    async def reach(self, status: str) -> None:
        async with asyncio.timeout(40):
            while (filing := await self.filing())["status"] != status:
                assert filing["status"] in ("ACCEPTED", "AT_AUTHORITY"), filing["status"]
                await asyncio.sleep(0.05)

    async def passwords(self, count: int) -> str:
        """The newest of the filing passwords that were mailed, once there are so many."""
        async with asyncio.timeout(20):
            while True:
                mails = sorted(
                    (self.server.folder / "var" / "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime
                )
                found = [word for _, text in map(read_mail, mails) for word in PASSWORD.findall(text)]
                if len(dict.fromkeys(found)) >= count:
                    return list(dict.fromkeys(found))[-1]
                await asyncio.sleep(0.05)

    async def offered(self) -> dict[str, set[str]]:
        """Which openings are permitted on the subject, on each website by place, and on its access."""
        subject = await self.subject()
        told = {"subject": _allowed(subject)}
        for place, site in enumerate(subject["websites"]["nodes"]):
            told[f"website {place}"] = _allowed(site)
            told[f"access {place}"] = _allowed(site["access"]) if site["access"] else set()
        return told


def _allowed(record: Any) -> set[str]:
    return {entry["action"] for entry in record["permittedActions"] if entry["allowed"]} & OPENINGS


FREE = {
    "subject": {"START_CHANGE", "START_ADD_WEBSITE", "CANCEL_SUBJECT"},
    "website 0": {"START_CHANGE", "CANCEL_WEBSITE"},
    "access 0": {"START_CHANGE", "CANCEL_ACCESS"},
}
FREE_OF_TWO = {**FREE, "website 1": FREE["website 0"], "access 1": FREE["access 0"]}


def nothing(offered: dict[str, set[str]]) -> bool:
    return all(not actions for actions in offered.values())


async def first_filing(life: Life) -> None:
    form = filing_form(3)
    sites = [camel(form.websites[0])]
    created = await life.owner.do("createSubject", **{**camel(form.subject), "websites": sites})
    life.subject_id, life.filing_id = created["subject"]["id"], created["filing"]["id"]
    assert nothing(await life.offered())
    await life.submit()
    await life.pass_to_the_end()
    life.password = await life.passwords(1)
    assert (await life.subject())["status"] == "FILED"
    assert await life.offered() == FREE


async def change_the_subject(life: Life) -> None:
    """Returned once; the principal's mailbox changes, so that a new filing password goes there (C84)."""
    before = await life.subject()
    wrong = await life.owner.refused(
        "startChange", subjectId=life.subject_id, targetIds=[life.subject_id], filingPassword="WRONGWRONG22"
    )
    assert [(error["code"], error["rule"]) for error in wrong] == [("WRONG_FILING_PASSWORD", "MIIT-1018")]
    await life.open("startChange", subjectId=life.subject_id, targetIds=[life.subject_id])
    assert nothing(await life.offered())
    await life.owner.do("updateSubject", id=life.subject_id, version=before["version"], address="滨海路9号")
    await life.submit()
    filing = await life.filing(life.reviewers[0])
    await life.reviewers[0].do(
        "returnFiling", id=filing["id"], version=filing["version"], revision=filing["revision"],
        message="请写到门牌号", notes=[{"path": ["subject", "address"], "text": "写到门牌号"}],
    )  # fmt: skip
    during = await life.subject()
    assert (during["address"], during["proposed"]["address"]) == (before["address"], "滨海路9号")
    await life.owner.do(
        "updateSubject", id=life.subject_id, version=during["version"], address="滨海路9号甲501室",
        principal={"email": NEW_MAILBOX},
    )  # fmt: skip
    await life.submit()
    during = await life.subject()
    assert during["principal"]["email"] == before["principal"]["email"]
    assert [change["path"] for change in during["proposed"]["changes"]] == [
        ["subject", "address"], ["subject", "principal", "email"],
    ]  # fmt: skip
    await life.pass_to_the_end()
    after = await life.subject()
    assert (after["address"], after["principal"]["email"], after["proposed"]) == (
        "滨海路9号甲501室", NEW_MAILBOX, None,
    )  # fmt: skip
    assert after["filingNumber"] == before["filingNumber"]
    old, life.password = life.password, await life.passwords(2)
    assert life.password != old
    assert await life.offered() == FREE


async def change_the_website(life: Life) -> None:
    """Another domain takes the place of the first: the gate follows on approval, not before."""
    site = await life.site()
    old, new = site["domains"][0]["name"], "xin-hangdao.example"
    await life.open("startChange", subjectId=life.subject_id, targetIds=[site["id"]])
    await life.owner.do(
        "updateWebsite", id=site["id"], version=site["version"], domains=[new], homeUrl=f"www.{new}"
    )
    await life.submit()
    during = await life.owner.ask("website", id=site["id"])
    assert [domain["name"] for domain in during["domains"]] == [old]
    assert [domain["name"] for domain in during["proposed"]["domains"]] == [new]
    assert (await gate(life.server, old))[1:] == ("ALLOW", "FILED")
    assert (await gate(life.server, new))[1:] == ("DENY", "NOT_FILED")
    await life.pass_to_the_end()
    after = await life.owner.ask("website", id=site["id"])
    assert [(domain["name"], domain["status"]) for domain in after["domains"]] == [(new, "FILED")]
    assert (await gate(life.server, old))[1:] == ("DENY", "NOT_FILED")
    assert (await gate(life.server, new))[1:] == ("ALLOW", "FILED")
    assert await life.offered() == FREE


async def add_a_website(life: Life) -> None:
    await life.open("startAddWebsite", subjectId=life.subject_id)
    subject, principal = await life.subject(), camel(filing_form(3).websites[0].principal)
    await life.owner.do(
        "addWebsite", subjectId=life.subject_id, version=subject["version"], **SECOND_SITE,
        principal=principal, access=ACCESS,
    )  # fmt: skip
    await life.submit()
    assert (await life.site(1))["status"] == "DRAFT"
    assert (await gate(life.server, "chaoxi-ziliao.example"))[1:] == ("DENY", "NOT_APPROVED")
    assert nothing(await life.offered())
    await life.pass_to_the_end()
    site = await life.site(1)
    assert (site["status"], site["filingNumber"]) == ("FILED", f"{subject['filingNumber']}-2")
    assert (await gate(life.server, "chaoxi-ziliao.example"))[1:] == ("ALLOW", "FILED")
    assert await life.offered() == FREE_OF_TWO


async def cancel_the_access(life: Life) -> None:
    """Refused while it is the website's only one, approved once another provider has one (C63)."""
    site = await life.site(1)
    asked = await life.open(
        "cancelAccess", id=site["access"]["id"], version=site["access"]["version"], reason="1", remark="迁走"
    )
    assert [(found["rule"], found["severity"]) for found in asked["filing"]["findings"]] == [
        ("BEIAN-EMPTY-SHELL", "WARNING")
    ]
    await life.pass_to_the_end("REFUSED")
    refused = await life.filing()
    assert [code["code"] for code in refused["authority"]["resultCodes"]] == [1025]
    assert (await life.site(1))["access"]["status"] == "FILED"
    assert (await gate(life.server, "chaoxi-ziliao.example"))[1:] == ("ALLOW", "FILED")
    life.server.run("authority", "foreign-access", site["filingNumber"])
    async with asyncio.timeout(40):
        while not (await life.owner.ask("website", id=site["id"]))["otherAccesses"]:
            await asyncio.sleep(0.1)
    refused = await life.filing()
    await life.owner.do(
        "updateCancellation", id=refused["id"], version=refused["version"], remark="已有其他接入商"
    )
    await life.submit()
    assert (await life.filing())["findings"] == []
    await life.pass_to_the_end()
    site = await life.site(1)
    assert (site["status"], site["access"]["status"]) == ("FILED", "CANCELLED")
    assert (await gate(life.server, "chaoxi-ziliao.example"))[1:] == ("DENY", "NO_ACCESS")
    assert await life.offered() == {
        **FREE_OF_TWO,
        "website 1": {"START_CHANGE", "CANCEL_WEBSITE", "START_ADD_ACCESS"},
        "access 1": set(),
    }


async def add_the_access_again(life: Life) -> None:
    site = await life.site(1)
    await life.open("startAddAccess", websiteId=site["id"], **ACCESS)
    assert (await life.site(1))["access"]["status"] == "DRAFT"
    await life.submit()
    await life.pass_to_the_end()
    assert (await life.site(1))["access"]["status"] == "FILED"
    assert (await gate(life.server, "chaoxi-ziliao.example"))[1:] == ("ALLOW", "FILED")
    assert await life.offered() == FREE_OF_TWO


async def cancel_the_website(life: Life) -> None:
    site = await life.site(1)
    await life.open("cancelWebsite", id=site["id"], version=site["version"], reason="1")
    assert (await life.site(1))["status"] == "FILED"
    await life.pass_to_the_end()
    site = await life.site(1)
    assert (site["status"], site["access"]["status"]) == ("CANCELLED", "CANCELLED")
    assert (await gate(life.server, "chaoxi-ziliao.example"))[1:] == ("DENY", "CANCELLED")
    assert (await gate(life.server, "xin-hangdao.example"))[1:] == ("ALLOW", "FILED")
    assert await life.offered() == {**FREE, "website 1": set(), "access 1": set()}


async def cancel_the_subject(life: Life) -> None:
    """Two reviewers must approve it; with it everything ends."""
    subject = await life.subject()
    await life.open("cancelSubject", id=subject["id"], version=subject["version"], reason="1")
    await life.approve(0)
    filing = await life.filing(life.reviewers[0])
    assert (filing["status"], filing["approvalsNeeded"], len(filing["approvals"])) == ("SUBMITTED", 2, 1)
    again = await life.reviewers[0].refused(
        "approveFiling", id=filing["id"], version=filing["version"], revision=filing["revision"]
    )
    assert [error["rule"] for error in again] == ["BEIAN-FOUR-EYES"]
    assert (await life.subject())["status"] == "FILED"
    await life.approve(1)
    await life.reach("APPROVED")
    subject = await life.subject()
    sites = subject["websites"]["nodes"]
    assert [subject["status"], *(site["status"] for site in sites)] == ["CANCELLED"] * 3
    assert (await gate(life.server, "xin-hangdao.example"))[1:] == ("DENY", "CANCELLED")
    assert nothing(await life.offered())
    asked = {"subjectId": life.subject_id, "filingPassword": life.password}
    dead = await life.owner.refused("startAddWebsite", **asked)
    assert [(error["code"], error["rule"]) for error in dead] == [("WRONG_STATE", "MIIT-1049")]


async def lives_of(life: Life) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """The kinds of the subject's filings in their order, each with its steps as the timeline tells them."""
    filings = (await life.subject())["filings"]["nodes"][::-1]
    found = []
    for filing in filings:
        events = (await life.owner.ask("filing", id=filing["id"]))["timeline"]["nodes"]
        steps = [
            ("*" if event["after"] == "APPROVED" else event["action"], event["after"])
            for event in events
            if event["action"] != "SEND_MAIL"
            and not (event["action"].startswith("RECEIVE_") and event["after"] is None)
        ]
        found.append((filing["kind"], steps))
    return found


@pytest.mark.shows(
    "C52", "C53", "C54", "C55", "C56", "C59", "C60", "C61", "C62", "C63", "C64", "C65", "C67", "C68", "C84",
)  # fmt: skip
async def test_a_subject_is_changed_extended_cut_back_and_ended(
    server: Server, people: People, tmp_path: Path
) -> None:
    owner = await people.applicant("zhang")
    reviewers = [await people.staff("liu", "reviewer"), await people.staff("wang", "reviewer")]
    life = Life(server, owner, reviewers)
    await first_filing(life)
    await change_the_subject(life)
    await change_the_website(life)
    await add_a_website(life)
    await cancel_the_access(life)
    await add_the_access_again(life)
    await cancel_the_website(life)
    await cancel_the_subject(life)
    assert await lives_of(life) == LIVES
