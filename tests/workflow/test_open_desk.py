"""The desk that the settings name, with what they say about it."""

from pathlib import Path
from typing import Literal

import pytest

from authority.messages import Cancellation, Decision, FiledRecord, ProcessingResult
from settings import Settings
from tests.authority.filings import make_filing
from tests.authority.simulator.drain import fetch_all
from workflow.runner import open_desk


@pytest.mark.parametrize(("switch", "outcome"), [("refuse", 1025), ("allow", None)])
async def test_the_switch_for_a_last_access_reaches_the_simulator(
    settings: Settings, tmp_path: Path, switch: Literal["refuse", "allow"], outcome: int | None
) -> None:
    given = {"var_dir": tmp_path, "simulator_delay": 0.0, "simulator_last_access": switch}
    desk = await open_desk(settings.model_copy(update={**given, "authority": "simulator"}))
    assert desk is not None
    await desk.upload(make_filing(), "r1")
    (record,) = (answer for answer in await fetch_all(desk) if isinstance(answer, FiledRecord))
    access = record.websites[0].accesses[0].authority_id or 0
    await desk.upload(Cancellation(2, access, 1, None, None), "r2")
    answers = await fetch_all(desk)
    await desk.close()

    codes = [code.code for answer in answers if isinstance(answer, ProcessingResult) for code in answer.codes]
    assert codes == ([outcome] if outcome else [])
    assert any(isinstance(answer, Decision) for answer in answers) is (outcome is None)


async def test_by_hand_there_is_no_desk(settings: Settings, tmp_path: Path) -> None:
    given = settings.model_copy(update={"var_dir": tmp_path, "authority": "manual"})
    assert await open_desk(given) is None
