"""The ledger: one row for every step of every record and filing, only ever added to; and the audit of what people saw."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import UTCDatetime
from models.filing import Filing
from models.states import FilingAction, FilingStatus
from models.subject import Subject


class FilingEvent(Model):
    """`version` is the filing's after the step, None for what raises none (claims, mails, polls)."""

    id = fields.BigIntField(primary_key=True)
    subject: fields.ForeignKeyRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, on_delete=fields.RESTRICT
    )
    subject_id: int
    filing: fields.ForeignKeyNullableRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    filing_id: int | None
    record = fields.CharField(max_length=32, null=True)
    action = fields.CharEnumField(FilingAction, max_length=32, description="what was done")
    before = fields.CharEnumField(FilingStatus, max_length=16, null=True)
    after = fields.CharEnumField(FilingStatus, max_length=16, null=True)
    version = fields.IntField(null=True)
    revision = fields.IntField(null=True)
    at = UTCDatetime()
    actor = fields.CharField(max_length=96)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    account_id: int | None
    note = fields.CharField(max_length=2000, null=True)

    class Meta:
        table = "filing_event"
        unique_together = (("filing", "version"),)


class AuditEntry(Model):
    """Who did or saw what, through which credential, written in the transaction of the act itself."""

    id = fields.BigIntField(primary_key=True)
    at = UTCDatetime(db_index=True)
    account_id = fields.BigIntField(null=True)
    credential = fields.CharField(max_length=32, null=True)
    action = fields.CharField(max_length=48)
    record = fields.CharField(max_length=32, null=True)
    detail = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        table = "audit_entry"
