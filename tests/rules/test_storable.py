"""What a draft may store: anything unfinished, but no foreign text, no over-length, no unknown code, no mask."""

from dataclasses import replace

import pytest

from rules.form import FilingForm, IpRangeForm, PreApprovalForm, SubjectForm, WebsiteForm
from rules.storable import storable
from tests.rules.samples import (
    FORM,
    LAW,
    with_access,
    with_principal,
    with_ranges,
    with_subject,
    with_website,
)


def refused(form: FilingForm) -> list[tuple[str, str]]:
    return [(finding.rule, "/".join(finding.path)) for finding in storable(form, LAW)]


def test_a_draft_may_be_empty_unfinished_and_wrong() -> None:
    wrong = WebsiteForm(name="x", domains=("WWW.nonsense",), home_url="http://", access=None)
    assert refused(FilingForm("NEW_FILING", SubjectForm(name="甲", certificate_number="0"), (wrong,))) == []
    assert refused(FORM) == []
    assert refused(with_ranges(("999", "x"))) == []
    assert refused(with_subject(unit_nature="", division=" ")) == []


@pytest.mark.shows("C77")
def test_text_outside_gbk_is_refused_at_input() -> None:
    assert refused(with_subject(name="海岸😀")) == [("MIIT-5008", "subject/name")]
    assert refused(with_principal(name="𠮷田")) == [("MIIT-5008", "subject/principal/name")]
    assert refused(with_website(domains=("bøcher.example",))) == [
        ("MIIT-5008", "websites/W1/domains/bøcher.example")
    ]
    assert refused(with_subject(name="镕堃喆〇")) == []


@pytest.mark.parametrize("char", ["\x00", "\t", "\n", "\r", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_refused(char: str) -> None:
    assert refused(with_subject(remark=f"a{char}b")) == [("BEIAN-CONTROL", "subject/remark")]


@pytest.mark.shows("C17")
@pytest.mark.parametrize(
    ("field", "name", "length"),
    [
        ("name", "name", 255),
        ("certificate_number", "certificateNumber", 128),
        ("certificate_address", "certificateAddress", 1024),
        ("investor", "investor", 255),
        ("address", "address", 1024),
        ("remark", "remark", 1024),
    ],
)
def test_a_subjects_texts_end_at_their_lengths(field: str, name: str, length: int) -> None:
    assert refused(with_subject(**{field: "海" * length})) == []
    assert refused(with_subject(**{field: "海" * (length + 1)})) == [("BEIAN-LENGTH", f"subject/{name}")]


@pytest.mark.parametrize(
    ("field", "name"),
    [("name", "name"), ("office_phone", "officePhone"), ("mobile", "mobile"), ("email", "email")],
)
def test_a_principals_texts_end_at_128(field: str, name: str) -> None:
    assert refused(with_principal(**{field: "1" * 128})) == []
    assert refused(with_principal(**{field: "1" * 129})) == [("BEIAN-LENGTH", f"subject/principal/{name}")]


@pytest.mark.parametrize(
    ("field", "name", "length"),
    [("name", "name", 512), ("home_url", "homeUrl", 255), ("remark", "remark", 1024)],
)
def test_a_websites_texts_end_at_their_lengths(field: str, name: str, length: int) -> None:
    assert refused(with_website(**{field: "a" * length})) == []
    assert refused(with_website(**{field: "a" * (length + 1)})) == [("BEIAN-LENGTH", f"websites/W1/{name}")]


def test_lists_end_at_their_limits() -> None:
    assert refused(with_website(domains=tuple(f"a{i}.example" for i in range(100)))) == []
    assert refused(with_website(domains=tuple(f"a{i}.example" for i in range(101)))) == [
        ("BEIAN-TOO-MANY", "websites/W1/domains")
    ]
    ranges = tuple(IpRangeForm("1.1.1.1", "1.1.1.1") for _ in range(101))
    assert refused(with_access(ip_ranges=ranges[:100])) == []
    assert refused(with_access(ip_ranges=ranges)) == [("BEIAN-TOO-MANY", "websites/W1/access/ipRanges")]


def test_domains_addresses_and_pre_approval_numbers_have_lengths_too() -> None:
    long = "a" * 121 + ".example"
    assert refused(with_website(domains=(long,))) == [("BEIAN-LENGTH", f"websites/W1/domains/{long}")]
    assert refused(with_ranges(("1.1.1.1", "1.1.1.1" + "0" * 9))) == [
        ("BEIAN-LENGTH", "websites/W1/access/ipRanges/0")
    ]
    number = PreApprovalForm("1", "1" * 513)
    assert refused(with_website(pre_approvals=(number,))) == [
        ("BEIAN-LENGTH", "websites/W1/preApprovals/0/number")
    ]


@pytest.mark.parametrize(
    ("form", "rule", "place"),
    [
        (with_subject(unit_nature="77"), "MIIT-1014", "subject/unitNature"),
        (with_subject(certificate_type="77"), "MIIT-1008", "subject/certificateType"),
        (with_subject(division="999999"), "MIIT-1019", "subject/division"),
        (with_principal(certificate_type="77"), "MIIT-1008", "subject/principal/certificateType"),
        (with_website(service_contents=("8", "77")), "MIIT-1034", "websites/W1/serviceContents/77"),
        (with_website(languages=("",)), "MIIT-1066", "websites/W1/languages/"),
        (
            with_website(pre_approvals=(PreApprovalForm("7", "1"),)),
            "MIIT-1033",
            "websites/W1/preApprovals/0/type",
        ),
        (with_access(methods=("77",)), "MIIT-1035", "websites/W1/access/methods/77"),
        (with_access(server_locations=("77",)), "MIIT-1036", "websites/W1/access/serverLocations/77"),
    ],
)
def test_a_code_outside_its_table_is_refused(form: FilingForm, rule: str, place: str) -> None:
    assert refused(form) == [(rule, place)]


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ("certificate_number", "certificateNumber", "210***********0010"),
        ("mobile", "mobile", "138****0000"),
        ("office_phone", "officePhone", "086***********5678"),
        ("email", "email", "z***@example.com"),
    ],
)
def test_a_masked_value_sent_back_is_never_stored(field: str, name: str, value: str) -> None:
    assert refused(with_principal(**{field: value})) == [("BEIAN-MASKED", f"subject/principal/{name}")]


def test_stars_in_a_remark_are_no_mask() -> None:
    assert refused(replace(FORM, subject=replace(FORM.subject, remark="*** 见附件 ***"))) == []
