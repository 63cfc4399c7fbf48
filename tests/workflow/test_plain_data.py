"""Plain data: a form becomes JSON with the API's names, and that JSON the same form again."""

import json

from demo.forms import filing_form
from rules.form import (
    AccessForm,
    CancellationForm,
    DocumentForm,
    FilingForm,
    PreApprovalForm,
    SubjectForm,
    WebsiteForm,
)
from workflow.plain_data import from_data, to_data


def test_a_form_is_told_with_the_names_of_the_api() -> None:
    form = FilingForm(
        "CHANGE", SubjectForm(name="海岸", certificate_number="9121"), division_in_force="210000"
    )
    data = to_data(form)
    assert data["subject"]["certificateNumber"] == "9121"
    assert (data["divisionInForce"], data["websites"], data["cancellation"]) == ("210000", [], None)


def test_whatever_a_form_holds_comes_back_the_same() -> None:
    paper = PreApprovalForm("1", "京文〔2026〕1号")
    for form in (
        *(filing_form(index) for index in range(20)),
        FilingForm("CANCEL_ACCESS", SubjectForm(), cancellation=CancellationForm("axs_1", "1", None)),
        FilingForm(
            "ADD_ACCESS", SubjectForm(), (WebsiteForm(pre_approvals=(paper,), access=AccessForm()),),
            elsewhere=True, claimed_number="辽ICP备1号-1", unchanged=True,
            documents=(DocumentForm("sub_1", "1", paper), DocumentForm("web_1", "2")),
        ),
        FilingForm("NEW_FILING", SubjectForm(), documents=()),
    ):  # fmt: skip
        assert from_data(FilingForm, json.loads(json.dumps(to_data(form)))) == form


def test_data_of_an_older_form_lack_what_came_since() -> None:
    form = from_data(FilingForm, {"kind": "NEW_FILING", "subject": {"name": "海岸"}})
    assert form == FilingForm("NEW_FILING", SubjectForm(name="海岸"))
