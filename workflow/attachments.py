"""Attachments (附件): which file proves what of which record, put there and taken away by whoever may edit the record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from models.attachment import Attachment, StoredFile
from models.clock import now
from models.filing import Filing
from models.node_ids import node_id, number_of
from models.refusal import Invalid, NotFound, StaleVersion, WrongState
from models.states import FilingAction
from models.website import Website
from rules.codes import ATTACHMENT_USE
from rules.documents import PAPER_USE
from rules.form import PreApprovalForm
from workflow.actors import Actor
from workflow.codes import code_book
from workflow.command import Outcome, carry_out
from workflow.document_forms import paper_key
from workflow.document_sight import shown_to
from workflow.edits import Place, edit, find_subject, find_website
from workflow.surroundings import Record
from workflow.targets import record_of
from workflow.wording import is_writable

MOST = 50  # of one record
LONGEST_REMARK = 256


async def attach_file(
    actor: Actor,
    *,
    owner_id: str,
    version: int,
    file_id: str,
    use: str,
    remark: str | None,
    key: str | None,
) -> Outcome:
    """Attach an uploaded file to a subject or website that is being edited, for a use; one's own files alone."""
    made: list[int] = []

    async def work() -> Outcome:
        place = await _find_owner(actor, owner_id, "ownerId")

        async def write(place: Place) -> Record:
            await _check_use(place.record, use)
            _check_remark(remark)
            file = await _own_file(actor, file_id, ("fileId",))
            await _refuse_too_many(record_of(place.record))
            attachment = await _attach(place, file, use, remark=remark or None)
            made[:] = [attachment.id]
            return await _raise_version(place.record, version)

        outcome = await edit(actor, FilingAction.ATTACH_FILE, place, version, write)
        return replace(outcome, ids={**outcome.ids, "attachment": made[0]})

    request = {"owner_id": owner_id, "version": version, "file_id": file_id, "use": use, "remark": remark}
    return await carry_out(actor, "attachFile", request, key, work)


async def detach_file(actor: Actor, *, id: str, version: int, key: str | None) -> Outcome:
    """Take a document away that came with the filing which is being edited; `version` is that of its record.

    What came with an earlier filing stays, since that was decided by it.
    """

    async def work() -> Outcome:
        number = number_of(Attachment, id)
        found = None if number is None else await Attachment.get_or_none(id=number)
        if found is None or not await shown_to(actor, [found]):
            raise NotFound(("id",))
        place = await _find_owner(actor, found.record, "id")

        async def write(place: Place) -> Record:
            attachment = await Attachment.get_or_none(id=found.id)
            if attachment is None:
                raise NotFound(("id",))
            if place.filing is None or attachment.filing_id != place.filing.id:
                raise WrongState(
                    "该附件属于以前的备案申请，不能移除",
                    "it came with an earlier filing and stays",
                    blocking_id=node_id(Filing, attachment.filing_id) if attachment.filing_id else None,
                )
            await _detach([attachment])
            return await _raise_version(place.record, version)

        return await edit(actor, FilingAction.DETACH_FILE, place, version, write)

    return await carry_out(actor, "detachFile", {"id": id, "version": version}, key, work)


async def attach_papers(
    actor: Actor, place: Place, papers: Sequence[tuple[PreApprovalForm, Sequence[str] | None]]
) -> bool:
    """Make the files of a website's pre-approvals these; whether anything changed. Inside the edit of the website.

    Files by their ids; None leaves those of a paper as they are. Only what came with this filing is taken away. Raises
    Invalid.
    """
    record, changed = record_of(place.record), False
    filing_id = place.filing.id if place.filing else None
    for position, (paper, files) in enumerate(papers):
        if files is None:
            continue
        path = ("preApprovals", str(position), "fileIds")
        rows = await Attachment.filter(record=record, paper=paper_key(paper)).select_related("file")
        here = await shown_to(actor, rows)
        known = {attachment.file_id for attachment in here}
        wanted = {
            number: place_of for place_of, text in enumerate(files) if (number := number_of(StoredFile, text))
        }
        if len(wanted) != len(set(files)):
            raise Invalid(path, "没有此文件", "there is no such file of yours")
        gone = [row for row in here if row.file_id not in wanted and row.filing_id == filing_id]
        await _detach(gone)
        for number, index in wanted.items():
            if number in known:
                continue
            file = await _own_file(actor, node_id(StoredFile, number), (*path, str(index)))
            await _refuse_too_many(record)
            await _attach(place, file, PAPER_USE.code, paper=paper_key(paper))
            changed = True
        changed = changed or bool(gone)
    return changed


