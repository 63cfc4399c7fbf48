"""Corrections of a mistyped filing number (备案号) where results are recorded by hand, by two people."""

from tortoise.expressions import F

from authority.numbers import FilingNumber, MalformedFilingNumber, parse_filing_number
from models.account import Account
from models.clock import now
from models.event import AuditEntry
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, Problem, Refused, StaleVersion, WrongState
from models.states import FilingAction, JointKind, RecordStatus
from models.subject import Subject
from models.website import Website
from settings import current
from workflow.actors import Actor, visible_websites
from workflow.command import Outcome, carry_out
from workflow.events import write_event
from workflow.gate_changes import note_gate_changes
from workflow.joint_acts import (
    Deed,
    about,
    ask,
    check_reason,
    find_subject,
    hold,
    refuse_own,
    require_reviewer,
)
from workflow.rows import refresh_grams

Record = Subject | Website


async def correct_filing_number(
    actor: Actor, *, id: str, version: int, number: str, reason: str, key: str | None
) -> Outcome:
    """Ask for another number of a filed subject or website; nothing changes before a second reviewer confirms it."""

    async def work() -> Outcome:
        seen, website_id = await _find(actor, id)
        ids = {"subject": seen.id} if website_id is None else {"subject": seen.id, "website": website_id}
        with about(**ids):
            require_reviewer(actor)
            subject = await hold(seen.id)
            await refuse_own(actor, subject)
            said = check_reason(reason)
            record = subject if website_id is None else await Website.get(id=website_id)
            _require_by_hand(record)
            fresh = _fitting(record, subject, number)
            if version != record.version:
                raise StaleVersion(record.version)
            await _require_unused(record, fresh)
            detail = {
                "record": node_id(type(record), record.id),
                "number": fresh,
                "old": record.filing_number,
            }
            act = await ask(actor, JointKind.CORRECT_FILING_NUMBER, subject, said, detail)
        return Outcome(ids={**ids, "joint_act": act.id})

    request = {"id": id, "version": version, "number": number, "reason": reason}
    return await carry_out(actor, "correctFilingNumber", request, key, work)


async def correct_number(deed: Deed) -> None:
    """Write the number; with a subject's the numbers of its websites begin anew, too."""
    named, fresh, old = (str(deed.detail[name]) for name in ("record", "number", "old"))
    website_id = number_of(Website, named)
    record: Record = deed.subject if website_id is None else await Website.get(id=website_id)
    _require_by_hand(record)
    if record.filing_number != old:
        raise WrongState(
            "备案号已变更，请重新申请", "the number has changed since; ask for it anew", blocking_id=named
        )
    _fitting(record, deed.subject, fresh)
    await _require_unused(record, fresh)
    await _write(record, fresh)
    if isinstance(record, Subject):
        for website in await Website.filter(subject_id=record.id).exclude(filing_number=None):
            await _write(website, _begun_anew(website, fresh))
    await refresh_grams(deed.subject.id)
    await _put_on_record(deed, named, f"{old} → {fresh}")
    await note_gate_changes(deed.subject.id)


async def _find(actor: Actor, id: str) -> tuple[Subject, int | None]:
    """The subject, and the website's row number where one is named."""
    number = number_of(Website, id)
    if number is None:
        return await find_subject(actor, id, ("id",)), None
    website = await visible_websites(actor).get_or_none(id=number)
    if website is None:
        raise NotFound(("id",))
    return await find_subject(actor, node_id(Subject, website.subject_id), ("id",)), website.id


def _require_by_hand(record: Record) -> None:
    blocking = node_id(type(record), record.id)
    if current().authority != "manual":
        zh, en = (
            "备案号由管局下发，只有人工方式可更正",
            "numbers come from the authority; only those typed by hand",
        )
        raise WrongState(zh, en, blocking_id=blocking)
    if record.status is not RecordStatus.FILED or record.filing_number is None:
        raise WrongState(
            "尚未备案或已注销，没有备案号", "only what is filed has a number", blocking_id=blocking
        )


def _fitting(record: Record, subject: Subject, text: str) -> str:
    """The number in its normal form, fit for this record; raises Invalid."""
    try:
        number = parse_filing_number(text)
    except MalformedFilingNumber as error:
        raise Invalid(("number",), "备案号格式不正确", "not a filing number") from error
    if isinstance(record, Subject) and number.website_index is not None:
        raise Invalid(("number",), "应为主体备案号", "this is a website's number")
    if isinstance(record, Website) and not _belongs(number, subject):
        raise Invalid(("number",), "网站备案号应以主体备案号开头", "it begins with the subject's number")
    if str(number) == record.filing_number:
        raise Invalid(("number",), "与现有备案号相同", "that is its number already")
    return str(number)


def _belongs(number: FilingNumber, subject: Subject) -> bool:
    return number.website_index is not None and str(number.subject) == subject.filing_number


def _begun_anew(website: Website, subject_number: str) -> str:
    """The website's number under the subject's new one, with its own serial as before."""
    return f"{subject_number}-{(website.filing_number or '').rpartition('-')[2]}"


async def _require_unused(record: Record, number: str) -> None:
    """Raise DUPLICATE for a number that another record has, or that others' websites begin with."""
    if isinstance(record, Subject):
        others = Subject.filter(filing_number=number).exclude(id=record.id)
        sites = Website.filter(filing_number__startswith=f"{number}-").exclude(subject_id=record.id)
        taken = await others.exists() or await sites.exists()
    else:
        taken = await Website.filter(filing_number=number).exclude(id=record.id).exists()
    if taken:
        zh, en = "该备案号已被使用", "another record has this number"
        raise Refused(Problem("DUPLICATE", zh, en, path=("number",)))


async def _write(record: Record, number: str) -> None:
    changes = {"filing_number": number, "version": F("version") + 1, "updated_at": now()}
    if isinstance(record, Subject):
        await Subject.filter(id=record.id).update(**changes)
    else:
        await Website.filter(id=record.id).update(**changes)


async def _put_on_record(deed: Deed, named: str, change: str) -> None:
    await write_event(
        subject_id=deed.subject.id,
        filing_id=None,
        action=FilingAction.CORRECT_FILING_NUMBER,
        actor_name=deed.actor.name,
        account_id=deed.actor.account_id,
        record=named,
        note=f"{change}; {deed.both}",
    )
    await AuditEntry.create(
        at=deed.at,
        account_id=deed.actor.account_id,
        credential=deed.actor.credential,
        action=FilingAction.CORRECT_FILING_NUMBER.value,
        record=named,
        detail={
            "change": change,
            "asked_by": node_id(Account, deed.asker.id),
            "reason": deed.act.reason,
        },
    )
