"""Results by hand: where the provider has no line to the authority, staff type what it decided."""

from typing import Any

import pytest

import settings as settings_module
from authority.simulator.counter import Simulator
from models.clock import now
from models.event import FilingEvent
from models.filing import Filing, FilingPassword
from models.node_ids import node_id
from models.outbox import OutboxMessage
from models.report import Report
from models.states import FilingStatus, ReportState, Role
from models.website import Website
from settings import Settings
from tests.support.lives import approve, draft, make_actor, named, submit
from tests.workflow.answering import reported
from tests.workflow.doings import (
    codes,
    fresh,
    said,
    subject_of,
    websites_of,
)
from tests.workflow.everything import everything
from workflow import results_by_hand, reviews
from workflow.actors import Actor
from workflow.command import Outcome


async def result(
    actor: Actor, filing: Filing, outcome: str = "APPROVED", number: str | None = None, **given: Any
) -> Outcome:
    request: dict[str, Any] = {
        "result_codes": [],
        "opinion": None,
        "decided_at": now(),
        "subject_number": number,
        "websites": [],
        **given,
    }
    return await results_by_hand.record_authority_result(actor, **named(filing), outcome=outcome, **request)


async def by_hand(owner: Actor, reviewer: Actor, settings: Settings, number: int = 0) -> Filing:
    """A filing that was reported by hand."""
    settings_module.use(settings.model_copy(update={"authority": "manual"}))
    filing = await approve(reviewer, await submit(owner, await draft(owner, number)))
    assert not await OutboxMessage.filter(kind="REPORT").exists()
    outcome = await results_by_hand.record_report(reviewer, **named(filing), reported_at=now())
    assert outcome.problems == ()
    return await fresh(filing)


