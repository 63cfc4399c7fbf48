"""Plain data: a form as JSON with the API's field names, and back."""

import dataclasses
from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

F = TypeVar("F")


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
    """The form of dataclass `kind` that `to_data` made `data` of; fields that came since have their defaults."""
    hints = get_type_hints(kind)
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]  # every caller gives a dataclass
    known = {f.name: data[_camel(f.name)] for f in fields if _camel(f.name) in data}
    return kind(**{name: _value(hints[name], value) for name, value in known.items()})


def _value(hint: Any, data: Any) -> Any:
    if get_origin(hint) is UnionType:
        if data is None:
            return None
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in data or ())
    return from_data(hint, data) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else data
