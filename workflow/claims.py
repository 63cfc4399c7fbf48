"""Claims on names: two submissions of one domain, home page or certificate at the same moment are judged one by one."""

from zlib import crc32

from tortoise.connection import get_connection

from models.cipher import cipher
from models.database import READER, is_sqlite
from models.filing import Filing
from rules.form import FilingForm
from rules.library import Questions, questions
from workflow.forms import load_forms

# names share that many locks: PostgreSQL's table of locks is small, and a subject may have thousands of names
SLOTS = 256
LOCKS = 0x636C  # any number that only claims use as the first half of an advisory lock
# what a name is of: it begins with this
DOMAIN, HOME, CERTIFICATE = "domain:", "home:", "certificate:"


async def hold_claims(filing: Filing) -> None:
    """Until the unit of work ends, keep others from judging what a filing claims; SQLite has one writer anyway."""
    if is_sqlite():
        return
    slots = sorted(
        {crc32(name.encode()) % SLOTS for name in names_of((await load_forms([filing]))[filing.id])}
    )
    await get_connection(READER).execute_query_dict(
        "SELECT pg_advisory_xact_lock($1::int, slot) IS NULL AS held FROM unnest($2::int[]) AS slot",
        [LOCKS, slots],  # sorted: everybody takes them in one order
    )


def names_of(form: FilingForm) -> set[str]:
    """Every name that a form claims, as it is compared: certificate, domains, home pages."""
    return names_asked(questions(form))


def names_asked(asked: Questions) -> set[str]:
    """The names about which the library is asked."""
    names = {DOMAIN + key for key in asked.domains} | {HOME + key for key in asked.home_urls}
    return names if asked.certificate is None else names | {certificate_name(*asked.certificate)}


def certificate_name(kind: str, number: str) -> str:
    """A certificate as it is looked up: its type, and the blind index of its number."""
    return f"{CERTIFICATE}{kind}:{cipher().index(number)}"
