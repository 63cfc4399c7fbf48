"""The doors: which root field lets in whom, as one table; a field that is not named here cannot be served."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from strawberry.extensions import FieldExtension
from strawberry.types import get_object_definition
from strawberry.utils.await_maybe import await_maybe

from models.states import Role, TokenScope
from schema.context import Context, Info
from schema.errors import Forbidden, Unauthenticated


class Credential(StrEnum):
    """What must stand behind a request for a field."""

    NONE = "anything, also nothing"
    NO_TOKEN = "a session or nothing, never a token"  # noqa: S105 - a sentence
    SESSION = "a session, never a token"
    SCOPE = "a session, or a token of the door's scope"


@dataclass(frozen=True)
class Door:
    """Who may pass: by which credential, of which scope, in which roles (None: every role)."""

    credential: Credential
    scope: TokenScope | None = None
    roles: frozenset[Role] | None = None

    def check(self, context: Context) -> None:
        """Raise Unauthenticated or Forbidden unless the caller may pass."""
        caller = context.caller
        if caller is None:
            if self.credential not in (Credential.NONE, Credential.NO_TOKEN):
                raise Unauthenticated(context.language)
            return
        is_token = caller.scopes is not None
        closed_to_tokens = self.credential in (Credential.NO_TOKEN, Credential.SESSION)
        out_of_scope = self.scope is not None and not context.is_within(self.scope)
        wrong_role = self.roles is not None and caller.role not in self.roles
        if (is_token and closed_to_tokens) or out_of_scope or wrong_role:
            raise Forbidden(context.language)


def _scope(scope: TokenScope, *roles: Role) -> Door:
    return Door(Credential.SCOPE, scope, frozenset(roles) or None)


_OPEN = Door(Credential.NONE)
_BROWSER = Door(Credential.NO_TOKEN)
_SESSION = Door(Credential.SESSION)
_READ = _scope(TokenScope.READ)
_READ_FILINGS = _scope(TokenScope.READ, Role.APPLICANT, Role.REVIEWER, Role.AUDITOR)
_READ_ACCOUNTS = _scope(TokenScope.READ, Role.ADMIN)
_READ_FIGURES = _scope(TokenScope.READ, Role.REVIEWER, Role.ADMIN, Role.AUDITOR)
_READ_SIMILAR = _scope(TokenScope.READ, Role.REVIEWER)
_READ_CUSTOMERS = _scope(TokenScope.READ, Role.REVIEWER)
_READ_CALENDAR = _scope(TokenScope.READ, Role.REVIEWER, Role.ADMIN, Role.AUDITOR)
_READ_REASONS = _scope(TokenScope.READ, Role.REVIEWER, Role.ADMIN)
_READ_JOINT_ACTS = _scope(TokenScope.READ, Role.REVIEWER, Role.AUDITOR)
# roles are no matter of the door here: the workflow answers NOT_FOUND or NOT_PERMITTED for each thing
_FILE = _scope(TokenScope.FILE)
_REVIEW = _scope(TokenScope.REVIEW)
_ADMIN = _scope(TokenScope.ADMIN)
# anybody may make himself a token of scope GATE; who is served here is told to staff alone
_GATE = _scope(TokenScope.GATE, Role.REVIEWER, Role.ADMIN)

DOORS: dict[str, Door] = {
    "viewer": _OPEN,
    "site": _OPEN,
    "articles": _OPEN,
    "article": _OPEN,
    "readArticle": _OPEN,
    "codes": _OPEN,
    "divisions": _OPEN,
    "node": _READ,
    "apiTokens": _READ,
    "accounts": _READ_ACCOUNTS,
    "figures": _READ_FIGURES,
    "similarRecords": _READ_SIMILAR,
    "customer": _READ_CUSTOMERS,
    "jointActs": _READ_JOINT_ACTS,
    "undeliveredPasswords": _READ_CUSTOMERS,
    "calendarDays": _READ_CALENDAR,
    "cannedReasons": _READ_REASONS,
    **dict.fromkeys(("lookAtFiling", "stopLooking"), _REVIEW),
    **dict.fromkeys(
        ("setCalendarDay", "createCannedReason", "updateCannedReason", "removeCannedReason"), _ADMIN
    ),
    "passwordGrants": _READ_FILINGS,
    **dict.fromkeys(("createPasswordGrant", "revokePasswordGrant"), _SESSION),
    **dict.fromkeys(
        (
            "inviteCustomer",
            "transferSubject",
            "resetFilingPassword",
            "correctFilingNumber",
            "confirmJointAct",
            "rejectJointAct",
        ),
        _REVIEW,
    ),
    **dict.fromkeys(("mayServe", "allowedHosts", "gateChanges"), _GATE),
    **dict.fromkeys(
        (
            "subject",
            "subjects",
            "website",
            "websites",
            "access",
            "accesses",
            "filing",
            "filings",
            "checkFiling",
            "filingEvents",
        ),
        _READ_FILINGS,
    ),
    **dict.fromkeys(
        ("createCaptcha", "register", "login", "requestPasswordReset", "resetPassword"), _BROWSER
    ),
    **dict.fromkeys(
        (
            "logout",
            "logoutEverywhere",
            "changePassword",
            "createApiToken",
            "revokeApiToken",
            "revealField",
            "markSeen",
        ),
        _SESSION,
    ),
    **dict.fromkeys(("setRole", "disableAccount", "enableAccount"), _ADMIN),
    **dict.fromkeys(("publishArticle", "updateArticle", "withdrawArticle"), _ADMIN),
    **dict.fromkeys(
        (
            "createSubject",
            "updateSubject",
            "addWebsite",
            "updateWebsite",
            "removeWebsite",
            "addAccess",
            "updateAccess",
            "removeAccess",
            "startChange",
            "addChangeTarget",
            "startAddWebsite",
            "startAddAccess",
            "cancelAccess",
            "cancelWebsite",
            "cancelSubject",
            "updateCancellation",
            "submitFiling",
            "withdrawFiling",
            "dropFiling",
            "restoreFiling",
            "cloneFiling",
            "replyToNote",
            "attachFile",
            "detachFile",
        ),
        _FILE,
    ),
    **dict.fromkeys(
        (
            "claimFiling",
            "releaseFiling",
            "claimNextFiling",
            "approveFiling",
            "returnFiling",
            "pullBackFiling",
            "reportFilingAgain",
            "recordReport",
            "recordAuthorityResult",
        ),
        _REVIEW,
    ),
}


class Doorkeeper(FieldExtension):
    """Stands before one root field; what comes after it need not ask who is there."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
        """Check, then go on; for fields and subscriptions that answer without waiting."""
        self.door.check(info.context)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
        """Check, then go on."""
        self.door.check(info.context)
        return await await_maybe(next_(source, info, **kwargs))


def guard(root: type, name_of: Callable[[Any], str]) -> None:
    """Put a doorkeeper before every field of a root type; raises KeyError for one that the table does not name."""
    definition = get_object_definition(root, strict=True)
    for field in definition.fields:
        field.extensions = [*field.extensions, Doorkeeper(DOORS[name_of(field)])]
