"""Facts about single filings that the rules ask for: what a cancellation would leave, and what moved under a change."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from models.access import Access
from models.filing import Filing, Target
from models.node_ids import node_id
from models.states import FilingKind, RecordStatus
from models.subject import Subject
from models.website import OtherAccess, Website
from workflow.forms import access_forms, subject_form, website_forms
from workflow.targets import RecordForm, base_form, numbers_among, targets_of

K = FilingKind
_ASKED = (K.CHANGE, K.CANCEL_ACCESS, K.CANCEL_WEBSITE)


async def facts_of(filings: Sequence[Filing]) -> dict[int, Mapping[str, Any]]:
    """By filing the fields of `rules.library.Library` that only its own records can tell."""
    asked = [filing for filing in filings if filing.kind in _ASKED]
    targets = await targets_of([filing.id for filing in asked])
    return {filing.id: await _facts(filing, targets[filing.id]) for filing in asked}


async def _facts(filing: Filing, targets: Sequence[Target]) -> Mapping[str, Any]:
    records = [target.record for target in targets]
    match filing.kind:
        case K.CANCEL_ACCESS:
            accesses = await Access.filter(id__in=numbers_among(Access, records))
            others = OtherAccess.filter(website_id__in=[access.website_id for access in accesses])
            return {"only_access": bool(accesses) and not await others.exists()}
        case K.CANCEL_WEBSITE:
            others_filed = Website.filter(subject_id=filing.subject_id, status=RecordStatus.FILED)
            own = numbers_among(Website, records)
            return {"last_website": not await others_filed.exclude(id__in=own).exists()}
        case _:
            now_in_force = await in_force(records)
            moved = {t.record for t in targets if t.base and base_form(t) != now_in_force.get(t.record)}
            return {"base_changed": frozenset(moved)}


async def in_force(records: Sequence[str]) -> dict[str, RecordForm]:
    """The forms of records as their rows stand, by node id; a website without its access, which is a record of its own."""
    found: dict[str, RecordForm] = {}
    for subject in await Subject.filter(id__in=numbers_among(Subject, records)):
        found[node_id(Subject, subject.id)] = subject_form(subject)
    websites = await Website.filter(id__in=numbers_among(Website, records))
    for number, form in (await website_forms(websites)).items():
        found[node_id(Website, number)] = dataclasses.replace(form, access=None)
    accesses = await Access.filter(id__in=numbers_among(Access, records))
    for number, access in (await access_forms(accesses)).items():
        found[node_id(Access, number)] = access
    return found
