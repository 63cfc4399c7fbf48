"""The reviewers' desk: canned reasons, who looks at what, and days worked otherwise than the calendar says."""

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import UTCDatetime
from models.filing import Filing


class CannedReason(Model):
    """A ready-made reason for a return (常用退回意见), tied to the rule that it is about where there is one."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    rule = fields.CharField(max_length=32, null=True)
    text = fields.CharField(max_length=2000)
    suggestion = fields.CharField(max_length=1000, null=True)
    blocking = fields.BooleanField(default=True)
    active = fields.BooleanField(default=True)
    position = fields.IntField(default=0)
    updated_at = UTCDatetime()

    class Meta:
        table = "canned_reason"


class Presence(Model):
    """That a member of the staff has a filing open, until a moment soon to come."""

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    until = UTCDatetime(db_index=True)

    class Meta:
        table = "presence"
        unique_together = (("account", "filing"),)


class CalendarDay(Model):
    """A day that is worked, or not, otherwise than the shipped calendar says (工作日历), null: as shipped again."""

    id = fields.BigIntField(primary_key=True)
    day = fields.DateField(unique=True)
    working = fields.BooleanField(null=True)
    remark = fields.CharField(max_length=100, null=True)
    changed_at = UTCDatetime(db_index=True)

    class Meta:
        table = "calendar_day"
