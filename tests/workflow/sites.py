"""Sites for the tests of the gate: a subject with a website, its domains, an access and two address ranges."""

from dataclasses import dataclass

from models.access import Access, IpRange
from models.clock import now
from models.node_ids import node_id
from models.states import FilingAction, RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website, WebsiteDomain
from rules.keys import domain_key
from tests.workflow.ledger_rows import make_rows
from workflow.events import write_event
from workflow.gate_changes import note_gate_changes

NUMBER = "辽ICP备2026000001号-1"
FILED, DRAFT, CANCELLED = RecordStatus.FILED, RecordStatus.DRAFT, RecordStatus.CANCELLED


@dataclass(frozen=True)
class Site:
    """The row numbers of one site."""

    subject: int
    website: int
    domain: int
    access: int


async def lay_site(
    subject: int, *domains: str, status: RecordStatus = FILED, serial: int = 1, number: str | None = NUMBER
) -> Site:
    times = {"created_at": now(), "updated_at": now()}
    website = await Website.create(
        subject_id=subject, serial=serial, name="网站", status=status, filing_number=number, **times
    )
    rows = [
        await WebsiteDomain.create(
            website_id=website.id, name=name, key=domain_key(name), status=status, position=position
        )
        for position, name in enumerate(domains)
    ]
    access = await Access.create(website_id=website.id, status=status, **times)
    for position, (start, end) in enumerate(
        [("203.0.113.8", "203.0.113.15"), ("198.51.100.7", "198.51.100.7")]
    ):
        await IpRange.create(access_id=access.id, start=start, end=end, position=position)
    await Subject.filter(id=subject).update(status=status)
    return Site(subject, website.id, rows[0].id, access.id)


async def make_site(
    *domains: str, status: RecordStatus = FILED, owner: str = "zhang", number: str | None = NUMBER
) -> Site:
    rows = await make_rows(owner)
    return await unit_of_work(lambda: lay_site(rows.subject, *domains, status=status, number=number))


async def note(subject: int) -> None:
    """The end of a unit of work that changed what is in force: its event, and the gate's own note."""
    await write_event(
        subject_id=subject,
        filing_id=None,
        action=FilingAction.RECEIVE_DATA,
        actor_name="authority",
        account_id=None,
        record=node_id(Subject, subject),
    )
    await note_gate_changes(subject)


async def approve(site: Site) -> None:
    """All of the site is in force from now on, as an approval leaves it."""

    async def work() -> None:
        await Subject.filter(id=site.subject).update(status=FILED)
        await Website.filter(id=site.website).update(status=FILED, filing_number=NUMBER)
        await WebsiteDomain.filter(website_id=site.website).update(status=FILED)
        await Access.filter(id=site.access).update(status=FILED)
        await note(site.subject)

    await unit_of_work(work)


async def cancel_access(site: Site) -> None:
    """The access is cancelled."""

    async def work() -> None:
        await Access.filter(id=site.access).update(status=CANCELLED)
        await note(site.subject)

    await unit_of_work(work)


async def cancel_website(site: Site) -> None:
    """The website is cancelled with all that hangs on it."""

    async def work() -> None:
        await Website.filter(id=site.website).update(status=CANCELLED)
        await WebsiteDomain.filter(website_id=site.website).update(status=CANCELLED)
        await Access.filter(id=site.access).update(status=CANCELLED)
        await note(site.subject)

    await unit_of_work(work)
