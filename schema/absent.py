"""Absent or null: what a client left out, and what he set to null, told apart and made plain."""

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from strawberry import UNSET
from strawberry.types.unset import UnsetType

T = TypeVar("T")

# what names the thing acted on or the request itself, and is no field of a record
_NO_FIELDS = frozenset(
    {"id", "version", "owner_id", "subject_id", "website_id", "filing_id", "websites", "idempotency_key"}
)


def told(value: T | UnsetType | None) -> T | None:
    """The value, None where the client left it out; for arguments that mean the same either way."""
    return None if isinstance(value, UnsetType) else value


def plain(value: Any) -> Any:
    """An input as mappings and lists of plain values, without what the client left out; a null stays."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        given = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: plain(item) for name, item in given.items() if item is not UNSET}
    return value


def fields_of(given: Any) -> dict[str, Any]:
    """The fields of a record that an input gives, by their names in the store's manner (snake_case)."""
    return {name: value for name, value in plain(given).items() if name not in _NO_FIELDS}
