"""Results by hand (人工登记): what staff record of reports and decisions where there is no line to the authority."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from authority.codes import result_codes as all_result_codes
from authority.numbers import MalformedFilingNumber, parse_filing_number
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id, number_of
from models.refusal import Invalid, Problem, Refused
from models.report import Report
from models.states import FilingAction, FilingKind, Role
from models.subject import Subject
from models.website import Website
from workflow.actors import Actor
from workflow.command import Outcome
from workflow.filed import Filed, FiledWebsite
from workflow.filing_passwords import fresh_password
from workflow.forms import load_forms
from workflow.steps import step
from workflow.wording import LONGEST_TEXT, UNWRITABLE, is_writable

LEEWAY = timedelta(minutes=5)  # clocks of people and servers differ


async def record_report(
    actor: Actor,
    *,
    id: str,
    version: int,
    reported_at: datetime,
    key: str | None,
) -> Outcome:
    """Manual mode: it was reported to the authority by hand at `reported_at`."""

    async def check(_: Filing) -> Mapping[str, Any]:
        if reported_at > now() + LEEWAY:
            raise Invalid(("reportedAt",), "时间在将来", "that is in the future")
        return {}

    return await step(
        actor,
        FilingAction.RECORD_REPORT,
        "recordReport",
        check=check,
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
    wanted = outcome == "APPROVED" and actor.role is Role.REVIEWER
    prepared = await fresh_password() if wanted else {}

    async def check(filing: Filing) -> Mapping[str, Any]:
        if opinion is not None and not is_writable(opinion):
            raise Invalid(("opinion",), *UNWRITABLE)
        await _require_possible_time(filing, decided_at)
        if outcome == "APPROVED":
            return {"filed": await _filed_by_hand(filing, subject_number, websites)}
        if outcome == "PROCESSING_ERROR":
            _require_known_codes(result_codes)
        return {}

    return await step(
        actor, FilingAction.RECORD_AUTHORITY_RESULT, "recordAuthorityResult", check=check,
        id=id, version=version, key=key, variant=outcome, prepared=prepared, **request,
    )  # fmt: skip


async def _require_possible_time(filing: Filing, decided_at: datetime) -> None:
    """A decision is not older than the report that it answers, and not to come."""
    report = await Report.filter(filing_id=filing.id, sent_at__isnull=False).order_by("-number").first()
    if report is not None and report.sent_at is not None and decided_at < report.sent_at:
        raise Invalid(("decidedAt",), "早于上报时间", "that is before the report was sent")
    if decided_at > now() + LEEWAY:
        raise Invalid(("decidedAt",), "时间在将来", "that is in the future")


def _require_known_codes(codes: Sequence[int]) -> None:
    known = all_result_codes()
    for place, code in enumerate(codes):
        if code not in known:
            raise Invalid(("resultCodes", str(place)), "没有此结果代码", "there is no such result code")
    if not codes:
        raise Invalid(("resultCodes",), "请填写结果代码", "give the result codes")


async def _filed_by_hand(
    filing: Filing, subject_number: str | None, websites: Sequence[Mapping[str, str]]
) -> Filed | None:
    """What the authority filed, as far as people can know it; the kinds that bring no number need none."""
    match filing.kind:
        case FilingKind.NEW_FILING | FilingKind.ADD_WEBSITE:
            return await _numbers_by_hand(filing, subject_number, websites)
        case FilingKind.ADD_ACCESS:
            return await _access_by_hand(filing)
        case _:
            return None


async def _access_by_hand(filing: Filing) -> Filed:
    """The website keeps its number; one of another provider has the number that its owner claimed."""
    [site] = (await load_forms([filing]))[filing.id].websites
    website = await Website.get(id=number_of(Website, site.id or ""))
    number = website.filing_number or website.claimed_number or ""
    return Filed(
        number.rpartition("-")[0], None, {website.id: FiledWebsite(number, website.authority_id)}, None
    )


async def _numbers_by_hand(
    filing: Filing, subject_number: str | None, websites: Sequence[Mapping[str, str]]
) -> Filed:
    form = (await load_forms([filing]))[filing.id]
    expected = {number_of(Website, site.id or "") or 0 for site in form.websites}
    subject = _parsed(subject_number or await _known_number(filing), ("subjectNumber",))
    if filing.kind is FilingKind.ADD_WEBSITE and subject != await _known_number(filing):
        raise Invalid(("subjectNumber",), "与主体备案号不符", "that is not the subject's number")
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
    await _require_unused(filing, subject, found)
    return Filed(subject_number=subject, subject_authority_id=None, websites=found, form=None)


async def _known_number(filing: Filing) -> str | None:
    return (await Subject.get(id=filing.subject_id)).filing_number


async def _require_unused(filing: Filing, subject: str, websites: Mapping[int, FiledWebsite]) -> None:
    taken = await Subject.filter(filing_number=subject).exclude(id=filing.subject_id).exists()
    numbers = [site.number for site in websites.values()]
    others = Website.filter(filing_number__in=numbers).exclude(id__in=[*websites])
    if taken or await others.exists():
        zh, en = "该备案号已属于其他主体或网站", "this number belongs to another subject or website"
        raise Refused(Problem("DUPLICATE", zh, en, path=("subjectNumber",)))


def _parsed(text: str | None, path: tuple[str, ...]) -> str:
    try:
        return str(parse_filing_number(text or ""))
    except MalformedFilingNumber as error:
        raise Invalid(path, "备案号格式不正确", "not a filing number") from error