@pytest.mark.shows("C37", "C45", "C47")
async def test_numbers_typed_by_hand_make_the_filing_successful(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    filing = await by_hand(owner, reviewer, settings, 2)
    assert filing.status is FilingStatus.AT_AUTHORITY
    first, second = await websites_of(filing)
    outcome = await result(
        reviewer,
        filing,
        number="冀ICP备06013570号",
        websites=[
            {"website_id": node_id(Website, first.id), "number": "冀ICP备06013570号-1"},
            {"website_id": node_id(Website, second.id), "number": " 冀icp備06013570號－2 "},
        ],
    )
    assert outcome.problems == ()
    assert (await fresh(filing)).status is FilingStatus.APPROVED
    assert (await subject_of(filing)).filing_number == "冀ICP备06013570号"
    assert [site.filing_number for site in await websites_of(filing)] == [
        "冀ICP备06013570号-1",
        "冀ICP备06013570号-2",
    ]
    assert await FilingPassword.exists(subject_id=filing.subject_id)
    assert (await Report.get(filing_id=filing.id)).state is ReportState.COMPLETE


@pytest.mark.shows("C46")
async def test_numbers_that_cannot_be_right_are_refused_and_change_nothing(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    filing = await by_hand(owner, reviewer, settings, 2)
    first, second = (node_id(Website, site.id) for site in await websites_of(filing))
    good = "冀ICP备06013570号"
    one, two = {"website_id": first, "number": f"{good}-1"}, {"website_id": second, "number": f"{good}-2"}
    before = await everything()
    for number, websites, path in (
        ("nonsense", [one, two], ("subjectNumber",)),
        (None, [one, two], ("subjectNumber",)),
        ("ICP证060001号", [one, two], ("subjectNumber",)),
        (f"{good}-1", [one, two], ("websites", "0", "number")),
        (good, [one], ("websites",)),
        (good, [], ("websites",)),
        (good, [one, {**two, "number": f"{good}-1"}], ("websites",)),
        (good, [one, {**two, "number": "冀ICP备06013571号-2"}], ("websites", "1", "number")),
        (good, [one, {**two, "number": good}], ("websites", "1", "number")),
        (
            good,
            [one, two, {"website_id": "web_999999", "number": f"{good}-3"}],
            ("websites", "2", "websiteId"),
        ),
    ):
        outcome = await result(reviewer, filing, number=number, websites=websites)
        assert said(outcome) == [("INVALID", None, path)], (number, websites)
    assert said(await result(reviewer, filing, "PROCESSING_ERROR")) == [("INVALID", None, ("resultCodes",))]
    unknown = await result(reviewer, filing, "PROCESSING_ERROR", result_codes=[1003, 77])
    assert said(unknown) == [("INVALID", None, ("resultCodes", "1"))]
    assert said(await result(reviewer, filing, "REFUSED", opinion="\x00")) == [
        ("INVALID", None, ("opinion",))
    ]
    assert await everything() == before


async def test_a_number_that_another_subject_bears_is_refused(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    good = "京ICP备06013570号"
    filings = [await by_hand(owner, reviewer, settings), await by_hand(owner, reviewer, settings, 1)]
    sites = [(await websites_of(filing))[0] for filing in filings]
    typed = [[{"website_id": node_id(Website, site.id), "number": f"{good}-1"}] for site in sites]
    assert (await result(reviewer, filings[0], number=good, websites=typed[0])).problems == ()
    before = await everything()
    outcome = await result(reviewer, filings[1], number=good, websites=typed[1])
    assert said(outcome) == [("DUPLICATE", None, ("subjectNumber",))]
    assert await everything() == before


@pytest.mark.shows("C39")
async def test_refusals_and_errors_typed_by_hand_go_their_ways(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    first = await by_hand(owner, reviewer, settings)
    second = await by_hand(owner, reviewer, settings, 1)
    assert (await result(reviewer, first, "REFUSED", opinion="证件不清晰")).problems == ()
    assert (await fresh(first)).status is FilingStatus.REFUSED
    assert (await Report.get(filing_id=first.id)).opinion == "证件不清晰"
    assert (await result(reviewer, second, "PROCESSING_ERROR", result_codes=[1003])).problems == ()
    second = await fresh(second)
    assert (second.status, second.error_codes) == (FilingStatus.SUBMITTED, [1003])
    again = await reviews.report_filing_again(reviewer, **named(second), revision=1)
    assert again.problems == ()
    second = await fresh(second)
    assert (second.status, second.error_codes) == (FilingStatus.ACCEPTED, [])
    assert [row.number for row in await Report.filter(filing_id=second.id).order_by("number")] == [1, 2]


async def test_nothing_is_typed_by_hand_where_a_line_carries_it_nor_by_others(
    owner: Actor, reviewer: Actor, desk: Simulator, settings: Settings
) -> None:
    filing = await reported(owner, reviewer, desk)
    before = await everything()
    outcome = await result(reviewer, filing, "REFUSED")
    assert [(p.code, p.rule) for p in outcome.problems] == [("WRONG_STATE", "BEIAN-NOT-MANUAL")]
    settings_module.use(settings.model_copy(update={"authority": "manual"}))
    assert codes(await result(owner, filing, "REFUSED")) == ["NOT_PERMITTED"]
    assert codes(await result(await make_actor(Role.ADMIN), filing, "REFUSED")) == ["NOT_FOUND"]
    future = await results_by_hand.record_report(
        reviewer, **named(filing), reported_at=now().replace(year=2999)
    )
    assert said(future) == [("INVALID", None, ("reportedAt",))]
    assert {name for name, rows in (await everything()).items() if rows != before[name]} <= {"account"}
    assert await FilingEvent.filter(filing_id=filing.id).count() == 4


async def test_a_decision_that_is_older_than_its_report_or_to_come_is_refused(
    owner: Actor, reviewer: Actor, settings: Settings
) -> None:
    filing = await by_hand(owner, reviewer, settings)
    before = await everything()
    for year in (2020, 2999):
        moment = now().replace(year=year, day=1)
        outcome = await result(reviewer, filing, "REFUSED", opinion="不符", decided_at=moment)
        assert [(it.code, it.path) for it in outcome.problems] == [("INVALID", ("decidedAt",))]
    assert await everything() == before
