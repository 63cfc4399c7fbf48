"""What is looked at in every website of an upload: the schema's least, conflicts with what is on file, its names."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from authority.messages import Access, ResultCode, Website
from authority.simulator.catalogue import Catalogue, plain, plain_domain, plain_url
from authority.simulator.reviews.review import fault

DOMAIN_FILED = 1005
HOME_URL_FILED = 1021
WEBSITE_REPORTED = 1037


def is_whole_website(website: Website) -> bool:
    """Has a new website, with all that hangs on it, the provider's ids, and each part at least once?"""
    return (
        website.provider_id is not None
        and has_domains(website)
        and bool(website.accesses)
        and all(is_whole_access(access) for access in website.accesses)
    )


def is_whole_access(access: Access) -> bool:
    """Has a new access the provider's ids and at least one range?"""
    return access.provider_id is not None and has_ranges(access)


def has_domains(website: Website) -> bool:
    """Has a website at least one domain, and each the provider's id?"""
    return bool(website.domains) and all(domain.provider_id is not None for domain in website.domains)


def has_ranges(access: Access) -> bool:
    """Has an access at least one range, and each the provider's id?"""
    return bool(access.ranges) and all(part.provider_id is not None for part in access.ranges)


def find_reported(websites: Sequence[Website], catalogue: Catalogue) -> tuple[ResultCode, ...]:
    """Give a result for each website that was reported before under the same id of the provider."""
    reported = [website for website in websites if catalogue.has_website(website.provider_id)]
    return tuple(fault(WEBSITE_REPORTED, website.provider_id) for website in reported)


def find_conflicts(
    websites: Sequence[Website], catalogue: Catalogue, besides: Collection[int] = ()
) -> tuple[ResultCode, ...]:
    """Give each domain and home page that the upload names twice or that another website has.

    `besides` are the ids of the websites that these are to replace.
    """
    domains = [plain_domain(domain.name) for website in websites for domain in website.domains]
    pages = [plain_url(website.home_url) for website in websites if website.home_url]
    return (
        *_taken(DOMAIN_FILED, domains, lambda name: catalogue.has_domain(name, besides)),
        *_taken(HOME_URL_FILED, pages, lambda url: catalogue.has_home_url(url, besides)),
    )


def _taken(code: int, names: list[str], is_filed: Callable[[str], bool]) -> list[ResultCode]:
    return [fault(code, name) for name, times in Counter(names).items() if times > 1 or is_filed(name)]


def find_name_objection(
    organiser: str, websites: Sequence[Website], catalogue: Catalogue, own_id: int | None = None
) -> str | None:
    """Give the opinion with which a reviewer refuses a website's name, or None.

    He refuses one that bears the name of an organiser on file other than its own, whose name is `organiser` and
    whose id, once filed, `own_id`: it would pass for that organiser's.
    """
    own = plain(organiser)
    for website in websites:
        for name in re.split("[;；]", website.name):
            if plain(name) != own and catalogue.has_unit(name, own_id):
                return f"网站名称“{name.strip()}”与其他主办单位名称相同，请修改网站名称后重新提交。"
    return None
