"""Cancellations: a reason from its table, a remark that can be stored, a warning before an empty shell, nothing else."""

import pytest

from rules.codes import CANCELLATION_REASON, Code, CodeBook, shipped_codes, shipped_divisions
from rules.findings import blocks
from rules.form import CancellationForm, FilingForm
from rules.library import Library
from rules.storable import storable
from tests.rules.samples import BOOK, LAW, OLD_SUBJECT, OLD_WEBSITE, findings, law_with, told

KINDS = ("CANCEL_ACCESS", "CANCEL_WEBSITE", "CANCEL_SUBJECT")
REASON, REMARK = "cancellation/reason", "cancellation/remark"
each_kind = pytest.mark.parametrize("kind", KINDS)


def cancelling(
    kind: str, reason: str | None = "1", remark: str | None = None, target: str = "S1"
) -> FilingForm:
    return FilingForm(kind, OLD_SUBJECT, (OLD_WEBSITE,), CancellationForm(target, reason, remark))


@pytest.mark.shows("C64", "C65", "C69")
@each_kind
def test_with_a_reason_nothing_is_found_whatever_is_in_force(kind: str) -> None:
    assert told(cancelling(kind)) == []
    assert told(cancelling(kind, "99", "主办者申请，网站不再使用。")) == []


@pytest.mark.shows("C64", "C65", "C69")
@each_kind
@pytest.mark.parametrize("reason", [None, "", " "])
def test_a_cancellation_without_a_reason_is_refused(kind: str, reason: str | None) -> None:
    (finding,) = findings(cancelling(kind, reason))
    assert (finding.rule, "/".join(finding.path), finding.severity) == ("BEIAN-REQUIRED", REASON, "ERROR")
    assert finding.message_zh == "必填项未填写：注销理由"


@each_kind
def test_a_cancellation_that_says_nothing_at_all_is_refused(kind: str) -> None:
    assert told(FilingForm(kind, OLD_SUBJECT)) == [("BEIAN-REQUIRED", REASON)]


@pytest.mark.shows("C69")
@each_kind
def test_a_reason_outside_the_table_is_1026_told_once_and_never_stored(kind: str) -> None:
    form = cancelling(kind, "77")
    assert told(form) == [("MIIT-1026", REASON)]
    assert [(f.rule, "/".join(f.path)) for f in storable(form, LAW)] == [("MIIT-1026", REASON)]


@pytest.mark.shows("C69", "C73")
@each_kind
def test_a_reason_no_longer_valid_may_stay_in_a_draft_but_is_1026(kind: str) -> None:
    old = Code(CANCELLATION_REASON, "5", "旧理由", active=False)
    law = law_with(book=CodeBook([*shipped_codes(), old], shipped_divisions()))
    assert told(cancelling(kind, "5"), law) == [("MIIT-1026", REASON)]
    assert storable(cancelling(kind, "5"), law) == []
    assert BOOK.find(CANCELLATION_REASON, "5") is None


@each_kind
def test_a_placeholder_is_not_reported_to_a_real_authority(kind: str) -> None:
    assert told(cancelling(kind), library=Library(real_authority=True)) == [("BEIAN-PLACEHOLDER", REASON)]


@pytest.mark.shows("C69")
@each_kind
@pytest.mark.parametrize(
    ("remark", "rule"),
    [("海" * 1001, "BEIAN-LENGTH"), ("海岸😀", "MIIT-5008"), ("a\nb", "BEIAN-CONTROL")],
)
def test_a_remark_is_judged_like_other_text(kind: str, remark: str, rule: str) -> None:
    form = cancelling(kind, remark=remark)
    assert told(form) == [(rule, REMARK)]
    assert [(f.rule, "/".join(f.path)) for f in storable(form, LAW)] == [(rule, REMARK)]


@each_kind
def test_a_remark_may_have_a_thousand_characters_and_stars(kind: str) -> None:
    assert told(cancelling(kind, remark="海" * 1000)) == []
    assert told(cancelling(kind, remark="*** 见附件 ***")) == []


@pytest.mark.shows("C63")
def test_cancelling_the_only_access_warns_of_an_empty_shell_and_does_not_block() -> None:
    found = findings(cancelling("CANCEL_ACCESS"), library=Library(only_access=True, last_website=True))
    (finding,) = found
    assert (finding.rule, finding.severity, finding.path) == (
        "BEIAN-EMPTY-SHELL",
        "WARNING",
        ("cancellation",),
    )
    assert "空壳网站" in finding.message_zh
    assert "empty shell" in finding.message_en
    assert finding.suggestion == "注销网站"
    assert not blocks(found)


@pytest.mark.shows("C63", "C64")
def test_cancelling_the_last_website_warns_and_suggests_the_subject() -> None:
    found = findings(cancelling("CANCEL_WEBSITE"), library=Library(only_access=True, last_website=True))
    (finding,) = found
    assert (finding.rule, finding.severity, finding.path) == (
        "BEIAN-LAST-WEBSITE",
        "WARNING",
        ("cancellation",),
    )
    assert finding.suggestion == "注销主体"
    assert not blocks(found)


@pytest.mark.shows("C65")
def test_cancelling_the_subject_leaves_no_shell_to_warn_of() -> None:
    assert told(cancelling("CANCEL_SUBJECT"), library=Library(only_access=True, last_website=True)) == []


@each_kind
def test_without_these_facts_nothing_is_warned_of(kind: str) -> None:
    assert told(cancelling(kind), library=Library()) == []
