"""Entry: what was typed is laid over what is there, and nothing else moves."""

import pytest

from models.refusal import Refused
from rules.form import AccessForm, ContactForm, IpRangeForm, PreApprovalForm, SubjectForm, WebsiteForm
from workflow.entry import access_entry, refuse_unstorable, subject_entry, website_entry

PERSON = ContactForm(name="韩望潮", mobile="13912345678", email="han@example.com")


def test_nothing_given_changes_nothing() -> None:
    subject = SubjectForm(id="sub_1", name="大连", principal=PERSON, remark="一")
    website = WebsiteForm(
        id="web_1", name="听涛", domains=("a.cn",), principal=PERSON, access=AccessForm(id="axs_1")
    )
    access = AccessForm(id="axs_1", methods=("2",), ip_ranges=(IpRangeForm("192.0.2.1", "192.0.2.2"),))
    assert subject_entry(subject, {}) == subject
    assert website_entry(website, {}) == website
    assert access_entry(access, {}) == access


def test_a_principal_is_merged_field_by_field_and_none_takes_it_away() -> None:
    subject = SubjectForm(name="大连", principal=PERSON)
    merged = subject_entry(subject, {"principal": {"mobile": None, "office_phone": "086-0411-82390000"}})
    assert merged.principal == ContactForm(
        name="韩望潮", office_phone="086-0411-82390000", mobile=None, email="han@example.com"
    )
    assert subject_entry(subject, {"principal": None}).principal is None
    assert subject_entry(SubjectForm(name="大连"), {"principal": {"name": "李"}}).principal == ContactForm(
        name="李"
    )


def test_lists_replace_lists_and_none_empties_them() -> None:
    website = WebsiteForm(
        name="听涛", domains=("a.cn", "b.cn"), languages=("1",), pre_approvals=(PreApprovalForm("1", "甲"),)
    )
    entered = website_entry(
        website, {"domains": ["c.cn"], "languages": None, "pre_approvals": [{"type": "2", "number": "乙"}]}
    )
    assert entered == WebsiteForm(name="听涛", domains=("c.cn",), pre_approvals=(PreApprovalForm("2", "乙"),))


def test_a_range_without_an_end_is_one_address() -> None:
    entered = access_entry(
        AccessForm(),
        {"ip_ranges": [{"start": "192.0.2.1", "end": None}, {"start": "192.0.2.4", "end": "192.0.2.5"}]},
    )
    assert entered.ip_ranges == (IpRangeForm("192.0.2.1", "192.0.2.1"), IpRangeForm("192.0.2.4", "192.0.2.5"))


def test_an_id_that_is_smuggled_in_is_not_taken() -> None:
    given = {"id": "sub_9", "status": "FILED", "filing_number": "辽ICP备2026000001号"}
    assert subject_entry(SubjectForm(id="sub_1", name="大连"), given) == SubjectForm(id="sub_1", name="大连")


async def test_every_value_that_cannot_be_stored_is_a_problem_of_its_own(lawful: str) -> None:
    website = WebsiteForm(id="web_7", name="😀", domains=("a\x00.cn",), access=AccessForm(methods=("9999",)))
    with pytest.raises(Refused) as refused:
        await refuse_unstorable(SubjectForm(name="大连", certificate_number="210***0010"), [website])
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("INVALID", ("subject", "certificateNumber")),
        ("INVALID", ("websites", "web_7", "name")),
        ("INVALID", ("websites", "web_7", "domains", "a\x00.cn")),
        ("INVALID", ("websites", "web_7", "access", "methods", "9999")),
    ]
    await refuse_unstorable(SubjectForm(name="大连", certificate_number="21"), [WebsiteForm(name="听涛")])
