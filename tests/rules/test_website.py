"""Websites: names, contents, languages, pre-approvals."""

from dataclasses import replace

import pytest

from rules.form import PreApprovalForm
from tests.rules.samples import PERSON, PRINCIPAL, SUBJECT, WEBSITE, findings, of, told, with_website

NAME = "websites/W1/name"


@pytest.mark.parametrize(
    "name", ["海岸测试官网", "海岸", "海岸·测试（大连）", "海岸测试;大连海岸", "海岸2号A座"]
)
def test_a_fit_name_of_a_website_passes(name: str) -> None:
    assert told(with_website(name=name)) == []


@pytest.mark.parametrize(
    "name", ["海", "12345", "Haian Test", "海岸example.com", "www.海岸", "海岸@测试", "海岸测试;X"]
)
def test_an_unfit_name_of_a_website_is_refused(name: str) -> None:
    assert told(with_website(name=name)) == [("BEIAN-WEBSITE-NAME", NAME)]


def test_national_words_are_kept_for_those_who_bear_them() -> None:
    assert told(with_website(name="中国海岸测试网")) == [("BEIAN-WEBSITE-NAME-STATE", NAME)]
    national = replace(SUBJECT, name="中国海岸研究中心")
    assert told(of(national, replace(WEBSITE, name="中国海岸研究网"))) == []


def test_a_name_unrelated_to_the_organiser_is_only_noted() -> None:
    (finding,) = findings(with_website(name="青松茶馆"))
    assert (finding.rule, finding.severity) == ("BEIAN-WEBSITE-NAME-UNRELATED", "INFO")


@pytest.mark.parametrize("name", ["张三的小站", "大好企业", "辽宁风光"])
def test_a_persons_website_named_after_person_trade_or_place_is_warned_of(name: str) -> None:
    person = replace(PERSON, principal=PRINCIPAL)
    (finding,) = findings(of(person, replace(WEBSITE, name=name)))
    assert (finding.rule, finding.severity) == ("BEIAN-WEBSITE-NAME-INDIVIDUAL", "WARNING")
    assert told(of(person, replace(WEBSITE, name="静水小筑"))) == []


@pytest.mark.parametrize(
    ("field", "name", "rule"),
    [("service_contents", "serviceContents", "MIIT-1034"), ("languages", "languages", "MIIT-1066")],
)
def test_contents_and_languages_are_required_and_come_from_their_tables(
    field: str, name: str, rule: str
) -> None:
    assert told(with_website(**{field: ()})) == [("BEIAN-REQUIRED", f"websites/W1/{name}")]
    assert told(with_website(**{field: ("77",)})) == [(rule, f"websites/W1/{name}/77")]


def test_a_content_that_is_marked_needs_a_pre_approval() -> None:
    assert told(with_website(service_contents=("5",))) == [("MIIT-1033", "websites/W1/preApprovals")]
    approved = with_website(
        service_contents=("5",), pre_approvals=(PreApprovalForm("1", "国新网许可证2120140001"),)
    )
    assert told(approved) == []


def test_a_pre_approval_has_a_type_of_its_table_and_a_number() -> None:
    assert told(with_website(pre_approvals=(PreApprovalForm("77", "1号"), PreApprovalForm("1", " ")))) == [
        ("MIIT-1033", "websites/W1/preApprovals/0/type"),
        ("BEIAN-REQUIRED", "websites/W1/preApprovals/1/number"),
    ]
