"""Opening a filing on what is filed: the table of the six kinds, and what stands between a caller and each."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.access import Access
from models.filing import Filing
from models.refusal import Problem
from models.states import FilingAction, FilingKind
from models.subject import Subject
from models.website import Website
from workflow.actors import Actor
from workflow.edits import stand_in
from workflow.engine import turn_problem
from workflow.standing import Standing, standing_problems
from workflow.surroundings import Record, Surroundings
from workflow.transition import Transition, Turn

A = FilingAction
K = FilingKind


@dataclass(frozen=True)
class Opening:
    """One row: what is opened, on which records it is offered, and its sentence; it is always the owner's turn."""

    action: FilingAction
    kind: FilingKind
    on: tuple[type[Subject] | type[Website] | type[Access], ...]
    zh: str
    en: str

    @property
    def step(self) -> Transition:
        """The opening as the timeline and the engine know a step."""
        return Transition(self.action, self.zh, self.en, frozenset(), None, Turn.OWNER)


OPENINGS: tuple[Opening, ...] = (
    Opening(
        A.START_CHANGE, K.CHANGE, (Subject, Website, Access), "开始变更备案", "open a change of what is filed"
    ),
    Opening(
        A.START_ADD_WEBSITE, K.ADD_WEBSITE, (Subject,), "开始新增网站", "open a filing for further websites"
    ),
    Opening(A.START_ADD_ACCESS, K.ADD_ACCESS, (Website,), "开始新增接入", "open a filing for an access"),
    Opening(
        A.CANCEL_ACCESS,
        K.CANCEL_ACCESS,
        (Access,),
        "取消接入",
        "open and submit the cancellation of an access",
    ),
    Opening(
        A.CANCEL_WEBSITE,
        K.CANCEL_WEBSITE,
        (Website,),
        "注销网站",
        "open and submit the cancellation of a website",
    ),
    Opening(
        A.CANCEL_SUBJECT,
        K.CANCEL_SUBJECT,
        (Subject,),
        "注销主体",
        "open and submit the cancellation of a subject",
    ),
)


def opening_of(action: FilingAction) -> Opening:
    """The row of an action; raises StopIteration for one that opens nothing."""
    return next(row for row in OPENINGS if row.action is action)


def standing_of(
    opening: Opening,
    subject: Subject,
    around: Surroundings,
    records: Sequence[Record],
    *,
    served: bool = False,
) -> Standing:
    """How the filing would stand, were it opened on these records; `served`: the website has an access here."""
    return Standing(
        kind=opening.kind,
        subject=subject,
        around=around,
        websites=[record for record in records if isinstance(record, Website)],
        accesses=[record for record in records if isinstance(record, Access)],
        served=served,
    )


def opening_problems(opening: Opening, actor: Actor, standing: Standing) -> tuple[Problem, ...]:
    """Why the actor may not open it: the turn first, then everything that forbids it; empty where he may."""
    probe: Filing = stand_in(standing.subject)
    problem = turn_problem(opening.step, actor, probe)
    return standing_problems(standing) if problem is None else (problem,)
