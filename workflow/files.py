"""Files (文件): taking a picture in, giving it out to those who may see it, and erasing what belongs to nothing."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from models.attachment import Attachment, StoredFile
from models.cipher import CipherError
from models.clock import now
from models.event import AuditEntry
from models.joint_act import JointAct
from models.node_ids import model_of, node_id, number_of
from models.refusal import NotFound, NotPermitted, Problem, Refused
from models.states import Role
from models.subject import Subject
from models.tries import Limit, reserve
from models.unit_of_work import unit_of_work
from models.website import Website
from workflow import file_vault
from workflow.actors import Actor, visible_subjects, visible_websites
from workflow.darkroom import redraw
from workflow.document_sight import shown_to
from workflow.joint_acts import visible_acts

UPLOAD = Limit("upload", 300, timedelta(hours=1))
MOST_UNATTACHED = 100  # of one account
UNATTACHED_KEPT = timedelta(hours=24)
LONGEST_NAME = 255
FILING_ROLES = frozenset({Role.APPLICANT, Role.REVIEWER})
READ_DOCUMENT = "READ_DOCUMENT"  # what the audit calls it
AT_A_TIME = 200

_log = structlog.get_logger()


@dataclass(frozen=True)
class Document:
    """A stored picture with its bytes."""

    file: StoredFile
    data: bytes


async def may_upload(actor: Actor) -> None:
    """Raises NotPermitted for who files nothing, Throttled, and Refused for who leaves too much unattached."""
    if actor.role not in FILING_ROLES:
        raise NotPermitted
    await _refuse_hoarding(actor)
    await reserve(UPLOAD, str(actor.account_id))


async def keep_file(actor: Actor, data: bytes, media_type: str, filename: str | None) -> StoredFile:
    """Redraw the picture, lay it down encrypted, and give its row, which waits 24 hours to be attached.

    Its bytes are on disk before its row is there. Raises UnfitPicture, DarkroomFull, Refused; OSError where the disk
    takes nothing.
    """
    picture = await redraw(data, media_type)
    digest = await asyncio.to_thread(lambda: hashlib.sha256(picture.data).hexdigest())
    place = await asyncio.to_thread(file_vault.lay_down, picture.data)

    async def work() -> StoredFile:
        await _refuse_hoarding(actor)
        moment = now()
        return await StoredFile.create(
            account_id=actor.account_id,
            place=place,
            sha256=digest,
            media_type=picture.media_type,
            size_bytes=len(picture.data),
            width=picture.width,
            height=picture.height,
            filename=filename,
            unattached_since=moment,
            created_at=moment,
        )

    try:
        return await unit_of_work(work)
    except Refused:
        await asyncio.to_thread(file_vault.clear, place)
        raise


async def _refuse_hoarding(actor: Actor) -> None:
    waiting = StoredFile.filter(account_id=actor.account_id, unattached_since__not_isnull=True)
    if await waiting.count() >= MOST_UNATTACHED:
        zh = f"未关联的文件已达{MOST_UNATTACHED}个，请先关联或等待24小时后清除"
        en = f"{MOST_UNATTACHED} files wait unattached: attach them, or wait 24 hours"
        raise Refused(Problem("LIMIT", zh, en))


async def read_file(actor: Actor, id: str) -> Document:
    """The picture of that id, to those who may see it; what staff read is put on record.

    Who uploaded it sees it until it is attached; then who sees the attachment, auditors and administrators aside.
    Raises NotFound for everybody else, and for an unknown or malformed id.
    """
    number = number_of(StoredFile, id)
    file = None if number is None else await StoredFile.get_or_none(id=number)
    if file is None or actor.role not in FILING_ROLES:
        raise NotFound(("id",))
    attachments = await Attachment.filter(file_id=file.id).order_by("id")
    if not attachments and file.account_id != actor.account_id:
        raise NotFound(("id",))
    seen = await _seen(actor, attachments)
    if attachments and seen is None:
        raise NotFound(("id",))
    if seen is not None and actor.role is Role.REVIEWER:
        await unit_of_work(partial(_put_on_record, actor, file, seen))
    try:
        data = await asyncio.to_thread(file_vault.take_up, file.place)
    except (FileNotFoundError, CipherError) as error:
        _log.error("document_lost", file_id=id, fault=type(error).__name__)
        raise NotFound(("id",)) from error
    return Document(file, data)


async def _seen(actor: Actor, attachments: Sequence[Attachment]) -> Attachment | None:
    """The first of these attachments that the actor sees."""
    for attachment in await shown_to(actor, attachments):
        if await _sees_record(actor, attachment.record):
            return attachment
    return None


async def _sees_record(actor: Actor, record: str) -> bool:
    model = model_of(record)
    if model is Subject:
        return await visible_subjects(actor).filter(id=number_of(Subject, record)).exists()
    if model is Website:
        return await visible_websites(actor).filter(id=number_of(Website, record)).exists()
    if model is JointAct and actor.role is Role.REVIEWER:
        return await visible_acts(actor).filter(id=number_of(JointAct, record)).exists()
    return False


async def _put_on_record(actor: Actor, file: StoredFile, attachment: Attachment) -> None:
    await AuditEntry.create(
        at=now(),
        account_id=actor.account_id,
        credential=actor.credential,
        action=READ_DOCUMENT,
        record=node_id(StoredFile, file.id),
        detail={"attachment": node_id(Attachment, attachment.id), "record": attachment.record},
    )


async def forget_documents(records: Sequence[str]) -> None:
    """Take all documents off records that are being erased, by their node ids; inside the unit of work that erases them.

    Their files, unless attached elsewhere too, go at the next tidying.
    """
    attachments = Attachment.filter(record__in=list(records))
    files = {row[0] for row in await attachments.values_list("file_id")}
    if not files:
        return
    await Attachment.filter(record__in=list(records)).delete()
    attached = {row[0] for row in await Attachment.filter(file_id__in=files).values_list("file_id")}
    await StoredFile.filter(id__in=files - attached).update(unattached_since=now() - UNATTACHED_KEPT)


async def erase_unattached(moment: datetime) -> int:
    """Erase the files that were attached to nothing for 24 hours; how many there were."""
    erased = 0
    late = StoredFile.filter(unattached_since__lte=moment - UNATTACHED_KEPT).order_by("id").limit(AT_A_TIME)
    for (number,) in await late.values_list("id"):
        place = await unit_of_work(partial(_forget_file, number, moment))
        if place is not None:
            await asyncio.to_thread(file_vault.clear, place)
            erased += 1
    return erased


async def _forget_file(number: int, moment: datetime) -> str | None:
    """Delete the row of a file that is still unattached; gives where its bytes lie."""
    late = StoredFile.filter(id=number, unattached_since__lte=moment - UNATTACHED_KEPT)
    file = await late.select_for_update(skip_locked=True).first()
    if file is None:
        return None
    if await Attachment.filter(file_id=number).exists():
        await StoredFile.filter(id=number).update(unattached_since=None)
        return None
    await StoredFile.filter(id=number).delete()
    return file.place


async def erase_left_behind(moment: datetime) -> int:
    """Erase what lies on disk for more than 24 hours without a row, as a crash leaves it; how many whole files."""
    places = await asyncio.to_thread(lambda: list(file_vault.left_behind(moment - UNATTACHED_KEPT)))
    erased = 0
    for first in range(0, len(places), AT_A_TIME):
        some = places[first : first + AT_A_TIME]
        known = {row[0] for row in await StoredFile.filter(place__in=some).values_list("place")}
        for place in set(some) - known:
            await asyncio.to_thread(file_vault.clear, place)
            erased += 1
    return erased
