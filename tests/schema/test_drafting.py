"""A first filing before its submission, over the schema: typed, edited, refused with reasons, dropped and copied."""

import pytest

from models.access import Access, IpRange
from models.filing import Filing, Revision
from models.subject import Subject
from models.website import Website
from tests.schema.asking import Person, codes


@pytest.mark.shows("C20", "C21", "C29")
async def test_a_whole_filing_is_entered_in_one_call(owner: Person) -> None:
    payload = await owner.do(
        "createSubject",
        name="沈阳海岸科技有限公司",
        unitNature="4",
        principal={"name": "张三", "mobile": "13800000000", "email": "z@example.cn"},
        websites=[
            {
                "name": "海岸",
                "domains": ["haian.example", "海岸.中国"],
                "serviceContents": ["1"],
                "preApprovals": [{"type": "1", "number": "辽新闻2026-1"}],
                "access": {
                    "methods": ["1"],
                    "ipRanges": [{"start": "192.0.2.1"}, {"start": "192.0.2.8", "end": "192.0.2.9"}],
                },
            }
        ],
    )
    assert payload["errors"] == []
    assert payload["filing"]["status"] == "DRAFT"
    assert payload["filing"]["kind"] == "NEW_FILING"
    subject = payload["subject"]
    assert (subject["status"], subject["mode"], subject["version"]) == ("DRAFT", "SELF", 1)
    assert subject["unitNature"]["table"] == "unit_nature"
    assert subject["unitNature"]["code"] == "4"
    site = subject["websites"]["nodes"][0]
    assert [domain["name"] for domain in site["domains"]] == ["haian.example", "海岸.中国"]
    assert site["access"]["ipRanges"] == [
        {"start": "192.0.2.1", "end": "192.0.2.1"},
        {"start": "192.0.2.8", "end": "192.0.2.9"},
    ]
    one = await owner.run("website", id=site["id"])
    assert [(paper["type"]["code"], paper["number"]) for paper in one["preApprovals"]] == [
        ("1", "辽新闻2026-1")
    ]


@pytest.mark.shows("C17", "C23")
async def test_personal_values_are_masked_for_everyone(owner: Person, reviewer: Person) -> None:
    payload = await owner.do(
        "createSubject",
        name="甲",
        certificateNumber="210102199001011234",
        principal={"name": "张三", "mobile": "13800001234", "officePhone": "024-12345678",
                   "email": "z@example.cn", "certificateType": "2", "certificateNumber": "210102199001011234"},
    )  # fmt: skip
    subject = payload["subject"]
    assert subject["certificateNumber"] == "210***********1234"
    principal = subject["principal"]
    assert principal["mobile"] == "138****1234"
    assert principal["officePhone"] == "024*****5678"
    assert principal["certificateNumber"] == "210***********1234"
    assert (principal["name"], principal["email"]) == ("张三", "z@example.cn")


