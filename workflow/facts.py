"""Facts about single filings that the rules ask for: what a cancellation would leave, and what moved under a change."""

import dataclasses
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

from models.access import Access
from models.filing import Filing, Target
from models.node_ids import node_id
from models.states import FilingKind, RecordStatus
from models.subject import Subject
from models.website import OtherAccess, Website
from workflow.forms import access_forms, subject_form, website_forms
from workflow.targets import RecordForm, base_form, numbers_among, targets_of

Facts: TypeAlias = Mapping[str, Any]
Targets: TypeAlias = Mapping[int, Sequence[Target]]


async def facts_of(filings: Sequence[Filing]) -> dict[int, Facts]:
    """By filing the fields of `rules.library.Library` that only its own records can tell.

    In a bounded number of statements, however many filings there are.
    """
    asked = {kind: [filing for filing in filings if filing.kind is kind] for kind in _TOLD}
    targets = await targets_of([filing.id for group in asked.values() for filing in group])
    found: dict[int, Facts] = {}
    for kind, tell in _TOLD.items():
        if asked[kind]:
            found |= await tell(asked[kind], targets)
    return found


def _records(targets: Sequence[Target]) -> list[str]:
    return [target.record for target in targets]


async def _ended_accesses(filings: Sequence[Filing], targets: Targets) -> dict[int, Facts]:
    """Whether the website has no other access, here or elsewhere."""
    own = {filing.id: numbers_among(Access, _records(targets[filing.id])) for filing in filings}
    accesses = Access.filter(id__in=[number for numbers in own.values() for number in numbers])
    serves = dict(await accesses.values_list("id", "website_id"))
    others = OtherAccess.filter(website_id__in=[*serves.values()])
    elsewhere = {row[0] for row in await others.values_list("website_id")}
    found: dict[int, Facts] = {}
    for number, ended in own.items():
        sites = {serves[access] for access in ended if access in serves}
        found[number] = {"only_access": bool(sites) and not sites & elsewhere}
    return found


async def _ended_websites(filings: Sequence[Filing], targets: Targets) -> dict[int, Facts]:
    """Whether the subject has no other website in force."""
    in_force_of: dict[int, set[int]] = defaultdict(set)
    rows = Website.filter(subject_id__in=[row.subject_id for row in filings], status=RecordStatus.FILED)
    for subject_id, number in await rows.values_list("subject_id", "id"):
        in_force_of[subject_id].add(number)
    return {
        filing.id: {
            "last_website": in_force_of[filing.subject_id]
            <= set(numbers_among(Website, _records(targets[filing.id])))
        }
        for filing in filings
    }


async def _moved_under_changes(filings: Sequence[Filing], targets: Targets) -> dict[int, Facts]:
    """Which records stand otherwise in force than when the change took them up."""
    now = await in_force([record for filing in filings for record in _records(targets[filing.id])])
    return {
        filing.id: {
            "base_changed": frozenset(
                target.record
                for target in targets[filing.id]
                if target.base and base_form(target) != now.get(target.record)
            )
        }
        for filing in filings
    }


_TOLD: Mapping[FilingKind, Callable[[Sequence[Filing], Targets], Awaitable[dict[int, Facts]]]] = {
    FilingKind.CHANGE: _moved_under_changes,
    FilingKind.CANCEL_ACCESS: _ended_accesses,
    FilingKind.CANCEL_WEBSITE: _ended_websites,
}


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
