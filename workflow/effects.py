"""Effects: what a transition writes besides the status. They write the database only; the outside waits in the outbox."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from models.access import Access
from models.filing import Approval, FilingClaim, FilingProof, Note, Revision, Target
from models.node_ids import number_of
from models.outbox import OutboxMessage
from models.refusal import WrongState
from models.report import Report
from models.states import FilingKind, NoteState, OutboxKind, ReportState
from models.subject import Subject
from models.website import Website
from workflow.calendar import due
from workflow.case import Case
from workflow.claims import names_of
from workflow.deadlines import AUTHORITY_DAYS, PROVIDER_DAYS
from workflow.filed import filed_text
from workflow.proofs import keep_proof
from workflow.revisions import text_of, touches

Effect = Callable[[Case], Awaitable[None]]
CLAIM = timedelta(minutes=30)
MENDED_AFTER = timedelta(hours=1)  # a report that was our own fault goes out again after this long
MENDED_AT_MOST = 3  # so often in a row, before people must look


async def note_editor(case: Case) -> None:
    """Remember who edited last: he may not decide it."""
    case.values["last_editor_id"] = case.actor.account_id


async def settle_notes(case: Case) -> None:
    """Mark the open notes whose field was changed since."""
    changes = case.changes
    for note in await Note.filter(filing_id=case.filing.id, state=NoteState.OPEN):
        if any(touches(change, tuple(note.path)) for change in changes):
            await Note.filter(id=note.id).update(state=NoteState.CHANGED)


async def keep_a_revision(case: Case) -> None:
    """Keep what was submitted for ever, with the version of the rules that judged it; staff may see it from now on."""
    assert case.form is not None
    assert case.judged is not None
    number = case.filing.revision + 1
    await Revision.create(
        filing_id=case.filing.id,
        number=number,
        data=text_of(case.form),
        rules_version=case.judged.rules_version,
        submitted_by_id=case.actor.account_id,
        submitted_at=case.at,
    )
    case.values |= {"revision": number, "submitted_at": case.at}
    await Subject.filter(id=case.filing.subject_id).update(submitted=True)
    await Target.filter(filing_id=case.filing.id).update(submitted=True)
    sites = [number_of(Website, site.id or "") or 0 for site in case.form.websites]
    accesses = [number_of(Access, site.access.id or "") or 0 for site in case.form.websites if site.access]
    await Website.filter(id__in=sites).update(submitted=True)
    await Access.filter(id__in=accesses).update(submitted=True)


async def keep_the_proof(case: Case) -> None:
    """That the filing password was shown with this step."""
    await keep_proof(case.filing, case.actor.account_id, case.request)


async def void_proofs(case: Case) -> None:
    """The filing password must be shown anew."""
    await FilingProof.filter(filing_id=case.filing.id).delete()


async def forget_the_password(case: Case) -> None:
    """What travelled to the authority with a report is wiped once that is decided, and the proof with it."""
    await FilingProof.filter(filing_id=case.filing.id, travelling__isnull=False).delete()


async def keep_the_claims(case: Case) -> None:
    """The names that a change claims stand in no record yet: others are told of them from here."""
    if case.filing.kind is not FilingKind.CHANGE or case.form is None:
        return
    await FilingClaim.filter(filing_id=case.filing.id).delete()
    for name in sorted(names_of(case.form)):
        await FilingClaim.create(filing_id=case.filing.id, name=name)


async def start_the_providers_clock(case: Case) -> None:
    """One working day for the provider's check."""
    case.values["due_at"] = await due(case.at, PROVIDER_DAYS)


async def start_the_authoritys_clock(case: Case) -> None:
    """Twenty working days for the authority, from the report."""
    case.values["due_at"] = await due(case.request.get("sent_at") or case.at, AUTHORITY_DAYS)


async def stop_the_clock(case: Case) -> None:
    """Nobody's deadline runs."""
    case.values["due_at"] = None


async def claim(case: Case) -> None:
    """The reviewer holds it for half an hour; claiming again renews that."""
    case.values |= {"reviewer_id": case.actor.account_id, "claimed_until": case.at + CLAIM}


async def end_the_claim(case: Case) -> None:
    """Nobody holds it."""
    case.values |= {"reviewer_id": None, "claimed_until": None}


async def void_approvals(case: Case) -> None:
    """A yes given to this revision no longer counts."""
    await Approval.filter(filing_id=case.filing.id).delete()


async def keep_the_approval(case: Case) -> None:
    """Who said yes to which revision."""
    await Approval.create(
        filing_id=case.filing.id,
        revision=case.filing.revision,
        account_id=case.actor.account_id,
        note=case.request.get("note"),
        created_at=case.at,
    )