async def test_a_masked_value_sent_back_is_refused_and_changes_nothing(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲", certificateNumber="210102199001011234")
    subject = made["subject"]
    again = await owner.do(
        "updateSubject", id=subject["id"], version=1, certificateNumber=subject["certificateNumber"]
    )
    assert codes(again) == ["INVALID"]
    assert again["errors"][0]["path"] == ["subject", "certificateNumber"]
    row = await Subject.get()
    assert (row.certificate_number, row.version) == ("210102199001011234", 1)


@pytest.mark.shows("C29")
async def test_absent_is_unchanged_and_null_clears(owner: Person) -> None:
    made = await owner.do(
        "createSubject",
        name="甲",
        remark="一",
        investor="二",
        principal={"name": "张三", "email": "z@example.cn"},
    )
    payload = await owner.do(
        "updateSubject",
        id=made["subject"]["id"],
        version=1,
        remark=None,
        principal={"email": None, "mobile": "1"},
    )
    row = await Subject.get()
    assert payload["errors"] == []
    assert (row.name, row.remark, row.investor) == ("甲", None, "二")
    assert (row.principal_name, row.principal_email, row.principal_mobile) == ("张三", None, "1")
    assert payload["subject"]["version"] == 2
    assert payload["filing"]["version"] == 2


@pytest.mark.shows("C14", "C15", "C27")
async def test_websites_and_accesses_are_added_edited_and_removed(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲")
    subject = made["subject"]
    site = (await owner.do("addWebsite", subjectId=subject["id"], version=1, name="站", domains=["a.cn"]))[
        "website"
    ]
    access = await owner.do("addAccess", websiteId=site["id"], version=1, ipRanges=[{"start": "192.0.2.1"}])
    assert access["errors"] == []
    assert codes(await owner.do("addAccess", websiteId=site["id"], version=1)) == ["INVALID"]
    site = (
        await owner.do("updateWebsite", id=site["id"], version=site["version"], domains=["b.cn", "a.cn"])
    )["website"]
    assert [domain["name"] for domain in site["domains"]] == ["b.cn", "a.cn"]
    changed = await owner.do(
        "updateAccess",
        id=access["access"]["id"],
        version=1,
        ipRanges=[{"start": "192.0.2.2", "end": "192.0.2.3"}],
    )
    assert changed["access"]["ipRanges"] == [{"start": "192.0.2.2", "end": "192.0.2.3"}]
    removed = await owner.do("removeAccess", id=access["access"]["id"], version=changed["access"]["version"])
    assert removed["errors"] == []
    assert await Access.all().count() == await IpRange.all().count() == 0
    gone = await owner.do("removeWebsite", id=site["id"], version=site["version"])
    assert gone["errors"] == []
    assert await Website.all().count() == 0
    assert gone["filing"]["version"] == 7


@pytest.mark.shows("C42")
async def test_a_stale_version_is_refused_with_the_current_one_and_the_object_as_it_is(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲")
    await owner.do("updateSubject", id=made["subject"]["id"], version=1, name="乙")
    payload = await owner.do("updateSubject", id=made["subject"]["id"], version=1, name="丙")
    assert codes(payload) == ["STALE_VERSION"]
    assert payload["errors"][0]["currentVersion"] == 2
    assert (payload["subject"]["name"], payload["subject"]["version"]) == ("乙", 2)
    assert (await Subject.get()).name == "乙"


@pytest.mark.shows("C30", "N2")
async def test_submitting_names_everything_that_is_missing_at_once(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲", websites=[{"name": "站"}])
    filing = made["filing"]
    check = await owner.run("checkFiling", id=filing["id"])
    payload = await owner.do("submitFiling", id=filing["id"], version=filing["version"])
    errors = [(error["rule"], error["path"]) for error in payload["errors"]]
    found = [(it["rule"], it["path"]) for it in check["findings"] if it["severity"] == "ERROR"]
    assert check["submittable"] is False
    assert set(codes(payload)) == {"FINDINGS"}
    assert errors == found
    assert len(errors) > 5
    assert ["subject", "unitNature"] in [path for _, path in errors]
    assert (await Filing.get()).version == 1
    assert await Revision.all().count() == 0


async def test_a_message_comes_in_the_language_that_was_asked_for(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲")
    await owner.do("updateSubject", id=made["subject"]["id"], version=1, name="乙")
    stale = {"id": made["subject"]["id"], "version": 1, "name": "丙"}
    english = await owner.speaking("en").do("updateSubject", **stale)
    chinese = await owner.speaking("zh").do("updateSubject", **stale)
    assert english["errors"][0]["message"] == "it was changed meanwhile; look again and retry"
    assert chinese["errors"][0]["message"] == "数据已被更改，请刷新后重试"


async def test_the_same_request_under_one_key_is_carried_out_once(owner: Person) -> None:
    first = await owner.do("createSubject", name="甲", idempotencyKey="k1")
    second = await owner.do("createSubject", name="甲", idempotencyKey="k1")
    third = await owner.do("createSubject", name="乙", idempotencyKey="k1")
    assert second["subject"]["id"] == first["subject"]["id"]
    assert codes(third) == ["IDEMPOTENCY_KEY_REUSED"]
    assert await Subject.all().count() == 1


async def test_several_mutations_of_one_document_each_show_what_they_left(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲")
    data = await owner.ask(
        """mutation ($id: ID!) {
          a: updateSubject(input: {id: $id, version: 1, name: "乙"}) { subject { name version } }
          b: updateSubject(input: {id: $id, version: 2, name: "丙"}) { subject { name version } } }""",
        id=made["subject"]["id"],
    )
    assert data["a"]["subject"] == {"name": "乙", "version": 2}
    assert data["b"]["subject"] == {"name": "丙", "version": 3}


async def test_dropping_restoring_withdrawing_and_copying(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲")
    step = {"id": made["filing"]["id"], "version": 1}
    assert (await owner.do("dropFiling", **step))["filing"]["status"] == "ABANDONED"
    assert (await owner.do("restoreFiling", **{**step, "version": 2}))["filing"]["status"] == "DRAFT"
    assert codes(await owner.do("withdrawFiling", **{**step, "version": 3})) == ["WRONG_STATE"]
    copy = await owner.do("cloneFiling", **{**step, "version": 3})
    assert copy["errors"] == []
    assert copy["subject"]["name"] == "甲"
    assert copy["subject"]["id"] != made["subject"]["id"]


@pytest.mark.shows("C40")
async def test_a_field_is_revealed_to_its_owner_and_to_no_token(owner: Person, reviewer: Person) -> None:
    made = await owner.do("createSubject", name="甲", principal={"mobile": "13800001234"})
    asked = {"id": made["subject"]["id"], "path": ["subject", "principal", "mobile"], "reason": "核对"}
    shown = await owner.do("revealField", **asked)
    assert (shown["value"], shown["errors"]) == ("13800001234", [])
    unseen = await reviewer.do("revealField", **asked)
    assert (unseen["value"], codes(unseen)) == (None, ["NOT_FOUND"])


@pytest.mark.shows("N6")
async def test_permitted_actions_speak_the_callers_language(owner: Person) -> None:
    made = await owner.do("createSubject", name="甲")
    for language, summary in (("zh", "修改主体信息"), ("en", "edit the subject")):
        shown = await owner.speaking(language).run("subject", id=made["subject"]["id"])
        assert shown["permittedActions"][0]["summary"] == summary
