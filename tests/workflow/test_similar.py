"""Similar records: who else bears a certificate, mobile, domain or home page, as far as the reviewer sees."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from models.clock import now
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingKind, FilingMode, FilingStatus, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.form import ContactForm, SubjectForm, WebsiteForm
from tests.support.counting import counting
from tests.support.lives import make_actor
from workflow.actors import Actor
from workflow.mobile_indexes import index_mobiles
from workflow.rows import create_website, subject_columns
from workflow.similar import SimilarKind, similar_records

LI = ContactForm(name="李某", mobile="13800000001")
ZHAO = ContactForm(name="赵某", mobile="13800000002;13800000003")
SUBJECT = SubjectForm(
    name="示例公司", certificate_type="1", certificate_number="91210200X000000015", principal=LI
)
SITE = WebsiteForm(
    name="网站", domains=("Example-One.cn", "shared.com.cn"), home_url="www.example-one.cn", principal=ZHAO
)
OTHER = SubjectForm(
    name="另一公司", certificate_number="91210200X000000099", principal=ContactForm(mobile="13900000009")
)
OTHER_SITE = WebsiteForm(name="别处", domains=("elsewhere.cn",), home_url="www.elsewhere.cn")


@dataclass(frozen=True)
class Life:
    """The row numbers of one subject with its website and its filing."""

    subject: int
    website: int
    filing: int

    @property
    def id(self) -> str:
        """The opaque id of the filing."""
        return node_id(Filing, self.filing)


async def lay(
    owner: Actor,
    subject: SubjectForm = OTHER,
    site: WebsiteForm = OTHER_SITE,
    *,
    status: FilingStatus = FilingStatus.SUBMITTED,
    submitted: bool = True,
) -> Life:
    """A subject with its website and its first filing, in one unit of work."""
    people: dict[str, Any] = {"owner_id": owner.account_id, "filed_by_id": owner.account_id}
    times: dict[str, Any] = {"created_at": now()}

    async def work() -> Life:
        row = await Subject.create(
            mode=FilingMode.SELF, submitted=submitted, **people, **times, **subject_columns(subject)
        )
        website = await create_website(row.id, site)
        await Website.filter(id=website.id).update(submitted=submitted)
        filing = await Filing.create(
            kind=FilingKind.NEW_FILING, status=status, mode=FilingMode.SELF, subject_id=row.id,
            last_editor_id=owner.account_id, revision=int(submitted), updated_at=now(), **people, **times,
        )  # fmt: skip
        return Life(row.id, website.id, filing.id)

    return await unit_of_work(work)


async def found(actor: Actor, life: Life) -> list[tuple[str, int, int | None, int | None]]:
    return [
        (record.kind.value, record.subject_id, record.website_id, record.filing_id)
        for record in await similar_records(actor, life.id)
    ]


@pytest.mark.shows("N12")
async def test_what_bears_nothing_in_common_is_not_similar_nor_is_ones_own(
    owner: Actor, reviewer: Actor
) -> None:
    await lay(owner)
    assert await found(reviewer, await lay(owner, SUBJECT, SITE)) == []


@pytest.mark.shows("N12")
async def test_the_same_certificate_shows_each_filing_dropped_ones_too(owner: Actor, reviewer: Actor) -> None:
    same = replace(OTHER, certificate_number="９１210200x 000000015")
    earlier = await lay(owner, same, status=FilingStatus.ABANDONED)
    later = await lay(owner, same)
    mine = await lay(owner, SUBJECT, SITE)
    assert await found(reviewer, mine) == [
        ("CERTIFICATE", later.subject, None, later.filing),
        ("CERTIFICATE", earlier.subject, None, earlier.filing),
    ]
    notes = [(record.zh, record.en) for record in await similar_records(reviewer, mine.id)]
    assert notes == [
        ("主体证件号码相同", "the same certificate number"),
        ("主体证件号码相同，该备案申请已放弃", "the same certificate number; that filing was dropped"),
    ]


@pytest.mark.shows("N12")
async def test_the_same_domain_however_it_is_written_and_the_same_home_page(
    owner: Actor, reviewer: Actor
) -> None:
    other = await lay(
        owner, site=replace(OTHER_SITE, domains=("www.SHARED.com.cn",), home_url="WWW.example-one.cn/")
    )
    mine = await lay(owner, SUBJECT, SITE)
    assert await found(reviewer, mine) == [
        ("DOMAIN", other.subject, other.website, other.filing),
        ("HOME_URL", other.subject, other.website, other.filing),
    ]
    domain, home = await similar_records(reviewer, mine.id)
    assert (domain.zh, domain.en) == ("域名shared.com.cn相同", "the same domain shared.com.cn")
    assert (home.zh, home.en) == ("首页地址www.example-one.cn相同", "the same home page www.example-one.cn")


@pytest.mark.shows("N12")
async def test_the_same_mobile_of_a_subjects_or_a_websites_principal(owner: Actor, reviewer: Actor) -> None:
    of_subject = await lay(owner, replace(OTHER, principal=ContactForm(mobile="+86 138-0000-0003")))
    of_website = await lay(
        owner, site=replace(OTHER_SITE, principal=ContactForm(mobile="13800000001;13700000000"))
    )
    mine = await lay(owner, SUBJECT, SITE)
    assert await found(reviewer, mine) == [
        ("MOBILE", of_subject.subject, None, of_subject.filing),
        ("MOBILE", of_website.subject, of_website.website, of_website.filing),
    ]
    words = [record.zh + record.en for record in await similar_records(reviewer, mine.id)]
    assert not [word for word in words if "138" in word]


async def test_what_the_reviewer_does_not_see_is_not_told(owner: Actor, reviewer: Actor) -> None:
    await lay(owner, SUBJECT, SITE, status=FilingStatus.DRAFT, submitted=False)
    assert await found(reviewer, await lay(owner, SUBJECT, SITE)) == []


async def test_an_unseen_filing_has_nothing_similar(owner: Actor, reviewer: Actor) -> None:
    await lay(owner, SUBJECT, SITE)
    hidden = await lay(owner, SUBJECT, SITE, status=FilingStatus.DRAFT, submitted=False)
    assert await found(reviewer, hidden) == []
    assert await similar_records(reviewer, "fil_0") == []
    assert await similar_records(reviewer, node_id(Subject, hidden.subject)) == []
    assert await similar_records(await make_actor(Role.APPLICANT), hidden.id) == []


async def test_no_more_than_a_hundred_are_told_by_the_same_few_statements(
    owner: Actor, reviewer: Actor
) -> None:
    mine = await lay(owner, SUBJECT, SITE)
    await lay(owner, SUBJECT, SITE)
    async with counting() as few:
        assert len(await similar_records(reviewer, mine.id)) == 6
    for _ in range(30):
        await lay(owner, SUBJECT, SITE)
    async with counting() as many:
        records = await similar_records(reviewer, mine.id)
    assert len(records) == 100
    assert [record.kind for record in records[:32]] == [SimilarKind.CERTIFICATE] * 31 + [SimilarKind.DOMAIN]
    assert len(many) == len(few)


async def test_rows_from_before_there_was_an_index_get_theirs(owner: Actor, reviewer: Actor) -> None:
    old = await lay(
        owner, replace(OTHER, principal=LI), replace(OTHER_SITE, principal=ContactForm(mobile="无"))
    )

    async def forget() -> None:
        await Subject.all().update(principal_mobile_index=None)
        await Website.all().update(principal_mobile_index=None)

    await unit_of_work(forget)
    mine = await lay(owner, SUBJECT, SITE)
    assert await found(reviewer, mine) == []
    assert await index_mobiles() == 1
    assert await found(reviewer, mine) == [("MOBILE", old.subject, None, old.filing)]
    assert await index_mobiles() == 0