async def find_attachment(actor: Actor, number: int) -> Attachment | None:
    """The attachment of that number with its file, None where the actor does not see it or its record."""
    attachment = await Attachment.get_or_none(id=number).select_related("file")
    if attachment is None or not await shown_to(actor, [attachment]):
        return None
    try:
        await _find_owner(actor, attachment.record, "id")
    except NotFound:
        return None
    return attachment


async def _find_owner(actor: Actor, record: str, path: str) -> Place:
    finder = find_website if number_of(Website, record) is not None else find_subject
    place = await finder(actor, record, path)
    return replace(place, filing=place.around.attacher(place.record))


async def _check_use(record: Record, use: str) -> None:
    code = (await code_book()).find(ATTACHMENT_USE, use)
    owner = None if code is None else code.extras.get("owner")
    if code is None or not code.active or owner not in (None, type(record).__name__.lower()):
        raise Invalid(("use",), "附件用途不适用", "no use of documents of such a record")


def _check_remark(remark: str | None) -> None:
    if remark is not None and (len(remark) > LONGEST_REMARK or not is_writable(remark)):
        raise Invalid(("remark",), "备注应不超过256个字", "a remark has at most 256 characters")


async def _own_file(actor: Actor, file_id: str, path: Sequence[str]) -> StoredFile:
    """A file that the actor uploaded, held until the unit of work ends so that it is not erased meanwhile."""
    number = number_of(StoredFile, file_id)
    mine = StoredFile.filter(id=number, account_id=actor.account_id).select_for_update()
    file = None if number is None else await mine.first()
    if file is None:
        raise Invalid(path, "没有此文件", "there is no such file of yours")
    return file


async def _refuse_too_many(record: str) -> None:
    if await Attachment.filter(record=record).count() >= MOST:
        raise Invalid(("ownerId",), f"附件最多{MOST}个", f"at most {MOST} documents")


async def _attach(
    place: Place, file: StoredFile, use: str, *, remark: str | None = None, paper: str | None = None
) -> Attachment:
    await StoredFile.filter(id=file.id).update(unattached_since=None)
    return await Attachment.create(
        file_id=file.id,
        record=record_of(place.record),
        filing_id=place.filing.id if place.filing else None,
        paper=paper,
        use=use,
        remark=remark,
        created_at=now(),
    )


async def _detach(attachments: Sequence[Attachment]) -> None:
    """Delete these; a file that is attached to nothing any more waits for 24 hours."""
    if not attachments:
        return
    await Attachment.filter(id__in=[attachment.id for attachment in attachments]).delete()
    files = {attachment.file_id for attachment in attachments}
    attached = {row[0] for row in await Attachment.filter(file_id__in=files).values_list("file_id")}
    await StoredFile.filter(id__in=files - attached).update(unattached_since=now())


async def _raise_version(record: Record, version: int) -> Record:
    won = (
        await type(record).filter(id=record.id, version=version).update(version=version + 1, updated_at=now())
    )
    if not won:
        raise StaleVersion((await type(record).get(id=record.id)).version)
    return record


async def release_documents(filing_id: int) -> None:
    """Take away all that came with a filing which is being erased, from whatever record; inside that unit of work.

    A file that is attached to nothing any more waits for 24 hours.
    """
    await _detach(await Attachment.filter(filing_id=filing_id))


async def copy_documents(actor: Actor, pairs: Mapping[str, str], filing_id: int, since: datetime) -> None:
    """Attach to new records what the actor is shown of earlier ones (`pairs`: earlier to new), uploaded since then."""
    rows = await Attachment.filter(record__in=[*pairs], file__created_at__gte=since).order_by("id")
    for row in await shown_to(actor, rows):
        await Attachment.create(
            file_id=row.file_id,
            record=pairs[row.record],
            filing_id=filing_id,
            paper=row.paper,
            use=row.use,
            remark=row.remark,
            created_at=now(),
        )
