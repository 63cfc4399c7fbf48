"""Attachments: put to a record and taken away by whoever may edit it, and shown as the record is."""

import dataclasses

import pytest

from models.attachment import Attachment, StoredFile
from models.event import FilingEvent
from models.filing import Filing
from models.node_ids import node_id
from models.states import FilingStatus, Role, TokenScope
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import PreApproval, Website
from rules.form import DocumentForm, FilingForm, PreApprovalForm, SubjectForm, WebsiteForm
from tests.support import lives
from tests.support.counting import counting
from tests.support.drawing import jpeg
from workflow import attachments, files
from workflow.actors import SYSTEM, Actor
from workflow.attachments import attach_file, detach_file
from workflow.command import Outcome
from workflow.document_forms import attachments_of, with_documents
from workflow.edits import find_website

PAPER = PreApprovalForm("1", "辽新闻2026-1")


async def kept(actor: Actor) -> str:
    """The id of a file that the actor uploaded just now."""
    return node_id(StoredFile, (await files.keep_file(actor, jpeg(), "image/jpeg", None)).id)


async def subject_of(filing: Filing) -> Subject:
    """The filing's subject as it is now."""
    return await Subject.get(id=filing.subject_id)


async def attach(actor: Actor, record: Subject | Website, file: str, use: str, **given: object) -> Outcome:
    """The outcome of attaching."""
    values = {"version": record.version, "remark": None, "key": None, **given}
    return await attach_file(
        actor,
        owner_id=node_id(type(record), record.id),
        file_id=file,
        use=use,
        **values,  # type: ignore[arg-type]
    )


def codes(outcome: Outcome) -> list[tuple[str, tuple[str, ...] | None]]:
    """Code and path of each problem."""
    return [(problem.code, problem.path) for problem in outcome.problems]


@pytest.mark.shows("C78")
async def test_attaching_is_an_edit_that_raises_both_versions_and_stands_in_the_timeline(
    owner: Actor,
) -> None:
    filing, file = await lives.draft(owner), await kept(owner)
    subject = await subject_of(filing)

    outcome = await attach(owner, subject, file, "2", remark="正面")

    assert outcome.problems == ()
    attachment = await Attachment.get(id=outcome.ids["attachment"])
    assert (attachment.record, attachment.use, attachment.remark) == (f"sub_{subject.id}", "2", "正面")
    assert (attachment.filing_id, attachment.paper) == (filing.id, None)
    assert (await subject_of(filing)).version == subject.version + 1
    assert (await Filing.get(id=filing.id)).version == filing.version + 1
    event = await FilingEvent.filter(filing_id=filing.id).order_by("-id").first()
    assert event is not None
    assert (event.action, event.record) == ("ATTACH_FILE", f"sub_{subject.id}")

    outcome = await detach_file(owner, id=f"att_{attachment.id}", version=subject.version + 1, key=None)

    assert outcome.problems == ()
    assert await Attachment.all().count() == 0
    assert (await Filing.get(id=filing.id)).version == filing.version + 2


async def test_the_same_key_attaches_once(owner: Actor) -> None:
    filing, file = await lives.draft(owner), await kept(owner)
    subject = await subject_of(filing)
    first = await attach(owner, subject, file, "2", key="k")
    again = await attach(owner, subject, file, "2", key="k")
    assert (first.problems, again.problems, again.replayed) == ((), (), True)
    assert again.ids["attachment"] == first.ids["attachment"]
    assert await Attachment.all().count() == 1


@pytest.mark.shows("C78")
async def test_only_whose_turn_it_is_attaches_and_only_his_own_files(owner: Actor, reviewer: Actor) -> None:
    filing = await lives.draft(owner)
    subject, own = await subject_of(filing), await kept(owner)
    stranger = await lives.make_actor(Role.APPLICANT)
    reading = dataclasses.replace(owner, scopes=frozenset({TokenScope.READ}))
    assert codes(await attach(stranger, subject, await kept(stranger), "2")) == [("NOT_FOUND", ("ownerId",))]
    assert codes(await attach(reviewer, subject, await kept(reviewer), "2")) == [("NOT_FOUND", ("ownerId",))]
    assert codes(await attach(reading, subject, own, "2")) == [("NOT_PERMITTED", None)]
    for foreign in (await kept(stranger), "file_999999", "nonsense"):
        assert codes(await attach(owner, subject, foreign, "2")) == [("INVALID", ("fileId",))]
    filing = await lives.submit(owner, filing)
    subject = await subject_of(filing)
    assert codes(await attach(owner, subject, own, "2")) == [("WRONG_STATE", None)]
    assert codes(await attach(reviewer, subject, await kept(reviewer), "2")) == [("NOT_PERMITTED", None)]
    assert await Attachment.all().count() == 0
    assert (await subject_of(filing)).version == subject.version
    assert (await Filing.get(id=filing.id)).version == filing.version


