"""The authority's files: stored before they are acknowledged, applied in order, and set aside whole where that fails."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
import structlog

from authority.desk import DeskAway
from authority.messages import Decision, Delivery, FiledRecord, ProcessingResult, ResultCode
from authority.simulator.counter import Simulator
from models.clock import now
from models.filing import Filing, FilingPassword
from models.hashing import hash_secret
from models.outbox import OutboxMessage
from models.report import ReceivedAnswer, Report
from models.states import FilingStatus, OutboxState
from models.subject import Subject
from models.unit_of_work import unit_of_work
from tests.support.lives import (
    approve,
    draft,
    submit,
    take_answers,
)
from tests.workflow import desks
from tests.workflow.answering import error, held_back, moves, parked, refused, reported, told
from tests.workflow.doings import fresh, subject_of
from tests.workflow.everything import everything
from workflow.actors import Actor
from workflow.answers import apply_waiting, collect_answers, take_next
from workflow.reports import deliver_report


async def test_a_file_that_comes_again_is_acknowledged_and_changes_nothing(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    await take_answers(desks.Says(decision))
    before = await everything()
    again = desks.Says(decision)
    assert await take_answers(again) == 1
    assert again.acknowledged == [decision.file_name]
    assert await everything() == before
    await take_answers(desks.Says(record))
    before = await everything()
    renamed = [
        dataclasses.replace(file, file_name=f"again-{n}.xml") for n, file in enumerate((decision, record))
    ]
    await take_answers(desks.Says(*renamed))
    after = await everything()
    assert await ReceivedAnswer.all().count() == 4
    assert {name for name in after if after[name] != before[name]} == {"received_answer"}
    assert (await fresh(filing)).version == 5


async def clashing(owner: Actor, reviewer: Actor, desk: Simulator) -> tuple[Filing, Filing, FiledRecord]:
    """A filing with its yes, the record that would complete it under another's number, and that other filing."""
    other = await reported(owner, reviewer, desk, 1)
    await take_answers(desk)
    filing = await reported(owner, reviewer, desk, 3)
    decision, record = await held_back(desk)
    await take_answers(desks.Says(decision))
    clash = record.answers[0]
    assert isinstance(clash, FiledRecord)
    number = (await subject_of(other)).filing_number
    assert number is not None
    return (
        filing,
        other,
        dataclasses.replace(clash, subject=dataclasses.replace(clash.subject, number=number)),
    )


