"""Cases made by hand, without a database: a filing with the provider, before a reviewer who has nothing to do with it."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from tortoise.models import Model

from models.filing import Filing
from models.states import FilingKind, FilingMode, FilingStatus, RecordOrigin, RecordStatus, Role
from models.subject import Subject
from workflow.actors import Actor
from workflow.case import Case, House

M = TypeVar("M", bound=Model)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER, TYPIST, REVIEWER, COLLEAGUE = 1, 2, 3, 4
REVIEWING = Actor(REVIEWER, Role.REVIEWER, None, "reviewer", None)


def made(model: type[M], /, **columns: Any) -> M:
    """A row with these columns; set one by one, since a model that no database was opened for knows no keys."""
    row = model()
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def subject(status: str = "FILED", **columns: Any) -> Subject:
    """The subject, in force unless it is said otherwise."""
    given: dict[str, Any] = {"id": 7, "origin": RecordOrigin.HERE, "password_restricted": False}
    return made(Subject, status=RecordStatus(status), **{**given, **columns})


def filing(**columns: Any) -> Filing:
    """A filing that is with the provider, its second revision submitted."""
    given: dict[str, Any] = {
        "id": 5, "version": 9, "kind": FilingKind.NEW_FILING, "status": FilingStatus.SUBMITTED,
        "mode": FilingMode.ON_BEHALF, "subject_id": 7, "owner_id": OWNER, "filed_by_id": TYPIST,
        "last_editor_id": TYPIST, "revision": 2, "reviewer_id": None, "claimed_until": None, "error_codes": [],
        "approvals_needed": 1,
    }  # fmt: skip
    return made(Filing, **{**given, **columns})


def case(about: Filing | None = None, **fields: Any) -> Case:
    """The case of that filing before a reviewer."""
    given: dict[str, Any] = {
        "actor": REVIEWING, "subject": subject(), "house": House(self_review=False, manual=False), "at": AT,
    }  # fmt: skip
    return Case(filing=about or filing(), **{**given, **fields})
