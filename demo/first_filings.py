"""First filings (新增备案): one for each subject, driven by the real commands to every stage and moved into the past."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta

from demo.backdate import backdate
from demo.cast import Cast
from demo.forms import filing_form
from demo.moves import (
    CERTIFICATE,
    VERIFICATION_SHEET,
    approve,
    attach,
    carry,
    done,
    give_back,
    named,
    note,
    plain,
    submit,
    take_answers,
)
from models.account import Account
from models.clock import now
from models.filing import Filing, Note
from models.node_ids import node_id
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.form import FilingForm
from workflow import drafts, reviews, steps
from workflow.actors import Actor

# how many subjects of each hundred stand at which stage when the demonstration opens
STAGES = (
    ("approved", 52), ("draft", 8), ("submitted", 10), ("claimed", 3), ("returned", 7), ("answered", 3),
    ("accepted", 3), ("at authority", 7), ("refused", 3), ("error", 2), ("abandoned", 2),
)  # fmt: skip
# filed through another provider: bearing this name, or holding one of these domains, is what the authority refuses
TAKEN_NAME = "大连听涛航海器材有限公司"
TAKEN_DOMAINS = (
    "tingtao-hanghai.com",
    "songhe-chashi.cn",
    "haihe-shiguang.com",
    "yanzhao-yunqi.com",
    "jinyang-gujian.cn",
)


@dataclass(frozen=True)
class Played:
    """The first filing of subject number `index`, `days` ago; `on_behalf`: a reviewer typed it for the owner."""

    index: int
    stage: str
    owner: Actor
    on_behalf: bool
    subject_id: int
    days: int


async def play_first_filing(cast: Cast, index: int) -> Played:
    """Drive subject number `index` to its stage, then move its story into the past."""
    since, stage = now(), _stage_of(index)
    owner = cast.applicants[index % len(cast.applicants)]
    on_behalf = index % 9 == 8
    typist = cast.reviewers[0] if on_behalf else owner
    reviewer = cast.reviewers[1 if on_behalf else index % 2]
    filing = await _enter(typist, owner, _form(index, stage))
    if stage == "submitted" and index % 5 == 0:
        await _prove(typist, filing, index)
    if stage == "abandoned":
        await done(await steps.drop_filing(owner, **named(filing)))
    elif stage != "draft":
        await _review(cast, owner, reviewer, filing, stage)
    days = _age(index, stage)
    await unit_of_work(lambda: backdate(filing.subject_id, since, timedelta(days=days)))
    return Played(index, stage, owner, on_behalf, filing.subject_id, days)


def _stage_of(index: int) -> str:
    place = (index * 37) % 100  # spreads the stages over the provinces
    for stage, share in STAGES:
        if place < share:
            return stage
        place -= share
    return "draft"


def _age(index: int, stage: str) -> int:
    """How many days ago its story played: finished ones long ago, what waits lately, or would be erased after thirty."""
    if stage in ("submitted", "claimed", "accepted"):
        return index % 3
    return 2 + (index * 13) % (400 if stage == "approved" else 20)


def _form(index: int, stage: str) -> FilingForm:
    form = filing_form(index)
    first, *others = form.websites
    if stage == "refused":
        first = dataclasses.replace(first, name=TAKEN_NAME)
    if stage == "error":
        domain = TAKEN_DOMAINS[index // 50 % len(TAKEN_DOMAINS)]
        first = dataclasses.replace(first, domains=(domain,), home_url=f"www.{domain}")
    return dataclasses.replace(form, websites=(first, *others))


async def _enter(typist: Actor, owner: Actor, form: FilingForm) -> Filing:
    outcome = await drafts.create_subject(
        typist,
        owner_id=None if typist is owner else node_id(Account, owner.account_id or 0),
        fields=plain(form.subject), websites=[plain(site) for site in form.websites], key=None,
    )  # fmt: skip
    return await done(outcome)


async def _prove(typist: Actor, filing: Filing, index: int) -> None:
    """The organiser's certificate, and a verification sheet for the first website."""
    await attach(typist, await Subject.get(id=filing.subject_id), CERTIFICATE, index)
    [site, *_] = await Website.filter(subject_id=filing.subject_id).order_by("serial")
    await attach(typist, site, VERIFICATION_SHEET, index)


async def _review(cast: Cast, owner: Actor, reviewer: Actor, filing: Filing, stage: str) -> None:
    filing = await submit(owner, filing)
    if stage == "submitted":
        return
    if stage == "claimed":
        await done(await reviews.claim_filing(reviewer, **named(filing)))
        return
    if stage in ("returned", "answered"):
        await _return(owner, reviewer, filing, stage)
        return
    filing = await approve(reviewer, filing)
    if stage == "accepted":
        return
    await carry(cast.slow_desk if stage == "at authority" else cast.desk, filing)
    if stage != "at authority":
        await take_answers(cast.desk)


async def _return(owner: Actor, reviewer: Actor, filing: Filing, stage: str) -> None:
    said = note("subject", "address", text="通信地址请写到门牌号")
    filing = await give_back(reviewer, filing, said)
    if stage == "returned":
        return
    asked = await Note.get(filing_id=filing.id)
    await done(
        await steps.reply_to_note(owner, id=node_id(Note, asked.id), text="地址已是最小门牌单位", key=None)
    )
    await submit(owner, filing)