async def keep_notes(case: Case) -> None:
    """The reviewer's notes on fields; what stayed open from earlier rounds is superseded by them."""
    await Note.filter(filing_id=case.filing.id, state=NoteState.OPEN).update(blocking=False)
    for note in case.request["notes"]:
        await Note.create(
            filing_id=case.filing.id,
            revision=case.filing.revision,
            path=list(note["path"]),
            rule=note.get("rule"),
            text=note["text"],
            suggestion=note.get("suggestion"),
            blocking=note.get("blocking", True),
            author_id=case.actor.account_id,
            created_at=case.at,
        )


async def lay_a_report(case: Case) -> None:
    """The next report waits, and with a line to the authority a message for the courier too."""
    await _lay_a_report(case, case.at)


async def lay_a_mended_report(case: Case) -> None:
    """The same, to be sent a little later: what was at fault may be mended until then."""
    await _lay_a_report(case, case.at + MENDED_AFTER)


async def _lay_a_report(case: Case, due_at: datetime) -> None:
    filing = case.filing
    number = (case.report.number if case.report else 0) + 1
    report = await Report.create(
        filing_id=filing.id, number=number, revision=filing.revision, key=f"f{filing.id}-r{number}"
    )
    if case.house.manual:
        return
    await OutboxMessage.create(
        key=f"report:{report.key}",
        kind=OutboxKind.REPORT,
        lane="authority",  # uploads are strictly one after the other, but in no order
        holds_lane=False,
        payload=json.dumps({"report_id": report.id}),
        filing_id=filing.id,
        subject_id=filing.subject_id,
        due_at=due_at,
        created_at=case.at,
    )


async def cancel_the_waiting_report(case: Case) -> None:
    """What nobody has taken yet is not sent; WrongState where the courier was faster."""
    report = case.report
    if report is None or report.state is not ReportState.WAITING:
        return
    if not await Report.filter(id=report.id, state=ReportState.WAITING).delete():
        raise WrongState("正在上报管局", "it is being reported", rule="BEIAN-BEING-REPORTED")
    await OutboxMessage.filter(key=f"report:{report.key}").delete()  # set aside ones too: the key comes again


async def forget_waiting_report(case: Case) -> None:
    """What nobody has taken yet is not sent; what is out stays out, and its answer will move nothing."""
    for report in await Report.filter(filing_id=case.filing.id, state=ReportState.WAITING):
        if await Report.filter(id=report.id, state=ReportState.WAITING).delete():
            await OutboxMessage.filter(key=f"report:{report.key}").delete()


async def accept_the_report(case: Case) -> None:
    """The authority has it."""
    assert case.report is not None
    receipt = case.request
    await Report.filter(id=case.report.id).update(
        state=ReportState.ACCEPTED,
        sequence=receipt.get("sequence"),
        file=receipt.get("file"),
        sent_at=receipt.get("sent_at", case.at),
        message_code=receipt.get("message_code", 0),
    )


async def park_the_report(case: Case) -> None:
    """The authority will never take it as it is; people must look."""
    assert case.report is not None
    await Report.filter(id=case.report.id).update(
        state=ReportState.REJECTED, message_code=case.request.get("message_code"), sent_at=None
    )


async def keep_the_decision(case: Case) -> None:
    """Half of the answer: yes."""
    await _answer(case, state=ReportState.DECIDED, decision=True)


async def keep_the_numbers(case: Case) -> None:
    """The other half: what the authority holds, with the numbers."""
    await _answer(case, record=filed_text(case.request["filed"]))


async def complete_the_report(case: Case) -> None:
    """Decision and numbers are both there; what was kept for the wait is wiped."""
    await _answer(case, state=ReportState.COMPLETE, decision=True)
    await Report.filter(filing_id=case.filing.id, record__isnull=False).update(record=None)


async def refuse_the_report(case: Case) -> None:
    """The authority said no."""
    await _answer(case, state=ReportState.COMPLETE, decision=False)


async def keep_the_error(case: Case) -> None:
    """The authority could not process it: its codes stay with the filing until a reviewer settles them."""
    codes = list(case.request["result_codes"])
    case.values["error_codes"] = codes
    await _answer(case, state=ReportState.REJECTED, result_codes=codes)


async def reject_the_report(case: Case) -> None:
    """That report came to nothing, for the codes that it keeps; no reviewer has to settle them."""
    await _answer(case, state=ReportState.REJECTED, result_codes=list(case.request["result_codes"]))


async def keep_the_codes(case: Case) -> None:
    """The report stays as it is, with what the authority remarked on it."""
    await _answer(case, result_codes=list(case.request["result_codes"]))


async def clear_the_error(case: Case) -> None:
    """A reviewer has settled it."""
    case.values["error_codes"] = []


async def _answer(case: Case, **values: object) -> None:
    if case.report is None:
        return
    decided = {
        name: case.request[name]
        for name in ("decided_at", "opinion", "result_codes")
        if case.request.get(name) is not None and name not in values
    }
    await Report.filter(id=case.request.get("report_id", case.report.id)).update(**decided, **values)
