"""Reviewer's steps: claim, release, claim next, approve, return, pull back, report again, and results by hand."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q

from authority.codes import result_codes as all_result_codes
from authority.numbers import MalformedFilingNumber, parse_filing_number
from models.clock import now
from models.filing import Filing
from models.hashing import hash_secret
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, NotPermitted, Problem, Refused
from models.states import FilingAction, FilingStatus, Role, TokenScope
from models.subject import Subject
from models.website import Website
from settings import current
from workflow.actors import Actor, visible_filings
from workflow.case import load_cases
from workflow.command import Outcome, carry_out
from workflow.engine import move, refusal, turn_problem
from workflow.filed import Filed, FiledWebsite
from workflow.steps import LONGEST_TEXT, is_writable, step
from workflow.transitions import rows_of

MOST_NOTES = 200
# letters and digits that cannot be mistaken for one another, 32 of them: 12 make 60 bits
PASSWORD_SYMBOLS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - an alphabet
PASSWORD_LENGTH = 12
_UNWRITABLE = ("含有不能保存的字符", "it holds characters that cannot be stored")


async def claim_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Hold a submitted filing for half an hour, or renew the hold; raises no version."""
    return await step(actor, FilingAction.CLAIM_FILING, "claimFiling", id=id, version=version, key=key)


