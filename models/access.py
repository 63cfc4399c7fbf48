"""An access (接入): how and where this provider serves a website, with its IP ranges."""

from tortoise import fields
from tortoise.models import Model

from models.fields import UTCDatetime
from models.states import RecordStatus
from models.website import Website


class Access(Model):
    """A website has at most one that is not archived, an index of the database holds that."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    status = fields.CharEnumField(RecordStatus, max_length=16, default=RecordStatus.DRAFT)
    archived = fields.BooleanField(default=False)
    submitted = fields.BooleanField(default=False)
    website: fields.ForeignKeyRelation[Website] = fields.ForeignKeyField(
        "models.Website", related_name=False, on_delete=fields.RESTRICT
    )
    website_id: int
    methods = fields.JSONField[list[str]](default=list)
    server_locations = fields.JSONField[list[str]](default=list)
    # under which id of ours (IspJrid) the authority knows it; None: under the row's own number
    provider_id = fields.BigIntField(null=True)
    authority_id = fields.BigIntField(null=True, db_index=True)
    created_at = UTCDatetime()
    updated_at = UTCDatetime()

    class Meta:
        table = "access"


class IpRange(Model):
    """An IPv4 range (IP段), both ends included, it keeps its identity by its ends when the list is replaced."""

    id = fields.BigIntField(primary_key=True)
    access: fields.ForeignKeyRelation[Access] = fields.ForeignKeyField(
        "models.Access", related_name=False, on_delete=fields.RESTRICT
    )
    access_id: int
    start = fields.CharField(max_length=64)
    end = fields.CharField(max_length=64)
    position = fields.IntField()
    authority_id = fields.BigIntField(null=True)

    class Meta:
        table = "ip_range"
