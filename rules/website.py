"""Websites (网站): what each must have, its contents, languages and pre-approvals, and all that hangs below it."""

from collections.abc import Iterator

from rules.access import judge_access
from rules.case import Case
from rules.catalogue import PRE_APPROVAL_INVALID, REQUIRED, SITE_OFFICE_PHONE_MISSING
from rules.choices import judge_choice, judge_choices
from rules.codes import PRE_APPROVAL_TYPE, SERVICE_CONTENT
from rules.contact import judge_contact
from rules.domain import judge_domains
from rules.fields import (
    PRE_APPROVAL_NUMBER_WORDS,
    WEBSITE_LISTS,
    WEBSITE_NAME,
    WEBSITES_WORDS,
    is_blank,
    website_key,
)
from rules.findings import Finding, Path, Words
from rules.form import WebsiteForm
from rules.home_url import judge_home_url
from rules.website_name import judge_website_name

_OWED = Words("所选服务内容需要前置审批", "the chosen service content needs a pre-approval")


def judge_presence(case: Case) -> Iterator[Finding]:
    """A finding where a filing that is about websites has none (C30, C60)."""
    if not case.form.websites:
        yield REQUIRED.at(("websites",), WEBSITES_WORDS)


def judge_websites(case: Case) -> Iterator[Finding]:
    """The findings of all websites, each with its principal and its access."""
    domains_seen: set[str] = set()
    urls_seen: set[str] = set()
    for position, website in enumerate(case.form.websites):
        path = ("websites", website_key(website, position))
        yield from _website(case, website, path)
        yield from judge_domains(case, website.domains, path, domains_seen)
        yield from judge_home_url(case, website, path, urls_seen)
        yield from judge_contact(
            case,
            website.principal,
            (*path, "principal"),
            missing_name=REQUIRED,
            missing_phone=SITE_OFFICE_PHONE_MISSING,
        )
        yield from judge_access(case, website.access, (*path, "access"))


def _website(case: Case, website: WebsiteForm, path: Path) -> Iterator[Finding]:
    """The findings of a website's own fields."""
    place = (*path, WEBSITE_NAME.name)
    if website.name is None or is_blank(website.name):
        yield REQUIRED.at(place, WEBSITE_NAME.words)
    else:
        yield from judge_website_name(case, website.name, place)
    for several in WEBSITE_LISTS:
        codes, place = several.read(website), (*path, several.name)
        if not codes:
            yield REQUIRED.at(place, several.words)
        elif several.table is not None:
            yield from judge_choices(several.table, codes, place, case.law.codes, case.library)
    yield from _pre_approvals(case, website, (*path, "preApprovals"))


def _pre_approvals(case: Case, website: WebsiteForm, path: Path) -> Iterator[Finding]:
    book = case.law.codes
    chosen = (book.find(SERVICE_CONTENT, code) for code in website.service_contents)
    if not website.pre_approvals and any(code and code.extras.get("needs_pre_approval") for code in chosen):
        yield PRE_APPROVAL_INVALID.at(path, _OWED)
    for position, pre_approval in enumerate(website.pre_approvals):
        place = (*path, str(position))
        fault = judge_choice(PRE_APPROVAL_TYPE, pre_approval.type, (*place, "type"), book, case.library)
        if fault is not None:
            yield fault
        if is_blank(pre_approval.number):
            yield REQUIRED.at((*place, "number"), PRE_APPROVAL_NUMBER_WORDS)
