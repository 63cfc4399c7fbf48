"""The closed lists that rows carry: states, kinds, roles and the like, each with its Chinese label where people read it."""

from enum import StrEnum


class RecordStatus(StrEnum):
    """What a record (subject, website, access) is in force as."""

    DRAFT = "DRAFT"
    FILED = "FILED"
    CANCELLED = "CANCELLED"


class RecordOrigin(StrEnum):
    """Where a record was first filed: through this provider or another."""

    HERE = "HERE"
    ELSEWHERE = "ELSEWHERE"


class FilingKind(StrEnum):
    """The seven kinds of filing (备案申请)."""

    NEW_FILING = "NEW_FILING"
    ADD_WEBSITE = "ADD_WEBSITE"
    ADD_ACCESS = "ADD_ACCESS"
    CHANGE = "CHANGE"
    CANCEL_ACCESS = "CANCEL_ACCESS"
    CANCEL_WEBSITE = "CANCEL_WEBSITE"
    CANCEL_SUBJECT = "CANCEL_SUBJECT"


KIND_LABELS: dict[FilingKind, str] = {
    FilingKind.NEW_FILING: "新增备案",
    FilingKind.ADD_WEBSITE: "新增网站",
    FilingKind.ADD_ACCESS: "新增接入",
    FilingKind.CHANGE: "变更备案",
    FilingKind.CANCEL_ACCESS: "取消接入",
    FilingKind.CANCEL_WEBSITE: "注销网站",
    FilingKind.CANCEL_SUBJECT: "注销主体",
}


class FilingStatus(StrEnum):
    """Where a filing stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"
    AT_AUTHORITY = "AT_AUTHORITY"
    REFUSED = "REFUSED"
    APPROVED = "APPROVED"
    ABANDONED = "ABANDONED"
    VOIDED = "VOIDED"


STATUS_LABELS: dict[FilingStatus, str] = {
    FilingStatus.DRAFT: "草稿",
    FilingStatus.SUBMITTED: "待接入商核实",
    FilingStatus.RETURNED: "核实不通过退回",
    FilingStatus.ACCEPTED: "核实通过待上报",
    FilingStatus.AT_AUTHORITY: "待管局审核",
    FilingStatus.REFUSED: "管局审核不通过",
    FilingStatus.APPROVED: "审核通过",
    FilingStatus.ABANDONED: "已放弃",
    FilingStatus.VOIDED: "终止",
}

OPEN_STATUSES: frozenset[FilingStatus] = frozenset(FilingStatus) - {
    FilingStatus.APPROVED,
    FilingStatus.ABANDONED,
    FilingStatus.VOIDED,
}

OWNERS_TURN: frozenset[FilingStatus] = frozenset(
    {FilingStatus.DRAFT, FilingStatus.RETURNED, FilingStatus.REFUSED}
)


class FilingMode(StrEnum):
    """How a filing is made (报备方式): by its owner, or by staff on the owner's behalf."""

    SELF = "SELF"
    ON_BEHALF = "ON_BEHALF"


class Role(StrEnum):
    """What an account is; one role an account."""

    APPLICANT = "APPLICANT"
    REVIEWER = "REVIEWER"
    ADMIN = "ADMIN"
    AUDITOR = "AUDITOR"


class TokenScope(StrEnum):
    """What an API token may be used for, within what its account's role allows."""

    READ = "READ"
    FILE = "FILE"
    REVIEW = "REVIEW"
    ADMIN = "ADMIN"
    GATE = "GATE"


class NoteState(StrEnum):
    """What became of a reviewer's note: open, its field changed, or answered in words."""

    OPEN = "OPEN"
    CHANGED = "CHANGED"
    ANSWERED = "ANSWERED"


