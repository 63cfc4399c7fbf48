"""The table: one row tells a transition whole. Mutations, permittedActions, the chart and the tests all read it."""

from models.states import FilingAction
from workflow import authority_rows, people_rows
from workflow.transition import Transition

TABLE: tuple[Transition, ...] = (*people_rows.ROWS, *authority_rows.ROWS)


def rows_of(action: FilingAction, variant: str | None = None) -> tuple[Transition, ...]:
    """The rows of an action, or the one of them with that variant."""
    return tuple(row for row in TABLE if row.action is action and variant in (None, row.variant))
