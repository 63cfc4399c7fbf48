"""Files: laid down encrypted, given to those who may see them, and erased when they belong to nothing."""

import os
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest

from models.attachment import Attachment, StoredFile
from models.cipher import CipherError
from models.clock import now
from models.event import AuditEntry
from models.filing import Filing
from models.node_ids import node_id
from models.refusal import NotFound, NotPermitted, Refused, Throttled
from models.states import Role
from models.subject import Subject
from models.tries import Limit
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.support import lives
from tests.support.drawing import jpeg, png
from workflow import file_vault, files
from workflow.actors import Actor
from workflow.attachments import attach_file, detach_file
from workflow.command import Outcome
from workflow.darkroom import UnfitPicture
from workflow.housekeeping import erase_if_forgotten, tidy

HOURS = timedelta(hours=1)


async def kept(actor: Actor) -> StoredFile:
    """A file that the actor uploaded just now."""
    return await files.keep_file(actor, jpeg(), "image/jpeg", "证件.jpg")


async def attached(actor: Actor, filing: Filing, file: StoredFile) -> Outcome:
    """The outcome of attaching the file to the filing's subject as its certificate."""
    subject = await Subject.get(id=filing.subject_id)
    return await attach_file(
        actor,
        owner_id=node_id(Subject, subject.id),
        version=subject.version,
        file_id=node_id(StoredFile, file.id),
        use="2",
        remark=None,
        key=None,
    )


async def reads(actor: Actor, file: StoredFile) -> bool:
    """Whether the actor is given the file."""
    try:
        document = await files.read_file(actor, node_id(StoredFile, file.id))
    except NotFound:
        return False
    assert document.data.startswith(b"\xff\xd8\xff")
    return True


def on_disk() -> list[Path]:
    """All that lies in the vault."""
    return list(file_vault.folder().iterdir())


async def move_back(hours: float) -> None:
    """Make all that waits unattached have waited so many hours longer."""

    async def work() -> None:
        for file in await StoredFile.filter(unattached_since__not_isnull=True):
            assert file.unattached_since is not None
            await StoredFile.filter(id=file.id).update(unattached_since=file.unattached_since - hours * HOURS)

    await unit_of_work(work)


@pytest.mark.shows("C78")
async def test_a_file_lies_on_disk_encrypted_and_for_its_owner_alone(
    owner: Actor, settings: Settings
) -> None:
    file = await kept(owner)
    path = settings.var_dir / "files" / file.place

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed, plain = path.read_bytes(), file_vault.take_up(file.place)
    assert plain.startswith(b"\xff\xd8\xff")
    for canary in (plain[:64], plain[-64:], b"JFIF", b"\xff\xd8\xff"):
        assert canary not in sealed
    assert (file.width, file.height, file.size_bytes, file.filename) == (320, 200, len(plain), "证件.jpg")
    assert not list(path.parent.glob("*.part"))


async def test_bytes_moved_to_anothers_place_do_not_open(owner: Actor) -> None:
    one, other = await kept(owner), await kept(owner)
    folder = file_vault.folder()
    (folder / other.place).write_bytes((folder / one.place).read_bytes())

    with pytest.raises(CipherError):
        file_vault.take_up(other.place)
    with pytest.raises(NotFound):
        await files.read_file(owner, node_id(StoredFile, other.id))


@pytest.mark.shows("C78")
@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
async def test_who_files_nothing_uploads_nothing(lawful: str, role: Role) -> None:
    with pytest.raises(NotPermitted):
        await files.may_upload(await lives.make_actor(role))


