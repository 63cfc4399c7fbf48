"""Documents over the schema: attached, shown where they belong in one statement for all, and taken away."""

import pytest

from models.attachment import Attachment, StoredFile
from models.filing import Filing
from models.node_ids import node_id
from tests.schema.asking import Person, codes
from tests.support import lives
from tests.support.counting import counting
from tests.support.drawing import jpeg
from workflow.files import keep_file

SHOWN = """
query ($id: ID!) {
  subject(id: $id) {
    attachments { id use { code name } url }
    websites { nodes { id attachments { id use { code } } preApprovals { number attachments { id } } } }
  }
}
"""


async def kept(person: Person) -> str:
    """The id of a file that the person uploaded just now."""
    return node_id(StoredFile, (await keep_file(person.actor, jpeg(), "image/jpeg", "执照.jpg")).id)


@pytest.mark.shows("C78")
async def test_a_document_is_attached_shown_and_taken_away(owner: Person) -> None:
    made = await owner.do("createSubject", name="沈阳海岸科技有限公司", websites=[{"name": "海岸"}])
    subject, filing = made["subject"], made["filing"]
    file = await kept(owner)

    payload = await owner.do(
        "attachFile", ownerId=subject["id"], version=subject["version"], fileId=file, use="2", remark="副本"
    )

    assert payload["errors"] == []
    attachment = payload["attachment"]
    assert attachment["use"] == {
        "table": "attachment_use", "code": "2", "name": "主办单位有效证件", "nameEn": "subject certificate",
        "active": True,
    }  # fmt: skip
    assert (attachment["filename"], attachment["mediaType"], attachment["remark"]) == (
        "执照.jpg",
        "image/jpeg",
        "副本",
    )
    assert (attachment["width"], attachment["height"]) == (320, 200)
    assert attachment["url"] == f"/files/{file}"
    assert payload["subject"]["version"] == subject["version"] + 1
    assert payload["filing"]["version"] == filing["version"] + 1
    shown = (await owner.ask(SHOWN, id=subject["id"]))["subject"]
    assert [one["id"] for one in shown["attachments"]] == [attachment["id"]]

    payload = await owner.do("detachFile", id=attachment["id"], version=subject["version"] + 1)

    assert payload["errors"] == []
    assert payload["attachment"] is None
    assert (await owner.ask(SHOWN, id=subject["id"]))["subject"]["attachments"] == []


@pytest.mark.shows("C78")
async def test_a_refused_attachment_shows_the_record_as_it_is(owner: Person, reviewer: Person) -> None:
    made = await owner.do("createSubject", name="沈阳海岸科技有限公司")
    subject = made["subject"]
    given = {"ownerId": subject["id"], "version": 7, "fileId": await kept(owner), "use": "2"}

    payload = await owner.do("attachFile", **given)

    assert codes(payload) == ["STALE_VERSION"]
    assert payload["errors"][0]["currentVersion"] == 1
    assert (payload["subject"]["version"], payload["attachment"]) == (1, None)
    assert codes(await reviewer.do("attachFile", **given)) == ["NOT_FOUND"]
    assert await Attachment.all().count() == 0


async def test_staff_and_owner_see_the_documents_of_what_was_submitted(
    owner: Person, reviewer: Person
) -> None:
    filing = await lives.draft(owner.actor)
    subject = f"sub_{filing.subject_id}"
    for _ in range(2):
        version = (await owner.run("subject", id=subject))["version"]
        payload = await owner.do(
            "attachFile", ownerId=subject, version=version, fileId=await kept(owner), use="3"
        )
        assert payload["errors"] == []
    await lives.submit(owner.actor, await Filing.get(id=filing.id))
    for person in (owner, reviewer):
        shown = (await person.ask(SHOWN, id=subject))["subject"]
        assert [one["use"]["code"] for one in shown["attachments"]] == ["3", "3"]


async def test_the_documents_of_many_records_cost_two_statements(owner: Person) -> None:
    made = await owner.do(
        "createSubject",
        name="沈阳海岸科技有限公司",
        websites=[{"name": f"海岸{number}"} for number in range(5)],
    )
    bare = SHOWN.replace("attachments { id use { code name } url }", "id")
    bare = bare.replace("attachments { id use { code } }", "name").replace("attachments { id }", "")
    spent = []
    for site in (await owner.ask(SHOWN, id=made["subject"]["id"]))["subject"]["websites"]["nodes"]:
        given = {"ownerId": site["id"], "version": 1, "fileId": await kept(owner), "use": "1"}
        assert (await owner.do("attachFile", **given))["errors"] == []
    for text in (bare, SHOWN):
        async with counting() as statements:
            shown = (await owner.ask(text, id=made["subject"]["id"]))["subject"]
        spent.append(len(statements))
    assert [len(site["attachments"]) for site in shown["websites"]["nodes"]] == [1] * 5
    assert spent[1] - spent[0] <= 4  # the subject's and the websites' are asked for at two moments
