"""Backdating: moves what has just happened to one subject into the past, every moment of it by the same time."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.access import Access
from models.attachment import Attachment, StoredFile
from models.event import AuditEntry, FilingEvent
from models.filing import Approval, Filing, FilingPassword, FilingProof, Note, Revision
from models.joint_act import JointAct
from models.node_ids import node_id
from models.report import Report
from models.subject import Subject
from models.website import Website

_MOMENTS = (
    "at", "created_at", "updated_at", "submitted_at", "due_at", "sent_at", "decided_at", "last_poll_at",
    "expires_at",
)  # fmt: skip
_OF_SUBJECT: tuple[type[Model], ...] = (Filing, FilingEvent, FilingPassword, Website, JointAct)
_OF_FILING: tuple[type[Model], ...] = (Revision, Note, Approval, Report, FilingProof)


async def backdate(subject_id: int, since: datetime, by: timedelta) -> None:
    """Shift into the past every moment of the subject and its filings that lies at or after `since`.

    What happened before stays where it was put. Inside a unit of work, and nobody else may be at work meanwhile.
    """
    filings = [row[0] for row in await Filing.filter(subject_id=subject_id).values_list("id")]
    websites = [row[0] for row in await Website.filter(subject_id=subject_id).values_list("id")]
    for model in _OF_SUBJECT:
        await _shift(model.filter(subject_id=subject_id), since, by)
    for model in _OF_FILING:
        await _shift(model.filter(filing_id__in=filings), since, by)
    await _shift(Subject.filter(id=subject_id), since, by)
    await _shift(Access.filter(website_id__in=websites), since, by)
    records = [node_id(Subject, subject_id), *(node_id(Website, number) for number in websites)]
    await _shift(Attachment.filter(record__in=records), since, by)
    files = Attachment.filter(record__in=records).values_list("file_id", flat=True)
    await _shift(StoredFile.filter(id__in=[*await files]), since, by)
    await _shift(AuditEntry.filter(at__gte=since), since, by)


async def _shift(rows: QuerySet[Any], since: datetime, by: timedelta) -> None:
    names = [name for name in _MOMENTS if name in rows.model._meta.fields_map]
    for row in await rows.values("id", *names):
        moved = {name: row[name] - by for name in names if row[name] is not None and row[name] >= since}
        if moved:
            await rows.model.filter(id=row["id"]).update(**moved)
