"""Acts of two people: what one of the staff asks for, and another confirms or rejects."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import EncryptedText, UTCDatetime
from models.states import JointKind, JointState
from models.subject import Subject


class JointAct(Model):
    """`detail` is what was asked as JSON, encrypted, and scrubbed (None) once it is decided."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharEnumField(JointKind, max_length=24, description="what is asked for")
    state = fields.CharEnumField(JointState, max_length=16, default=JointState.WAITING)
    subject: fields.ForeignKeyRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, on_delete=fields.RESTRICT
    )
    subject_id: int
    reason = fields.CharField(max_length=500)
    # why it was rejected
    answer = fields.CharField(max_length=500, null=True)
    detail = EncryptedText(null=True)
    asked_by: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    asked_by_id: int
    decided_by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    decided_by_id: int | None
    created_at = UTCDatetime()
    expires_at = UTCDatetime()
    decided_at = UTCDatetime(null=True)

    class Meta:
        table = "joint_act"
        indexes: Any = (("state", "id"),)
