"""The code tables (代码表) and the divisions (行政区划), as loaded from files or delivered by the authority."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class CodeRow(Model):
    """One code of one table, an inactive one shows on old records and cannot be chosen."""

    id = fields.BigIntField(primary_key=True)
    table = fields.CharField(max_length=32)
    code = fields.CharField(max_length=8)
    name = fields.CharField(max_length=255)
    name_en = fields.CharField(max_length=255)
    active = fields.BooleanField(default=True)
    placeholder = fields.BooleanField(default=False)
    extra = fields.JSONField[dict[str, Any]](default=dict)
    position = fields.IntField()

    class Meta:
        table = "code"
        unique_together = (("table", "code"),)


class CodeStamp(Model):
    """Which state the tables are in: one row, whose stamp is another one after every load."""

    name = fields.CharField(max_length=16, primary_key=True)
    stamp = fields.CharField(max_length=32)

    class Meta:
        table = "code_stamp"


class DivisionRow(Model):
    """A province (level 1), city (2) or county (3)."""

    code = fields.CharField(max_length=6, primary_key=True)
    name = fields.CharField(max_length=64)
    level = fields.IntField()
    parent = fields.CharField(max_length=6, null=True, db_index=True)
    zone = fields.BooleanField(default=False)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "division"
