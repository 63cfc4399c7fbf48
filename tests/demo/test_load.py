"""The demonstration as it is loaded: every stage of a first filing, every further filing, and a past that fits together."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import settings as settings_module
from demo.cast import Login
from demo.load import load_demonstration
from models.access import Access
from models.account import Account
from models.attachment import Attachment, StoredFile
from models.clock import now
from models.event import FilingEvent
from models.filing import Approval, Filing, Note, Target
from models.joint_act import JointAct
from models.node_ids import node_id, number_of
from models.refusal import WrongState
from models.report import ReceivedAnswer, Report
from models.states import (
    FilingKind,
    FilingStatus,
    JointKind,
    JointState,
    OutboxState,
    RecordOrigin,
    RecordStatus,
    Role,
)
from models.subject import Subject
from models.unit_of_work import drain
from models.website import OtherAccess, Website
from settings import Settings
from tests.conftest import empty_database
from workflow.actors import Actor
from workflow.codes import load_shipped_codes
from workflow.files import read_file

SUBJECTS = 42  # enough for each story to be told once
STORIES = {
    ("CHANGE", "DRAFT"): 1,
    ("CHANGE", "SUBMITTED"): 1,
    ("CHANGE", "RETURNED"): 1,
    ("CHANGE", "AT_AUTHORITY"): 1,
    ("CHANGE", "APPROVED"): 2,
    ("CHANGE", "ABANDONED"): 1,
    ("ADD_WEBSITE", "SUBMITTED"): 1,
    ("ADD_WEBSITE", "APPROVED"): 2,
    ("ADD_ACCESS", "RETURNED"): 1,
    ("ADD_ACCESS", "APPROVED"): 3,
    ("CANCEL_ACCESS", "REFUSED"): 1,
    ("CANCEL_ACCESS", "APPROVED"): 2,
    ("CANCEL_WEBSITE", "APPROVED"): 1,
    ("CANCEL_SUBJECT", "SUBMITTED"): 1,
    ("CANCEL_SUBJECT", "APPROVED"): 1,
}


@pytest.fixture(scope="module")
async def logins(
    settings: Settings, database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Login]]:
    """A small demonstration in an empty database and a folder of its own; gives its logins."""
    await drain()
    await empty_database(database)
    folder: Path = tmp_path_factory.mktemp("demonstration")
    settings_module.use(settings.model_copy(update={"var_dir": folder}))
    await load_shipped_codes()
    yield await load_demonstration(SUBJECTS)
    settings_module.use(settings)


async def filing_of(kind: FilingKind, status: FilingStatus) -> Filing:
    """The only filing of a kind that stands so."""
    return await Filing.get(kind=kind, status=status)


async def test_every_further_filing_is_there_beside_the_first_ones(logins: list[Login]) -> None:
    rows = await Filing.all().values_list("kind", "status")
    counted = Counter((str(kind), str(status)) for kind, status in rows)
    first = {key: number for key, number in counted.items() if key[0] == "NEW_FILING"}
    assert sum(first.values()) == SUBJECTS
    assert {status for _, status in first} == {
        "DRAFT", "SUBMITTED", "RETURNED", "ACCEPTED", "AT_AUTHORITY", "REFUSED", "APPROVED", "ABANDONED",
    }  # fmt: skip
    assert {key: number for key, number in counted.items() if key not in first} == STORIES


async def test_everybody_is_told_once_and_nobody_acts_without_a_login(logins: list[Login]) -> None:
    assert Counter(login.role for login in logins) == {
        "ADMIN": 1, "AUDITOR": 1, "REVIEWER": 2, "APPLICANT": 12,
    }  # fmt: skip
    assert await Account.all().count() == 16


async def test_the_authority_answered_and_nothing_was_set_aside(logins: list[Login]) -> None:
    assert await ReceivedAnswer.exclude(state=OutboxState.DONE).count() == 0
    rejected = Report.filter(state="REJECTED")
    codes = [report.result_codes for report in await rejected]
    assert [1018] in codes
    assert [1025] in codes


async def test_each_timeline_runs_forward_and_lies_in_the_past(logins: list[Login]) -> None:
    for subject in await Subject.all():
        rows = await FilingEvent.filter(subject_id=subject.id).order_by("id").values_list("at", flat=True)
        assert list(rows) == sorted(rows)
    for filing in await Filing.exclude(kind=FilingKind.NEW_FILING):
        assert filing.created_at < now() - timedelta(hours=11)
        assert filing.created_at <= filing.updated_at
    for report in await Report.filter(state="COMPLETE").select_related("filing"):
        assert report.sent_at is not None
        assert report.decided_at is not None
        assert report.filing.created_at < report.sent_at < report.decided_at <= report.filing.updated_at


async def test_a_change_was_returned_once_and_is_in_force(logins: list[Login]) -> None:
    filing = await Filing.get(kind=FilingKind.CHANGE, status=FilingStatus.APPROVED, revision=2)
    subject = await Subject.get(id=filing.subject_id)
    assert (subject.address or "").endswith("06室（整层租赁）")
    said = await Note.filter(filing_id=filing.id).order_by("id").values_list("blocking", "state")
    assert [blocking for blocking, _ in said] == [True, False]
    assert said[0][1] == "CHANGED"
    assert await Attachment.filter(filing_id=filing.id, record=node_id(Subject, subject.id)).count() <= 1


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "RETURNED", "AT_AUTHORITY"])
async def test_an_open_change_has_its_proposal_beside_what_is_in_force(
    logins: list[Login], status: str
) -> None:
    filing = await filing_of(FilingKind.CHANGE, FilingStatus(status))
    target = await Target.get(filing_id=filing.id)
    assert "06室" in (target.proposal or "")
    assert "06室" not in ((await Subject.get(id=filing.subject_id)).address or "")
    assert await Note.filter(filing_id=filing.id).count() == (2 if status == "RETURNED" else 0)


async def test_an_access_ended_since_another_provider_serves_and_one_came_again(logins: list[Login]) -> None:
    filings = await Filing.filter(kind=FilingKind.CANCEL_ACCESS, status=FilingStatus.APPROVED)
    targets = await Target.filter(filing_id__in=[filing.id for filing in filings])
    ended = [await Access.get(id=number_of(Access, target.record) or 0) for target in targets]
    assert [access.status for access in ended] == [RecordStatus.CANCELLED] * 2
    for access in ended:
        other = await OtherAccess.get(website_id=access.website_id)
        assert other.provider == "310000000023"
    [again] = [access for access in ended if access.archived]
    assert (await Access.get(website_id=again.website_id, archived=False)).status is RecordStatus.FILED


async def test_a_website_and_a_subject_have_ended(logins: list[Login]) -> None:
    ended = await Website.filter(status=RecordStatus.CANCELLED).select_related("subject")
    assert Counter(website.subject.status for website in ended)[RecordStatus.FILED] == 1
    assert await Subject.filter(status=RecordStatus.CANCELLED).count() == 1


async def test_the_end_of_a_subject_waits_for_the_second_of_two(logins: list[Login]) -> None:
    filing = await filing_of(FilingKind.CANCEL_SUBJECT, FilingStatus.SUBMITTED)
    assert filing.approvals_needed == 2
    assert await Approval.filter(filing_id=filing.id).count() == 1
    assert (await Subject.get(id=filing.subject_id)).status is RecordStatus.FILED


async def test_websites_filed_elsewhere_have_an_access_here_but_for_a_wrong_password(
    logins: list[Login],
) -> None:
    rows = await Subject.filter(origin=RecordOrigin.ELSEWHERE).order_by("id").values_list("name", "status")
    assert rows == [
        ("上海梧桐里唱片有限公司", RecordStatus.FILED),
        ("深圳南山星槎电子有限公司", RecordStatus.FILED),
        ("南京秣陵书局网络有限公司", RecordStatus.DRAFT),
    ]


async def test_a_transfer_waits_for_a_second_reviewer(logins: list[Login]) -> None:
    act = await JointAct.get()
    assert (act.kind, act.state) == (JointKind.TRANSFER, JointState.WAITING)
    assert act.created_at < now() - timedelta(hours=20)
    assert act.expires_at > now() + timedelta(days=5)


async def test_reviewers_can_look_at_the_documents(logins: list[Login]) -> None:
    account = await Account.get(username="reviewer1")
    reviewer = Actor(account.id, Role.REVIEWER, None, account.username, None)
    change = await filing_of(FilingKind.CHANGE, FilingStatus.SUBMITTED)
    addition = await filing_of(FilingKind.ADD_WEBSITE, FilingStatus.SUBMITTED)
    for filing, use in ((change, "2"), (addition, "1")):
        attachment = await Attachment.get(filing_id=filing.id)
        assert attachment.use == use
        document = await read_file(reviewer, node_id(StoredFile, attachment.file_id))
        assert (document.file.media_type, document.file.width, document.file.height) == (
            "image/jpeg",
            640,
            420,
        )
    assert await StoredFile.filter(unattached_since__isnull=False).count() == 0


async def test_it_is_loaded_into_an_empty_database_alone(logins: list[Login]) -> None:
    before = await FilingEvent.all().count(), await Account.all().count()
    with pytest.raises(WrongState):
        await load_demonstration(1)
    assert (await FilingEvent.all().count(), await Account.all().count()) == before
