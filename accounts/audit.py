"""The audit of acts on accounts: one entry an act, written by the transaction that does it."""

from enum import StrEnum
from typing import Any

from models.clock import now
from models.event import AuditEntry


class AuditAction(StrEnum):
    """What can stand in an entry about accounts."""

    REGISTER = "REGISTER"
    LOGIN = "LOGIN"
    LOGIN_FAILED = "LOGIN_FAILED"
    LOGOUT = "LOGOUT"
    LOGOUT_EVERYWHERE = "LOGOUT_EVERYWHERE"
    REQUEST_PASSWORD_RESET = "REQUEST_PASSWORD_RESET"  # noqa: S105 - the name of an act
    RESET_ACCOUNT_PASSWORD = "RESET_ACCOUNT_PASSWORD"  # noqa: S105
    CHANGE_PASSWORD = "CHANGE_PASSWORD"  # noqa: S105
    CHANGE_PASSWORD_FAILED = "CHANGE_PASSWORD_FAILED"  # noqa: S105
    CREATE_API_TOKEN = "CREATE_API_TOKEN"  # noqa: S105
    REVOKE_API_TOKEN = "REVOKE_API_TOKEN"  # noqa: S105
    CREATE_ACCOUNT = "CREATE_ACCOUNT"
    INVITE_CUSTOMER = "INVITE_CUSTOMER"
    FIND_CUSTOMER = "FIND_CUSTOMER"
    SET_ROLE = "SET_ROLE"
    DISABLE_ACCOUNT = "DISABLE_ACCOUNT"
    ENABLE_ACCOUNT = "ENABLE_ACCOUNT"


async def write_audit(
    action: AuditAction,
    *,
    account_id: int | None,
    credential: str | None = None,
    record: str | None = None,
    **detail: Any,
) -> None:
    """Write one entry; call it inside a unit of work.

    `account_id` is who acts (None: a visitor or the operator's command line), `credential` by what (`session:7`,
    `token:7`), `record` what it is about (`account:7`). Never a typed name, a secret or an address of a person.
    """
    await AuditEntry.create(
        at=now(),
        account_id=account_id,
        credential=credential,
        action=action.value,
        record=record,
        detail=detail,
    )
