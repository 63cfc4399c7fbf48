"""Judging a form: the facts that only our own library knows are gathered here, then the rules speak."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from tortoise.queryset import QuerySet

from models.cipher import cipher
from models.clock import now
from models.filing import Filing
from models.node_ids import number_of
from models.states import FilingStatus, RecordStatus
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

K = TypeVar("K")
Claims = defaultdict[K, set[int]]  # by key, the subjects that claim it
_AT_ONCE = 10_000

# a filing on its way holds what it claims (1003, 1005, 1021); a draft holds nothing
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
    )


async def judge_many(pairs: Sequence[tuple[Filing, FilingForm]]) -> dict[int, Judged]:
    """Judge the form of each filing against today's law and our own library, in a bounded number of statements."""
    in_force, day = await law(), today()
    libraries = await _libraries([form for _, form in pairs])
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
    claims = (*domains.values(), *home_urls.values(), *certificates.values())
    holders = await _holders({subject_id for claimants in claims for subject_id in claimants})
    real_authority = current().authority == "soap"
    found = []
    for form, ask in zip(forms, asked, strict=True):
        others = holders - {number_of(Subject, form.subject.id or "") or 0}
        found.append(
            Library(
                taken_domains=frozenset(key for key in ask.domains if domains[key] & others),
                taken_home_urls=frozenset(key for key in ask.home_urls if home_urls[key] & others),
                organiser_conflict=ask.certificate is not None
                and bool(certificates[_indexed(ask.certificate)] & others),
                real_authority=real_authority,
            )
        )
    return found


async def _holders(subject_ids: set[int]) -> set[int]:
    """Those of the subjects that hold what they claim: filed, or with a filing on its way."""
    filed = await _read(Subject.filter(status=RecordStatus.FILED), "id", subject_ids, "id")
    underway = await _read(Filing.filter(status__in=_ON_ITS_WAY), "subject_id", subject_ids, "subject_id")
    return {row[0] for row in (*filed, *underway)}


async def _domain_claims(keys: set[str]) -> Claims[str]:
    rows = WebsiteDomain.filter(website__archived=False).exclude(status=RecordStatus.CANCELLED)
    return _by_key(await _read(rows, "key", keys, "key", "website__subject_id"))


async def _home_url_claims(keys: set[str]) -> Claims[str]:
    rows = Website.filter(archived=False).exclude(status=RecordStatus.CANCELLED)
    return _by_key(await _read(rows, "home_url_key", keys, "home_url_key", "subject_id"))


async def _certificate_claims(certificates: Sequence[tuple[str, str]]) -> Claims[tuple[str, str]]:
    indexes = {index for _, index in map(_indexed, certificates)}
    rows = await _read(
        Subject.exclude(status=RecordStatus.CANCELLED),
        "certificate_number_index",
        indexes,
        "certificate_type",
        "certificate_number_index",
        "id",
    )
    return _by_key(((kind, index), subject_id) for kind, index, subject_id in rows)


def _indexed(certificate: tuple[str, str]) -> tuple[str, str]:
    """A certificate as it is looked up: its type, and the blind index of its number."""
    kind, number = certificate
    return kind, cipher().index(number)


def _by_key(rows: Iterable[tuple[K, int]]) -> Claims[K]:
    claims: Claims[K] = defaultdict(set)
    for key, subject_id in rows:
        claims[key].add(subject_id)
    return claims


async def _read(rows: QuerySet[Any], column: str, values: Iterable[Any], *wanted: str) -> list[Any]:
    """Columns of the rows whose `column` is one of the values; a statement holds so many values and no more."""
    found: list[Any] = []
    listed = sorted(values)
    for start in range(0, len(listed), _AT_ONCE):
        some = rows.filter(**{f"{column}__in": listed[start : start + _AT_ONCE]})
        found += await some.values_list(*wanted)
    return found
