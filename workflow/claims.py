"""Claims on names: two submissions of one domain, home page or certificate at the same moment are judged one by one."""

from zlib import crc32

from tortoise.connection import get_connection

from models.database import READER, is_sqlite
from models.subject import Subject
from models.website import Website, WebsiteDomain

# names share that many locks: PostgreSQL's table of locks is small, and a subject may have thousands of names
SLOTS = 256
LOCKS = 0x636C  # any number that only claims use as the first half of an advisory lock


async def hold_claims(subject_id: int) -> None:
    """Until the unit of work ends, keep others from judging what a subject claims; SQLite has one writer anyway."""
    if is_sqlite():
        return
    subject = await Subject.get(id=subject_id)
    names = {f"certificate:{subject.certificate_number_index}"} if subject.certificate_number_index else set()
    domains = WebsiteDomain.filter(website__subject_id=subject_id, website__archived=False)
    names |= {f"domain:{row[0]}" for row in await domains.values_list("key") if row[0]}
    sites = Website.filter(subject_id=subject_id, archived=False)
    names |= {f"home:{row[0]}" for row in await sites.values_list("home_url_key") if row[0]}
    slots = sorted({crc32(name.encode()) % SLOTS for name in names})  # everybody takes them in one order
    await get_connection(READER).execute_query_dict(
        "SELECT pg_advisory_xact_lock($1::int, slot) IS NULL AS held FROM unnest($2::int[]) AS slot",
        [LOCKS, slots],
    )