async def test_a_stale_version_a_wrong_use_and_a_bad_remark_are_refused(owner: Actor) -> None:
    filing, file = await lives.draft(owner), await kept(owner)
    subject = await subject_of(filing)
    website = await Website.get(subject_id=subject.id, serial=1)
    refusals = [
        (
            await attach(owner, subject, file, "2", version=subject.version + 1),
            ("STALE_VERSION", ("version",)),
        ),
        (await attach(owner, subject, file, "1"), ("INVALID", ("use",))),
        (await attach(owner, website, file, "2"), ("INVALID", ("use",))),
        (await attach(owner, subject, file, "99"), ("INVALID", ("use",))),
        (await attach(owner, subject, file, "2", remark="长" * 257), ("INVALID", ("remark",))),
        (await attach(owner, subject, file, "2", remark="a\0b"), ("INVALID", ("remark",))),
    ]
    for outcome, expected in refusals:
        assert codes(outcome) == [expected]
    assert await Attachment.all().count() == 0
    assert (await StoredFile.get(id=int(file[5:]))).unattached_since is not None


async def test_what_came_with_an_earlier_filing_stays(owner: Actor) -> None:
    filing, earlier = await lives.draft(owner), await lives.draft(owner, 1)
    outcome = await attach(owner, await subject_of(filing), await kept(owner), "2")

    async def come_with_the_earlier() -> None:
        await Attachment.filter(id=outcome.ids["attachment"]).update(filing_id=earlier.id)

    await unit_of_work(come_with_the_earlier)
    subject = await subject_of(filing)
    refused = await detach_file(
        owner, id=f"att_{outcome.ids['attachment']}", version=subject.version, key=None
    )
    assert codes(refused) == [("WRONG_STATE", None)]
    assert await Attachment.all().count() == 1


async def test_a_foreign_attachment_is_not_found(owner: Actor, reviewer: Actor) -> None:
    filing = await lives.draft(owner)
    outcome = await attach(owner, await subject_of(filing), await kept(owner), "2")
    for other in (reviewer, await lives.make_actor(Role.APPLICANT)):
        for named in (f"att_{outcome.ids['attachment']}", "att_999999", "x"):
            assert codes(await detach_file(other, id=named, version=1, key=None)) == [("NOT_FOUND", ("id",))]
        assert await attachments.find_attachment(other, outcome.ids["attachment"]) is None
    assert await attachments.find_attachment(owner, outcome.ids["attachment"]) is not None
    assert await Attachment.all().count() == 1


@pytest.mark.shows("C78")
async def test_a_pre_approvals_files_follow_its_type_and_number(owner: Actor) -> None:
    filing = await lives.draft(owner)
    website = await Website.get(subject_id=filing.subject_id, serial=1)

    async def papers(*given: tuple[PreApprovalForm, list[str] | None]) -> bool:
        place = await find_website(owner, node_id(Website, website.id))
        return await unit_of_work(lambda: attachments.attach_papers(owner, place, given))

    one, two = await kept(owner), await kept(owner)
    assert await papers((PAPER, [one, two]))
    record = node_id(Website, website.id)
    other = PreApprovalForm("2", "辽出版2026-2")
    subject = f"sub_{filing.subject_id}"

    async def documents(*pre_approvals: PreApprovalForm) -> tuple[DocumentForm, ...] | None:
        site = WebsiteForm(id=record, pre_approvals=pre_approvals)
        form = FilingForm("NEW_FILING", SubjectForm(id=subject), (site,))
        told = (await with_documents({7: form}))[7].documents
        return None if told is None else tuple(dataclasses.replace(one, id=None) for one in told)

    assert await documents(other, PAPER) == (
        DocumentForm(record, "paper", PAPER),
        DocumentForm(record, "paper", PAPER),
    )
    assert await documents(other) == ()
    assert not await papers((PAPER, None))
    assert not await papers((PAPER, [one, two]))
    assert await papers((PAPER, [two]))
    assert len((await attachments_of(SYSTEM, [record]))[record]) == 1
    assert await PreApproval.filter(website_id=website.id).count() == 0


async def test_a_dropped_changes_documents_are_shown_to_nobody(owner: Actor) -> None:
    filing = await lives.draft(owner)
    await attach(owner, await subject_of(filing), await kept(owner), "2")
    record = f"sub_{filing.subject_id}"

    async def become(**columns: object) -> None:
        await Filing.filter(id=filing.id).update(**columns)

    await unit_of_work(lambda: become(kind="CHANGE"))
    assert len((await attachments_of(owner, [record]))[record]) == 1
    await unit_of_work(lambda: become(status=FilingStatus.ABANDONED))
    assert (await attachments_of(owner, [record]))[record] == []


async def test_the_rules_are_told_the_documents_of_many_filings_in_two_statements(owner: Actor) -> None:
    forms = {}
    for index in range(3):
        filing = await lives.draft(owner, index)
        await attach(owner, await subject_of(filing), await kept(owner), "2")
        forms[filing.id] = FilingForm("NEW_FILING", SubjectForm(id=f"sub_{filing.subject_id}"))
    async with counting() as statements:
        found = await with_documents(forms)
    assert len(statements) == 2
    for form in found.values():
        [document] = form.documents or ()
        assert (document.owner, document.use, document.paper) == (form.subject.id, "2", None)
