"""Documents: which papers a filing lacks, by its kind, its organiser and its certificates."""

from dataclasses import replace

import pytest

from rules.check import check
from rules.findings import Finding
from rules.form import DocumentForm, FilingForm, PreApprovalForm
from rules.law import law_on
from rules.library import Library
from tests.rules.samples import BOOK, FORM, LAW, PERSON, TODAY, WEBSITE

CERTIFICATE, FRONT, BACK = (DocumentForm("S1", use) for use in ("2", "3", "3"))
SHEET = DocumentForm("W1", "1")
PAPER = PreApprovalForm("1", "辽新闻2026-1")


def missing(form: FilingForm, *documents: DocumentForm) -> list[Finding]:
    """The findings about documents of a form that has these."""
    found = check(replace(form, documents=documents), LAW, Library(), TODAY)
    return [finding for finding in found if finding.rule == "BEIAN-DOCUMENT"]


def said(form: FilingForm, *documents: DocumentForm) -> list[tuple[tuple[str, ...], str]]:
    """Where and what."""
    return [(finding.path, finding.message_zh) for finding in missing(form, *documents)]


@pytest.mark.shows("C78")
def test_an_organisation_shows_its_certificate_both_sides_of_its_principals_card_and_a_sheet_each() -> None:
    assert said(FORM) == [
        (("subject", "attachments"), "缺少附件：主办单位有效证件"),
        (("subject", "attachments"), "缺少附件：主体负责人有效证件（正反两面）"),
        (("websites", "W1", "attachments"), "缺少附件：真实性核验单"),
    ]
    assert said(FORM, CERTIFICATE, FRONT) == [
        (("subject", "attachments"), "缺少附件：主体负责人有效证件（正反两面）"),
        (("websites", "W1", "attachments"), "缺少附件：真实性核验单"),
    ]
    assert said(FORM, CERTIFICATE, FRONT, BACK, SHEET) == []


@pytest.mark.shows("C78")
def test_a_person_shows_both_sides_of_his_own_card_and_a_passport_once() -> None:
    own = DocumentForm("S1", "2")
    form = replace(FORM, subject=PERSON)
    assert said(form, SHEET) == [(("subject", "attachments"), "缺少附件：主办单位有效证件（正反两面）")]
    assert said(form, own, own, SHEET) == []
    travelling = replace(form, subject=replace(PERSON, certificate_type="7", certificate_number="E12345678"))
    assert said(travelling, own, SHEET) == []


def test_another_records_document_counts_for_nothing() -> None:
    assert len(said(FORM, DocumentForm("S2", "2"), FRONT, BACK, DocumentForm("W2", "1"))) == 2


@pytest.mark.shows("C78")
def test_each_pre_approval_needs_its_own_paper() -> None:
    site = replace(WEBSITE, pre_approvals=(PAPER, PreApprovalForm("2", "辽出版2026-2")))
    form = replace(FORM, websites=(site,))
    paper = DocumentForm("W1", "paper", PAPER)
    assert said(form, CERTIFICATE, FRONT, BACK, SHEET, paper) == [
        (("websites", "W1", "preApprovals", "1", "attachments"), "缺少附件：前置审批文件")
    ]


@pytest.mark.parametrize("kind", ["ADD_WEBSITE", "ADD_ACCESS"])
def test_what_is_added_needs_its_sheet_and_nothing_of_the_subject(kind: str) -> None:
    assert said(replace(FORM, kind=kind)) == [(("websites", "W1", "attachments"), "缺少附件：真实性核验单")]


@pytest.mark.parametrize("kind", ["CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT"])
def test_a_cancellation_needs_no_document(kind: str) -> None:
    assert said(replace(FORM, kind=kind)) == []


@pytest.mark.shows("C78")
def test_it_is_a_warning_until_documents_are_required() -> None:
    assert {finding.severity for finding in missing(FORM)} == {"WARNING"}
    strict = law_on(TODAY, BOOK, documents_required=True)
    found = check(replace(FORM, documents=()), strict, Library(), TODAY)
    assert [finding.severity for finding in found if finding.rule == "BEIAN-DOCUMENT"] == ["ERROR"] * 3
    assert strict.version != LAW.version


def test_where_nobody_looked_for_documents_none_is_missing() -> None:
    assert check(FORM, LAW, Library(), TODAY) == []
