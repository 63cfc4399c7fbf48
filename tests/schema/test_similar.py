"""Similar records over the API: to reviewers, with the records themselves, in the caller's language."""

import pytest

from models.filing import Filing
from models.node_ids import node_id
from models.states import Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from tests.schema.asking import Person, make_person
from tests.support.lives import draft, submit

TEXT = "query($filingId: ID!) { similarRecords(filingId: $filingId) { kind } }"


@pytest.mark.shows("N12")
async def test_a_reviewer_is_shown_the_records_and_in_words_what_they_share(
    owner: Person, reviewer: Person
) -> None:
    other = await submit(owner.actor, await draft(owner.actor))
    mine = await submit(owner.actor, await draft(owner.actor, 1))
    index = (await Subject.get(id=mine.subject_id)).principal_mobile_index
    website = await Website.filter(subject_id=other.subject_id).first()
    assert website is not None
    assert index is not None
    await unit_of_work(lambda: Website.filter(id=website.id).update(principal_mobile_index=index))
    subject = await Subject.get(id=other.subject_id)
    expected = {
        "kind": "MOBILE",
        "subject": {
            "id": node_id(Subject, subject.id),
            "name": subject.name,
            "status": "DRAFT",
            "filingNumber": None,
        },
        "website": {"id": node_id(Website, website.id), "name": website.name, "status": "DRAFT"},
        "filing": {"id": node_id(Filing, other.id), "kind": "NEW_FILING", "status": "SUBMITTED"},
    }
    for language, note in (
        ("zh", "网站负责人的手机号码相同"),
        ("en", "the same mobile of a website's principal"),
    ):
        told = await reviewer.speaking(language).run("similarRecords", filingId=node_id(Filing, mine.id))
        assert told == [{**expected, "note": note}]


async def test_an_id_of_nothing_has_nothing_similar(reviewer: Person) -> None:
    assert await reviewer.run("similarRecords", filingId="fil_1") == []
    assert await reviewer.run("similarRecords", filingId="x") == []


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ADMIN, Role.AUDITOR])
async def test_only_reviewers_compare(lawful: str, role: Role) -> None:
    person = await make_person(role)
    assert await person.code_of(TEXT, filingId="fil_1") == "FORBIDDEN"