class ReportState(StrEnum):
    """How far one upload to the authority has come."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    UNKNOWN = "UNKNOWN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    DECIDED = "DECIDED"
    COMPLETE = "COMPLETE"


class OutboxKind(StrEnum):
    """What a message in the outbox is for."""

    MAIL = "MAIL"
    REPORT = "REPORT"


class OutboxState(StrEnum):
    """Whether a message still waits, has been delivered, or was set aside for people to look at."""

    WAITING = "WAITING"
    DONE = "DONE"
    PARKED = "PARKED"


class JointKind(StrEnum):
    """What two people of the staff do together: one asks, the other confirms."""

    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - the name of an act
    TRANSFER = "TRANSFER"
    CORRECT_FILING_NUMBER = "CORRECT_FILING_NUMBER"


class JointState(StrEnum):
    """How far such an act has come."""

    WAITING = "WAITING"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class FilingAction(StrEnum):
    """Every step that can stand in a timeline; people's steps are named like their mutations."""

    CREATE_SUBJECT = "CREATE_SUBJECT"
    UPDATE_SUBJECT = "UPDATE_SUBJECT"
    ADD_WEBSITE = "ADD_WEBSITE"
    UPDATE_WEBSITE = "UPDATE_WEBSITE"
    REMOVE_WEBSITE = "REMOVE_WEBSITE"
    ADD_ACCESS = "ADD_ACCESS"
    UPDATE_ACCESS = "UPDATE_ACCESS"
    REMOVE_ACCESS = "REMOVE_ACCESS"
    SUBMIT_FILING = "SUBMIT_FILING"
    WITHDRAW_FILING = "WITHDRAW_FILING"
    DROP_FILING = "DROP_FILING"
    RESTORE_FILING = "RESTORE_FILING"
    CLONE_FILING = "CLONE_FILING"
    START_CHANGE = "START_CHANGE"
    ADD_CHANGE_TARGET = "ADD_CHANGE_TARGET"
    START_ADD_WEBSITE = "START_ADD_WEBSITE"
    START_ADD_ACCESS = "START_ADD_ACCESS"
    CANCEL_ACCESS = "CANCEL_ACCESS"
    CANCEL_WEBSITE = "CANCEL_WEBSITE"
    CANCEL_SUBJECT = "CANCEL_SUBJECT"
    UPDATE_CANCELLATION = "UPDATE_CANCELLATION"
    ATTACH_FILE = "ATTACH_FILE"
    DETACH_FILE = "DETACH_FILE"
    REPLY_TO_NOTE = "REPLY_TO_NOTE"
    CLAIM_FILING = "CLAIM_FILING"
    RELEASE_FILING = "RELEASE_FILING"
    APPROVE_FILING = "APPROVE_FILING"
    RETURN_FILING = "RETURN_FILING"
    PULL_BACK_FILING = "PULL_BACK_FILING"
    REPORT_FILING_AGAIN = "REPORT_FILING_AGAIN"
    RECORD_REPORT = "RECORD_REPORT"
    RECORD_AUTHORITY_RESULT = "RECORD_AUTHORITY_RESULT"
    REVEAL_FIELD = "REVEAL_FIELD"
    REPORT = "REPORT"
    REPORT_REFUSED = "REPORT_REFUSED"
    RECEIVE_DECISION = "RECEIVE_DECISION"
    RECEIVE_ERROR = "RECEIVE_ERROR"
    RECEIVE_NUMBERS = "RECEIVE_NUMBERS"
    RECEIVE_CANCELLATION = "RECEIVE_CANCELLATION"
    RECEIVE_DATA = "RECEIVE_DATA"
    SEND_MAIL = "SEND_MAIL"
    MAIL_FAILED = "MAIL_FAILED"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - the name of a step
    TRANSFER = "TRANSFER"
    VOID = "VOID"
    CORRECT_FILING_NUMBER = "CORRECT_FILING_NUMBER"
    CREATE_PASSWORD_GRANT = "CREATE_PASSWORD_GRANT"  # noqa: S105 - the name of a step
    REVOKE_PASSWORD_GRANT = "REVOKE_PASSWORD_GRANT"  # noqa: S105 - the name of a step
