"""Documents (证件, 核验单): the files that were uploaded, and where each is attached."""

from tortoise import fields
from tortoise.models import Model

from models.account import Account
from models.fields import UTCDatetime


class StoredFile(Model):
    """A picture as it was re-encoded. Its bytes lie encrypted outside the database, under its id.

    `sha256` is that of the re-encoded picture, `place` the name under which its bytes lie. `unattached_since` is None
    while it is attached somewhere, else since when it waits, to be erased after 24 hours.
    """

    id = fields.BigIntField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    place = fields.CharField(max_length=64, unique=True)
    sha256 = fields.CharField(max_length=64)
    media_type = fields.CharField(max_length=32)
    size_bytes = fields.IntField()
    width = fields.IntField()
    height = fields.IntField()
    filename = fields.CharField(max_length=255, null=True)
    unattached_since = UTCDatetime(null=True, db_index=True)
    created_at = UTCDatetime()

    class Meta:
        table = "stored_file"


class Attachment(Model):
    """A file attached to a subject or website, by the record's node id, for one use. A file may be attached often.

    `paper` tells the pre-approval of the website that it belongs to, by a digest of type and number, since those are
    what is left of a pre-approval when the list is replaced. `filing_id` is the filing that it came with.
    """

    id = fields.BigIntField(primary_key=True)
    file: fields.ForeignKeyRelation[StoredFile] = fields.ForeignKeyField(
        "models.StoredFile", related_name=False, on_delete=fields.RESTRICT
    )
    file_id: int
    record = fields.CharField(max_length=32, db_index=True)
    filing_id = fields.BigIntField(null=True, db_index=True)
    paper = fields.CharField(max_length=64, null=True)
    use = fields.CharField(max_length=8)
    remark = fields.CharField(max_length=256, null=True)
    created_at = UTCDatetime()

    class Meta:
        table = "attachment"
