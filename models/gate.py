"""What the gate told last of each domain (GateHost), and the ledger of its changes (GateChange), only ever added to."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.fields import UTCDatetime
from models.subject import Subject


class GateVerdict(StrEnum):
    """What the gate says. GRACE: refused, and by the operator's leave still served for a while."""

    ALLOW = "ALLOW"
    DENY = "DENY"
    GRACE = "GRACE"


class GateReason(StrEnum):
    """Why the gate decides as it does; only FILED opens it."""

    FILED = "FILED"
    NOT_FILED = "NOT_FILED"
    NOT_APPROVED = "NOT_APPROVED"
    NO_ACCESS = "NO_ACCESS"
    IP_MISMATCH = "IP_MISMATCH"
    CANCELLED = "CANCELLED"
    BLACKLISTED = "BLACKLISTED"


class GateHost(Model):
    """A registrable domain (独立域名) that is or was filed, with what was last told of it and since when.

    `subject` is the one whose record decides, or decided last. `denied_at`: when it ceased to be allowed, None while
    it is, and for what never was.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=255, unique=True)
    subject: fields.ForeignKeyRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, on_delete=fields.RESTRICT
    )
    subject_id: int
    decision = fields.CharEnumField(
        GateVerdict, max_length=8, default=GateVerdict.DENY, description="what was told"
    )
    reason = fields.CharEnumField(
        GateReason, max_length=16, default=GateReason.NOT_FILED, description="and why"
    )
    filing_number = fields.CharField(max_length=40, null=True)
    changed_at = UTCDatetime()
    denied_at = UTCDatetime(null=True)

    class Meta:
        table = "gate_host"


class GateChange(Model):
    """One change of a decision, written in the transaction that made it, and ordered like the events.

    `denied_at` as the host has it since.
    """

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=255)
    decision = fields.CharEnumField(GateVerdict, max_length=8, description="what is told")
    reason = fields.CharEnumField(GateReason, max_length=16, description="and why")
    filing_number = fields.CharField(max_length=40, null=True)
    at = UTCDatetime()
    denied_at = UTCDatetime(null=True)

    class Meta:
        table = "gate_change"
