"""The first filing, whole: two returns, a withdrawal, the authority's refusal, and the approval, as everybody saw it."""

import asyncio
import email
import json
import re
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.forms import filing_form
from tests.journeys.conftest import People
from tests.support.client import Client
from tests.support.serving import Server

REFUSED_NAME = "大连听涛航海器材有限公司"  # the name of another filed organiser: the authority says no to it

# what happens, in order; None in a pair means that the status is not touched
STORY: list[tuple[str, str | None, str | None]] = [
    ("CREATE_SUBJECT", None, "DRAFT"),
    ("SUBMIT_FILING", "DRAFT", "SUBMITTED"),
    ("RETURN_FILING", "SUBMITTED", "RETURNED"),
    ("UPDATE_SUBJECT", None, None),
    ("SUBMIT_FILING", "RETURNED", "SUBMITTED"),
    ("WITHDRAW_FILING", "SUBMITTED", "DRAFT"),
    ("SUBMIT_FILING", "DRAFT", "SUBMITTED"),
    ("RETURN_FILING", "SUBMITTED", "RETURNED"),
    ("REPLY_TO_NOTE", None, None),
    ("SUBMIT_FILING", "RETURNED", "SUBMITTED"),
    ("CLAIM_FILING", None, None),
    ("APPROVE_FILING", "SUBMITTED", "ACCEPTED"),
    ("REPORT", "ACCEPTED", "AT_AUTHORITY"),
    ("RECEIVE_DECISION", "AT_AUTHORITY", "REFUSED"),
    ("UPDATE_WEBSITE", None, None),
    ("SUBMIT_FILING", "REFUSED", "SUBMITTED"),
    ("APPROVE_FILING", "SUBMITTED", "ACCEPTED"),
    ("REPORT", "ACCEPTED", "AT_AUTHORITY"),
]


def camel(value: Any) -> Any:
    """A form of the demonstration as a client types it."""
    if hasattr(value, "__dataclass_fields__"):
        named = (
            (re.sub(r"_(\w)", lambda m: m[1].upper(), name), getattr(value, name))
            for name in value.__dataclass_fields__
            if name not in ("id", "kind")
        )
        return {name: camel(item) for name, item in named if item is not None}
    return [camel(item) for item in value] if isinstance(value, tuple) else value


def typed() -> dict[str, Any]:
    """What the applicant types: one website whose name will be refused by the authority."""
    form = filing_form(3)
    websites = [camel(site) for site in form.websites][:1]
    websites[0]["name"] = REFUSED_NAME
    return {**camel(form.subject), "websites": websites}


class Story:
    """The journey's steps, each taken with the version that the person last saw."""

    def __init__(self, owner: Client, reviewer: Client) -> None:
        self.owner, self.reviewer = owner, reviewer
        self.filing: dict[str, Any] = {}
        self.subject: dict[str, Any] = {}

    async def look(self, by: Client) -> dict[str, Any]:
        self.filing = await by.ask("filing", id=self.filing["id"])
        return self.filing

    async def step(self, by: Client, mutation: str, **more: Any) -> Any:
        await self.look(by)
        payload = await by.do(mutation, id=self.filing["id"], version=self.filing["version"], **more)
        self.filing = payload["filing"]
        return payload

    async def decide(self, mutation: str, **more: Any) -> Any:
        await self.look(self.reviewer)
        return await self.step(self.reviewer, mutation, revision=self.filing["revision"], **more)


async def first_half(story: Story) -> None:
    """From the draft to the claim of the third submission."""
    owner = story.owner
    created = await owner.do("createSubject", **typed())
    story.filing, story.subject = created["filing"], created["subject"]
    await story.step(owner, "submitFiling")
    await story.decide(
        "returnFiling", message="地址不完整", notes=[{"path": ["subject", "address"], "text": "写到门牌号"}]
    )
    unmet = await owner.refused("submitFiling", id=story.filing["id"], version=story.filing["version"])
    assert [(error["code"], error["path"]) for error in unmet] == [("FINDINGS", ["subject", "address"])]
    subject = await owner.ask("subject", id=story.subject["id"])
    await owner.do("updateSubject", id=subject["id"], version=subject["version"], address="滨海路8号甲302室")
    await story.step(owner, "submitFiling")
    await story.step(owner, "withdrawFiling")
    await story.step(owner, "submitFiling")
    await story.decide(
        "returnFiling", message="请说明投资人", notes=[{"path": ["subject", "investor"], "text": "是谁"}]
    )
    notes = (await owner.ask("openNotes", id=story.filing["id"]))["notes"]
    await owner.do("replyToNote", id=notes[-1]["id"], text="没有投资人")
    await story.step(owner, "submitFiling")
    await story.step(story.reviewer, "claimFiling")


