"""Judging a form: the facts that only our own library knows are gathered here, then the rules speak."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from tortoise.queryset import QuerySet

from models.cipher import cipher
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
from workflow.codes import code_book
from workflow.deadlines import BEIJING
from workflow.facts import facts_of

K = TypeVar("K")
Claims = defaultdict[K, set[int]]  # by key, the subjects that claim it
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
    domains = await _domain_claims({key for ask in asked for key in ask.domains})
    home_urls = await _home_url_claims({key for ask in asked for key in ask.home_urls})
    certificates = await _certificate_claims([ask.certificate for ask in asked if ask.certificate])
    real_authority = current().authority == "soap"
    found = []
    for form, ask in zip(forms, asked, strict=True):
        own = {number_of(Subject, form.subject.id or "") or 0}
        found.append(
            Library(
                taken_domains=frozenset(key for key in ask.domains if domains[key] - own),
                taken_home_urls=frozenset(key for key in ask.home_urls if home_urls[key] - own),
                organiser_conflict=ask.certificate is not None
                and bool(certificates[_indexed(ask.certificate)] - own),
                real_authority=real_authority,
            )
        )
    return found


async def _holding(claims: Iterable[tuple[K, int, bool]]) -> Claims[K]:
    """Of who claims what, those who hold it: what is filed, and drafts whose filing is on its way (C74)."""
    rows = list(claims)
    drafting = {subject_id for _, subject_id, filed in rows if not filed}
    underway = Filing.filter(status__in=_ON_ITS_WAY, kind__in=_BRINGING)
    moving = {row[0] for row in await _read(underway, "subject_id", drafting, "subject_id")}
    held: Claims[K] = defaultdict(set)
    for key, subject_id, filed in rows:
        if filed or subject_id in moving:
            held[key].add(subject_id)
    return held


async def _claimed(prefix: str, keys: Iterable[str]) -> Iterable[tuple[str, int, bool]]:
    """What changes on their way claim; no record shows it yet."""
    rows = FilingClaim.filter(filing__status__in=_ON_ITS_WAY)
    found = await _read(rows, "name", [f"{prefix}:{key}" for key in keys], "name", "filing__subject_id")
    return [(name.removeprefix(f"{prefix}:"), subject_id, True) for name, subject_id in found]


def _is_filed(status: RecordStatus | str) -> bool:
    return RecordStatus(status) is RecordStatus.FILED


async def _domain_claims(keys: set[str]) -> Claims[str]:
    rows = WebsiteDomain.filter(website__archived=False).exclude(website__status=RecordStatus.CANCELLED)
    found = await _read(rows, "key", keys, "key", "website__subject_id", "website__status")
    shown = [(key, subject_id, _is_filed(status)) for key, subject_id, status in found]
    return await _holding([*shown, *await _claimed("domain", keys)])


async def _home_url_claims(keys: set[str]) -> Claims[str]:
    rows = Website.filter(archived=False).exclude(status=RecordStatus.CANCELLED)
    found = await _read(rows, "home_url_key", keys, "home_url_key", "subject_id", "status")
    shown = [(key, subject_id, _is_filed(status)) for key, subject_id, status in found]
    return await _holding([*shown, *await _claimed("home", keys)])


async def _certificate_claims(certificates: Sequence[tuple[str, str]]) -> Claims[tuple[str, str]]:
    indexed = [_indexed(certificate) for certificate in certificates]
    rows = await _read(
        Subject.exclude(status=RecordStatus.CANCELLED),
        "certificate_number_index",
        {index for _, index in indexed},
        "certificate_type",
        "certificate_number_index",
        "id",
        "status",
    )
    shown = [((kind, index), subject_id, _is_filed(status)) for kind, index, subject_id, status in rows]
    claimed = await _claimed("certificate", [f"{kind}:{index}" for kind, index in indexed])
    told = {f"{kind}:{index}": (kind, index) for kind, index in indexed}
    return await _holding([*shown, *((told[name], subject_id, filed) for name, subject_id, filed in claimed)])


def _indexed(certificate: tuple[str, str]) -> tuple[str, str]:
    """A certificate as it is looked up: its type, and the blind index of its number."""
    kind, number = certificate
    return kind, cipher().index(number)


async def _read(rows: QuerySet[Any], column: str, values: Iterable[Any], *wanted: str) -> list[Any]:
    """Columns of the rows whose `column` is one of the values; a statement holds so many values and no more."""
    found: list[Any] = []
    listed = sorted(values)
    for start in range(0, len(listed), _AT_ONCE):
        some = rows.filter(**{f"{column}__in": listed[start : start + _AT_ONCE]})
        found += await some.values_list(*wanted)
    return found