async def test_an_answer_that_cannot_be_applied_is_kept_whole_and_blocks_nothing(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, _, clash = await clashing(owner, reviewer, desk)
    third = await reported(owner, reviewer, desk, 2)
    says = desks.Says(
        Delivery("nobody.xml", (Decision(1, 999_999, True, None, None, now()),)),
        Delivery("nothing.xml", (ProcessingResult(1, None, (ResultCode(5001, None),), None),)),
        Delivery("clash.xml", (clash,)),
        Delivery("no.xml", (refused(third),)),
    )
    assert await take_answers(says) == 4
    assert says.acknowledged == ["nobody.xml", "nothing.xml", "clash.xml", "no.xml"]
    assert await parked() == [
        ("nobody.xml", "AboutNothing", True),
        ("nothing.xml", "AboutNothing", True),
        ("clash.xml", "IntegrityError", True),
    ]
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY
    assert (await fresh(third)).status is FilingStatus.REFUSED
    assert (await ReceivedAnswer.get(file="no.xml")).body is None


async def test_what_was_set_aside_is_tried_again_by_the_next_collector(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing, other, clash = await clashing(owner, reviewer, desk)
    await take_answers(desks.Says(Delivery("clash.xml", (clash,))))
    assert await parked() == [("clash.xml", "IntegrityError", True)]
    # what made it impossible is mended by hand
    await unit_of_work(lambda: Subject.filter(id=other.subject_id).update(filing_number="辽ICP备99999999号"))
    stop = asyncio.Event()
    collecting = asyncio.create_task(collect_answers(desks.Says(), stop, 0.05))
    while (await fresh(filing)).status is not FilingStatus.APPROVED:
        await asyncio.sleep(0.02)
    stop.set()
    await collecting
    assert await parked() == []


async def test_a_body_lies_encrypted_and_is_gone_once_it_is_applied(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    _, _, clash = await clashing(owner, reviewer, desk)
    await take_answers(desks.Says(Delivery("clash.xml", (clash,))))
    rows = (await everything())["received_answer"]
    assert clash.subject.certificate.number not in "".join(rows)
    assert await ReceivedAnswer.filter(state=OutboxState.DONE, body__isnull=False).count() == 0


async def test_an_answer_before_our_own_receipt_waits_and_those_of_others_do_not(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    other = await reported(owner, reviewer, desk, 1)
    await held_back(desk)
    filing = await approve(reviewer, await submit(owner, await draft(owner)))
    message = await OutboxMessage.get(filing_id=filing.id)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    before = await everything()
    assert await take_answers(desk) == 2
    after = await everything()
    assert {name for name in after if after[name] != before[name]} == {"received_answer"}
    await told(refused(other), name="other")
    assert (await fresh(other)).status is FilingStatus.REFUSED
    assert (await fresh(filing)).status is FilingStatus.ACCEPTED
    await deliver_report(desk, message)
    await apply_waiting()
    assert (await fresh(filing)).status is FilingStatus.APPROVED
    assert not await ReceivedAnswer.exclude(state=OutboxState.DONE).exists()


async def test_answers_about_one_subject_are_applied_in_their_order(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await approve(reviewer, await submit(owner, await draft(owner)))
    message = await OutboxMessage.get(filing_id=filing.id)
    await deliver_report(desks.LosesTheReceipt(desk), message)
    await told(error(filing, 1060), refused(filing), error(filing, 1062))
    assert await ReceivedAnswer.filter(state=OutboxState.WAITING).count() == 3
    await deliver_report(desk, message)
    await apply_waiting()
    assert [(name, after) for name, after in await moves(filing) if name.startswith("RECEIVE")] == [
        ("RECEIVE_ERROR", None),
        ("RECEIVE_DECISION", "REFUSED"),
        ("RECEIVE_ERROR", None),
    ]


async def test_a_collector_that_dies_before_it_acknowledges_leaves_nothing_undone_or_done_twice(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)

    class Dies(desks.Says):
        async def acknowledge(self, file_name: str) -> None:
            raise DeskAway("closed", timedelta(seconds=1), 20)

    files = (Delivery("no.xml", (refused(filing),)),)
    with pytest.raises(DeskAway):
        await take_answers(Dies(*files))
    assert (await ReceivedAnswer.get()).state is OutboxState.WAITING
    assert (await fresh(filing)).status is FilingStatus.AT_AUTHORITY
    assert await take_answers(desks.Says(*files)) == 1
    done = await fresh(filing)
    assert (done.status, done.version) == (FilingStatus.REFUSED, 5)
    assert await ReceivedAnswer.all().count() == 1


async def test_several_collectors_of_one_file_apply_it_once_and_raise_no_alarm(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    for number in range(4):
        filing = await reported(owner, reviewer, desk, number)
        decision, record = await held_back(desk)
        file = Delivery(f"{number}.xml", (*decision.answers, *record.answers))
        with structlog.testing.capture_logs() as lines:
            taken = await asyncio.gather(*(take_next(desks.Says(file)) for _ in range(3)))
        assert taken == [True] * 3
        assert [line["event"] for line in lines if line["log_level"] in ("warning", "error")] == []
        assert (await fresh(filing)).version == 5
        assert await ReceivedAnswer.filter(file=file.file_name, state=OutboxState.DONE).count() == 2


async def test_answers_of_any_length_and_number_are_taken(
    owner: Actor, reviewer: Actor, desk: Simulator
) -> None:
    filing = await reported(owner, reviewer, desk)
    long_reference = dataclasses.replace(error(filing, 1009), reference="9" * 20)
    odd_reference = dataclasses.replace(error(filing, 1009), reference="²")
    nobody = dataclasses.replace(refused(filing), record_id=10**30)
    nowhere = dataclasses.replace(refused(filing), record_id=-1)
    await told(long_reference, odd_reference, nobody, nowhere, name="l" * 300)
    assert [(fault, body) for _, fault, body in await parked()] == [("AboutNothing", True)] * 4
    assert len({file for file, _, _ in await parked()}) == 4
    await told(dataclasses.replace(refused(filing), opinion="长" * 3000), name="no")
    assert (await fresh(filing)).status is FilingStatus.REFUSED
    assert len((await Report.get(filing_id=filing.id)).opinion or "") == 1024


async def test_only_an_answer_that_completes_a_filing_costs_a_password(
    owner: Actor, reviewer: Actor, desk: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    async def counted(secret: str) -> str:
        made.append(1)
        return await hash_secret(secret)

    monkeypatch.setattr("workflow.filing_passwords.hash_secret", counted)
    filing = await reported(owner, reviewer, desk)
    decision, record = await held_back(desk)
    await told(error(filing, 1060), Decision(1, 999_999, True, None, None, now()))
    await take_answers(desks.Says(decision))
    assert made == []
    await take_answers(desks.Says(record))
    assert made == [1]
    assert await FilingPassword.filter(subject_id=filing.subject_id).count() == 1
    again = dataclasses.replace(record, file_name="again.xml")
    await take_answers(desks.Says(again))
    assert made == [1]