async def second_half(story: Story) -> None:
    """From the first approval to the authority's yes."""
    owner = story.owner
    await story.decide("approveFiling")
    await wait_for(story, "REFUSED")
    website = (await owner.ask("subject", id=story.subject["id"]))["websites"]["nodes"][0]
    await owner.do("updateWebsite", id=website["id"], version=website["version"], name="听涛航海资料站")
    await story.step(owner, "submitFiling")
    await story.decide("approveFiling")
    await wait_for(story, "APPROVED")


async def wait_for(story: Story, status: str) -> None:
    """Until the filing stands there, for at most 40 s."""
    async with asyncio.timeout(40):
        while (await story.look(story.owner))["status"] != status:
            await asyncio.sleep(0.1)


def told(events: list[dict[str, Any]]) -> list[tuple[str, str | None, str | None]]:
    """Events as the story tells them, without the post's own."""
    return [
        (event["action"], event["before"], event["after"])
        for event in events
        if event["action"] not in ("SEND_MAIL", "RECEIVE_NUMBERS")
        and event["after"] != "APPROVED"
        and not (event["action"] == "RECEIVE_DECISION" and event["after"] is None)
    ]


@pytest.mark.shows("C24", "C33", "C34", "C36", "C37", "C38", "C39", "C43", "C45", "C47", "C51", "C85", "N4")
async def test_a_first_filing_goes_all_the_way_and_everybody_sees_every_step_once(
    server: Server, people: People, tmp_path: Path
) -> None:
    owner, reviewer = await people.applicant("zhang"), await people.staff("liu", "reviewer")
    stranger = await people.applicant("stranger")
    story = Story(owner, reviewer)
    async with owner.watch("filingEvents") as whole, stranger.watch("filingEvents") as foreign:
        async with owner.watch("filingEvents") as cut:
            await first_half(story)
            await cut.until(lambda events: len(events) >= 5)
            await cut.cut()
        seen_before = list(cut.events)
        host = typed()["websites"][0]["domains"][0]
        assert await gate(server, host) == (403, "DENY", "NOT_APPROVED")
        await second_half(story)
        await whole.until(lambda events: any(event["after"] == "APPROVED" for event in events))
        # five mails, each told when it is queued and when it is sent
        await whole.until(lambda events: sum(event["action"] == "SEND_MAIL" for event in events) == 10)
    async with owner.watch("filingEvents", after=seen_before[-1]["cursor"]) as resumed:
        await resumed.until(lambda events: len(events) >= len(whole.events) - len(seen_before))
    assert told(whole.events) == STORY
    ids = [event["id"] for event in whole.events]
    assert len(ids) == len(set(ids))
    assert [event["id"] for event in [*seen_before, *resumed.events]] == ids
    assert foreign.events == []
    assert await gate(server, host) == (200, "ALLOW", "FILED")
    await check_the_end(owner, story, server)


async def gate(server: Server, host: str) -> tuple[int, str, str]:
    async with httpx.AsyncClient(trust_env=False) as http:
        reply = await http.get(f"{server.url}/gate", params={"host": f"www.{host}"})
    return reply.status_code, reply.json()["decision"], reply.json()["reason"]


async def check_the_end(owner: Client, story: Story, server: Server) -> None:
    """The numbers stand in the records, and one mail with a filing password went to the principal."""
    subject = await owner.ask("subject", id=story.subject["id"])
    number = subject["filingNumber"]
    assert re.fullmatch(r"\wICP备\d{10}号", number), number
    assert [site["filingNumber"] for site in subject["websites"]["nodes"]] == [f"{number}-1"]
    assert (subject["status"], subject["websites"]["nodes"][0]["access"]["status"]) == ("FILED", "FILED")
    principal = filing_form(3).subject.principal
    assert principal is not None
    mails = [read_mail(path) for path in (server.folder / "var" / "mail").glob("*.eml")]
    passwords = [text for to, text in mails if to == principal.email and re.search(r"[A-Z2-9]{12}", text)]
    assert len(passwords) == 1
    password = re.findall(r"\b[A-Z2-9]{12}\b", passwords[0])[0]
    log = server.log.read_text(encoding="utf-8")
    assert password not in log
    answer = await owner.send(
        "query($id: ID!) { subject(id: $id) { timeline(first: 100) { nodes { note } } } }",
        {"id": story.subject["id"]},
    )
    assert password not in json.dumps(answer)


def read_mail(path: Path) -> tuple[str, str]:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    return str(message["To"]), "" if body is None else str(body.get_content())
