"""The names by which the object types refer to each other; each is looked up when the schema is built."""

from typing import Annotated, Any, ForwardRef

import strawberry


def _refer(name: str, module: str) -> Any:
    return Annotated[ForwardRef(name), strawberry.lazy(f"schema.types.{module}")]


SUBJECT = _refer("Subject", "subject")
WEBSITE = _refer("Website", "website")
ACCESS = _refer("Access", "access")
FILING = _refer("Filing", "filing")
EVENT = _refer("FilingEvent", "event")
SUBJECT_PROPOSAL = _refer("SubjectProposal", "proposal")
WEBSITE_PROPOSAL = _refer("WebsiteProposal", "proposal")
ACCESS_PROPOSAL = _refer("AccessProposal", "proposal")
DIVISION = _refer("Division", "code")
