"""A report (上报): one upload of a filing to the authority, and what came back for it."""

from tortoise import fields
from tortoise.models import Model

from models.fields import EncryptedText, UTCDatetime
from models.filing import Filing
from models.states import OutboxState, ReportState

LONGEST_OPINION = 1024
LONGEST_FILE_NAME = 128


class Report(Model):
    """`number` counts the reports of one filing from 1, `sequence` is the provider's upload counter."""

    id = fields.BigIntField(primary_key=True)
    filing: fields.ForeignKeyRelation[Filing] = fields.ForeignKeyField(
        "models.Filing", related_name=False, on_delete=fields.RESTRICT
    )
    filing_id: int
    number = fields.IntField()
    revision = fields.IntField()
    state = fields.CharEnumField(ReportState, max_length=16, default=ReportState.WAITING)
    key = fields.CharField(max_length=64, unique=True)
    file = fields.CharField(max_length=128, null=True)
    sequence = fields.IntField(null=True, db_index=True)
    message_code = fields.IntField(null=True)
    result_codes = fields.JSONField[list[int]](default=list)
    decision = fields.BooleanField(null=True)
    opinion = fields.CharField(max_length=LONGEST_OPINION, null=True)
    # what the authority says it holds (BASJ), kept until the decision is there too
    record = EncryptedText(null=True)
    sent_at = UTCDatetime(null=True)
    decided_at = UTCDatetime(null=True)
    last_poll_at = UTCDatetime(null=True)
    # when staff were last told that one half of its answer is still missing
    alarmed_at = UTCDatetime(null=True)

    class Meta:
        table = "report"
        unique_together = (("filing", "number"),)


class ReceivedAnswer(Model):
    """One answer of a file from the authority: kept before the file is acknowledged, applied or set aside afterwards.

    A file that was seen before is not taken twice. `body` is encrypted, and scrubbed (None) once it is applied.
    `subject_id` is whose answers are applied in order, None where none of ours is named.
    """

    id = fields.BigIntField(primary_key=True)
    file = fields.CharField(max_length=LONGEST_FILE_NAME)
    position = fields.IntField()
    tag = fields.CharField(max_length=16)
    subject_id = fields.BigIntField(null=True)
    body = EncryptedText(null=True)
    state = fields.CharEnumField(OutboxState, max_length=16, default=OutboxState.WAITING)
    fault = fields.CharField(max_length=500, null=True)
    received_at = UTCDatetime()

    class Meta:
        table = "received_answer"
        unique_together = (("file", "position"),)
        indexes = (("state", "subject_id"),)
