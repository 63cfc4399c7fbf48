"""Similar records (相似记录): what else bears the certificate, mobiles, domains or home pages of a filing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tortoise.expressions import Subquery
from tortoise.functions import Max

from models.cipher import cipher
from models.filing import Filing
from models.node_ids import number_of
from models.states import FilingStatus
from models.website import WebsiteDomain
from rules.form import FilingForm
from rules.keys import certificate_key, domain_key, home_url_key, mobile_keys, unicode_domain
from workflow.actors import Actor, visible_filings, visible_subjects, visible_websites
from workflow.forms import load_forms
from workflow.views import shown_form

MOST = 100


class SimilarKind(StrEnum):
    """What two records have in common, the weightiest first."""

    CERTIFICATE = "CERTIFICATE"
    DOMAIN = "DOMAIN"
    HOME_URL = "HOME_URL"
    MOBILE = "MOBILE"


@dataclass(frozen=True, slots=True)
class SimilarRecord:
    """A record of another subject, by row numbers, and in words what it has in common.

    `filing_id` is one filing of a subject with the same certificate, or the newest one of any other subject.
    """

    kind: SimilarKind
    subject_id: int
    website_id: int | None
    filing_id: int | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Marks:
    """By what a filing is compared: blind indexes, and keys."""

    certificate: str | None
    mobiles: tuple[str, ...]
    domains: tuple[str, ...]
    home_urls: tuple[str, ...]


async def similar_records(actor: Actor, id: str) -> list[SimilarRecord]:
    """At most a hundred records of other subjects that the actor sees, the newest first within each kind.

    `id` is the opaque id of a filing; an unknown, foreign or malformed one has none. It is compared as the actor sees
    it. Of what was dropped or cancelled something may be learnt too, so it is among them.
    """
    number = number_of(Filing, id)
    filing = None if number is None else await visible_filings(actor).get_or_none(id=number)
    if filing is None:
        return []
    form = await shown_form(actor, filing) or (await load_forms([filing]))[filing.id]
    marks, own = _marks(form), filing.subject_id
    same_certificate = await _subjects(actor, own, certificate_number_index__in=_listed(marks.certificate))
    found = [
        *await _by_domain(actor, own, marks),
        *await _by_home_url(actor, own, marks),
        *await _by_mobile(actor, own, marks),
    ]
    newest = await _newest_filings(actor, {record.subject_id for record in found})
    history = await _history(actor, same_certificate)
    return [*history, *(replace(record, filing_id=newest.get(record.subject_id)) for record in found)][:MOST]


def _marks(form: FilingForm) -> _Marks:
    number, sites = form.subject.certificate_number, form.websites
    people = (form.subject.principal, *(site.principal for site in sites))
    mobiles = (key for person in people if person and person.mobile for key in mobile_keys(person.mobile))
    return _Marks(
        certificate=cipher().index(certificate_key(number)) if number else None,
        mobiles=tuple(map(cipher().index, dict.fromkeys(mobiles))),
        domains=_known(domain_key(name) for site in sites for name in site.domains),
        home_urls=_known(home_url_key(site.home_url) for site in sites if site.home_url),
    )


def _known(keys: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _listed(key: str | None) -> tuple[str, ...]:
    return () if key is None else (key,)


async def _subjects(actor: Actor, own: int, **shared: Sequence[str]) -> list[int]:
    """The subjects but `own` that share a value, the newest first."""
    if not any(shared.values()):
        return []
    rows = visible_subjects(actor).filter(**shared).exclude(id=own)
    return [row[0] for row in await rows.order_by("-id").limit(MOST).values_list("id")]


async def _websites(actor: Actor, own: int, *wanted: str, **shared: Any) -> list[Any]:
    """Columns of the websites of subjects but `own` that share a value, the newest first."""
    rows = visible_websites(actor).filter(**shared).exclude(subject_id=own)
    return list(await rows.order_by("-id").limit(MOST).values_list("id", "subject_id", *wanted))


async def _by_domain(actor: Actor, own: int, marks: _Marks) -> list[SimilarRecord]:
    if not marks.domains:
        return []
    holders = WebsiteDomain.filter(key__in=marks.domains)
    sites = await _websites(actor, own, id__in=Subquery(holders.values("website_id")))
    subjects = dict(sites)
    rows = (
        await holders.filter(website_id__in=list(subjects)).order_by("-website_id", "id").limit(MOST)
        if sites
        else []
    )
    pairs = dict.fromkeys((row.website_id, row.key) for row in rows if row.key is not None)
    return [
        SimilarRecord(SimilarKind.DOMAIN, subjects[website_id], website_id, None, *_domain_words(key))
        for website_id, key in pairs
    ]


def _domain_words(key: str) -> tuple[str, str]:
    name = unicode_domain(key)
    return f"域名{name}相同", f"the same domain {name}"


async def _by_home_url(actor: Actor, own: int, marks: _Marks) -> list[SimilarRecord]:
    if not marks.home_urls:
        return []
    sites = await _websites(actor, own, "home_url_key", home_url_key__in=marks.home_urls)
    return [
        SimilarRecord(
            SimilarKind.HOME_URL, subject_id, number, None, f"首页地址{key}相同", f"the same home page {key}"
        )
        for number, subject_id, key in sites
    ]


async def _by_mobile(actor: Actor, own: int, marks: _Marks) -> list[SimilarRecord]:
    if not marks.mobiles:
        return []
    subjects = await _subjects(actor, own, principal_mobile_index__in=marks.mobiles)
    sites = await _websites(actor, own, principal_mobile_index__in=marks.mobiles)
    of_subject = ("主体负责人的手机号码相同", "the same mobile of the subject's principal")
    of_website = ("网站负责人的手机号码相同", "the same mobile of a website's principal")
    return [
        *(SimilarRecord(SimilarKind.MOBILE, number, None, None, *of_subject) for number in subjects),
        *(
            SimilarRecord(SimilarKind.MOBILE, subject_id, number, None, *of_website)
            for number, subject_id in sites
        ),
    ]


async def _history(actor: Actor, subject_ids: Sequence[int]) -> list[SimilarRecord]:
    """Every filing of the subjects with the same certificate; a subject without one that is seen stands alone."""
    if not subject_ids:
        return []
    rows = visible_filings(actor).filter(subject_id__in=subject_ids).order_by("-id").limit(MOST)
    filings = await rows.values_list("id", "subject_id", "status")
    told = {subject_id for _, subject_id, _ in filings}
    return [
        *(
            SimilarRecord(SimilarKind.CERTIFICATE, subject_id, None, number, *_certificate_words(status))
            for number, subject_id, status in filings
        ),
        *(
            SimilarRecord(SimilarKind.CERTIFICATE, number, None, None, *_certificate_words(None))
            for number in subject_ids
            if number not in told
        ),
    ]


def _certificate_words(status: FilingStatus | None) -> tuple[str, str]:
    if status is FilingStatus.ABANDONED:
        return "主体证件号码相同，该备案申请已放弃", "the same certificate number; that filing was dropped"
    return "主体证件号码相同", "the same certificate number"


async def _newest_filings(actor: Actor, subject_ids: set[int]) -> Mapping[int, int]:
    """By subject its newest filing that the actor sees."""
    if not subject_ids:
        return {}
    rows = visible_filings(actor).filter(subject_id__in=sorted(subject_ids))
    newest = rows.annotate(newest=Max("id")).group_by("subject_id").values_list("subject_id", "newest")
    return dict(await newest)
