"""Loading the demonstration: accounts, and two hundred first filings driven by the real commands to every stage."""

import dataclasses
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.administration import create_account
from authority.simulator.counter import Simulator
from demo.backdate import backdate
from demo.forms import filing_form
from models.account import Account
from models.cipher import cipher
from models.clock import now
from models.filing import Filing, Note
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.refusal import Refused, WrongState
from models.states import OutboxKind, OutboxState, Role
from models.unit_of_work import unit_of_work
from rules.form import FilingForm
from settings import current
from workflow import drafts, reviews, steps
from workflow.actors import Actor
from workflow.answers import take_next
from workflow.command import Outcome
from workflow.outbox import Delivered
from workflow.reports import deliver_report
from workflow.runner import SIMULATOR_FILE

SUBJECTS = 200
APPLICANTS = 12
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
class Login:
    """An account of the demonstration, with the password that is told once."""

    username: str
    password: str
    role: str


@dataclass
class _Cast:
    """Who plays: applicants, reviewers, and the authority's desk of now and of a month ahead."""

    applicants: list[Actor]
    reviewers: list[Actor]
    desk: Simulator
    slow_desk: Simulator


async def load_demonstration(subjects: int = SUBJECTS) -> list[Login]:
    """Fill an empty database; gives the logins. Raises WrongState where there are accounts already."""
    if await Account.exists():
        raise WrongState(
            "数据库中已有账号", "the database has accounts already; the demonstration wants an empty one"
        )
    logins, actors = await _make_accounts()
    applicants = [actor for actor in actors if actor.role is Role.APPLICANT]
    reviewers = [actor for actor in actors if actor.role is Role.REVIEWER]
    cast = _Cast(applicants, reviewers, await _desk(now), await _desk(lambda: now() + timedelta(days=30)))
    try:
        for index in range(subjects):
            await _play(cast, index, _stage_of(index))
    finally:
        await cast.desk.close()
        await cast.slow_desk.close()
    return logins


async def _desk(clock: Callable[[], datetime]) -> Simulator:
    given = current()
    return await Simulator.open(
        given.var_dir / SIMULATOR_FILE,
        provider=int(f"{given.provider_division}000001"), sealing=cipher(), delay=0, now=clock,
    )  # fmt: skip


async def _make_accounts() -> tuple[list[Login], list[Actor]]:
    wanted = [
        ("admin", Role.ADMIN),
        ("auditor", Role.AUDITOR),
        ("reviewer1", Role.REVIEWER),
        ("reviewer2", Role.REVIEWER),
    ]
    wanted += [(f"customer{number}", Role.APPLICANT) for number in range(1, APPLICANTS + 1)]
    logins, actors = [], []
    for name, role in wanted:
        password = secrets.token_urlsafe(12)
        account = await create_account(name, password, role, f"{name}@example.com")
        logins.append(Login(name, password, role.value))
        actors.append(Actor(account.id, role, None, name, None))
    return logins, actors


def _stage_of(index: int) -> str:
    place = (index * 37) % 100  # spreads the stages over the provinces
    for stage, share in STAGES:
        if place < share:
            return stage
        place -= share
    return "draft"


async def _play(cast: _Cast, index: int, stage: str) -> None:
    """Drive subject number `index` to its stage, then move its story into the past."""
    owner = cast.applicants[index % len(cast.applicants)]
    reviewer = cast.reviewers[index % 2]
    filing = await _enter(cast, owner, _form(index, stage), on_behalf=index % 9 == 8)
    typist = cast.reviewers[0] if index % 9 == 8 else owner
    if typist is reviewer:
        reviewer = cast.reviewers[1]
    if stage == "abandoned":
        await _done(await steps.drop_filing(owner, **_named(filing)))
    elif stage != "draft":
        await _review(cast, owner, reviewer, filing, stage)
    await unit_of_work(lambda: backdate(filing.id, filing.subject_id, timedelta(days=_age(index, stage))))


async def _review(cast: _Cast, owner: Actor, reviewer: Actor, filing: Filing, stage: str) -> None:
    filing = await _done(await steps.submit_filing(owner, **_named(filing), filing_password=None))
    if stage == "submitted":
        return
    if stage == "claimed":
        await _done(await reviews.claim_filing(reviewer, **_named(filing)))
        return
    if stage in ("returned", "answered"):
        await _return(owner, reviewer, filing, stage)
        return
    filing = await _done(
        await reviews.approve_filing(reviewer, **_named(filing), revision=filing.revision, note=None)
    )
    if stage == "accepted":
        return
    desk = cast.slow_desk if stage == "at authority" else cast.desk
    await _carry(desk, filing)
    while stage != "at authority" and await take_next(desk):
        pass


async def _return(owner: Actor, reviewer: Actor, filing: Filing, stage: str) -> None:
    notes = [
        {
            "path": ["subject", "address"],
            "text": "通信地址请写到门牌号",
            "rule": None,
            "suggestion": None,
            "blocking": True,
        }
    ]
    filing = await _done(
        await reviews.return_filing(
            reviewer,
            **_named(filing),
            revision=filing.revision,
            message="请按意见修改后重新提交",
            notes=notes,
        )
    )
    if stage == "returned":
        return
    note = await Note.get(filing_id=filing.id)
    await _done(
        await steps.reply_to_note(owner, id=node_id(Note, note.id), text="地址已是最小门牌单位", key=None)
    )
    filing = await Filing.get(id=filing.id)
    await _done(await steps.submit_filing(owner, **_named(filing), filing_password=None))


async def _carry(desk: Simulator, filing: Filing) -> None:
    message = await OutboxMessage.get(kind=OutboxKind.REPORT, filing_id=filing.id, state=OutboxState.WAITING)
    answer = await deliver_report(desk, message)
    if isinstance(answer, Delivered):
        await unit_of_work(
            lambda: OutboxMessage.filter(id=message.id).update(
                state=OutboxState.DONE, payload=None, done_at=now()
            )
        )


async def _enter(cast: _Cast, owner: Actor, form: FilingForm, *, on_behalf: bool) -> Filing:
    fields, websites = _plain(form.subject), [_plain(site) for site in form.websites]
    outcome = await drafts.create_subject(
        cast.reviewers[0] if on_behalf else owner,
        owner_id=node_id(Account, owner.account_id or 0) if on_behalf else None,
        fields=fields, websites=websites, key=None,
    )  # fmt: skip
    return await _done(outcome)


def _form(index: int, stage: str) -> FilingForm:
    form = filing_form(index)
    first, *others = form.websites
    if stage == "refused":
        first = dataclasses.replace(first, name=TAKEN_NAME)
    if stage == "error":
        domain = TAKEN_DOMAINS[index // 50 % len(TAKEN_DOMAINS)]
        first = dataclasses.replace(first, domains=(domain,), home_url=f"www.{domain}")
    return dataclasses.replace(form, websites=(first, *others))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name != "id"}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _named(filing: Filing) -> dict[str, Any]:
    return {"id": node_id(Filing, filing.id), "version": filing.version, "key": None}


async def _done(outcome: Outcome) -> Filing:
    if outcome.problems:
        raise Refused(*outcome.problems)
    return await Filing.get(id=outcome.ids["filing"])


def _age(index: int, stage: str) -> int:
    """How many days ago its story played: finished ones long ago, what waits for somebody lately."""
    if stage in ("submitted", "claimed", "accepted"):
        return index % 3
    return 2 + (index * 13) % (400 if stage in ("approved", "abandoned") else 20)
