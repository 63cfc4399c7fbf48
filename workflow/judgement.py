"""Judging a form: the facts that only our own library knows are gathered here, then the rules speak."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
    """Judge the form of each filing against today's law and our own library."""
    in_force = await law()
    return {
        filing.id: Judged(tuple(check(form, in_force, await _library(form), today())), in_force.version)
        for filing, form in pairs
    }


async def _library(form: FilingForm) -> Library:
    asked = questions(form)
    own = number_of(Subject, form.subject.id or "") or 0
    return Library(
        taken_domains=frozenset(await _taken_domains(asked.domains, own)),
        taken_home_urls=frozenset(await _taken_home_urls(asked.home_urls, own)),
        organiser_conflict=await _organiser_conflict(asked.certificate, own),
        real_authority=current().authority == "soap",
    )


async def _holders(subject_ids: set[int]) -> set[int]:
    """Those of the subjects that hold what they claim: filed, or with a filing on its way."""
    if not subject_ids:
        return set()
    filed = await Subject.filter(id__in=subject_ids, status=RecordStatus.FILED).values_list("id")
    underway = await Filing.filter(subject_id__in=subject_ids, status__in=_ON_ITS_WAY).values_list(
        "subject_id"
    )
    return {row[0] for row in (*filed, *underway)}


async def _taken_domains(keys: frozenset[str], own: int) -> set[str]:
    if not keys:
        return set()
    rows = (
        await WebsiteDomain.filter(key__in=keys, website__archived=False)
        .exclude(website__subject_id=own)
        .exclude(status=RecordStatus.CANCELLED)
        .values_list("key", "website__subject_id")
    )
    holders = await _holders({subject_id for _, subject_id in rows})
    return {key for key, subject_id in rows if subject_id in holders}


async def _taken_home_urls(keys: frozenset[str], own: int) -> set[str]:
    if not keys:
        return set()
    rows = (
        await Website.filter(home_url_key__in=keys, archived=False)
        .exclude(subject_id=own)
        .exclude(status=RecordStatus.CANCELLED)
        .values_list("home_url_key", "subject_id")
    )
    holders = await _holders({subject_id for _, subject_id in rows})
    return {key for key, subject_id in rows if subject_id in holders}


async def _organiser_conflict(certificate: tuple[str, str] | None, own: int) -> bool:
    if certificate is None:
        return False
    kind, number = certificate
    rows = (
        await Subject.filter(certificate_number_index=cipher().index(number), certificate_type=kind)
        .exclude(id=own)
        .exclude(status=RecordStatus.CANCELLED)
        .values_list("id")
    )
    return bool(await _holders({row[0] for row in rows}))
