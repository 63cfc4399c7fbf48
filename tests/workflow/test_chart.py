"""The chart of a filing's life: what it draws, and that the page in the documentation is the one it draws today."""

from pathlib import Path

import pytest

from models.states import FilingStatus
from workflow.chart import lifecycle_chart, lifecycle_page

PAGE = Path(__file__).parent.parent.parent / "docs" / "lifecycle.md"


def test_the_page_in_the_documentation_is_the_chart_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8").rstrip("\n") == lifecycle_page().rstrip("\n")


@pytest.mark.parametrize(
    "line",
    [
        "    DRAFT: 草稿 DRAFT",
        "    SUBMITTED: 待接入商核实 SUBMITTED",
        "    RETURNED: 核实不通过退回 RETURNED",
        "    ACCEPTED: 核实通过待上报 ACCEPTED",
        "    AT_AUTHORITY: 待管局审核 AT_AUTHORITY",
        "    REFUSED: 管局审核不通过 REFUSED",
        "    APPROVED: 审核通过 APPROVED",
        "    ABANDONED: 已放弃 ABANDONED",
        "    VOIDED: 终止 VOIDED",
        "    [*] --> DRAFT",
        "    DRAFT --> SUBMITTED: 提交接入商核实",
        "    RETURNED --> SUBMITTED: 提交接入商核实",
        "    SUBMITTED --> RETURNED: 核实不通过退回",
        "    SUBMITTED --> ACCEPTED: 核实通过",
        "    ACCEPTED --> DRAFT: 撤回",
        "    ACCEPTED --> AT_AUTHORITY: 上报管局",
        "    AT_AUTHORITY --> REFUSED: 管局审核不通过",
        "    ABANDONED --> DRAFT: 恢复为草稿",
        "    AT_AUTHORITY --> APPROVED: 收到管局注销数据，注销完成",
        "    DRAFT --> VOIDED: 终止",
        "    AT_AUTHORITY --> VOIDED: 终止",
        "    APPROVED --> [*]",
        "    VOIDED --> [*]",
        "| SUBMIT_FILING | 提交接入商核实 | 主办者 OWNER | DRAFT, RETURNED, REFUSED | SUBMITTED |",
        "| CLAIM_FILING | 领取 | 核实人员 REVIEWER | SUBMITTED | stays |",
        "| APPROVE_FILING | 核实通过 | 核实人员 REVIEWER | SUBMITTED | ACCEPTED |",
        "| APPROVE_FILING (FIRST) | 第一次核实通过，待另一名核实人员 | 核实人员 REVIEWER | SUBMITTED | stays |",
        "| UPDATE_CANCELLATION | 修改注销理由 | 主办者 OWNER | DRAFT, RETURNED, REFUSED | stays |",
        "| VOID | 终止 | 管局 AUTHORITY | DRAFT, SUBMITTED, RETURNED, ACCEPTED, AT_AUTHORITY, REFUSED | VOIDED |",
        "| REPORT | 上报管局 | 系统 SYSTEM | ACCEPTED | AT_AUTHORITY |",
        "| RECEIVE_DECISION (REFUSED) | 管局审核不通过 | 管局 AUTHORITY | AT_AUTHORITY | REFUSED |",
    ],
)
def test_the_chart_has_the_line(line: str) -> None:
    assert line in lifecycle_page().splitlines()


def test_the_chart_draws_no_step_that_leaves_the_status() -> None:
    arrows = [line for line in lifecycle_chart().splitlines() if " --> " in line]
    for status in FilingStatus:
        assert not [line for line in arrows if line.startswith(f"    {status.value} --> {status.value}")]
    assert not [line for line in arrows if "领取" in line or "复制为新草稿" in line]
