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
    # why a cancellation is asked for (注销理由), and a remark on it
    cancellation_reason = fields.CharField(max_length=8, null=True)
    cancellation_remark = fields.CharField(max_length=1000, null=True)
    created_at = UTCDatetime()
    updated_at = UTCDatetime()

    class Meta:
        table = "filing"


class Target(Model):
    """A record that a filing is about, by its node id. A first filing is about its subject and needs no row.

    Of a change, `base` is the record as it stood in force when it was taken up, `base_version` its version then, and
    `proposal` the record as it would be after approval, all three None where nothing is proposed for it.
    """

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    record = fields.CharField(max_length=32, db_index=True)
    base = EncryptedText(null=True)
    base_version = fields.IntField(null=True)
    proposal = EncryptedText(null=True)
    # it went to review with the filing once: until then only its owner and typist know of it
    submitted = fields.BooleanField(default=False)

    class Meta:
        table = "filing_target"
        unique_together = (("filing", "record"),)


class FilingClaim(Model):
    """A name (domain, home page, certificate) that a change on its way claims, which no record shows yet."""

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    name = fields.CharField(max_length=600, db_index=True)

    class Meta:
        table = "filing_claim"


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


class FilingProof(Model):
    """That an account knew the filing password for this filing. It counts for the generation it was given for.

    `travelling` is what the authority itself must check (ICPmm), kept until the report is decided.
    """

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    generation = fields.IntField()
    travelling = EncryptedText(null=True)
    created_at = UTCDatetime()

    class Meta:
        table = "filing_proof"
        unique_together = (("filing", "account"),)


class PasswordGrant(Model):
    """Leave to act with a filing password without knowing it: for some actions, for a short time, for whoever holds it.

    Found by `public_id`, proved by the SHA-256 of the secret. It ends with the password's generation.
    """

    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=16, unique=True)
    secret_hash = fields.CharField(max_length=64)
    subject: fields.ForeignKeyRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, on_delete=fields.RESTRICT
    )
    subject_id: int
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    generation = fields.IntField()
    actions = fields.JSONField[list[str]]()
    expires_at = UTCDatetime()
    revoked_at = UTCDatetime(null=True)
    created_at = UTCDatetime()

    class Meta:
        table = "password_grant"
