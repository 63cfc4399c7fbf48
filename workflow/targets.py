"""Targets (办理对象): which records a filing is about, and what a change proposes for each of them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from models.access import Access
from models.filing import Target
from models.node_ids import model_of, node_id, number_of
from models.subject import Subject
from models.website import Website
from rules.form import AccessForm, SubjectForm, WebsiteForm
from workflow.plain_data import from_data, to_data

RecordForm: TypeAlias = SubjectForm | WebsiteForm | AccessForm
_SHAPES: dict[type, type[Any]] = {Subject: SubjectForm, Website: WebsiteForm, Access: AccessForm}


async def targets_of(filing_ids: Sequence[int]) -> dict[int, list[Target]]:
    """The targets of filings by the filing's number, in the order in which they were taken up."""
    found: dict[int, list[Target]] = defaultdict(list)
    if filing_ids:
        for target in await Target.filter(filing_id__in=list(filing_ids)).order_by("id"):
            found[target.filing_id].append(target)
    return found


def numbers_among(model: type, records: Iterable[str]) -> list[int]:
    """The row numbers of those records that are of `model`."""
    return [number for number in (number_of(model, record) for record in records) if number is not None]


def record_of(row: Subject | Website | Access) -> str:
    """The node id under which a target names a row."""
    return node_id(type(row), row.id)


def proposed_form(target: Target) -> RecordForm | None:
    """The record as the change would have it; None where nothing is proposed."""
    return None if target.proposal is None else _form(target.record, target.proposal)


def base_form(target: Target) -> RecordForm | None:
    """The record as it stood in force when it was taken up; None for what is not a change's."""
    return None if target.base is None else _form(target.record, target.base)


def text_of_form(form: RecordForm) -> str:
    """The text under which a target keeps a form."""
    return json.dumps(to_data(form), ensure_ascii=False, separators=(",", ":"))


def _form(record: str, text: str) -> RecordForm:
    model = model_of(record)
    assert model is not None, f"a target names no record: {record}"
    form: RecordForm = from_data(_SHAPES[model], json.loads(text))
    return form
