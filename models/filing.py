"""A filing (备案申请): one application about records, with its revisions, notes and approvals."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import EncryptedText, UTCDatetime
from models.states import FilingKind, FilingMode, FilingStatus, NoteState
from models.subject import Subject


class Filing(Model):
    """`version` rises with every step and edit, `revision` is the number of the last one submitted, 0 before."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    kind = fields.CharEnumField(FilingKind, max_length=16)
    status = fields.CharEnumField(FilingStatus, max_length=16, default=FilingStatus.DRAFT, db_index=True)
    mode = fields.CharEnumField(FilingMode, max_length=16)
    subject: fields.ForeignKeyRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, on_delete=fields.RESTRICT
    )
    subject_id: int
    owner: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    owner_id: int
    filed_by: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    filed_by_id: int
    last_editor: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    last_editor_id: int
    reviewer: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    reviewer_id: int | None
    claimed_until = UTCDatetime(null=True)
    approvals_needed = fields.IntField(default=1)
    revision = fields.IntField(default=0)
    submitted_at = UTCDatetime(null=True)
    due_at = UTCDatetime(null=True)
    # codes of a processing error that has sent it back to the reviewer and is not settled yet
    error_codes = fields.JSONField[list[int]](default=list)
    created_at = UTCDatetime()
    updated_at = UTCDatetime()

    class Meta:
        table = "filing"


class Revision(Model):
    """What was submitted, for ever: the whole plain form as JSON, encrypted, and the version of the rules that judged it."""

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    number = fields.IntField()
    data = EncryptedText()
    rules_version = fields.CharField(max_length=255)
    submitted_by: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    submitted_by_id: int
    submitted_at = UTCDatetime()

    class Meta:
        table = "revision"
        unique_together = (("filing", "number"),)


class Note(Model):
    """A reviewer's remark on one field of one revision, and what became of it."""

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    revision = fields.IntField()
    path = fields.JSONField[list[str]]()
    rule = fields.CharField(max_length=32, null=True)
    text = fields.CharField(max_length=2000)
    suggestion = EncryptedText(null=True)
    blocking = fields.BooleanField(default=True)
    state = fields.CharEnumField(NoteState, max_length=16, default=NoteState.OPEN)
    reply = fields.CharField(max_length=2000, null=True)
    author: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    author_id: int
    created_at = UTCDatetime()

    class Meta:
        table = "note"


class Approval(Model):
    """A reviewer's yes to one revision, some kinds need two, of different people."""

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    revision = fields.IntField()
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    note = fields.CharField(max_length=2000, null=True)
    created_at = UTCDatetime()

    class Meta:
        table = "approval"
        unique_together = (("filing", "revision", "account"),)


class FilingPassword(Model):
    """The filing password (备案密码) of a subject, as a slow salted hash, `generation` rises with each new one."""

    id = fields.BigIntField(primary_key=True)
    subject: Any = fields.OneToOneField("models.Subject", related_name=False, on_delete=fields.RESTRICT)
    subject_id: int
    password_hash = fields.CharField(max_length=255)
    generation = fields.IntField(default=1)
    created_at = UTCDatetime()

    class Meta:
        table = "filing_password"
