"""A subject (主体): the organiser whose websites are filed, as it is in force or as it is being drafted."""

from tortoise import fields

from models.account import Account
from models.contact import PrincipalColumns
from models.fields import EncryptedText, UTCDatetime
from models.states import FilingMode, RecordOrigin, RecordStatus


class Subject(PrincipalColumns):
    """`submitted`: some filing of it went to review once, so staff may see it and nothing of it is erased."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    status = fields.CharEnumField(RecordStatus, max_length=16, default=RecordStatus.DRAFT)
    origin = fields.CharEnumField(RecordOrigin, max_length=16, default=RecordOrigin.HERE)
    archived = fields.BooleanField(default=False)
    submitted = fields.BooleanField(default=False)
    mode = fields.CharEnumField(FilingMode, max_length=16)
    owner: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    owner_id: int
    filed_by: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    filed_by_id: int
    name = fields.CharField(max_length=255)
    unit_nature = fields.CharField(max_length=8, null=True)
    certificate_type = fields.CharField(max_length=8, null=True)
    certificate_number = EncryptedText(null=True)
    certificate_number_index = fields.CharField(max_length=32, null=True, db_index=True)
    certificate_address = fields.CharField(max_length=1024, null=True)
    investor = fields.CharField(max_length=255, null=True)
    division = fields.CharField(max_length=6, null=True)
    address = fields.CharField(max_length=1024, null=True)
    remark = fields.CharField(max_length=1024, null=True)
    filing_number = fields.CharField(max_length=32, null=True, unique=True)
    # the number it bears at another provider, as its owner says, until the authority has confirmed it
    claimed_number = fields.CharField(max_length=32, null=True)
    # its filing password went to an address that is not the principal's: only a change may be started with it
    password_restricted = fields.BooleanField(default=False, db_default=False)
    authority_id = fields.BigIntField(null=True, db_index=True)
    grams = fields.TextField(default="")
    created_at = UTCDatetime()
    updated_at = UTCDatetime()

    class Meta:
        table = "subject"
