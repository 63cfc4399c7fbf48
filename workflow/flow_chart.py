"""The flow chart (备案流程图): the main road of a filing as a customer walks it, drawn from the table of transitions."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from models.states import STATUS_LABELS, FilingAction, FilingStatus
from workflow.transition import Turn
from workflow.transitions import TABLE

A = FilingAction
S = FilingStatus
# what a customer takes part in; mending of reports and what is recorded by hand stay the staff's own
SHOWN = frozenset(
    {
        A.SUBMIT_FILING,
        A.WITHDRAW_FILING,
        A.DROP_FILING,
        A.RESTORE_FILING,
        A.APPROVE_FILING,
        A.RETURN_FILING,
        A.REPORT,
        A.RECEIVE_DECISION,
    }
)
WIDTH, HEIGHT = 860, 640
BOX_WIDTH, BOX_HEIGHT = 170, 48
Point = tuple[int, int]


@dataclass(frozen=True)
class Arrow:
    """One step from a status to another, with the name of the step."""

    source: FilingStatus
    target: FilingStatus
    label: str


def flow_arrows() -> tuple[Arrow, ...]:
    """The arrows of the chart in the order of the table, one for each way from a status to another.

    An answer of the authority counts only where it is waited for; it may come at any time.
    """
    arrows: dict[tuple[FilingStatus, FilingStatus], Arrow] = {}
    for row in TABLE:
        if row.action not in SHOWN or row.target is None:
            continue
        expected = {S.AT_AUTHORITY} if row.turn is Turn.AUTHORITY else row.sources
        for source in FilingStatus:
            if source in expected & row.sources - {row.target}:
                arrows.setdefault((source, row.target), Arrow(source, row.target, row.zh))
    return tuple(arrows.values())


def flow_mermaid() -> str:
    """The chart as a Mermaid flow chart."""
    arrows = flow_arrows()
    lines = ["flowchart TD"]
    lines += [f'    {status.value}["{STATUS_LABELS[status]}"]' for status in _statuses(arrows)]
    lines += [f'    {arrow.source.value} -->|"{arrow.label}"| {arrow.target.value}' for arrow in arrows]
    return "\n".join(lines)


def _statuses(arrows: tuple[Arrow, ...]) -> list[FilingStatus]:
    named = {arrow.source for arrow in arrows} | {arrow.target for arrow in arrows}
    return [status for status in FilingStatus if status in named]


# the middle of each box, and how it is filled: by whose turn it is
_PLACES: dict[FilingStatus, Point] = {
    S.DRAFT: (400, 90),
    S.SUBMITTED: (400, 220),
    S.ACCEPTED: (400, 350),
    S.AT_AUTHORITY: (400, 480),
    S.APPROVED: (400, 600),
    S.RETURNED: (740, 220),
    S.REFUSED: (740, 480),
    S.ABANDONED: (110, 90),
}
_OWNER, _PROVIDER, _AUTHORITY, _DONE, _OVER = "#e3f0ff", "#fff3d6", "#efe4fb", "#dff5e1", "#eeeeee"
_FILLS: dict[FilingStatus, str] = {
    S.DRAFT: _OWNER,
    S.RETURNED: _OWNER,
    S.REFUSED: _OWNER,
    S.SUBMITTED: _PROVIDER,
    S.ACCEPTED: _PROVIDER,
    S.AT_AUTHORITY: _AUTHORITY,
    S.APPROVED: _DONE,
    S.ABANDONED: _OVER,
}
_LEGEND = (
    (_OWNER, "由您办理"),
    (_PROVIDER, "由接入商办理"),
    (_AUTHORITY, "由管局办理"),
    (_DONE, "备案成功"),
    (_OVER, "已放弃"),
)
# each arrow's bends from border to border, and where its label stands
_ROUTES: dict[tuple[FilingStatus, FilingStatus], tuple[tuple[Point, ...], Point]] = {
    (S.DRAFT, S.SUBMITTED): (((400, 114), (400, 196)), (460, 160)),
    (S.SUBMITTED, S.ACCEPTED): (((400, 244), (400, 326)), (438, 290)),
    (S.ACCEPTED, S.AT_AUTHORITY): (((400, 374), (400, 456)), (438, 420)),
    (S.AT_AUTHORITY, S.APPROVED): (((400, 504), (400, 576)), (452, 545)),
    (S.SUBMITTED, S.RETURNED): (((485, 210), (655, 210)), (570, 203)),
    (S.RETURNED, S.SUBMITTED): (((655, 232), (485, 232)), (596, 250)),
    (S.AT_AUTHORITY, S.REFUSED): (((485, 480), (655, 480)), (570, 473)),
    (S.REFUSED, S.SUBMITTED): (((700, 456), (700, 390), (530, 390), (530, 240), (485, 240)), (616, 383)),
    (S.SUBMITTED, S.DRAFT): (((315, 220), (270, 220), (270, 105), (315, 105)), (292, 165)),
    (S.ACCEPTED, S.DRAFT): (((315, 350), (235, 350), (235, 100), (315, 100)), (257, 290)),
    (S.DRAFT, S.ABANDONED): (((315, 80), (195, 80)), (255, 73)),
    (S.ABANDONED, S.DRAFT): (((110, 114), (110, 140), (255, 140), (255, 92), (315, 92)), (165, 157)),
    (S.RETURNED, S.ABANDONED): (((740, 196), (740, 30), (125, 30), (125, 66)), (432, 23)),
    (S.REFUSED, S.ABANDONED): (((825, 480), (845, 480), (845, 15), (95, 15), (95, 66)), (822, 420)),
}


def flow_svg() -> str:
    """The chart as a picture that stands alone.

    Raises KeyError where the table leads along a way, or to a status, that has no place in the picture yet.
    """
    arrows = flow_arrows()
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            'aria-label="备案流程图" font-family="sans-serif" font-size="14">',
            "<title>备案流程图</title>",
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0 0L10 5L0 10z" fill="#555555"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *(_way(arrow) for arrow in arrows),
            *(_box(status) for status in _statuses(arrows)),
            *(_name(arrow) for arrow in arrows),
            *_legend(),
            "</svg>",
            "",
        ]
    )


def _way(arrow: Arrow) -> str:
    bends, _ = _ROUTES[arrow.source, arrow.target]
    points = " ".join(f"{x},{y}" for x, y in bends)
    return f'<polyline points="{points}" fill="none" stroke="#555555" stroke-width="1.5" marker-end="url(#tip)"/>'


def _name(arrow: Arrow) -> str:
    _, (x, y) = _ROUTES[arrow.source, arrow.target]
    return (
        f'<text x="{x}" y="{y}" text-anchor="middle" fill="#333333" stroke="#ffffff" stroke-width="4" '
        f'paint-order="stroke" font-size="12">{escape(arrow.label)}</text>'
    )


def _box(status: FilingStatus) -> str:
    x, y = _PLACES[status]
    return (
        f'<rect x="{x - BOX_WIDTH // 2}" y="{y - BOX_HEIGHT // 2}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8" '
        f'fill="{_FILLS[status]}" stroke="#777777"/>'
        f'<text x="{x}" y="{y + 5}" text-anchor="middle" fill="#111111">{escape(STATUS_LABELS[status])}</text>'
    )


def _legend() -> Iterator[str]:
    for row, (fill, words) in enumerate(_LEGEND):
        y = 480 + row * 26
        yield f'<rect x="25" y="{y}" width="22" height="16" rx="3" fill="{fill}" stroke="#777777"/>'
        yield f'<text x="56" y="{y + 13}" fill="#111111">{words}</text>'
