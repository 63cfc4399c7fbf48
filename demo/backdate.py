"""Backdating: moves one filing's story into the past, every moment of it by the same time."""

from datetime import timedelta
from typing import Any

from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.access import Access
from models.event import FilingEvent
from models.filing import Approval, Filing, FilingPassword, Note, Revision
from models.report import Report
from models.subject import Subject
from models.website import Website


async def backdate(filing_id: int, subject_id: int, by: timedelta) -> None:
    """Shift every moment of the filing and its records into the past; inside a unit of work."""
    of_filing: tuple[type[Model], ...] = (Revision, Note, Approval, Report, FilingEvent)
    await _shift(Filing.filter(id=filing_id), by)
    for model in of_filing:
        await _shift(model.filter(filing_id=filing_id), by)
    await _shift(Subject.filter(id=subject_id), by)
    await _shift(Website.filter(subject_id=subject_id), by)
    await _shift(Access.filter(website__subject_id=subject_id), by)
    await _shift(FilingPassword.filter(subject_id=subject_id), by)


async def _shift(rows: QuerySet[Any], by: timedelta) -> None:
    names = [
        name
        for name in ("at", "created_at", "updated_at", "submitted_at", "due_at", "sent_at", "decided_at")
        if name in rows.model._meta.fields_map
    ]
    for row in await rows:
        moved = {name: value - by for name in names if (value := getattr(row, name)) is not None}
        if moved:
            await rows.model.filter(id=row.id).update(**moved)
