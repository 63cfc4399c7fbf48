"""From attachments to the plain form: which documents a filing has, for the rules and for the revision that keeps it."""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from models.attachment import Attachment
from models.node_ids import node_id
from rules.form import DocumentForm, FilingForm, PreApprovalForm
from workflow.actors import SYSTEM, Actor
from workflow.document_sight import shown_to


def paper_key(paper: PreApprovalForm) -> str:
    """By what the documents of a pre-approval are found: a digest of its type and number."""
    return hashlib.sha256(f"{paper.type}\n{paper.number}".encode()).hexdigest()


async def attachments_of(actor: Actor, records: Sequence[str]) -> dict[str, list[Attachment]]:
    """The attachments, with their files, of records that the actor sees, by node id, as they are shown to him.

    Two statements, however many records there are.
    """
    groups: dict[str, list[Attachment]] = defaultdict(list)
    if records:
        rows = await Attachment.filter(record__in=list(records)).select_related("file").order_by("id")
        for attachment in await shown_to(actor, rows):
            groups[attachment.record].append(attachment)
    return groups


async def with_documents(forms: Mapping[int, FilingForm]) -> dict[int, FilingForm]:
    """The forms of filings, by row number, with the documents of their subjects and websites; two statements for all."""
    records = {record for form in forms.values() for record in _records(form)}
    found = await attachments_of(SYSTEM, sorted(records))
    return {
        number: dataclasses.replace(
            form,
            documents=_documents(form, found),
            unchanged=form.unchanged and not _came_with(number, form, found),
        )
        for number, form in forms.items()
    }


def _came_with(filing_id: int, form: FilingForm, found: Mapping[str, Sequence[Attachment]]) -> bool:
    """Whether a document came with this very filing: then a change asks for something."""
    return any(
        attachment.filing_id == filing_id for record in _records(form) for attachment in found.get(record, ())
    )


def _records(form: FilingForm) -> list[str]:
    return [
        record for record in (form.subject.id, *(site.id for site in form.websites)) if record is not None
    ]


def _documents(form: FilingForm, found: Mapping[str, Sequence[Attachment]]) -> tuple[DocumentForm, ...]:
    """Those of the form's own records; of its websites' pre-approvals only those that the form still has."""
    papers = {(site.id, paper_key(paper)): paper for site in form.websites for paper in site.pre_approvals}
    return tuple(
        DocumentForm(
            record,
            attachment.use,
            papers.get((record, attachment.paper or "")),
            node_id(Attachment, attachment.id),
        )
        for record in _records(form)
        for attachment in found.get(record, ())
        if attachment.paper is None or (record, attachment.paper) in papers
    )
