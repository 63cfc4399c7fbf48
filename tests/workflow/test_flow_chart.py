"""The flow chart for customers: the main road of the table, as Mermaid and as a picture."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from workflow.flow_chart import flow_arrows, flow_mermaid, flow_svg

PICTURE = Path(__file__).parents[2] / "docs" / "lifecycle.svg"
ROAD = {
    ("DRAFT", "SUBMITTED", "提交接入商核实"),
    ("RETURNED", "SUBMITTED", "提交接入商核实"),
    ("REFUSED", "SUBMITTED", "提交接入商核实"),
    ("SUBMITTED", "DRAFT", "撤回"),
    ("ACCEPTED", "DRAFT", "撤回"),
    ("DRAFT", "ABANDONED", "放弃"),
    ("RETURNED", "ABANDONED", "放弃"),
    ("REFUSED", "ABANDONED", "放弃"),
    ("ABANDONED", "DRAFT", "恢复为草稿"),
    ("SUBMITTED", "ACCEPTED", "核实通过"),
    ("SUBMITTED", "RETURNED", "核实不通过退回"),
    ("ACCEPTED", "AT_AUTHORITY", "上报管局"),
    ("AT_AUTHORITY", "APPROVED", "管局审核通过"),
    ("AT_AUTHORITY", "REFUSED", "管局审核不通过"),
}
LABELS = {
    "草稿",
    "待接入商核实",
    "核实不通过退回",
    "核实通过待上报",
    "待管局审核",
    "管局审核不通过",
    "审核通过",
    "已放弃",
}


@pytest.mark.shows("C08")
def test_the_chart_leads_along_the_main_road_and_no_other() -> None:
    arrows = flow_arrows()
    assert {(arrow.source.value, arrow.target.value, arrow.label) for arrow in arrows} == ROAD
    assert len(arrows) == len(ROAD)


@pytest.mark.shows("C08")
def test_the_mermaid_chart_names_every_status_and_step() -> None:
    chart = flow_mermaid()
    assert chart.startswith("flowchart TD\n")
    assert set(re.findall(r'\["(.+?)"\]', chart)) == LABELS
    assert set(re.findall(r'^    (\w+) -->\|"(.+?)"\| (\w+)$', chart, flags=re.MULTILINE)) == {
        (source, label, target) for source, target, label in ROAD
    }


def test_the_picture_shows_every_status_and_step() -> None:
    tree = ElementTree.fromstring(flow_svg())
    name = "{http://www.w3.org/2000/svg}"
    written = [element.text for element in tree.iter(f"{name}text")]
    assert set(written) >= LABELS
    assert {label for _, _, label in ROAD} <= set(written)
    assert len(list(tree.iter(f"{name}polyline"))) == len(ROAD)


def test_the_committed_picture_is_current() -> None:
    assert PICTURE.read_text(encoding="utf-8") == flow_svg()
