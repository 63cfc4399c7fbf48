"""An added access (新增接入): the access itself, and what was typed of a website that was filed elsewhere."""

from collections.abc import Iterator
from dataclasses import replace

from rules.access import judge_access
from rules.case import Case
from rules.catalogue import REQUIRED
from rules.fields import CLAIMED_NUMBER, is_blank, website_key
from rules.filing_number import judge_filing_number
from rules.findings import Finding
from rules.library import Library
from rules.province import judge_service
from rules.scope import scope_of
from rules.subject import judge_subject
from rules.website import judge_presence, judge_websites


def judge_added_access(case: Case) -> Iterator[Finding]:
    """The findings of an added access: of a website filed here nothing else is judged (C61).

    What was typed of a website filed elsewhere is judged like any other, but for conflicts with its own record; of the
    rules of provinces it meets only whether the province is served, since the authority has accepted it already.
    """
    scope = scope_of(case.form)
    exempt = replace(case, library=_without_conflicts(case.library))
    if scope.subject:
        yield from judge_subject(exempt)
    yield from judge_presence(case)
    if case.form.elsewhere:
        yield from _number(case)
    if scope.websites:
        yield from judge_websites(exempt)
    else:
        for position, website in enumerate(case.form.websites):
            yield from judge_access(
                case, website.access, ("websites", website_key(website, position), "access")
            )
    yield from judge_service(case)


def _number(case: Case) -> Iterator[Finding]:
    """The findings of the number under which the website is filed, as its owner says."""
    text = case.form.claimed_number
    for website in case.form.websites[:1]:
        path = ("websites", website_key(website, 0), CLAIMED_NUMBER.name)
        if text is None or is_blank(text):
            yield REQUIRED.at(path, CLAIMED_NUMBER.words)
        else:
            fault = judge_filing_number(text, path)
            if fault is not None:
                yield fault


def _without_conflicts(library: Library) -> Library:
    return replace(library, taken_domains=frozenset(), taken_home_urls=frozenset(), organiser_conflict=False)
