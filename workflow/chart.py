"""The chart: the table drawn as a Mermaid state diagram, and listed, for `docs/lifecycle.md`."""

from models.states import STATUS_LABELS, FilingStatus
from workflow.transition import Transition
from workflow.transitions import TABLE

_TURNS = {"OWNER": "主办者", "REVIEWER": "核实人员", "SYSTEM": "系统", "AUTHORITY": "管局"}


def lifecycle_chart() -> str:
    """The Mermaid diagram of what moves a status."""
    return "\n".join(_diagram())


def lifecycle_page() -> str:
    """The page `docs/lifecycle.md`: the diagram, and a table of every step."""
    return "\n".join(
        [
            "# The life of a filing (备案申请的状态)",
            "",
            "Drawn from the table in `workflow/transitions.py` by `uv run server.py lifecycle --page`; do not edit by hand.",
            "",
            "```mermaid",
            lifecycle_chart(),
            "```",
            "",
            "| step | 步骤 | whose turn | from | to |",
            "| --- | --- | --- | --- | --- |",
            *(_line(row) for row in TABLE),
            "",
        ]
    )


def _diagram() -> list[str]:
    lines = ["stateDiagram-v2"]
    lines += [f"    {status.value}: {STATUS_LABELS[status]} {status.value}" for status in FilingStatus]
    lines.append("    [*] --> DRAFT")
    for row in TABLE:
        if row.target is not None:
            lines += [
                f"    {source.value} --> {row.target.value}: {row.zh}"
                for source in FilingStatus
                if source in row.sources
            ]
    lines += ["    APPROVED --> [*]", "    VOIDED --> [*]"]
    return lines


def _line(row: Transition) -> str:
    sources = ", ".join(status.value for status in FilingStatus if status in row.sources)
    name = f"{row.action.value} ({row.variant})" if row.variant else row.action.value
    target = row.target.value if row.target else "stays"
    return f"| {name} | {row.zh} | {_TURNS[row.turn.value]} {row.turn.value} | {sources} | {target} |"