async def release_filing(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Give up the hold; raises no version."""
    return await step(actor, FilingAction.RELEASE_FILING, "releaseFiling", id=id, version=version, key=key)


async def claim_next_filing(actor: Actor, *, key: str | None) -> Outcome:
    """Claim the submitted filing that is due first and free for this reviewer; no filing where there is none."""
    row = rows_of(FilingAction.CLAIM_FILING)[0]

    async def work() -> Outcome:
        if actor.role is not Role.REVIEWER or (
            actor.scopes is not None and TokenScope.REVIEW not in actor.scopes
        ):
            raise NotPermitted
        free = Q(reviewer_id=None) | Q(claimed_until__lte=now())
        queue = visible_filings(actor).filter(free, status=FilingStatus.SUBMITTED)
        for candidate in await queue.order_by("due_at", "id").limit(50):
            filing = await Filing.filter(id=candidate.id).select_for_update(skip_locked=True).first()
            if filing is None:
                continue
            case = (await load_cases(actor, [filing], judge=False))[0]
            if not refusal(row, case):
                await move(row, case)
                return Outcome(ids={"filing": filing.id, "subject": filing.subject_id})
        return Outcome()

    return await carry_out(actor, "claimNextFiling", {}, key, work)


async def approve_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    note: str | None,
    key: str | None,
) -> Outcome:
    """Approve the revision that was judged, and pass it on to the authority (C36, C42)."""
    if note is not None and not is_writable(note):
        return Outcome(problems=Invalid(("note",), *_UNWRITABLE).problems)
    return await step(
        actor, FilingAction.APPROVE_FILING, "approveFiling",
        id=id, version=version, key=key, revision=revision, note=_cut(note), message=_cut(note),
    )  # fmt: skip


async def return_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    message: str,
    notes: Sequence[Mapping[str, Any]],
    key: str | None,
) -> Outcome:
    """Return it with a message and notes on fields, each with its text, rule and suggestion (C33, C35)."""
    problem = _notes_problem(message, notes)
    if problem is not None:
        return Outcome(problems=problem.problems)
    return await step(
        actor, FilingAction.RETURN_FILING, "returnFiling",
        id=id, version=version, key=key, revision=revision, message=message,
        notes=[{**note, "path": list(note["path"])} for note in notes],
    )  # fmt: skip


def _cut(text: str | None) -> str | None:
    return text[:LONGEST_TEXT] if text else None


def _notes_problem(message: str, notes: Sequence[Mapping[str, Any]]) -> Refused | None:
    if not is_writable(message):
        return Invalid(("message",), *_UNWRITABLE)
    if not message.strip() or len(message) > LONGEST_TEXT:
        return Invalid(("message",), "退回说明应为1至2000个字符", "a message has 1 to 2000 characters")
    if len(notes) > MOST_NOTES:
        return Invalid(("notes",), "一次最多200条意见", "at most 200 notes at a time")
    for place, note in enumerate(notes):
        path = ("notes", str(place))
        if not note["text"].strip() or len(note["text"]) > LONGEST_TEXT:
            return Invalid((*path, "text"), "意见应为1至2000个字符", "a note has 1 to 2000 characters")
        if note["path"] and note["path"][0] not in ("subject", "websites"):
            return Invalid((*path, "path"), "路径应以subject或websites开头", "begin with subject or websites")
        texts = (note["text"], note.get("rule") or "", note.get("suggestion") or "", *note["path"])
        if not all(is_writable(text) for text in texts):
            return Invalid(path, *_UNWRITABLE)
        if note.get("rule") and len(note["rule"]) > 32:
            return Invalid((*path, "rule"), "规则编号过长", "the rule's id is too long")
    return None


async def pull_back_filing(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    key: str | None,
) -> Outcome:
    """Take an approval back before the report has been taken."""
    return await step(
        actor,
        FilingAction.PULL_BACK_FILING,
        "pullBackFiling",
        id=id,
        version=version,
        key=key,
        revision=revision,
    )


async def report_filing_again(
    actor: Actor,
    *,
    id: str,
    version: int,
    revision: int,
    key: str | None,
) -> Outcome:
    """Report the same revision anew after a processing error that was not the data's fault."""
    return await step(
        actor, FilingAction.REPORT_FILING_AGAIN, "reportFilingAgain",
        id=id, version=version, key=key, revision=revision,
    )  # fmt: skip


async def record_report(
    actor: Actor,
    *,
    id: str,
    version: int,
    reported_at: datetime,
    key: str | None,
) -> Outcome:
    """Manual mode: it was reported to the authority by hand at `reported_at`."""
    if reported_at > now() + timedelta(minutes=5):
        return Outcome(problems=Invalid(("reportedAt",), "时间在将来", "that is in the future").problems)
    return await step(
        actor,
        FilingAction.RECORD_REPORT,
        "recordReport",
        id=id,
        version=version,
        key=key,
        sent_at=reported_at,
    )


async def record_authority_result(
    actor: Actor,
    *,
    id: str,
    version: int,
    outcome: str,
    result_codes: Sequence[int],
    opinion: str | None,
    decided_at: datetime,
    subject_number: str | None,
    websites: Sequence[Mapping[str, str]],
    key: str | None,
) -> Outcome:
    """Manual mode: what the authority decided; with APPROVED the numbers of the subject and of every website."""
    request: dict[str, Any] = {
        "result_codes": list(result_codes),
        "opinion": opinion[:1024] if opinion else None,
        "message": opinion[:LONGEST_TEXT] if opinion else None,
        "decided_at": decided_at,
        "numbers": [subject_number, *websites],
    }
    prepared: dict[str, Any] = {}
    try:
        if opinion is not None and not is_writable(opinion):
            raise Invalid(("opinion",), *_UNWRITABLE)
        if outcome == "APPROVED":
            prepared["filed"] = await _numbers_by_hand(actor, id, subject_number, websites)
            prepared |= await fresh_password()
        elif outcome == "PROCESSING_ERROR":
            _require_known_codes(result_codes)
    except Refused as refused:
        return Outcome(problems=refused.problems)
    return await step(
        actor, FilingAction.RECORD_AUTHORITY_RESULT, "recordAuthorityResult",
        id=id, version=version, key=key, variant=outcome, prepared=prepared, **request,
    )  # fmt: skip


async def fresh_password() -> dict[str, str]:
    """A new filing password and its slow hash, made outside any unit of work; nothing where the authority makes them."""
    if current().filing_password != "local":  # noqa: S105 - a mode
        return {}
    password = "".join(secrets.choice(PASSWORD_SYMBOLS) for _ in range(PASSWORD_LENGTH))
    return {"password": password, "password_hash": await hash_secret(password)}


def _require_known_codes(codes: Sequence[int]) -> None:
    known = all_result_codes()
    for place, code in enumerate(codes):
        if code not in known:
            raise Invalid(("resultCodes", str(place)), "没有此结果代码", "there is no such result code")
    if not codes:
        raise Invalid(("resultCodes",), "请填写结果代码", "give the result codes")


async def _numbers_by_hand(
    actor: Actor, filing_id: str, subject_number: str | None, websites: Sequence[Mapping[str, str]]
) -> Filed:
    filing = await _recordable(actor, filing_id)
    expected = {row.id for row in await Website.filter(subject_id=filing.subject_id, archived=False)}
    subject = _parsed(subject_number, ("subjectNumber",))
    found: dict[int, FiledWebsite] = {}
    for place, given in enumerate(websites):
        path = ("websites", str(place))
        website_id = number_of(Website, given["website_id"])
        if website_id not in expected:
            raise Invalid((*path, "websiteId"), "不是此备案的网站", "not a website of this filing")
        text = _parsed(given["number"], (*path, "number"))
        if not text.startswith(f"{subject}-"):
            raise Invalid(
                (*path, "number"), "网站备案号应以主体备案号开头", "it begins with the subject's number"
            )
        found[website_id or 0] = FiledWebsite(number=text)
    missing = expected - found.keys()
    if missing:
        ids = ", ".join(node_id(Website, row) for row in sorted(missing))
        raise Invalid(("websites",), f"缺少网站备案号：{ids}", f"numbers are missing: {ids}")
    if len({site.number for site in found.values()}) != len(found):
        raise Invalid(("websites",), "网站备案号重复", "a number stands twice")
    await _require_unused(filing, subject, [site.number for site in found.values()])
    return Filed(subject_number=subject, subject_authority_id=None, websites=found, form=None)


async def _recordable(actor: Actor, filing_id: str) -> Filing:
    """The filing, for who may see it and record its result: nobody else learns anything about numbers."""
    number = number_of(Filing, filing_id)
    filing = None if number is None else await visible_filings(actor).get_or_none(id=number)
    if filing is None:
        raise NotFound(("id",))
    problem = turn_problem(rows_of(FilingAction.RECORD_AUTHORITY_RESULT)[0], actor, filing)
    if problem is not None:
        raise Refused(problem)
    return filing


async def _require_unused(filing: Filing, subject: str, websites: Sequence[str | None]) -> None:
    own = filing.subject_id
    taken = await Subject.filter(filing_number=subject).exclude(id=own).exists()
    if taken or await Website.filter(filing_number__in=websites).exclude(subject_id=own).exists():
        zh, en = "该备案号已属于其他主体", "this number belongs to another subject"
        raise Refused(Problem("DUPLICATE", zh, en, path=("subjectNumber",)))


def _parsed(text: str | None, path: tuple[str, ...]) -> str:
    try:
        return str(parse_filing_number(text or ""))
    except MalformedFilingNumber as error:
        raise Invalid(path, "备案号格式不正确", "not a filing number") from error
