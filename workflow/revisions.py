"""Revisions: what was submitted as JSON with the API's field names, the difference between two, and what of it is masked."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q

from models.filing import Filing, Revision
from models.states import Role
from rules.form import DocumentForm, FilingForm
from rules.masks import mask, mask_email
from workflow.actors import Actor
from workflow.plain_data import from_data, to_data

Path = tuple[str, ...]
Mask = Callable[[str], str]
_MASKS: Mapping[str, Mask] = {"certificateNumber": mask, "officePhone": mask, "mobile": mask}


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: where, what it was and what it is (None where there was or is nothing)."""

    path: Path
    before: Any
    after: Any


def form_of(revision: Revision) -> FilingForm:
    """The form that a revision keeps."""
    return from_data(FilingForm, json.loads(revision.data))


def text_of(form: FilingForm) -> str:
    """The text under which a revision keeps a form."""
    return json.dumps(to_data(form), ensure_ascii=False, separators=(",", ":"))


def flatten(form: FilingForm) -> dict[Path, Any]:
    """Every value of a form by its path: websites by id, domains by name, other lists as a whole."""
    data = to_data(form)
    found: dict[Path, Any] = dict(_leaves(data["subject"], ("subject",)))
    for website in data["websites"]:
        found.update(_leaves(website, ("websites", website["id"])))
    for path, document in _documents(form):
        found.setdefault(path, []).append({"use": document.use, "id": document.id})
    cancellation = data["cancellation"] or {}
    found.update(_leaves({name: cancellation.get(name) for name in ("reason", "remark")}, ("cancellation",)))
    return found


def _documents(form: FilingForm) -> Iterator[tuple[Path, DocumentForm]]:
    """Each document with the path under which it is attached."""
    sites = {site.id: site for site in form.websites}
    for document in form.documents or ():
        site = sites.get(document.owner)
        path: Path = ("subject",) if site is None else ("websites", document.owner)
        if site is not None and document.paper in site.pre_approvals:
            path = (*path, "preApprovals", str(site.pre_approvals.index(document.paper)))
        yield (*path, "attachments"), document


def _leaves(value: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for name, item in value.items():
        if name == "id":
            continue
        if isinstance(item, Mapping):
            yield from _leaves(item, (*path, name))
        elif name == "domains":
            yield from (((*path, name, domain), domain) for domain in item)
        elif item not in (None, []):
            yield (*path, name), item


def difference(before: FilingForm, after: FilingForm) -> list[FieldChange]:
    """The fields in which two forms differ, in the order of the form."""
    old, new = flatten(before), flatten(after)
    paths = [*old, *(path for path in new if path not in old)]
    return [
        FieldChange(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)
    ]


def touches(change: FieldChange, path: Path) -> bool:
    """Whether a change lies at, under or over `path`."""
    shorter = min(len(change.path), len(path))
    return change.path[:shorter] == path[:shorter]


def masks_for(actor: Actor) -> Mapping[str, Mask]:
    """Which fields this reader sees masked, and how; an auditor reads no address of e-mail either."""
    return {**_MASKS, "email": mask_email} if actor.role is Role.AUDITOR else _MASKS


def masked(actor: Actor, change: FieldChange) -> FieldChange:
    """The change with what this reader may not read hidden."""
    hide = masks_for(actor).get(change.path[-1])
    if hide is None:
        return change
    return FieldChange(change.path, _hidden(change.before, hide), _hidden(change.after, hide))


def _hidden(value: Any, hide: Mask) -> Any:
    return hide(value) if isinstance(value, str) else value


def _masked_data(data: Any, masks: Mapping[str, Mask]) -> Any:
    if isinstance(data, Mapping):
        return {
            name: _hidden(item, masks[name]) if name in masks else _masked_data(item, masks)
            for name, item in data.items()
        }
    return [_masked_data(item, masks) for item in data] if isinstance(data, list) else data


def revision_json(actor: Actor, revision: Revision) -> Any:
    """What a revision holds, as this reader is shown it: personal values masked."""
    return _masked_data(json.loads(revision.data), masks_for(actor))


async def last_revision(filing: Filing) -> Revision | None:
    """The revision that was submitted last; None before the first submission."""
    return (await last_revisions([filing])).get(filing.id)


async def last_revisions(filings: Sequence[Filing]) -> dict[int, Revision]:
    """The last revision of each filing by the filing's number, in one statement that reads no earlier one."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for filing in filings:
        if filing.revision:
            numbers[filing.revision].append(filing.id)
    if not numbers:
        return {}
    asked = [Q(number=number, filing_id__in=ids) for number, ids in numbers.items()]
    return {row.filing_id: row for row in await Revision.filter(Q(*asked, join_type="OR"))}
