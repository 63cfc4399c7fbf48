"""Changes of a record in force, as a provider would report them."""

from dataclasses import replace
from typing import Any

from authority.messages import Change, FiledRecord, Website


def change_of(record: FiledRecord, *websites: Website, **subject: Any) -> Change:
    """A change of a record: its subject with some fields altered, and the websites given, else its first."""
    return Change(replace(record.subject, **subject), websites or record.websites[:1], None)


def altered(website: Website, **fields: Any) -> Website:
    return replace(website, **fields)


def with_access(website: Website, **fields: Any) -> Website:
    """The website with its first access altered, and no other: a report carries our own alone."""
    return replace(website, accesses=(replace(website.accesses[0], **fields),))
