"""What a draft may store (可存内容): text of the right characters and length, codes that exist, no masks."""

from collections.abc import Iterator

from rules.catalogue import CONTROL, LENGTH, MASKED, TEXT_UNENCODABLE, TOO_MANY
from rules.choices import unknown
from rules.codes import PRE_APPROVAL_TYPE
from rules.fields import (
    ACCESS_LISTS,
    CANCELLATION_FIELDS,
    CLAIMED_NUMBER,
    CONTACT_FIELDS,
    IP_LENGTH,
    IP_RANGES_LIMIT,
    IP_RANGES_WORDS,
    PRE_APPROVAL_NUMBER_LENGTH,
    PRE_APPROVAL_NUMBER_WORDS,
    PRE_APPROVALS_LIMIT,
    PRE_APPROVALS_WORDS,
    SUBJECT_FIELDS,
    WEBSITE_FIELDS,
    WEBSITE_LISTS,
    Field,
    ListField,
    T,
    is_blank,
    website_key,
)
from rules.findings import Finding, Path, Words
from rules.form import AccessForm, FilingForm, WebsiteForm
from rules.law import Law
from rules.masks import is_masked
from rules.scope import scope_of

_CONTROLS = frozenset(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))


def storable(form: FilingForm, law: Law) -> list[Finding]:
    """All that keeps a form from being saved as a draft; empty where it may be saved. Each finding is an ERROR.

    What a kind of filing carries for context alone is in force already and is not looked at.
    """
    return list(_form(form, law))


def _form(form: FilingForm, law: Law) -> Iterator[Finding]:
    scope = scope_of(form)
    if scope.subject:
        yield from _fields(form.subject, SUBJECT_FIELDS, ("subject",), law)
        if form.subject.principal is not None:
            yield from _fields(form.subject.principal, CONTACT_FIELDS, ("subject", "principal"), law)
    for position, website in enumerate(form.websites):
        path = ("websites", website_key(website, position))
        if position == 0:
            yield from _fields(form, (CLAIMED_NUMBER,), path, law)
        if scope.websites:
            yield from _website(website, path, law)
        if scope.accesses and website.access is not None:
            yield from _access(website.access, (*path, "access"), law)
    if scope.cancellation and form.cancellation is not None:
        yield from _fields(form.cancellation, CANCELLATION_FIELDS, ("cancellation",), law)


def _website(website: WebsiteForm, path: Path, law: Law) -> Iterator[Finding]:
    yield from _fields(website, WEBSITE_FIELDS, path, law)
    for several in WEBSITE_LISTS:
        yield from _list(website, several, path, law)
    yield from _pre_approvals(website, (*path, "preApprovals"), law)
    if website.principal is not None:
        yield from _fields(website.principal, CONTACT_FIELDS, (*path, "principal"), law)


def _access(access: AccessForm, path: Path, law: Law) -> Iterator[Finding]:
    for several in ACCESS_LISTS:
        yield from _list(access, several, path, law)
    place = (*path, "ipRanges")
    if len(access.ip_ranges) > IP_RANGES_LIMIT:
        yield TOO_MANY.at(place, _at_most(IP_RANGES_LIMIT, IP_RANGES_WORDS))
    for position, ip_range in enumerate(access.ip_ranges):
        for end in (ip_range.start, ip_range.end):
            fault = _text(end, IP_LENGTH, (*place, str(position)), IP_RANGES_WORDS)
            if fault is not None:
                yield fault
                break


def _pre_approvals(website: WebsiteForm, path: Path, law: Law) -> Iterator[Finding]:
    if len(website.pre_approvals) > PRE_APPROVALS_LIMIT:
        yield TOO_MANY.at(path, _at_most(PRE_APPROVALS_LIMIT, PRE_APPROVALS_WORDS))
    for position, pre_approval in enumerate(website.pre_approvals):
        place = (*path, str(position))
        fault = unknown(PRE_APPROVAL_TYPE, pre_approval.type, (*place, "type"), law.codes)
        if fault is not None:
            yield fault
        fault = _text(
            pre_approval.number, PRE_APPROVAL_NUMBER_LENGTH, (*place, "number"), PRE_APPROVAL_NUMBER_WORDS
        )
        if fault is not None:
            yield fault


def _fields(owner: T, fields: tuple[Field[T], ...], path: Path, law: Law) -> Iterator[Finding]:
    for field in fields:
        value = field.read(owner)
        if value is None:
            continue
        place = (*path, field.name)
        if field.table is not None:
            fault = None if is_blank(value) else unknown(field.table, value, place, law.codes)
        else:
            fault = _text(value, field.length, place, field.words, field.masked)
        if fault is not None:
            yield fault


def _list(owner: T, field: ListField[T], path: Path, law: Law) -> Iterator[Finding]:
    values = field.read(owner)
    if len(values) > field.limit:
        yield TOO_MANY.at((*path, field.name), _at_most(field.limit, field.words))
    for value in values:
        place = (*path, field.name, value)
        if field.table is not None:
            fault = unknown(field.table, value, place, law.codes)
        else:
            fault = _text(value, field.length, place, field.words)
        if fault is not None:
            yield fault


def _text(value: str, length: int, path: Path, words: Words, masked: bool = False) -> Finding | None:
    """The first fault of a text, so that one slip of the pen is one finding."""
    if not _CONTROLS.isdisjoint(value):
        return CONTROL.at(path, words)
    if not _in_gbk(value):
        return TEXT_UNENCODABLE.at(path, words)
    if masked and is_masked(value):
        return MASKED.at(path, words)
    if len(value) > length:
        limit = Words(f"{words.zh}最多{length}个字符", f"{words.en} takes at most {length} characters")
        return LENGTH.at(path, limit)
    return None


def _in_gbk(value: str) -> bool:
    try:
        value.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _at_most(limit: int, words: Words) -> Words:
    return Words(f"{words.zh}最多{limit}个", f"at most {limit} of {words.en}")
