"""Whether what an upload names is on file and in force, and whether the filing password is the right one."""

from authority.simulator.catalogue import AccessEntry, Catalogue, SubjectEntry, WebsiteEntry
from authority.simulator.reviews.review import Faulty, fault

ORGANISER_CONFLICT = 1003
REFERENCE_UNKNOWN = 1016
WRONG_PASSWORD = 1018
SUBJECT_CANCELLED = 1049
WEBSITE_CANCELLED = 1050
NO_SUBJECT = 1058
NO_WEBSITE = 1059


def filed_subject(catalogue: Catalogue, number: str | None, id: int | None) -> SubjectEntry:
    """Give a subject that is in force; raises Faulty with 1058 where there is none, 1049 where it is cancelled."""
    subject = catalogue.find_subject(number, id)
    if subject is None:
        raise Faulty(fault(NO_SUBJECT, number or id))
    if not subject.filed:
        raise Faulty(fault(SUBJECT_CANCELLED, subject.number))
    return subject


def filed_website(catalogue: Catalogue, number: str | None, id: int | None) -> WebsiteEntry:
    """Give a website that is in force.

    Raises Faulty with 1059 where there is none, 1049 where its subject is cancelled, 1050 where it alone is.
    """
    website = catalogue.find_website(number, id)
    if website is None:
        raise Faulty(fault(NO_WEBSITE, number or id))
    if not website.subject.filed:
        raise Faulty(fault(SUBJECT_CANCELLED, website.subject.number))
    if not website.filed:
        raise Faulty(fault(WEBSITE_CANCELLED, website.number))
    return website


def known_access(catalogue: Catalogue, id: int) -> AccessEntry:
    """Give an access, in force or not; raises Faulty with 1016, the code for any unknown reference."""
    access = catalogue.find_access(id)
    if access is None:
        raise Faulty(fault(REFERENCE_UNKNOWN, id))
    return access


def check_password(catalogue: Catalogue, subject: SubjectEntry, given: str | None) -> None:
    """Raises Faulty with 1018 where the subject's password is known here and this (ICPmm) is not it.

    It is known of records filed elsewhere, until an upload of ours adds to one: from then on this provider keeps
    the password and checks it, as it does for every record registered through it.
    """
    if not catalogue.accepts_password(subject.id, given):
        raise Faulty(fault(WRONG_PASSWORD, subject.number))
