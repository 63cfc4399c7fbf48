"""Revisions: what was submitted as JSON with the API's field names, the difference between two, and what of it is masked."""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from models.filing import Filing, Revision
from rules.form import FilingForm
from rules.masks import mask

Path = tuple[str, ...]
F = TypeVar("F")
_MASKED = frozenset({"certificateNumber", "officePhone", "mobile"})


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: where, what it was and what it is (None where there was or is nothing)."""

    path: Path
    before: Any
    after: Any


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def to_data(value: Any) -> Any:
    """A form as plain JSON data, field names as on the API."""
    if dataclasses.is_dataclass(value):
        return {_camel(f.name): to_data(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [to_data(item) for item in value]
    return value


def from_data(kind: type[F], data: Mapping[str, Any]) -> F:
    """The form of dataclass `kind` that `to_data` made `data` of."""
    hints = get_type_hints(kind)
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]  # every caller gives a dataclass
    return kind(**{f.name: _value(hints[f.name], data.get(_camel(f.name))) for f in fields})


def _value(hint: Any, data: Any) -> Any:
    if get_origin(hint) is UnionType:
        if data is None:
            return None
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in data or ())
    return from_data(hint, data) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else data


def form_of(revision: Revision) -> FilingForm:
    """The form that a revision keeps."""
    return from_data(FilingForm, json.loads(revision.data))


def text_of(form: FilingForm) -> str:
    """The text under which a revision keeps a form."""
    return json.dumps(to_data(form), ensure_ascii=False, separators=(",", ":"))


def flatten(form: FilingForm) -> dict[Path, Any]:
    """Every value of a form by its path: websites by id, domains by name, other lists as a whole."""
    data = to_data(form)
    found = dict(_leaves(data["subject"], ("subject",)))
    for website in data["websites"]:
        found.update(_leaves(website, ("websites", website["id"])))
    return found


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


def masked(change: FieldChange) -> FieldChange:
    """The change with personal values hidden."""
    if change.path[-1] not in _MASKED:
        return change
    return FieldChange(change.path, _masked_text(change.before), _masked_text(change.after))


def _masked_text(value: Any) -> Any:
    return mask(value) if isinstance(value, str) else value


def masked_data(data: Any) -> Any:
    """JSON data of a form with personal values hidden."""
    if isinstance(data, Mapping):
        return {
            name: _masked_text(item) if name in _MASKED else masked_data(item) for name, item in data.items()
        }
    return [masked_data(item) for item in data] if isinstance(data, list) else data


def revision_json(revision: Revision) -> Any:
    """What a revision holds, for reading: personal values masked."""
    return masked_data(json.loads(revision.data))


async def last_revision(filing: Filing) -> Revision | None:
    """The revision that was submitted last; None before the first submission."""
    return await Revision.get_or_none(filing_id=filing.id, number=filing.revision)
