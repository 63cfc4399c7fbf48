"""Judging a form: the facts that only our own library knows are gathered here, then the rules speak."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from tortoise.queryset import QuerySet

from models.clock import now
from models.filing import Filing, FilingClaim
from models.node_ids import number_of
from models.states import FilingKind, FilingStatus, RecordStatus
from models.subject import Subject
from models.website import Website, WebsiteDomain
from rules.check import check
from rules.findings import Finding, blocks
from rules.form import FilingForm
from rules.law import Law, law_on
from rules.library import Library, questions
from settings import current
from workflow.claims import CERTIFICATE, DOMAIN, HOME, certificate_name, names_asked
from workflow.codes import code_book
from workflow.deadlines import BEIJING
from workflow.facts import facts_of

Claims: TypeAlias = defaultdict[str, set[int]]  # by name, the subjects that hold it
Claim: TypeAlias = tuple[str, int, bool]  # a name, the subject whose record has it, whether that is filed
_AT_ONCE = 10_000

# a filing on its way holds what it claims (1003, 1005, 1021); a draft holds nothing
_BRINGING = (FilingKind.NEW_FILING, FilingKind.ADD_WEBSITE, FilingKind.ADD_ACCESS)
_ON_ITS_WAY = (FilingStatus.SUBMITTED, FilingStatus.ACCEPTED, FilingStatus.AT_AUTHORITY)


@dataclass(frozen=True)
class Judged:
    """What the rules say of one form, and the version of the rules that say it."""

    findings: tuple[Finding, ...]
    rules_version: str

    @property
    def submittable(self) -> bool:
        """Whether no finding stands in the way."""
        return not blocks(list(self.findings))


def today() -> date:
    """The day in Beijing, by which rules bind."""
    return now().astimezone(BEIJING).date()


async def law() -> Law:
    """The law in force today for this provider."""
    given = current()
    return law_on(
        today(),
        await code_book(),
        ip_ranges=[network for network in given.provider_ip_ranges if network.version == 4],
        division=given.provider_division,
        documents_required=given.documents == "required",
    )


async def judge_many(pairs: Sequence[tuple[Filing, FilingForm]]) -> dict[int, Judged]:
    """Judge the form of each filing against today's law and our own library, in a bounded number of statements."""
    in_force, day = await law(), today()
    libraries = await _libraries([form for _, form in pairs])
    known = await facts_of([filing for filing, _ in pairs])
    libraries = [
        dataclasses.replace(library, **known.get(filing.id, {}))
        for (filing, _), library in zip(pairs, libraries, strict=True)
    ]
    return {
        filing.id: Judged(tuple(check(form, in_force, library, day)), in_force.version)
        for (filing, form), library in zip(pairs, libraries, strict=True)
    }


async def _libraries(forms: Sequence[FilingForm]) -> list[Library]:
    """For each form what the library says of it, asked for all of them at once."""
    asked = [questions(form) for form in forms]
    held = await _holders({name for ask in asked for name in names_asked(ask)})
    real_authority = current().authority == "soap"
    found = []
    for form, ask in zip(forms, asked, strict=True):
        own = {number_of(Subject, form.subject.id or "") or 0}
        found.append(
            Library(
                taken_domains=frozenset(key for key in ask.domains if held[DOMAIN + key] - own),
                taken_home_urls=frozenset(key for key in ask.home_urls if held[HOME + key] - own),
                organiser_conflict=ask.certificate is not None
                and bool(held[certificate_name(*ask.certificate)] - own),
                real_authority=real_authority,
            )
        )
    return found


async def _holders(names: set[str]) -> Claims:
    """Of each name the subjects that hold it: by what is filed, or by a filing that is on its way (C74)."""
    rows = [
        *await _domains(_keys(DOMAIN, names)),
        *await _home_urls(_keys(HOME, names)),
        *await _certificates(names),
    ]
    drafting = {subject_id for _, subject_id, filed in rows if not filed}
    underway = Filing.filter(status__in=_ON_ITS_WAY, kind__in=_BRINGING)
    moving = {row[0] for row in await _read(underway, "subject_id", drafting, "subject_id")}
    # what changes on their way claim; no record shows it yet
    proposed = FilingClaim.filter(filing__status__in=_ON_ITS_WAY)
    held: Claims = defaultdict(set)
    for name, subject_id in await _read(proposed, "name", names, "name", "filing__subject_id"):
        held[name].add(subject_id)
    for name, subject_id, filed in rows:
        if filed or subject_id in moving:
            held[name].add(subject_id)
    return held


def _keys(prefix: str, names: Iterable[str]) -> set[str]:
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


def _is_filed(status: RecordStatus | str) -> bool:
    return RecordStatus(status) is RecordStatus.FILED


async def _domains(keys: set[str]) -> list[Claim]:
    rows = WebsiteDomain.filter(website__archived=False).exclude(website__status=RecordStatus.CANCELLED)
    found = await _read(rows, "key", keys, "key", "website__subject_id", "website__status")
    return [(DOMAIN + key, subject_id, _is_filed(status)) for key, subject_id, status in found]


async def _home_urls(keys: set[str]) -> list[Claim]:
    rows = Website.filter(archived=False).exclude(status=RecordStatus.CANCELLED)
    found = await _read(rows, "home_url_key", keys, "home_url_key", "subject_id", "status")
    return [(HOME + key, subject_id, _is_filed(status)) for key, subject_id, status in found]


async def _certificates(names: set[str]) -> list[Claim]:
    """By the blind index of the number; of those the ones that are also of the type asked for."""
    found = await _read(
        Subject.exclude(status=RecordStatus.CANCELLED),
        "certificate_number_index",
        {key.partition(":")[2] for key in _keys(CERTIFICATE, names)},
        "certificate_type",
        "certificate_number_index",
        "id",
        "status",
    )
    return [
        (f"{CERTIFICATE}{kind}:{index}", subject_id, _is_filed(status))
        for kind, index, subject_id, status in found
    ]


async def _read(rows: QuerySet[Any], column: str, values: Iterable[Any], *wanted: str) -> list[Any]:
    """Columns of the rows whose `column` is one of the values; a statement holds so many values and no more."""
    found: list[Any] = []
    listed = sorted(values)
    for start in range(0, len(listed), _AT_ONCE):
        some = rows.filter(**{f"{column}__in": listed[start : start + _AT_ONCE]})
        found += await some.values_list(*wanted)
    return found
