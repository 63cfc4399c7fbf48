"""The subject's province (主体所在省): what its own rules add, as far as the day's switches bind there."""

from collections.abc import Iterator

from rules.case import Case
from rules.catalogue import (
    FOREIGN_DOMAIN,
    LOCAL_ID,
    ONE_DOMAIN,
    ORG_DOMAIN,
    PROVINCE_ASKS,
    PROVINCE_NOT_SERVED,
    TRANSCODED_DOMAIN,
    Rule,
)
from rules.codes import CERTIFICATE_TYPE
from rules.fields import CERTIFICATE_NUMBER, DIVISION, DOMAINS, website_key
from rules.findings import Finding
from rules.keys import domain_key
from rules.switches import Switch

# What no form can show: the owner and the reviewer are told of it.
ASKED_FOR = (
    "mobile_region_matches",
    "subject_contact_authorisation",
    "site_contact_authorisation",
    "domain_certificate_upload",
    "individual_verification_form",
)
ASKED_OF_A_CHANGE = (*ASKED_FOR, "nature_and_name_fixed")
ASKED_OF_WEBSITES = tuple(key for key in ASKED_FOR if key != "subject_contact_authorisation")


def judge_province(case: Case) -> Iterator[Finding]:
    """The findings by the switches that bind in the subject's province; the rule of website names is told there."""
    yield from _whole(case, ASKED_FOR)


def judge_province_of_change(case: Case) -> Iterator[Finding]:
    """The same for a change, of which a province may ask more."""
    yield from _whole(case, ASKED_OF_A_CHANGE)


def judge_province_of_websites(case: Case) -> Iterator[Finding]:
    """The findings by these switches where only websites are new: the subject is filed already."""
    yield from judge_service(case)
    yield from _domains(case)
    yield from _asked(case, ASKED_OF_WEBSITES)


def judge_service(case: Case) -> Iterator[Finding]:
    """A finding where the provider takes no filings of the subject's province."""
    if _switch(case, "not_served"):
        yield PROVINCE_NOT_SERVED.at(("subject", DIVISION.name))


def _whole(case: Case, asked_for: tuple[str, ...]) -> Iterator[Finding]:
    yield from judge_service(case)
    if case.individual and _switch(case, "individual_local_only") and not _has_local_id(case):
        yield LOCAL_ID.at(("subject", CERTIFICATE_NUMBER.name))
    yield from _domains(case)
    yield from _asked(case, asked_for)


def _asked(case: Case, asked_for: tuple[str, ...]) -> Iterator[Finding]:
    for key in asked_for:
        switch = _switch(case, key)
        if switch is not None:
            yield PROVINCE_ASKS.at(("subject", DIVISION.name), switch.words)


def _domains(case: Case) -> Iterator[Finding]:
    for position, website in enumerate(case.form.websites):
        path = ("websites", website_key(website, position), DOMAINS.name)
        if len(website.domains) > 1 and _switch(case, "one_domain_per_site"):
            yield ONE_DOMAIN.at(path)
        for name in website.domains:
            key = domain_key(name)
            if key is not None:
                yield from (rule.at((*path, name)) for rule in _barred(case, name, key))


def _barred(case: Case, name: str, key: str) -> Iterator[Rule]:
    suffix = key.rpartition(".")[2]
    foreign = _switch(case, "foreign_tld_refused")
    if foreign is not None and suffix in foreign.values:
        yield FOREIGN_DOMAIN
    org = _switch(case, "org_tld_nature")
    if org is not None and suffix == "org" and _is_other_organisation(case, org.values):
        yield ORG_DOMAIN
    if _switch(case, "transcoded_domain_refused") and name.isascii() and "xn--" in key:
        yield TRANSCODED_DOMAIN


def _is_other_organisation(case: Case, natures: tuple[str, ...]) -> bool:
    return case.individual is False and case.form.subject.unit_nature not in natures


def _switch(case: Case, key: str) -> Switch | None:
    return case.law.switch(key, case.province)


def _has_local_id(case: Case) -> bool:
    """Whether the organiser's resident ID begins with its province; another certificate is no local ID."""
    subject = case.form.subject
    kind = case.law.codes.find(CERTIFICATE_TYPE, subject.certificate_type)
    if kind is None or case.province is None or subject.certificate_number is None:
        return True  # what is missing is told elsewhere
    return kind.extras.get("number") == "resident_id" and subject.certificate_number.startswith(
        case.province[:2]
    )
