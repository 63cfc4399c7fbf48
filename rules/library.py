"""What the filing library (备案库) knows about a form: facts that its asker gathered, so that the rules stay pure."""

from dataclasses import dataclass, field

from rules.form import FilingForm
from rules.keys import certificate_key, domain_key, home_url_key
from rules.scope import scope_of


@dataclass(frozen=True, slots=True)
class Library:
    """Facts about the keys that `questions` asked for; what is not said is not so.

    Taken means: by a filed record or by a filing that is on its way, of somebody else (C74). Domains are compared by
    `domain_key`, home pages by `home_url_key`. `real_authority` tells whether reports reach a real authority: then
    placeholders, and names and addresses kept for documentation, are refused. `only_access`: the access to be
    cancelled is the only one that its website has anywhere; `last_website`: the subject has no other website in force;
    `base_changed`: the ids of those records of a change whose data in force changed since they were taken up.
    """

    taken_domains: frozenset[str] = field(default_factory=frozenset)
    taken_home_urls: frozenset[str] = field(default_factory=frozenset)
    organiser_conflict: bool = False
    blacklisted_domains: frozenset[str] = field(default_factory=frozenset)
    subject_blacklisted: bool = False
    real_authority: bool = False
    only_access: bool = False
    last_website: bool = False
    base_changed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Questions:
    """The keys of a form that a library is to be asked for; `certificate` is the organiser's (type,
    number as `certificate_key` makes it) or None."""

    domains: frozenset[str]
    home_urls: frozenset[str]
    certificate: tuple[str, str] | None


def questions(form: FilingForm) -> Questions:
    """What must be looked up before a form can be checked: domains, home pages and organiser's certificate.

    Asked for is only what the filing would put into the library anew, or alter there.
    """
    scope = scope_of(form)
    websites = form.websites if scope.websites and scope.conflicts else ()
    domains = (domain_key(name) for website in websites for name in website.domains)
    urls = (home_url_key(website.home_url) for website in websites if website.home_url)
    kind = number = None
    if scope.subject and scope.conflicts:
        kind, number = form.subject.certificate_type, form.subject.certificate_number
    return Questions(
        domains=frozenset(key for key in domains if key),
        home_urls=frozenset(key for key in urls if key),
        certificate=(kind, certificate_key(number)) if kind and number else None,
    )
