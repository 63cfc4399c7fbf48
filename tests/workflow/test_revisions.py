"""Revisions: what was submitted is kept for ever, sealed, and comes back as it was."""

import pytest
from tortoise.connection import get_connection

from models.filing import Revision
from models.states import Role
from rules.form import (
    AccessForm,
    ContactForm,
    FilingForm,
    IpRangeForm,
    PreApprovalForm,
    SubjectForm,
    WebsiteForm,
)
from tests.support.lives import draft, give_back, submit
from tests.workflow.doings import edit_subject, fresh
from workflow.actors import Actor
from workflow.revisions import (
    FieldChange,
    difference,
    flatten,
    form_of,
    from_data,
    masked,
    revision_json,
    text_of,
    to_data,
    touches,
)

WEBSITE = WebsiteForm(
    id="web_7",
    name="听涛",
    domains=("a.cn", "b.cn"),
    languages=("1",),
    pre_approvals=(PreApprovalForm("1", "甲"),),
    principal=ContactForm(name="韩", office_phone="086-0411-82390000", email="a@example.com"),
    access=AccessForm(id="axs_9", methods=("2",), ip_ranges=(IpRangeForm("192.0.2.1", "192.0.2.2"),)),
)
FORM = FilingForm(
    "NEW_FILING", SubjectForm(id="sub_1", name="大连", certificate_number="91210202000002225P"), (WEBSITE,)
)


def test_a_form_comes_back_from_its_text_as_it_was() -> None:
    assert from_data(FilingForm, to_data(FORM)) == FORM
    assert to_data(FORM)["websites"][0]["access"]["ipRanges"] == [{"start": "192.0.2.1", "end": "192.0.2.2"}]
    assert '"certificateNumber":"91210202000002225P"' in text_of(FORM)


def test_a_form_is_told_by_paths_of_the_contract() -> None:
    assert flatten(FORM) == {
        ("subject", "name"): "大连",
        ("subject", "certificateNumber"): "91210202000002225P",
        ("websites", "web_7", "name"): "听涛",
        ("websites", "web_7", "domains", "a.cn"): "a.cn",
        ("websites", "web_7", "domains", "b.cn"): "b.cn",
        ("websites", "web_7", "languages"): ["1"],
        ("websites", "web_7", "preApprovals"): [{"type": "1", "number": "甲"}],
        ("websites", "web_7", "principal", "name"): "韩",
        ("websites", "web_7", "principal", "officePhone"): "086-0411-82390000",
        ("websites", "web_7", "principal", "email"): "a@example.com",
        ("websites", "web_7", "access", "methods"): ["2"],
        ("websites", "web_7", "access", "ipRanges"): [{"start": "192.0.2.1", "end": "192.0.2.2"}],
    }


def test_a_difference_tells_what_came_what_went_and_what_is_another() -> None:
    after = FilingForm(
        "NEW_FILING",
        SubjectForm(id="sub_1", name="大连二"),
        (WebsiteForm(id="web_8", name="新", domains=("c.cn",)),),
    )
    before = FilingForm(
        "NEW_FILING", SubjectForm(id="sub_1", name="大连", remark="一"), (WebsiteForm(id="web_7", name="旧"),)
    )
    assert difference(before, after) == [
        FieldChange(("subject", "name"), "大连", "大连二"),
        FieldChange(("subject", "remark"), "一", None),
        FieldChange(("websites", "web_7", "name"), "旧", None),
        FieldChange(("websites", "web_8", "name"), None, "新"),
        FieldChange(("websites", "web_8", "domains", "c.cn"), None, "c.cn"),
    ]
    assert difference(before, before) == []


@pytest.mark.shows("N3")
def test_a_change_touches_a_note_at_under_or_over_its_path() -> None:
    change = FieldChange(("websites", "web_7", "access", "methods"), ["1"], ["2"])
    assert touches(change, ("websites", "web_7", "access", "methods"))
    assert touches(change, ("websites", "web_7"))
    assert touches(change, ("websites", "web_7", "access", "methods", "2"))
    assert not touches(change, ("websites", "web_8"))
    assert not touches(change, ("websites", "web_7", "access", "ipRanges"))
    assert not touches(change, ("subject",))


def test_personal_values_are_masked_wherever_a_revision_is_read() -> None:
    number = FieldChange(("subject", "certificateNumber"), "210202195501010015", None)
    mail = FieldChange(("subject", "principal", "email"), None, "zhang@example.com")
    owner, auditor = (Actor(1, role, None, "a", None) for role in (Role.APPLICANT, Role.AUDITOR))
    for actor in (owner, auditor):
        assert masked(actor, number) == FieldChange(
            ("subject", "certificateNumber"), "210***********0015", None
        )
        assert masked(actor, FieldChange(("subject", "name"), "大连", "大连二")).after == "大连二"
    assert (masked(owner, mail).after, masked(auditor, mail).after) == (
        "zhang@example.com",
        "z***@example.com",
    )
    shown = revision_json(owner, Revision(data=text_of(FORM)))
    assert shown["websites"][0]["principal"]["email"] == "a@example.com"
    shown = revision_json(auditor, Revision(data=text_of(FORM)))
    assert shown["websites"][0]["principal"]["email"] == "a***@example.com"
    assert shown["subject"]["certificateNumber"] == "912***********225P"
    assert shown["websites"][0]["principal"]["officePhone"] == "086**********0000"
    assert shown["websites"][0]["domains"] == ["a.cn", "b.cn"]


@pytest.mark.shows("N3", "C25")
async def test_a_revision_stays_what_it_was_when_the_draft_moves_on(owner: Actor, reviewer: Actor) -> None:
    filing = await give_back(reviewer, await submit(owner, await draft(owner)))
    first = await Revision.get(filing_id=filing.id, number=1)
    await edit_subject(owner, filing, name="北京海岸贸易有限公司", remark="更名")
    filing = await submit(owner, await fresh(filing))
    again = await Revision.get(filing_id=filing.id, number=1)
    assert (again.data, again.submitted_at) == (first.data, first.submitted_at)
    assert form_of(again).subject.name == "北京海岸商贸有限公司"
    assert form_of(await Revision.get(filing_id=filing.id, number=2)).subject.name == "北京海岸贸易有限公司"
    rows = await get_connection("default").execute_query_dict("SELECT data FROM revision")
    assert len(rows) == 2
    assert not any("海岸" in row["data"] or "subject" in row["data"] for row in rows)
