"""The subject: its name, nature, region, and what the library holds against it."""

from dataclasses import replace

import pytest

from rules.library import Library
from tests.rules.samples import FORM, PERSON, PRINCIPAL, WEBSITE, findings, of, told, with_subject

NUMBER = "subject/certificateNumber"


@pytest.mark.parametrize("name", ["大连海岸（集团）有限公司", "海岸·测试 A1", "ABC海岸公司"])
def test_a_fit_name_of_an_organisation_passes(name: str) -> None:
    assert told(with_subject(name=name)) == []


@pytest.mark.parametrize("name", ["海岸<测试>公司", "海岸公司!", "海岸_公司"])
def test_an_unfit_name_of_an_organisation_is_refused(name: str) -> None:
    assert told(with_subject(name=name)) == [("BEIAN-ORGANISER-NAME", "subject/name")]


def test_a_person_files_under_a_persons_name() -> None:
    site = replace(WEBSITE, name="静水小筑", principal=PRINCIPAL)
    assert told(of(replace(PERSON, name="张3"), site)) == [("BEIAN-PERSON-NAME", "subject/name")]


def test_an_unknown_nature_is_1014_and_nothing_is_concluded_from_it() -> None:
    assert told(with_subject(unit_nature="77")) == [("MIIT-1014", "subject/unitNature")]


def test_an_unknown_certificate_type_is_1008_and_its_number_is_not_judged() -> None:
    assert told(with_subject(certificate_type="77", certificate_number="7")) == [
        ("MIIT-1008", "subject/certificateType")
    ]


@pytest.mark.parametrize(
    ("division", "words"),
    [
        ("210000", "只选到省，请选到市和县（区）"),
        ("210200", "只选到市，请选到县（区）"),
        ("219999", "代码表中没有该代码"),
        ("大连市", "代码表中没有该代码"),
        ("130171", "该行政区划已撤销或不是法定区划"),
    ],
)
def test_a_region_names_what_is_missing(division: str, words: str) -> None:
    (finding,) = findings(with_subject(division=division))
    assert (finding.rule, finding.path) == ("MIIT-1019", ("subject", "division"))
    assert finding.message_zh == f"省市县代码有误：{words}"


@pytest.mark.parametrize("division", ["210202", "441900", "110105", "429004"])
def test_a_county_passes_and_a_city_that_has_none(division: str) -> None:
    assert told(with_subject(division=division)) == []


@pytest.mark.shows("C74")
def test_an_organiser_filed_already_conflicts() -> None:
    assert told(FORM, library=Library(organiser_conflict=True)) == [("MIIT-1003", NUMBER)]


@pytest.mark.shows("C76")
def test_a_blacklisted_subject_is_refused_and_a_conflict_told_beside_it() -> None:
    library = Library(subject_blacklisted=True, organiser_conflict=True)
    assert told(FORM, library=library) == [("MIIT-1065", NUMBER), ("MIIT-1003", NUMBER)]


def test_a_missing_address_is_a_warning() -> None:
    (finding,) = findings(with_subject(address=None))
    assert (finding.rule, finding.severity) == ("BEIAN-ADDRESS", "WARNING")