async def test_nobody_hoards(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNATTACHED", 2)
    first = await kept(owner)
    await kept(owner)
    before = len(on_disk())
    for refused in (files.may_upload(owner), kept(owner)):
        with pytest.raises(Refused) as refusal:
            await refused
        assert refusal.value.problems[0].code == "LIMIT"
    assert await StoredFile.all().count() == 2
    assert len(on_disk()) == before
    outcome = await attached(owner, await lives.draft(owner), first)
    assert not outcome.problems
    await files.may_upload(owner)  # what is attached counts no more


async def test_who_uploads_too_often_is_told_when_to_come_back(
    owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "UPLOAD", Limit("upload", 1, HOURS))
    await files.may_upload(owner)
    with pytest.raises(Throttled) as throttled:
        await files.may_upload(owner)
    assert 3500 < (throttled.value.problems[0].retry_after or 0) <= 3600
    await files.may_upload(await lives.make_actor(Role.APPLICANT))


@pytest.mark.shows("C78")
async def test_an_unattached_file_is_its_uploaders_alone(owner: Actor, reviewer: Actor) -> None:
    file = await kept(owner)
    assert await reads(owner, file)
    for other in (reviewer, await lives.make_actor(Role.APPLICANT), await lives.make_actor(Role.ADMIN)):
        assert not await reads(other, file)
    assert await AuditEntry.filter(action="READ_DOCUMENT").count() == 0


@pytest.mark.shows("C78")
async def test_an_attached_file_is_the_owners_and_the_reviewers_who_see_what_was_submitted(
    owner: Actor, reviewer: Actor
) -> None:
    file, filing = await kept(owner), await lives.draft(owner)
    assert not (await attached(owner, filing, file)).problems
    others = [await lives.make_actor(role) for role in (Role.APPLICANT, Role.ADMIN, Role.AUDITOR)]
    assert await reads(owner, file)
    assert not await reads(reviewer, file)

    await lives.submit(owner, await Filing.get(id=filing.id))

    assert await reads(reviewer, file)
    for other in others:
        assert not await reads(other, file)
    entry = await AuditEntry.get(action="READ_DOCUMENT")
    attachment = await Attachment.get(file_id=file.id)
    assert (entry.account_id, entry.record) == (reviewer.account_id, node_id(StoredFile, file.id))
    assert entry.detail == {"attachment": node_id(Attachment, attachment.id), "record": attachment.record}


@pytest.mark.shows("C78")
async def test_the_typist_and_his_customer_both_see_it(reviewer: Actor) -> None:
    customer = await lives.make_actor(Role.APPLICANT)
    file, filing = await kept(reviewer), await lives.draft(reviewer, on_behalf_of=customer)
    assert not (await attached(reviewer, filing, file)).problems
    colleague = await lives.make_actor(Role.REVIEWER)

    assert await reads(customer, file)
    assert await reads(reviewer, file)
    assert not await reads(colleague, file)


async def test_what_came_after_the_submission_is_not_shown_to_other_staff_until_it_is_submitted_again(
    owner: Actor, reviewer: Actor
) -> None:
    filing = await lives.submit(owner, await lives.draft(owner))
    filing = await lives.give_back(reviewer, filing)
    file = await kept(owner)
    assert not (await attached(owner, filing, file)).problems
    assert not await reads(reviewer, file)

    await lives.submit(owner, await Filing.get(id=filing.id))

    assert await reads(reviewer, file)


@pytest.mark.parametrize("id", ["file_999999", "file_0", "file_", "sub_1", "../secret", "file_1e3", ""])
async def test_an_id_that_names_nothing_is_not_found(owner: Actor, id: str) -> None:
    with pytest.raises(NotFound):
        await files.read_file(owner, id)


@pytest.mark.shows("C78")
async def test_after_24_hours_what_is_attached_to_nothing_goes_and_what_is_attached_stays(
    owner: Actor,
) -> None:
    filing = await lives.draft(owner)
    used, unused = await kept(owner), await kept(owner)
    assert not (await attached(owner, filing, used)).problems
    await move_back(23.9)
    await tidy()
    assert await StoredFile.filter(id=unused.id).exists()

    await move_back(0.2)
    await tidy()

    assert not await StoredFile.filter(id=unused.id).exists()
    assert not (file_vault.folder() / unused.place).exists()
    assert await reads(owner, used)


async def test_a_detached_file_waits_24_hours_from_then(owner: Actor) -> None:
    filing, file = await lives.draft(owner), await kept(owner)
    outcome = await attached(owner, filing, file)
    subject = await Subject.get(id=filing.subject_id)
    attachment = node_id(Attachment, outcome.ids["attachment"])
    outcome = await detach_file(owner, id=attachment, version=subject.version, key=None)
    assert not outcome.problems
    await tidy()
    assert await reads(owner, file)
    await move_back(25)
    await tidy()
    assert not await reads(owner, file)


@pytest.mark.shows("C44")
async def test_the_files_of_an_erased_filing_go_with_it(owner: Actor) -> None:
    filing, file = await lives.draft(owner), await kept(owner)
    assert not (await attached(owner, filing, file)).problems
    moment = now() + timedelta(days=31)

    async def drop() -> None:
        await Filing.filter(id=filing.id).update(status="ABANDONED", updated_at=now())

    await unit_of_work(drop)
    await unit_of_work(lambda: erase_if_forgotten(filing.id, moment))
    assert not await Subject.filter(id=filing.subject_id).exists()
    assert await Attachment.all().count() == 0
    await tidy()
    assert await StoredFile.all().count() == 0
    assert not (file_vault.folder() / file.place).exists()


async def test_a_row_whose_file_is_attached_unbeknown_is_kept(owner: Actor) -> None:
    file = await kept(owner)
    await unit_of_work(
        lambda: Attachment.create(file_id=file.id, record="act_1", use="RESET", created_at=now())
    )
    await move_back(25)
    assert await files.erase_unattached(now()) == 0
    assert (await StoredFile.get(id=file.id)).unattached_since is None


async def test_what_a_crash_left_on_disk_goes_after_24_hours(owner: Actor) -> None:
    file = await kept(owner)
    folder = file_vault.folder()
    lost, fresh = file_vault.lay_down(b"a picture without a row"), file_vault.lay_down(b"not yet in its row")
    half = folder / "0123456789abcdef0123456789abcdef.part"
    half.write_bytes(b"half a picture")
    yesterday = time.time() - 25 * 3600
    for path in (folder / lost, half, folder / file.place):
        os.utime(path, (yesterday, yesterday))

    assert await files.erase_left_behind(now()) >= 1

    assert not (folder / lost).exists()
    assert not half.exists()
    assert (folder / fresh).exists()
    assert (folder / file.place).exists()
    assert await reads(owner, file)


async def test_a_picture_that_is_refused_leaves_nothing(owner: Actor) -> None:
    before = len(on_disk())
    with pytest.raises(UnfitPicture):
        await files.keep_file(owner, png(), "image/jpeg", None)
    assert len(on_disk()) == before
    assert await StoredFile.all().count() == 0
