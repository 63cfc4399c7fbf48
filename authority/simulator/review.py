"""How the simulator decides: first what a machine finds against the library, then what a reviewer would object to."""

import re
from collections import Counter
from datetime import datetime

from authority.codes import Operation
from authority.messages import Answer, Decision, NewFiling, ProcessingResult, ResultCode
from authority.numbers import UnknownProvince, province_prefix
from authority.simulator.library import Library, plain, plain_domain, plain_url

REVIEWER = "模拟管局"

BAD_REGION = 1019
ORGANISER_CONFLICT = 1003
DOMAIN_FILED = 1005
HOME_URL_FILED = 1021
WEBSITE_REPORTED = 1037
BREAKS_SCHEMA = 5001


def review_new_filing(
    filing: NewFiling, sequence: int, library: Library, provider: int, at: datetime
) -> tuple[Answer, ...]:
    """Decide a new filing (新增备案) at a moment, and give the answers in the order in which they are sent.

    A message that breaks the schema is answered without a reference. A processing error ends it; else a reviewer's
    refusal; else it is filed, and the decision and the filed record are sent: the decision first for odd sequence
    numbers, last for even ones, since the order is promised nowhere.
    """
    subject_id = filing.subject.provider_id
    if subject_id is None or not is_whole(filing):
        return (ProcessingResult(Operation.NEW_FILING, None, (ResultCode(BREAKS_SCHEMA, None),), None),)
    faults = find_faults(filing, library)
    if faults:
        return (ProcessingResult(Operation.NEW_FILING, str(subject_id), faults, None),)
    objection = find_objection(filing, library)
    decision = Decision(Operation.NEW_FILING, subject_id, objection is None, objection, REVIEWER, at)
    if objection is not None:
        return (decision,)
    number = library.issue_number(filing.subject.address.province, at)
    record = library.register(filing, number, provider, at)
    return (decision, record) if sequence % 2 else (record, decision)


def is_whole(filing: NewFiling) -> bool:
    """Has every object its provider's id, and has each website what the schema asks for at least once?"""
    accesses = [access for website in filing.websites for access in website.accesses]
    ids = [
        *(website.provider_id for website in filing.websites),
        *(domain.provider_id for website in filing.websites for domain in website.domains),
        *(access.provider_id for access in accesses),
        *(part.provider_id for access in accesses for part in access.ranges),
    ]
    return (
        None not in ids
        and bool(filing.websites)
        and all(website.domains and website.accesses for website in filing.websites)
        and all(access.ranges for access in accesses)
    )


def find_faults(filing: NewFiling, library: Library) -> tuple[ResultCode, ...]:
    """Give every conflict between a new filing and what is on file, or within itself, as processing results."""
    reported = [w for w in filing.websites if library.has_website(w.provider_id)]
    if reported:  # the same report again: what it would conflict with is itself
        return tuple(ResultCode(WEBSITE_REPORTED, f"网站已报备：{w.provider_id}") for w in reported)
    faults = []
    try:
        province_prefix(filing.subject.address.province)
    except UnknownProvince as error:
        faults.append(ResultCode(BAD_REGION, f"省代码错误：{error.code}"))
    if library.has_organiser(filing.subject.certificate.number):
        faults.append(ResultCode(ORGANISER_CONFLICT, "主办者已备案"))
    domains = Counter(plain_domain(domain.name) for website in filing.websites for domain in website.domains)
    for name, times in domains.items():
        if times > 1 or library.has_domain(name):
            faults.append(ResultCode(DOMAIN_FILED, f"域名已备案：{name}"))
    urls = Counter(plain_url(website.home_url) for website in filing.websites if website.home_url)
    for url, times in urls.items():
        if times > 1 or library.has_home_url(url):
            faults.append(ResultCode(HOME_URL_FILED, f"首页地址已存在：{url}"))
    return tuple(faults)


def find_objection(filing: NewFiling, library: Library) -> str | None:
    """Give the opinion with which a reviewer refuses, or None.

    He refuses a website that bears the name of an organiser on file who is not its own: it would pass for that
    organiser's. Whoever wants to see a refusal names a website after a firm of `authority/data/filed_elsewhere.json`.
    """
    own = plain(filing.subject.name)
    for website in filing.websites:
        for name in re.split("[;；]", website.name):
            if plain(name) != own and library.has_unit(name):
                return f"网站名称“{name.strip()}”与其他主办单位名称相同，请修改网站名称后重新提交。"
    return None
