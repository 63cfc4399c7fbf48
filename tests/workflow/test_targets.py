"""Targets: which records a filing names, in the order in which they were taken up, and what is kept of each."""

from models.access import Access
from models.filing import Target
from models.subject import Subject
from models.website import Website
from rules.form import AccessForm, IpRangeForm, SubjectForm, WebsiteForm
from tests.support import filed
from workflow.actors import Actor
from workflow.targets import base_form, numbers_among, proposed_form, record_of, targets_of, text_of_form


def test_records_are_told_apart_by_what_they_are() -> None:
    records = ["web_3", "sub_1", "axs_7", "web_12", "fil_3", "web_x", ""]
    assert [numbers_among(model, records) for model in (Subject, Website, Access)] == [[1], [3, 12], [7]]
    assert [record_of(row) for row in (Subject(id=1), Website(id=2), Access(id=3))] == [
        "sub_1",
        "web_2",
        "axs_3",
    ]


def test_what_is_kept_of_a_record_comes_back_as_its_own_form() -> None:
    for record, form in (
        ("sub_1", SubjectForm(id="sub_1", name="海岸")),
        ("web_1", WebsiteForm(id="web_1", domains=("a.example", "b.example"))),
        ("axs_1", AccessForm(id="axs_1", ip_ranges=(IpRangeForm("192.0.2.1", "192.0.2.9"),))),
    ):
        target = Target(record=record, base=text_of_form(form))
        assert (base_form(target), proposed_form(target)) == (form, None)
        assert proposed_form(Target(record=record, proposal=text_of_form(form))) == form


async def test_the_targets_of_many_filings_come_in_one_go_and_in_their_order(owner: Actor) -> None:
    found = []
    for index in (1, 2):
        subject = await filed.filed_subject(owner, index, websites=2)
        websites = await filed.websites_of(subject)
        filing = await filed.opened(
            await filed.start_change(owner, subject, websites[1], subject, websites[0])
        )
        found.append((filing.id, [record_of(row) for row in (websites[1], subject, websites[0])]))
    told = await targets_of([number for number, _ in found])
    assert [(number, [row.record for row in told[number]]) for number, _ in found] == found
    assert await targets_of([]) == {}
