"""What must leave the house, laid down by the transaction that decided it; and the memory of answered commands."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import EncryptedText, UTCDatetime
from models.states import OutboxKind, OutboxState


class OutboxMessage(Model):
    """A mail or a report to carry. Of one `lane` one is carried at a time, those that hold it first, then by age.

    `holds_lane`: the others of its lane wait for it even while it is not due.
    `payload` is encrypted, and scrubbed (None) once it is done.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=96, unique=True)
    kind = fields.CharEnumField(OutboxKind, max_length=16)
    lane = fields.CharField(max_length=64)
    holds_lane = fields.BooleanField(default=True, db_default=True)
    payload = EncryptedText(null=True)
    subject_id = fields.BigIntField(null=True)
    filing_id = fields.BigIntField(null=True)
    state = fields.CharEnumField(OutboxState, max_length=16, default=OutboxState.WAITING)
    attempts = fields.IntField(default=0)
    due_at = UTCDatetime()
    leased_until = UTCDatetime(null=True)
    leased_by = fields.CharField(max_length=64, null=True)
    last_error = fields.CharField(max_length=500, null=True)
    created_at = UTCDatetime()
    done_at = UTCDatetime(null=True)

    class Meta:
        table = "outbox"
        indexes = (("state", "due_at"), ("lane", "state"))


class IdempotencyRecord(Model):
    """The outcome of a command that carried a key: ids and error codes, never a reply's text."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    key = fields.CharField(max_length=255)
    operation = fields.CharField(max_length=64)
    request_hash = fields.CharField(max_length=64)
    outcome = fields.JSONField[dict[str, Any]](null=True)
    created_at = UTCDatetime(db_index=True)

    class Meta:
        table = "idempotency_record"
        unique_together = (("account", "key"),)
