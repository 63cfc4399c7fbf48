"""A website (网站) of a subject, with its domains and pre-approvals."""

from tortoise import fields
from tortoise.models import Model

from models.contact import PrincipalColumns
from models.fields import UTCDatetime
from models.states import RecordOrigin, RecordStatus
from models.subject import Subject


class Website(PrincipalColumns):
    """`serial` is its place under the subject in entry order, the website's number ends in it."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    status = fields.CharEnumField(RecordStatus, max_length=16, default=RecordStatus.DRAFT)
    origin = fields.CharEnumField(RecordOrigin, max_length=16, default=RecordOrigin.HERE)
    archived = fields.BooleanField(default=False)
    submitted = fields.BooleanField(default=False)
    subject: fields.ForeignKeyRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, on_delete=fields.RESTRICT
    )
    subject_id: int
    serial = fields.IntField()
    name = fields.CharField(max_length=512)
    home_url = fields.CharField(max_length=255, null=True)
    home_url_key = fields.CharField(max_length=512, null=True, db_index=True)
    service_contents = fields.JSONField[list[str]](default=list)
    languages = fields.JSONField[list[str]](default=list)
    remark = fields.CharField(max_length=1024, null=True)
    filing_number = fields.CharField(max_length=40, null=True, unique=True)
    # the number it bears at another provider, as its owner says, until the authority has confirmed it
    claimed_number = fields.CharField(max_length=40, null=True)
    authority_id = fields.BigIntField(null=True, db_index=True)
    grams = fields.TextField(default="")
    created_at = UTCDatetime()
    updated_at = UTCDatetime()

    class Meta:
        table = "website"
        unique_together = (("subject", "serial"),)


class WebsiteDomain(Model):
    """A domain (域名) of a website, it keeps its identity by name when the list is replaced.

    `key` is the one form in which two domains are compared (A-labels, lower case), None for what is no domain.
    """

    id = fields.BigIntField(primary_key=True)
    website: fields.ForeignKeyRelation[Website] = fields.ForeignKeyField(
        "models.Website", related_name=False, on_delete=fields.RESTRICT
    )
    website_id: int
    name = fields.CharField(max_length=128)
    key = fields.CharField(max_length=255, null=True, db_index=True)
    status = fields.CharEnumField(RecordStatus, max_length=16, default=RecordStatus.DRAFT)
    position = fields.IntField()
    authority_id = fields.BigIntField(null=True)

    class Meta:
        table = "website_domain"
        unique_together = (("website", "name"),)


class PreApproval(Model):
    """A pre-approval (前置审批) paper: its type and number."""

    id = fields.BigIntField(primary_key=True)
    website: fields.ForeignKeyRelation[Website] = fields.ForeignKeyField(
        "models.Website", related_name=False, on_delete=fields.RESTRICT
    )
    website_id: int
    type = fields.CharField(max_length=8)
    number = fields.CharField(max_length=512)
    position = fields.IntField()

    class Meta:
        table = "pre_approval"


class OtherAccess(Model):
    """An access of this website at another provider (其他接入), as the authority last told of it."""

    id = fields.BigIntField(primary_key=True)
    website: fields.ForeignKeyRelation[Website] = fields.ForeignKeyField(
        "models.Website", related_name=False, on_delete=fields.RESTRICT
    )
    website_id: int
    authority_id = fields.BigIntField()
    provider = fields.CharField(max_length=32)
    methods = fields.JSONField[list[str]](default=list)
    ip_ranges = fields.JSONField[list[list[str]]](default=list)

    class Meta:
        table = "other_access"
        unique_together = (("website", "authority_id"),)
